//! What a card says of itself.

use core::fmt;

use countertop_device::Sensitive;
use countertop_wire::tlv::{Tag, numeric, tags};

use crate::EmvError;

/// Is an application that the cardholder can choose.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Candidate {
    /// Application identifier, whole (`84`).
    pub aid: Vec<u8>,
    /// Application Label (`50`), or the identifier in hexadecimal when the card gives none.
    pub label: String,
    /// Application Preferred Name (`9F12`), where its character set is ISO/IEC 8859-1.
    pub preferred_name: Option<String>,
}

impl Candidate {
    pub(crate) fn new(
        aid: Vec<u8>,
        label: Option<&[u8]>,
        preferred_name: Option<&[u8]>,
        code_table: Option<u8>,
    ) -> Self {
        let label = match label {
            Some(label) if !label.is_empty() => latin_1(label),
            _ => aid.iter().map(|byte| format!("{byte:02X}")).collect(),
        };
        let readable = |name: &&[u8]| code_table == Some(1) || name.is_ascii();
        let preferred_name = preferred_name.filter(readable).map(latin_1);
        Self { aid, label, preferred_name }
    }

    /// Returns the name to show: the preferred one, else the label.
    #[must_use]
    pub fn name(&self) -> &str {
        self.preferred_name.as_deref().unwrap_or(&self.label)
    }
}

/// Returns text of ISO/IEC 8859-1, trimmed, without control characters.
fn latin_1(bytes: &[u8]) -> String {
    let text: String =
        bytes.iter().map(|byte| char::from(*byte)).filter(|c| !c.is_control()).collect();
    text.trim().to_owned()
}

/// Holds a payment card's data.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CardData {
    /// Application Primary Account Number (`5A`), as ASCII digits.
    pub pan: Sensitive,
    /// Track 2 Equivalent Data (`57`) as ISO 7813 writes it: ASCII digits with `=` and without
    /// sentinels.
    pub track_2: Option<Sensitive>,
    /// Application Expiration Date (`5F24`): YYMM as text.
    pub expiry: String,
    /// PAN Sequence Number (`5F34`).
    pub sequence_number: Option<u8>,
    /// Issuer Country Code (`5F28`, ISO 3166-1 numeric).
    pub country: Option<u16>,
    /// The chosen application.
    pub application: Candidate,
}

impl CardData {
    /// Reads the card's data objects through `value`.
    pub(crate) fn read<'v>(
        application: Candidate,
        value: impl Fn(Tag) -> Option<&'v [u8]>,
    ) -> Result<Self, EmvError> {
        let track_2 = value(tags::TRACK_2_EQUIVALENT_DATA).map(track_2).transpose()?;
        let pan = match value(tags::APPLICATION_PAN) {
            Some(pan) => digits(pan).ok_or_else(|| EmvError::malformed("the PAN", "no digits"))?,
            None => pan_of(track_2.as_ref()).ok_or(EmvError::Missing(tags::APPLICATION_PAN))?,
        };
        let expiry = match value(tags::APPLICATION_EXPIRATION_DATE) {
            Some(date) => digits(date.get(..2).unwrap_or(date)),
            None => expiry_of(track_2.as_ref()),
        };
        let number = |tag| value(tag).and_then(numeric::decode);
        Ok(Self {
            pan: Sensitive::new(pan.into_bytes()),
            track_2: track_2.map(|track| Sensitive::new(track.into_bytes())),
            expiry: expiry.ok_or(EmvError::Missing(tags::APPLICATION_EXPIRATION_DATE))?,
            sequence_number: number(tags::PAN_SEQUENCE_NUMBER).and_then(|n| n.try_into().ok()),
            country: number(tags::ISSUER_COUNTRY_CODE).and_then(|n| n.try_into().ok()),
            application,
        })
    }

    /// Returns the card number with only its first six and last four digits.
    #[must_use]
    pub fn masked_pan(&self) -> String {
        let digits = self.pan.expose();
        let hidden = 6..digits.len().saturating_sub(4).max(6);
        let shown = |(at, digit): (usize, &u8)| {
            if hidden.contains(&at) { '*' } else { char::from(*digit) }
        };
        digits.iter().enumerate().map(shown).collect()
    }
}

impl fmt::Debug for CardData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CardData")
            .field("pan", &self.masked_pan())
            .field("sequence_number", &self.sequence_number)
            .field("application", &self.application)
            .finish_non_exhaustive()
    }
}

fn digits(value: &[u8]) -> Option<String> {
    numeric::decode_compressed(value).filter(|digits| !digits.is_empty())
}

/// Brings `57` to the form of ISO 7813: the field separator is `D` there.
fn track_2(value: &[u8]) -> Result<String, EmvError> {
    let nibbles = value.iter().flat_map(|byte| [byte >> 4, byte & 0x0F]);
    let track: Option<String> = nibbles
        .take_while(|nibble| *nibble != 0x0F)
        .map(|nibble| match nibble {
            0..=9 => Some(char::from(b'0' + nibble)),
            0x0D => Some('='),
            _ => None,
        })
        .collect();
    track.ok_or_else(|| EmvError::malformed("track 2", "other characters than digits and D"))
}

fn pan_of(track_2: Option<&String>) -> Option<String> {
    let (pan, _) = track_2?.split_once('=')?;
    Some(pan.to_owned())
}

fn expiry_of(track_2: Option<&String>) -> Option<String> {
    let (_, rest) = track_2?.split_once('=')?;
    rest.get(..4).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn application() -> Candidate {
        Candidate::new(vec![0xA0, 0, 0, 3, 0x33], Some(b"UnionPay Debit "), None, None)
    }

    const TRACK_2: &[u8] =
        &[0x62, 0, 0, 0, 0, 0, 0, 0x05, 0xD3, 0x01, 0x22, 0x20, 0x00, 0x00, 0x12, 0x3F];

    #[test]
    fn reads_track_2_alone() {
        let card = CardData::read(application(), |tag| {
            (tag == tags::TRACK_2_EQUIVALENT_DATA).then_some(TRACK_2)
        })
        .unwrap();
        assert_eq!(card.pan.expose_str(), Some("6200000000000005"));
        assert_eq!(
            card.track_2.as_ref().unwrap().expose_str(),
            Some("6200000000000005=3012220000012 3".replace(' ', "").as_str())
        );
        assert_eq!(card.expiry, "3012");
        assert_eq!(card.masked_pan(), "620000******0005");
        let shown = format!("{card:?}");
        assert!(!shown.contains("6200000000000005") && !shown.contains("3012"), "{shown}");
    }

    #[test]
    fn misses_what_is_mandatory() {
        assert!(matches!(
            CardData::read(application(), |_| None),
            Err(EmvError::Missing(tags::APPLICATION_PAN))
        ));
        let card = CardData::read(application(), |tag| {
            (tag == tags::APPLICATION_PAN).then_some([0x62, 0x00].as_slice())
        });
        assert!(matches!(card, Err(EmvError::Missing(tags::APPLICATION_EXPIRATION_DATE))));
    }

    #[test]
    fn names() {
        assert_eq!(application().name(), "UnionPay Debit");
        let unnamed = Candidate::new(vec![0xA0, 0x03], None, Some(b"\xB9\xA4"), Some(5));
        assert_eq!(unnamed.name(), "A003");
        let named = Candidate::new(vec![0xA0], Some(b"VISA"), Some(b"Cr\xE9dit"), Some(1));
        assert_eq!(named.name(), "Crédit");
    }
}
