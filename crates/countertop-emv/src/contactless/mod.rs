//! Contactless transactions.
