//! PIN blocks (ISO 9564-1).
