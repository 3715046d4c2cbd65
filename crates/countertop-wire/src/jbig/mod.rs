//! Bi-level pictures as signatures travel to the host (ITU-T T.82, called JBIG1).
//!
//! The encoder writes what UnionPay terminals write: one plane, one resolution layer, the adaptive
//! dot in its place. The decoder reads every picture of one plane and one layer, whatever its
//! options.

mod bitmap;
mod decode;
mod draw;
mod encode;
mod error;
mod header;
mod line;
mod qm;
mod segment;
mod template;

pub use bitmap::Bitmap;
pub use decode::decode;
pub use encode::{Parameters, encode};
pub use error::JbigError;
use header::Header;
pub use template::Template;

#[cfg(test)]
mod tests;
