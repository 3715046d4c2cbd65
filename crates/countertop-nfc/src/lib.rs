//! Driver for NFC modules over the system's libnfc.
