//! An ESC/POS printer that draws what it prints.
