//! Hexadecimal values and tags.

use countertop_wire::tlv::Tag;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// Is a string of hexadecimal digits.
#[derive(Debug, Clone)]
pub(super) struct Bytes(pub(super) Vec<u8>);

/// Is a string of exactly `2 * N` hexadecimal digits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Array<const N: usize>(pub(super) [u8; N]);

/// Is a tag in hexadecimal digits.
#[derive(Debug, Clone, Copy)]
pub(super) struct TagText(pub(super) Tag);

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let text = String::deserialize(source)?;
        let value = decode(&text).ok_or_else(|| D::Error::custom("hexadecimal digits are wanted"));
        value.map(Self)
    }
}

impl<'de, const N: usize> Deserialize<'de> for Array<N> {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let Bytes(value) = Bytes::deserialize(source)?;
        let length = value.len();
        let value = value.try_into().map_err(|_| {
            D::Error::custom(format!("{N} bytes are wanted here, {length} are given"))
        })?;
        Ok(Self(value))
    }
}

impl<'de> Deserialize<'de> for TagText {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let Bytes(value) = Bytes::deserialize(source)?;
        match Tag::parse(&value) {
            Ok((tag, [])) => Ok(Self(tag)),
            _ => Err(D::Error::custom("a tag is wanted, such as \"9F36\"")),
        }
    }
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b' ').collect();
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, rest) = digits.as_chunks::<2>();
    let value = pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect();
    if rest.is_empty() { value } else { None }
}
