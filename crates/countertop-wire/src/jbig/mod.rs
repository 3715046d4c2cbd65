//! Bi-level pictures (ITU-T T.82, JBIG1).
