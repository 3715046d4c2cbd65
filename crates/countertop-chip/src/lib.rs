//! Driver for chip card readers over PC/SC.
