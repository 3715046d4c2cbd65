//! Cards whose answers are changed by chance.
