//! What pen tablets tell, and the ink that it makes.
//!
//! The kernel tells of a pen by axes and buttons of `linux/input-event-codes.h`, and ends each report
//! with SYN_REPORT (Linux, Documentation/input/event-codes.rst). [`PenDecoder`] makes strokes of them,
//! [`Surface`] a picture of strokes, and [`write_strokes`] events of strokes, as a tablet does.

mod decoder;
mod event;
mod surface;
mod writer;

pub use decoder::{Ink, PenDecoder, PenStep};
pub use event::{PenEvent, code};
pub use surface::Surface;
pub use writer::{Pressure, write_strokes};

/// Is a place on the tablet, in its own units.
pub type Place = (i32, i32);

#[cfg(test)]
mod tests;
