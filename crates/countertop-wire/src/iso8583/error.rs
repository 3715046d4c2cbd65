//! Errors of messages.

use super::{Mti, field};

/// Says what is wrong with a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MessageError {
    /// The message type is no four digits.
    #[error("message type {} is no four digits", hex(.0))]
    BadMti([u8; 2]),
    /// The message ends within its type.
    #[error("message ends within the message type")]
    NoMti,
    /// The message ends within its bitmap.
    #[error("message {0} ends within the bitmap")]
    NoBitmap(Mti),
    /// The bitmap names a field that the table does not have; what follows cannot be read.
    #[error("field {0} is not defined for terminals of UnionPay")]
    UnknownField(u8),
    /// A field is wrong.
    #[error("field {number} ({name}): {fault}", name = name(*.number))]
    Field {
        /// The field's number.
        number: u8,
        /// What is wrong with it.
        fault: FieldFault,
    },
    /// Bytes follow the last field.
    #[error("{0} bytes follow the last field of the bitmap")]
    TrailingBytes(usize),
}

/// Says what is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FieldFault {
    /// The message ends within the field.
    #[error("{needed} bytes are needed, {available} are left")]
    Truncated {
        /// Bytes of the field.
        needed: usize,
        /// Bytes left in the message.
        available: usize,
    },
    /// The length is not BCD.
    #[error("length {} is not BCD", hex(.0))]
    BadLength(Vec<u8>),
    /// The length is above the field's greatest.
    #[error("length {length} is above {max}")]
    TooLong {
        /// The length, in digits or bytes.
        length: usize,
        /// The greatest that the field may have.
        max: usize,
    },
    /// A value for a field of fixed length has another length.
    #[error("length is {length}, not {expected}")]
    WrongLength {
        /// The value's length, in digits or bytes.
        length: usize,
        /// The field's length.
        expected: usize,
    },
    /// A nibble is no decimal digit.
    #[error("nibble {position} is {nibble:X}, no digit")]
    BadNibble {
        /// Its place in the value, from 0.
        position: usize,
        /// The nibble.
        nibble: u8,
    },
    /// The spare nibble is neither `0` nor `F`.
    #[error("spare nibble is {nibble:X}, neither 0 nor F")]
    BadPad {
        /// The nibble.
        nibble: u8,
    },
    /// A character is not allowed in the field.
    #[error("character {position} is {byte:#04X}, not allowed here")]
    BadCharacter {
        /// Its place in the value, from 0.
        position: usize,
        /// The byte.
        byte: u8,
    },
}

impl FieldFault {
    /// Says in which field this is wrong.
    pub(crate) fn at(self, number: u8) -> MessageError {
        MessageError::Field { number, fault: self }
    }
}

fn name(number: u8) -> &'static str {
    field(number).map_or("not defined", |spec| spec.name)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}
