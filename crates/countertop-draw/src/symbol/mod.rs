//! Codes, from data to modules.
//!
//! Each symbology is a function from data to a [`Bitmap`](crate::Bitmap) with one dot a module, which the drawing
//! scales, or to the [`Bars`] of a linear code. Quiet zones are left to the caller.

mod aztec;
mod barcode;
mod bits;
mod code128;
mod code93;
mod composite;
mod data_matrix;
mod databar;
mod gs1;
mod linear;
mod maxicode;
mod pdf417;
mod qr;
mod reed_solomon;
#[cfg(test)]
mod tests;

pub use aztec::aztec;
pub use barcode::barcode;
pub use bits::{Bars, LinearCode};
pub use composite::{CompositeComponent, CompositeLinear, composite};
pub use data_matrix::{data_matrix, data_matrix_text};
pub use databar::{databar_expanded_stacked, databar_stacked, databar_stacked_omnidirectional};
pub use maxicode::maxicode;
pub use pdf417::{Pdf417Options, pdf417};
pub use qr::{micro_qr, qr};

/// The ECI assignment number of UTF-8.
pub const UTF_8: u32 = 26;

/// Says why data makes no symbol.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SymbolError {
    /// The symbology has no such character, or wants another number of them.
    #[error("{0}")]
    Data(&'static str),
    /// There is more than the largest symbol holds, or than the one asked for.
    #[error("{0} bytes are too many")]
    TooLong(usize),
}
