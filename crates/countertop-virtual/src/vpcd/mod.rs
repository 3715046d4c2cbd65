//! The link from a virtual card to the virtual reader vpcd.
