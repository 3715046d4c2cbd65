//! Command and response APDUs (ISO/IEC 7816-4).
