//! BER-TLV as EMV uses it (EMV Book 3, annex B).
