//! Why a tag cannot be read or written.

use countertop_device::DeviceError;
use countertop_wire::ndef::NdefError;

/// Says why a tag cannot be read, written, formatted or locked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TagError {
    /// The reader failed, or the tag is gone. Nothing was changed on it.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// The tag answered something that its specification does not allow.
    #[error("the tag answered against its protocol while it was asked to {0}")]
    Malformed(&'static str),
    /// The message is malformed.
    #[error("the tag's message is malformed")]
    Ndef(#[from] NdefError),
    /// The tag is not made for NDEF, or not yet.
    #[error("the tag is not formatted for NDEF")]
    NotFormatted,
    /// The tag can be read and not written to.
    #[error("the tag is locked")]
    ReadOnly,
    /// The tag refused.
    #[error("the tag refuses to {action} at {place:#04x}")]
    Refused {
        /// What was tried, such as "write".
        action: &'static str,
        /// The page, block or offset.
        place: usize,
    },
    /// The message does not fit.
    #[error("the message has {length} bytes, and the tag takes {capacity}")]
    TooLong {
        /// Bytes of the message.
        length: usize,
        /// Bytes that the tag takes.
        capacity: usize,
    },
    /// The tag left in the middle of a write, the reader failed in it, or the tag refused a part of
    /// it. It holds no message now, the old one or the whole new one, and never half of one;
    /// [`repair`](super::repair) puts it right.
    #[error("the tag was torn away in the middle of a write: {source}")]
    Torn {
        /// What ended the write.
        source: Box<Self>,
    },
    /// The message, or a block in front of it, is longer than what there is to read: another program
    /// wrote it where this one does not look, or it was cut off. Nothing was changed.
    #[error("the tag's message goes beyond its memory")]
    Truncated,
    /// Nothing is known about tags of this kind, or they cannot do that.
    #[error("this kind of tag cannot {0}")]
    Unsupported(&'static str),
}

impl TagError {
    /// Returns the cure for a person, where there is one.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        match self {
            Self::Device(error) => error.help(),
            Self::NotFormatted => Some("format it first: `countertop tag format`"),
            Self::Torn { .. } => {
                Some("hold the tag to the reader and write again: nothing else is damaged")
            }
            Self::Truncated => Some(
                "read it with the program that wrote it, or empty the tag: `countertop tag format`",
            ),
            Self::TooLong { .. } => Some("take a tag with more memory, or a shorter message"),
            _ => None,
        }
    }

    /// Makes a failure one in the middle of a write.
    pub(super) fn torn(self) -> Self {
        match self {
            torn @ Self::Torn { .. } => torn,
            other => Self::Torn { source: Box::new(other) },
        }
    }
}
