//! A serial PIN pad with test keys.
