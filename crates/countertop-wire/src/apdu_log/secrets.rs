//! Where secrets stand in commands and answers.

use core::ops::Range;

use crate::tlv::{Tag, Tlv, tags};

/// How deep templates are looked into.
const DEEPEST: usize = 8;

/// Data objects that show who the cardholder is, or with a public key let anyone find it out: the
/// certificate of the card's key has the PAN in it (EMV Book 2, table 14), signed data has what was
/// signed.
const SECRET: &[Tag] = &[
    tags::APPLICATION_PAN,
    tags::TRACK_2_EQUIVALENT_DATA,
    tags::TRACK_1_DATA,
    tags::SIGNED_STATIC_APPLICATION_DATA,
    tags::ISSUER_PUBLIC_KEY_CERTIFICATE,
];

/// The same, by number: tags that `tags` may not name.
const SECRET_NUMBERS: &[u32] = &[
    0x9f1f, // Track 1 Discretionary Data
    0x9f20, // Track 2 Discretionary Data
    0x5f20, // Cardholder Name
    0x9f0b, // Cardholder Name Extended
    0x9f61, // Cardholder National Identifier Number (UnionPay)
    0x5f34, // PAN Sequence Number
    0x9f46, // ICC Public Key Certificate
    0x9f2d, // ICC PIN Encipherment Public Key Certificate
    0x9f4b, // Signed Dynamic Application Data
    0x9f6b, // Track 2 Data (kernel 2)
    0x9f24, // Payment Account Reference
    0x9f25, // Last 4 Digits of PAN
];

/// Is a place in an answer, and what is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) tag: Tag,
    pub(super) range: Range<usize>,
}

/// Returns where secrets stand in an answer of data objects; `None` when it is not made of them.
pub(super) fn in_data_objects(data: &[u8]) -> Option<Vec<Place>> {
    let mut places = Vec::new();
    collect(data, 0, DEEPEST, &mut places)?;
    Some(places)
}

fn collect(data: &[u8], base: usize, depth: usize, places: &mut Vec<Place>) -> Option<()> {
    let depth = depth.checked_sub(1)?;
    let mut rest = data;
    while !rest.is_empty() {
        if let [0x00, after @ ..] = rest {
            rest = after;
            continue;
        }
        let (object, after) = Tlv::parse(rest).ok()?;
        let end = base + data.len() - after.len();
        let start = end - object.value.len();
        if is_secret(object.tag) {
            places.push(Place { tag: object.tag, range: start..end });
        } else if object.tag.is_constructed() {
            collect(object.value, start, depth, places)?;
        }
        rest = after;
    }
    Some(())
}

fn is_secret(tag: Tag) -> bool {
    SECRET.contains(&tag) || SECRET_NUMBERS.contains(&tag.number())
}

/// Tells whether the data of this command is a PIN, a key or a password.
pub(super) fn command_is_secret(header: [u8; 4]) -> bool {
    match header {
        // LOAD KEYS of a contactless reader (PC/SC part 3).
        [0xff, instruction, ..] => instruction == 0x82,
        // VERIFY (20, 21), CHANGE REFERENCE DATA (24, 25), RESET RETRY COUNTER and PIN CHANGE/UNBLOCK
        // (2C, 2D), whatever the class.
        [_, instruction, ..] => matches!(instruction, 0x20 | 0x21 | 0x24 | 0x25 | 0x2c | 0x2d),
    }
}

/// Tells whether what follows this code of a tag's own command is a password or a key: PWD_AUTH of NTAG,
/// the two authentications of MIFARE Classic.
pub(super) fn tag_command_is_secret(code: u8) -> bool {
    matches!(code, 0x1b | 0x60 | 0x61)
}

/// Returns the PAN in the value of a data object, as digits.
pub(super) fn pan(tag: Tag, value: &[u8]) -> Option<String> {
    let digits: String = value.iter().map(|byte| format!("{byte:02X}")).collect();
    let end = match tag {
        tags::APPLICATION_PAN => digits.find('F').unwrap_or(digits.len()),
        tags::TRACK_2_EQUIVALENT_DATA => digits.find('D')?,
        _ => return None,
    };
    let pan = digits.get(..end)?;
    let is_pan = (12..=19).contains(&pan.len()) && pan.bytes().all(|it| it.is_ascii_digit());
    is_pan.then(|| pan.to_owned())
}
