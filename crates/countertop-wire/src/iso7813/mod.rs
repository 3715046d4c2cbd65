//! Tracks of financial cards (ISO/IEC 7811-6 and 7813).
