//! The card data that is kept, sealed, until settlement.

use countertop_acquirer::CardEntry;
use countertop_device::Sensitive;

use super::EntryMode;
use crate::vault::MaskedPan;

/// Is what a void or an upload needs of a card: number, expiry, sequence number. No track, no code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StoredCard {
    pub(super) pan: Sensitive,
    pub(super) expiry: String,
    pub(super) sequence: Option<u8>,
}

impl StoredCard {
    /// Takes what may be kept of an entry; nothing of a payment code.
    pub(super) fn of(entry: &CardEntry) -> Option<Self> {
        match entry {
            CardEntry::Stripe { pan, expiry, .. } => {
                Some(Self { pan: pan.clone(), expiry: expiry.clone(), sequence: None })
            }
            CardEntry::Chip { pan, expiry, sequence, .. }
            | CardEntry::Contactless { pan, expiry, sequence, .. } => {
                Some(Self { pan: pan.clone(), expiry: expiry.clone(), sequence: *sequence })
            }
            _ => None,
        }
    }

    /// Writes `PAN;EXPIRY;SEQUENCE`.
    pub(super) fn to_sensitive(&self) -> Sensitive {
        let rest = match self.sequence {
            Some(sequence) => format!(";{};{sequence}", self.expiry),
            None => format!(";{};", self.expiry),
        };
        let mut bytes = Vec::with_capacity(self.pan.len() + rest.len());
        bytes.extend_from_slice(self.pan.expose());
        bytes.extend_from_slice(rest.as_bytes());
        Sensitive::new(bytes)
    }

    /// Reads what [`to_sensitive`](Self::to_sensitive) wrote.
    pub(super) fn from_sensitive(stored: &Sensitive) -> Option<Self> {
        let mut parts = stored.expose_str()?.split(';');
        let (pan, expiry, sequence) = (parts.next()?, parts.next()?, parts.next()?);
        let sequence = if sequence.is_empty() { None } else { Some(sequence.parse().ok()?) };
        Some(Self { pan: Sensitive::from(pan.as_bytes()), expiry: expiry.into(), sequence })
    }

    /// Returns the entry that a void of this card's sale has: that of the sale, without track and
    /// chip data.
    pub(super) fn void_entry(self, entry: EntryMode) -> Option<CardEntry> {
        let Self { pan, expiry, sequence } = self;
        let (track2, emv) = (Sensitive::default(), Sensitive::default());
        match entry {
            EntryMode::Stripe | EntryMode::Fallback => {
                let fallback = entry == EntryMode::Fallback;
                Some(CardEntry::Stripe { pan, expiry, track2, fallback })
            }
            EntryMode::Chip => Some(CardEntry::Chip { pan, expiry, sequence, track2, emv }),
            EntryMode::Contactless => {
                Some(CardEntry::Contactless { pan, expiry, sequence, track2, emv })
            }
            EntryMode::Manual | EntryMode::Code => None,
        }
    }
}

/// Masks the number of a card or of a payment code; `None` when the entry has neither.
pub(super) fn mask(entry: &CardEntry) -> Option<MaskedPan> {
    match entry {
        CardEntry::Code { code } if code.is_empty() => None,
        CardEntry::Code { code } => Some(MaskedPan::of_code(code)),
        other => other.pan().map(MaskedPan::of_pan),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chip() -> CardEntry {
        CardEntry::Chip {
            pan: Sensitive::from(b"6200000000000005".as_slice()),
            expiry: "3012".into(),
            sequence: Some(1),
            track2: Sensitive::from(b"6200000000000005D3012".as_slice()),
            emv: Sensitive::from([0x9f, 0x26].as_slice()),
        }
    }

    #[test]
    fn a_stored_card_comes_back_without_its_track() {
        let stored = StoredCard::of(&chip()).unwrap();
        let kept = stored.to_sensitive();
        assert_eq!(kept.expose(), b"6200000000000005;3012;1");
        let again = StoredCard::from_sensitive(&kept).unwrap();
        assert_eq!(again, stored);
        let Some(CardEntry::Chip { track2, emv, sequence, .. }) = again.void_entry(EntryMode::Chip)
        else {
            panic!("a chip entry");
        };
        assert!(track2.is_empty() && emv.is_empty() && sequence == Some(1));
    }

    #[test]
    fn a_code_is_never_kept() {
        let code = Sensitive::from(b"6212345678901234567".as_slice());
        let entry = CardEntry::Code { code };
        assert_eq!(StoredCard::of(&entry), None);
        assert_eq!(mask(&entry).unwrap().last_four(), "4567");
    }

    #[test]
    fn garbage_is_no_card() {
        for text in ["", "62", "62;30", "62;3012;x", "62;3012;256"] {
            let stored = Sensitive::from(text.as_bytes());
            assert_eq!(StoredCard::from_sensitive(&stored), None, "{text}");
        }
    }
}
