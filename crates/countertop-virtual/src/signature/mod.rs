//! A serial signature pad.
