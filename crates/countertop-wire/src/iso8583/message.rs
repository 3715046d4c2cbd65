//! Messages as their values.

use core::fmt;
use std::collections::BTreeMap;

use zeroize::Zeroizing;

use super::{Bitmap, Format, MessageError, Mti, dissect, field};

/// Is a message: a type and the values of its fields.
///
/// Values are ASCII digits for numeric fields, ASCII digits with `D` as separator for tracks, and
/// bytes for the rest. Every value was checked against the field table when it came in, so that a
/// message can always be written. Memory of values is wiped on drop.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    mti: Mti,
    fields: BTreeMap<u8, Zeroizing<Vec<u8>>>,
}

impl Message {
    /// Creates a message without fields.
    #[must_use]
    pub fn new(mti: Mti) -> Self {
        Self { mti, fields: BTreeMap::new() }
    }

    /// Reads a message from its type to its last field.
    ///
    /// # Errors
    ///
    /// As [`dissect`].
    pub fn parse(bytes: &[u8]) -> Result<Self, MessageError> {
        let dissection = dissect(bytes)?;
        let fields = dissection.fields.into_iter();
        let fields = fields.map(|field| (field.spec.number, field.value)).collect();
        Ok(Self { mti: dissection.mti, fields })
    }

    /// Returns the message's bytes from its type to its last field.
    #[must_use]
    pub fn emit(&self) -> Vec<u8> {
        let mut bytes = self.mti.to_bytes().to_vec();
        bytes.extend(self.bitmap().emit());
        for (&number, value) in &self.fields {
            let encoded = field(number).and_then(|spec| spec.encode(value).ok());
            bytes.extend(encoded.unwrap_or_default());
        }
        bytes
    }

    /// Returns the message type.
    #[must_use]
    pub fn mti(&self) -> Mti {
        self.mti
    }

    /// Replaces the message type.
    pub fn set_mti(&mut self, mti: Mti) {
        self.mti = mti;
    }

    /// Returns the bitmap.
    #[must_use]
    pub fn bitmap(&self) -> Bitmap {
        self.numbers().collect()
    }

    /// Returns the numbers of the fields in order.
    pub fn numbers(&self) -> impl Iterator<Item = u8> {
        self.fields.keys().copied()
    }

    /// Returns the value of a field.
    #[must_use]
    pub fn get(&self, number: u8) -> Option<&[u8]> {
        self.fields.get(&number).map(|value| value.as_slice())
    }

    /// Returns the value of a field as text; `None` when it is absent or no UTF-8.
    #[must_use]
    pub fn text(&self, number: u8) -> Option<&str> {
        self.get(number).and_then(|value| core::str::from_utf8(value).ok())
    }

    /// Adds or replaces a field. In a track, `=` becomes `D`.
    ///
    /// # Errors
    ///
    /// [`MessageError::UnknownField`] and [`MessageError::Field`] when the value does not fit.
    pub fn set(&mut self, number: u8, value: impl AsRef<[u8]>) -> Result<(), MessageError> {
        let spec = field(number).ok_or(MessageError::UnknownField(number))?;
        let mut value = Zeroizing::new(value.as_ref().to_vec());
        if spec.format == Format::Track {
            value.iter_mut().filter(|byte| **byte == b'=').for_each(|byte| *byte = b'D');
        }
        let _checked = Zeroizing::new(spec.encode(&value).map_err(|fault| fault.at(number))?);
        self.fields.insert(number, value);
        Ok(())
    }

    /// Adds or replaces a field and returns the message, for building one in a chain.
    ///
    /// # Errors
    ///
    /// As [`set`](Self::set).
    pub fn with(mut self, number: u8, value: impl AsRef<[u8]>) -> Result<Self, MessageError> {
        self.set(number, value)?;
        Ok(self)
    }

    /// Removes a field; tells whether it was there.
    pub fn remove(&mut self, number: u8) -> bool {
        self.fields.remove(&number).is_some()
    }
}

/// Shows the type and the lengths of the fields; values may be card data.
impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lengths = self.fields.iter().map(|(number, value)| (number, value.len()));
        write!(f, "Message({} ", self.mti)?;
        f.debug_map().entries(lengths).finish()?;
        f.write_str(")")
    }
}
