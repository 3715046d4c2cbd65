//! Codes, from data to modules.
//!
//! Each symbology is a function from data to a [`Bitmap`] with one dot a module, which the drawing
//! scales, or to the [`Bars`] of a linear code. Nothing here knows a printer's state.

mod aztec;
mod bits;
mod code128;
mod data_matrix;
mod databar;
mod linear;
mod maxicode;
mod pdf417;
mod qr;
mod reed_solomon;

pub(super) use aztec::aztec;
pub(super) use bits::Bars;
pub(super) use code128::{Code128Symbol, code128_automatic, code128_escaped, gs1_128};
pub(super) use data_matrix::data_matrix;
pub(super) use databar::{
    databar_expanded, databar_expanded_stacked, databar_limited, databar_omnidirectional,
    databar_stacked, databar_stacked_omnidirectional,
};
pub(super) use linear::{linear, upc_e};
pub(super) use maxicode::maxicode;
pub(super) use pdf417::{Pdf417Options, pdf417};
pub(super) use qr::{micro_qr, qr};

/// Says why data makes no symbol.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum SymbolError {
    /// The symbology has no such character, or wants another number of them.
    #[error("{0}")]
    Data(&'static str),
    /// There is more than the largest symbol holds, or than the one asked for.
    #[error("{0} bytes are too many")]
    TooLong(usize),
}
