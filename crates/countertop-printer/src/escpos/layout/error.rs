//! What cannot be laid out, and what is otherwise on paper than in the document.

use core::fmt;

use countertop_device::document::{CodeSystem, Font};
use countertop_wire::escpos::OutOfRange;

/// Says what of a document this printer cannot print.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LayoutError {
    /// A code is wider than the paper.
    #[error("a {system:?} code of {length} bytes does not fit on paper of {dots} dots")]
    CodeTooWide {
        /// Which code.
        system: CodeSystem,
        /// The content's length.
        length: usize,
        /// The printer's width.
        dots: u16,
    },
    /// A picture is wider than the paper.
    #[error("a picture of {width} dots does not fit on paper of {dots} dots")]
    PictureTooWide {
        /// The picture's width.
        width: u32,
        /// The printer's.
        dots: u16,
    },
    /// The printer has no command for pictures, so that nothing can be drawn for it.
    #[error("the printer prints no pictures; choose a profile with `images`")]
    NoPictures,
    /// The printer has no such code, and this build draws none (feature `codes`).
    #[error(
        "the printer has no {0:?} codes, and this build draws none; \
         use another kind of code, or a build with the feature `codes`"
    )]
    NoSuchCode(CodeSystem),
    /// A QR code's content does not fit on the paper.
    #[error("a QR code of {length} bytes does not fit on paper of {dots} dots")]
    QrTooLong {
        /// The content's length.
        length: usize,
        /// The printer's width.
        dots: u16,
    },
    /// A value that cannot be sent.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// A code cannot have this content.
    #[error("a {system:?} code cannot be made of this content: {reason}")]
    WrongContent {
        /// Which code.
        system: CodeSystem,
        /// What is wrong with it.
        reason: String,
    },
}

/// Says what of a document is otherwise on paper.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Note {
    /// A line was drawn, for the printer has not all its characters or not its font.
    LineDrawn,
    /// A code was drawn, for the printer has none of this kind.
    CodeDrawn(CodeSystem),
    /// A character was printed as `?`, for neither the printer nor a font of this system has it.
    Replaced(char),
    /// A font was replaced by font A.
    FontReplaced(Font),
    /// Something was left out, for the printer has no such thing.
    LeftOut(&'static str),
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LineDrawn => f.write_str("a line was drawn as a picture"),
            Self::CodeDrawn(system) => write!(f, "a {system:?} code was drawn as a picture"),
            Self::Replaced(char) => {
                write!(f, "U+{:04X} was replaced by a question mark", u32::from(*char))?;
                f.write_str("; install a font that has it")
            }
            Self::FontReplaced(font) => write!(f, "font {font:?} was replaced by font A"),
            Self::LeftOut(what) => write!(f, "{what} was left out: the printer has none"),
        }
    }
}
