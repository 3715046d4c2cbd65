//! The protocol between a virtual card and the virtual reader vpcd.
