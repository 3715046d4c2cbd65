//! What a kernel wants the cardholder to see and hear (EMV Book A, clause 9; `DF8116`, Book C-2,
//! annex A.1.194).

use core::time::Duration;

use countertop_device::Money;
use countertop_wire::tlv::numeric;

/// Is a User Interface Request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UiRequest {
    /// The text; none leaves the last one.
    pub message: Option<MessageIdentifier>,
    /// What the reader is doing, for lights and sounds; none leaves the last one.
    pub status: Option<UiStatus>,
    /// How long it is to be shown at least.
    pub hold_time: Duration,
    /// The card's Language Preference (`5F2D`): up to four codes of ISO 639-1.
    pub languages: Option<[u8; 8]>,
    /// An amount to be shown with it.
    pub value: Option<UiValue>,
}

/// Is an amount that is shown to the cardholder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum UiValue {
    /// The transaction's.
    Amount(Money),
    /// What is left on the card.
    Balance(Money),
}

/// Names what the reader is doing (EMV Book A, table 9-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UiStatus {
    /// No transaction.
    NotReady,
    /// No transaction, but lit.
    Idle,
    /// A card may be presented.
    ReadyToRead,
    /// The card has to stay.
    Processing,
    /// The card may be taken.
    CardReadSuccessfully,
    /// It did not work.
    ProcessingError,
}

/// Names a text (EMV Book A, table 9-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MessageIdentifier {
    /// "Approved".
    Approved,
    /// "Not authorised".
    NotAuthorised,
    /// "Please enter your PIN".
    EnterPin,
    /// "Processing error".
    ProcessingError,
    /// "Please remove card".
    RemoveCard,
    /// "Welcome".
    Welcome,
    /// "Present card".
    PresentCard,
    /// "Processing".
    Processing,
    /// "Card read OK, please remove card".
    CardReadOk,
    /// "Please insert or swipe card".
    InsertOrSwipeCard,
    /// "Please present one card only".
    PresentOneCardOnly,
    /// "Approved, please sign".
    ApprovedPleaseSign,
    /// "Authorising, please wait".
    Authorising,
    /// "Insert, swipe or try another card".
    InsertSwipeOrTryAnotherCard,
    /// "Please insert card".
    InsertCard,
    /// No text.
    ClearDisplay,
    /// "See phone for instructions".
    SeePhone,
    /// "Present card again".
    PresentCardAgain,
}

/// Is told of what the kernel wants to be seen and heard while the card is in the field.
///
/// What is to be shown at the end stands in the [`Outcome`](super::Outcome).
pub trait UserInterface: Send {
    /// Shows something. It must not wait: the card is in the field.
    fn request(&mut self, request: &UiRequest);
}

/// Shows nothing.
impl UserInterface for () {
    fn request(&mut self, _: &UiRequest) {}
}

/// Keeps everything, in order.
impl UserInterface for Vec<UiRequest> {
    fn request(&mut self, request: &UiRequest) {
        self.push(request.clone());
    }
}

impl UiRequest {
    pub(in crate::contactless) fn new(message: MessageIdentifier, status: UiStatus) -> Self {
        Self {
            message: Some(message),
            status: Some(status),
            hold_time: Duration::ZERO,
            languages: None,
            value: None,
        }
    }

    #[must_use]
    pub(in crate::contactless) fn held(mut self, hold_time: Duration) -> Self {
        self.hold_time = hold_time;
        self
    }

    /// Takes the value of Language Preference (`5F2D`): one to four codes.
    #[must_use]
    pub(in crate::contactless) fn in_languages(mut self, preference: Option<&[u8]>) -> Self {
        self.languages = preference.filter(|codes| codes.len() <= 8).map(|codes| {
            let mut languages = [0; 8];
            languages.iter_mut().zip(codes).for_each(|(place, code)| *place = *code);
            languages
        });
        self
    }

    #[must_use]
    pub(in crate::contactless) fn with_value(mut self, value: Option<UiValue>) -> Self {
        self.value = value;
        self
    }

    /// Returns User Interface Request Data (`DF8116`): message, status, hold time in units of
    /// 100 ms, languages, value qualifier, value and currency; 22 bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let tenths = u64::try_from(self.hold_time.as_millis() / 100).unwrap_or(u64::MAX);
        let (qualifier, money) = match self.value {
            Some(UiValue::Amount(money)) => (0x10, Some(money)),
            Some(UiValue::Balance(money)) => (0x20, Some(money)),
            None => (0x00, None),
        };
        let minor = money.map_or(0, Money::minor);
        let currency = money.map_or(0, |money| money.currency().numeric().into());
        let numeric =
            |value, length| numeric::encode(value, length).unwrap_or_else(|| vec![0; length]);
        let mut bytes = vec![
            self.message.map_or(0xFF, MessageIdentifier::code),
            self.status.map_or(0xFF, |status| status as u8),
        ];
        bytes.extend(numeric(tenths, 3));
        bytes.extend(self.languages.unwrap_or_default());
        bytes.push(qualifier);
        bytes.extend(numeric(minor, 6));
        bytes.extend(numeric(currency, 2));
        bytes
    }
}

impl MessageIdentifier {
    /// Returns the message as something that did not work.
    pub(in crate::contactless) fn failed(self) -> UiRequest {
        UiRequest::new(self, UiStatus::ProcessingError)
    }

    /// Returns the number of the text.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Approved => 0x03,
            Self::NotAuthorised => 0x07,
            Self::EnterPin => 0x09,
            Self::ProcessingError => 0x0F,
            Self::RemoveCard => 0x10,
            Self::Welcome => 0x14,
            Self::PresentCard => 0x15,
            Self::Processing => 0x16,
            Self::CardReadOk => 0x17,
            Self::InsertOrSwipeCard => 0x18,
            Self::PresentOneCardOnly => 0x19,
            Self::ApprovedPleaseSign => 0x1A,
            Self::Authorising => 0x1B,
            Self::InsertSwipeOrTryAnotherCard => 0x1C,
            Self::InsertCard => 0x1D,
            Self::ClearDisplay => 0x1E,
            Self::SeePhone => 0x20,
            Self::PresentCardAgain => 0x21,
        }
    }
}

#[cfg(test)]
mod tests {
    use countertop_device::Currency;

    use super::*;

    #[test]
    fn a_request_has_its_bytes() {
        let request = MessageIdentifier::ApprovedPleaseSign
            .failed()
            .held(Duration::from_millis(1300))
            .in_languages(Some(b"zhen"))
            .with_value(Some(UiValue::Balance(Money::from_minor(12_345, Currency::CNY))));
        let expected = [
            0x1A, 0x05, 0x00, 0x00, 0x13, b'z', b'h', b'e', b'n', 0, 0, 0, 0, 0x20, 0, 0, 0, 0x01,
            0x23, 0x45, 0x01, 0x56,
        ];
        assert_eq!(request.to_bytes(), expected);
    }

    #[test]
    fn what_is_not_said_is_not_applicable() {
        let request = UiRequest {
            message: None,
            status: None,
            ..MessageIdentifier::ClearDisplay.failed().in_languages(Some(&[b'x'; 9]))
        };
        assert_eq!(request.to_bytes()[..2], [0xFF, 0xFF]);
        assert_eq!(request.languages, None);
        assert_eq!(request.to_bytes().len(), 22);
    }
}
