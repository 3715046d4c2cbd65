//! A serial code scanner.
