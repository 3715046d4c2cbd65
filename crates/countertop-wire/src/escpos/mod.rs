//! ESC/POS, in both directions.
