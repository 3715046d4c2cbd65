//! An acquirer's host over TCP.
