//! The data objects of field 59: a tag of two characters, a length of three digits, a value.

use core::fmt;

use zeroize::Zeroizing;

/// Is a data object of field 59.
#[derive(Clone, PartialEq, Eq)]
pub struct PrivateTlv {
    /// Two characters, such as `A3`.
    pub tag: [u8; 2],
    /// The value; of `A3`, a payment code.
    pub value: Zeroizing<Vec<u8>>,
}

/// Says that bytes are no list of data objects.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadPrivateTlv {
    /// The bytes end within a data object.
    #[error("data object at {0} is cut off")]
    Truncated(usize),
    /// A tag has other characters than letters and digits.
    #[error("tag at {0} is no two letters or digits")]
    BadTag(usize),
    /// A length is no three digits.
    #[error("length at {0} is no three digits")]
    BadLength(usize),
    /// A value is longer than 999 bytes.
    #[error("value of {0} bytes, above 999")]
    TooLong(usize),
}

impl PrivateTlv {
    /// PIN block under SM4.
    pub const SM4_PIN_BLOCK: [u8; 2] = *b"A1";
    /// Information on the terminal.
    pub const TERMINAL_INFORMATION: [u8; 2] = *b"A2";
    /// Payment code that a customer presented.
    pub const PAYMENT_CODE: [u8; 2] = *b"A3";
    /// Number of a scan payment's voucher.
    pub const PAYMENT_VOUCHER: [u8; 2] = *b"A4";
    /// Where the terminal is.
    pub const LOCATION: [u8; 2] = *b"A5";

    /// Creates a data object.
    pub fn new(tag: [u8; 2], value: impl Into<Vec<u8>>) -> Self {
        Self { tag, value: Zeroizing::new(value.into()) }
    }

    /// Returns what a tag of field 59 means.
    #[must_use]
    pub fn name(tag: [u8; 2]) -> Option<&'static str> {
        Some(match tag {
            Self::SM4_PIN_BLOCK => "PIN block under SM4",
            Self::TERMINAL_INFORMATION => "terminal information",
            Self::PAYMENT_CODE => "payment code",
            Self::PAYMENT_VOUCHER => "payment voucher number",
            Self::LOCATION => "location",
            _ => return None,
        })
    }

    /// Returns what a tag inside [`TERMINAL_INFORMATION`](Self::TERMINAL_INFORMATION) means.
    #[must_use]
    pub fn terminal_information_name(tag: [u8; 2]) -> Option<&'static str> {
        Some(match &tag {
            b"01" => "device kind",
            b"02" => "device serial number",
            b"03" => "random factor",
            b"04" => "serial number enciphered",
            b"05" => "application version",
            _ => return None,
        })
    }
}

/// Withholds the value.
impl fmt::Debug for PrivateTlv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateTlv({}, {} bytes)", self.tag.escape_ascii(), self.value.len())
    }
}

/// Reads a list of data objects.
///
/// # Errors
///
/// [`BadPrivateTlv`] with the place where the list stops being one.
pub fn parse_private_tlvs(bytes: &[u8]) -> Result<Vec<PrivateTlv>, BadPrivateTlv> {
    let mut objects = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (object, after) = parse_one(rest, bytes.len() - rest.len())?;
        objects.push(object);
        rest = after;
    }
    Ok(objects)
}

fn parse_one(bytes: &[u8], place: usize) -> Result<(PrivateTlv, &[u8]), BadPrivateTlv> {
    let (&tag, rest) = bytes.split_first_chunk().ok_or(BadPrivateTlv::Truncated(place))?;
    if !tag.iter().all(u8::is_ascii_alphanumeric) {
        return Err(BadPrivateTlv::BadTag(place));
    }
    let (digits, rest) = rest.split_first_chunk::<3>().ok_or(BadPrivateTlv::Truncated(place))?;
    if !digits.iter().all(u8::is_ascii_digit) {
        return Err(BadPrivateTlv::BadLength(place + 2));
    }
    let length = digits.iter().fold(0, |length, digit| length * 10 + usize::from(digit - b'0'));
    let (value, rest) = rest.split_at_checked(length).ok_or(BadPrivateTlv::Truncated(place))?;
    Ok((PrivateTlv::new(tag, value), rest))
}

/// Writes a list of data objects.
///
/// # Errors
///
/// [`BadPrivateTlv::TooLong`].
pub fn emit_private_tlvs(objects: &[PrivateTlv]) -> Result<Zeroizing<Vec<u8>>, BadPrivateTlv> {
    let mut bytes = Zeroizing::new(Vec::new());
    for object in objects {
        let length = object.value.len();
        if length > 999 {
            return Err(BadPrivateTlv::TooLong(length));
        }
        bytes.extend(object.tag);
        bytes.extend(format!("{length:03}").bytes());
        bytes.extend_from_slice(&object.value);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &[u8] = b"A30196200000000000000005";

    #[test]
    fn a_payment_code_round_trips() {
        let objects = parse_private_tlvs(CODE).unwrap();
        assert_eq!(objects, [PrivateTlv::new(*b"A3", &CODE[5..])]);
        assert_eq!(emit_private_tlvs(&objects).unwrap().as_slice(), CODE);
        assert_eq!(format!("{objects:?}"), "[PrivateTlv(A3, 19 bytes)]");
        assert_eq!(PrivateTlv::name(*b"A3"), Some("payment code"));
    }

    #[test]
    fn every_cut_is_an_error() {
        for length in 1..CODE.len() {
            assert_eq!(parse_private_tlvs(&CODE[..length]), Err(BadPrivateTlv::Truncated(0)));
        }
        assert_eq!(parse_private_tlvs(&[]), Ok(vec![]));
    }

    #[test]
    fn faults_name_the_place() {
        assert_eq!(parse_private_tlvs(b"A1000-3000"), Err(BadPrivateTlv::BadTag(5)));
        assert_eq!(parse_private_tlvs(b"A1+01x"), Err(BadPrivateTlv::BadLength(2)));
        let long = [PrivateTlv::new(*b"A3", vec![b'1'; 1000])];
        assert_eq!(emit_private_tlvs(&long), Err(BadPrivateTlv::TooLong(1000)));
    }
}
