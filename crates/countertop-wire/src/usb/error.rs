/// Says why bytes are no such descriptor or request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UsbError {
    /// The bytes end too early.
    #[error("{what} is cut off after {length} bytes")]
    Truncated {
        /// What was read.
        what: &'static str,
        /// How many bytes there are.
        length: usize,
    },
    /// The descriptor's length field is below what the descriptor needs.
    #[error("{what} says it has {length} bytes, which are too few")]
    BadLength {
        /// What was read.
        what: &'static str,
        /// What its length field says.
        length: usize,
    },
    /// The descriptor is of another type.
    #[error("descriptor of type {found:#04x} where {what} was expected")]
    WrongType {
        /// What was expected.
        what: &'static str,
        /// The type found.
        found: u8,
    },
    /// An endpoint or class descriptor comes before the first interface.
    #[error("descriptor of type {0:#04x} before the first interface")]
    OutsideInterface(u8),
    /// The text does not fit into a string descriptor, or a descriptor's text is no UTF-16.
    #[error("string descriptor of {0} bytes")]
    BadString(usize),
    /// A field has a value that is not defined.
    #[error("{what} with the undefined value {value:#04x}")]
    Unknown {
        /// What was read.
        what: &'static str,
        /// The value.
        value: u8,
    },
    /// More descriptors than one configuration can hold.
    #[error("configuration of {0} bytes is longer than 65535")]
    TooLong(usize),
}

/// Returns the first `N` bytes of a descriptor of type `kind`, whose length field covers them.
pub(super) fn descriptor<const N: usize>(
    bytes: &[u8],
    kind: u8,
    what: &'static str,
) -> Result<[u8; N], UsbError> {
    let Some(&fields) = bytes.first_chunk::<N>() else {
        return Err(UsbError::Truncated { what, length: bytes.len() });
    };
    if fields.get(1) != Some(&kind) {
        return Err(UsbError::WrongType { what, found: fields.get(1).copied().unwrap_or(0) });
    }
    let length = usize::from(fields.first().copied().unwrap_or(0));
    if length < N {
        return Err(UsbError::BadLength { what, length });
    }
    Ok(fields)
}
