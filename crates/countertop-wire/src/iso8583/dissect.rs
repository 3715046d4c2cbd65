//! A message field by field, with the place of each.

use core::fmt;

use zeroize::Zeroizing;

use super::{Bitmap, FieldFault, FieldSpec, MessageError, Mti, field};

/// Is a message cut into its fields.
#[derive(Debug)]
pub struct Dissection<'a> {
    /// Message type.
    pub mti: Mti,
    /// Bitmap.
    pub bitmap: Bitmap,
    /// Fields in order.
    pub fields: Vec<RawField<'a>>,
}

/// Is a field as it stands in a message.
pub struct RawField<'a> {
    /// Its description.
    pub spec: &'static FieldSpec,
    /// Where it begins, counted from the message type.
    pub offset: usize,
    /// Its bytes with the length in front.
    pub bytes: &'a [u8],
    /// The decoded value: ASCII digits of numbers and tracks, else the bytes.
    pub value: Zeroizing<Vec<u8>>,
}

/// Withholds the value: it may be card data.
impl fmt::Debug for RawField<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawField")
            .field("number", &self.spec.number)
            .field("offset", &self.offset)
            .field("length", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

/// Cuts a message, from its type to its last field, into fields.
///
/// # Errors
///
/// The first [`MessageError`] met: missing or spare bytes, unknown fields, values that are not as
/// the table says.
pub fn dissect(bytes: &[u8]) -> Result<Dissection<'_>, MessageError> {
    let (type_bytes, rest) = bytes.split_first_chunk::<2>().ok_or(MessageError::NoMti)?;
    let mti = Mti::from_bytes(*type_bytes).ok_or(MessageError::BadMti(*type_bytes))?;
    let bitmap = Bitmap::parse(rest).ok_or(MessageError::NoBitmap(mti))?;
    let mut offset = type_bytes.len() + bitmap.len();
    let mut fields = Vec::new();
    for number in bitmap.fields() {
        let field = next_field(number, bytes, offset)?;
        offset += field.bytes.len();
        fields.push(field);
    }
    match bytes.len() - offset {
        0 => Ok(Dissection { mti, bitmap, fields }),
        count => Err(MessageError::TrailingBytes(count)),
    }
}

fn next_field(number: u8, bytes: &[u8], offset: usize) -> Result<RawField<'_>, MessageError> {
    let spec = field(number).ok_or(MessageError::UnknownField(number))?;
    let rest = bytes.get(offset..).unwrap_or_default();
    let length = spec.parse_length(rest).map_err(|fault| fault.at(number))?;
    let prefix = spec.length.prefix();
    let needed = prefix + spec.bytes(length);
    let available = rest.len();
    let bytes =
        rest.get(..needed).ok_or_else(|| FieldFault::Truncated { needed, available }.at(number))?;
    let value = spec.decode(&bytes[prefix..], length).map_err(|fault| fault.at(number))?;
    Ok(RawField { spec, offset, bytes, value: Zeroizing::new(value) })
}
