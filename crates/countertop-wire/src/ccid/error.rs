//! What is wrong with bytes that should be a message.

/// Says why bytes are no message of the class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CcidError {
    /// The bytes end before the message does.
    #[error("{have} bytes where a CCID message has {need}")]
    Truncated {
        /// How many bytes there are.
        have: usize,
        /// How many there should be.
        need: usize,
    },
    /// More or fewer bytes follow than dwLength says.
    #[error("dwLength says {announced} bytes where {carried} follow")]
    Length {
        /// What dwLength says.
        announced: u32,
        /// What follows the header.
        carried: usize,
    },
    /// bMessageType is not one of this direction.
    #[error("the message type {0:02x} is unknown")]
    MessageType(u8),
    /// A field of the message has no meaning.
    #[error("byte {offset} of message {message_type:02x} is {value:02x}")]
    Field {
        /// bMessageType.
        message_type: u8,
        /// Where the field begins.
        offset: u8,
        /// Its first byte.
        value: u8,
    },
    /// The bytes are no class descriptor of 54 bytes and type 21.
    #[error("this is no CCID class descriptor")]
    Descriptor,
}
