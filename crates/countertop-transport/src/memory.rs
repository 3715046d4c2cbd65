//! Links in memory, for tests and for virtual devices in one process.

use crate::BoxLink;

/// Bytes that one end can be ahead of the other.
const CAPACITY: usize = 64 * 1024;

/// Creates two links: what is written into one comes out of the other.
#[must_use]
pub fn pair() -> (BoxLink, BoxLink) {
    let (left, right) = tokio::io::duplex(CAPACITY);
    (Box::new(left), Box::new(right))
}
