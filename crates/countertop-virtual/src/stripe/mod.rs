//! A serial stripe reader.
