//! Host frames shown to people, field by field.
//!
//! Card numbers show their first six and last four digits; tracks, PIN blocks and payment codes
//! are withheld, also where they stand inside other fields. The authentication code is shown whole.

mod display;
mod error;
mod hex;
mod mask;
mod objects;
mod parts;
mod values;

#[cfg(test)]
mod tests;

use countertop_wire::iso8583::{self, Dissection, RawField};
use countertop_wire::unionpay::{Frame, Header, MacAlgorithm, Tpdu, split_mac};
use serde::Serialize;

pub use error::{BadHex, DescribeError};
pub use hex::frame_from_hex;

use hex::hex;
use values::Shown;

/// Is a frame as people read it. Its `Display` has one line for each field, nested data indented.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Description {
    /// The length in front: bytes that follow it.
    pub length: u16,
    /// Transport header.
    pub tpdu: TpduDescription,
    /// Application header.
    pub header: HeaderDescription,
    /// Message type, four digits.
    pub mti: String,
    /// What the message type is for, when terminals of UnionPay use it.
    pub mti_name: Option<&'static str>,
    /// Bitmap in hexadecimal digits.
    pub bitmap: String,
    /// Fields in order.
    pub fields: Vec<FieldDescription>,
    /// Authentication code, when the message has one.
    pub mac: Option<MacDescription>,
}

/// Is a transport header, in hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TpduDescription {
    /// All ten digits.
    pub digits: String,
    /// Identifier, `60` for transactions.
    pub id: String,
    /// Where the frame goes to.
    pub destination: String,
    /// Where it comes from.
    pub source: String,
}

/// Is an application header, digit by digit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct HeaderDescription {
    /// All twelve digits.
    pub digits: String,
    /// What each group of digits means.
    pub parts: Vec<Part>,
}

/// Is one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FieldDescription {
    /// Its number.
    pub number: u8,
    /// Its name.
    pub name: &'static str,
    /// Its bytes with the length in front, in hexadecimal digits; secret digits are `*`.
    pub raw: String,
    /// Its value; secret digits are `*`.
    pub value: String,
    /// What the value means.
    pub meaning: Option<String>,
    /// What is inside.
    pub parts: Vec<Part>,
    /// What is wrong inside, where the field itself can be read.
    pub problem: Option<String>,
}

/// Is a piece of a field or a data object inside one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Part {
    /// Its tag or number, such as `9F26`, `A3` or `60.2`.
    pub tag: String,
    /// Its name.
    pub name: String,
    /// Its value; secret digits are `*`.
    pub value: String,
    /// What the value means.
    pub meaning: Option<String>,
    /// What is inside.
    pub parts: Vec<Self>,
}

/// Is an authentication code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct MacDescription {
    /// The code of the frame: eight characters, or sixteen hexadecimal digits when its bytes are no
    /// characters.
    pub received: String,
    /// The code computed with the key, when a key was given.
    pub computed: Option<String>,
    /// Whether both are the same.
    pub verified: Option<bool>,
    /// How it was computed.
    pub algorithm: Option<&'static str>,
}

/// Is the key and the algorithm to check a code with.
#[derive(Clone, Copy)]
pub struct MacKey<'a> {
    /// The algorithm.
    pub algorithm: MacAlgorithm,
    /// The key: 8 or 16 bytes for DES, 16 for SM4.
    pub key: &'a [u8],
}

/// Withholds the key.
impl core::fmt::Debug for MacKey<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "MacKey({:?}, {} bytes)", self.algorithm, self.key.len())
    }
}

/// Describes a whole frame with its length in front, and checks its UnionPay ECB code with a key
/// of 8 bytes (DES) or 16 (triple DES).
///
/// # Errors
///
/// [`DescribeError`] for a frame that cannot be read and for a key of another length.
pub fn describe(frame: &[u8], mak: Option<&[u8]>) -> Result<Description, DescribeError> {
    describe_with(frame, mak.map(|key| MacKey { algorithm: MacAlgorithm::UnionPayEcb, key }))
}

/// Describes a whole frame, and checks its code with a key and an algorithm of the caller's choice.
///
/// # Errors
///
/// As [`describe`].
pub fn describe_with(bytes: &[u8], key: Option<MacKey<'_>>) -> Result<Description, DescribeError> {
    let frame = Frame::parse(bytes)?;
    let dissection = iso8583::dissect(&frame.message)?;
    let length = u16::try_from(bytes.len() - Frame::PREFIX).unwrap_or(u16::MAX);
    let mac = split_mac(&frame.message).map(|(block, code)| describe_mac(block, code, key));
    Ok(Description {
        length,
        tpdu: describe_tpdu(frame.tpdu),
        header: describe_header(frame.header),
        mti: dissection.mti.to_string(),
        mti_name: dissection.mti.name(),
        bitmap: hex(&dissection.bitmap.emit()),
        fields: dissection.fields.iter().map(|field| describe_field(field, &dissection)).collect(),
        mac: mac.transpose()?,
    })
}

impl Description {
    /// Returns what is wrong inside of fields, with the fields' numbers.
    pub fn problems(&self) -> impl Iterator<Item = (u8, &str)> {
        let problem = |field: &FieldDescription| field.problem.is_some();
        let told = self.fields.iter().filter(move |field| problem(field));
        told.map(|field| (field.number, field.problem.as_deref().unwrap_or_default()))
    }
}

fn describe_field(field: &RawField<'_>, message: &Dissection<'_>) -> FieldDescription {
    let Shown { value, meaning, parts, problem, secret } = values::show(field, message);
    let number = field.spec.number;
    let raw = if secret { mask::raw(field) } else { hex(field.bytes) };
    FieldDescription { number, name: field.spec.name, raw, value, meaning, parts, problem }
}

fn describe_tpdu(tpdu: Tpdu) -> TpduDescription {
    TpduDescription {
        digits: tpdu.to_string(),
        id: format!("{:02X}", tpdu.id),
        destination: format!("{:04X}", tpdu.destination),
        source: format!("{:04X}", tpdu.source),
    }
}

fn describe_header(header: Header) -> HeaderDescription {
    let digits = header.to_string();
    HeaderDescription { parts: parts::header(header, &digits), digits }
}

fn describe_mac(
    block: &[u8],
    code: [u8; 8],
    key: Option<MacKey<'_>>,
) -> Result<MacDescription, DescribeError> {
    let received = characters(code);
    let Some(MacKey { algorithm, key }) = key else {
        return Ok(MacDescription { received, computed: None, verified: None, algorithm: None });
    };
    let computed = algorithm.compute(key, block)?;
    let name = match (algorithm, key.len()) {
        (MacAlgorithm::UnionPayEcb, 8) => "UnionPay ECB, DES",
        (MacAlgorithm::UnionPayEcb, _) => "UnionPay ECB, triple DES",
        (MacAlgorithm::AnsiX99, 8) => "ANSI X9.9, DES",
        (MacAlgorithm::AnsiX99, _) => "ANSI X9.9, triple DES",
        (MacAlgorithm::Sm4, _) => "UnionPay ECB, SM4",
        _ => "other",
    };
    Ok(MacDescription {
        received,
        computed: Some(characters(computed)),
        verified: Some(computed == code),
        algorithm: Some(name),
    })
}

/// Returns a code as its characters, or in hexadecimal digits when it has none.
fn characters(code: [u8; 8]) -> String {
    match core::str::from_utf8(&code) {
        Ok(text) if text.bytes().all(|byte| byte.is_ascii_graphic()) => text.into(),
        _ => hex(&code),
    }
}
