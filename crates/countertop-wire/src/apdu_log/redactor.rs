//! Withholding what must not be written down.

use core::fmt;

use zeroize::Zeroizing;

use super::secrets::{self, Place};
use super::{LogProtocol, Octets};

/// Says what is withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Redaction {
    /// Everything that shows a cardholder, and every PIN and key.
    #[default]
    Cardholder,
    /// The same, but not where the card has one of the well-known card numbers of test cards. PINs and
    /// keys are withheld all the same.
    UnlessTestCard,
}

/// The card numbers that payment schemes, hosts and this project test with; none is a person's.
const TEST_CARDS: &[&str] = &[
    "6200000000000005",
    "6200000000000047",
    "4111111111111111",
    "4761739001010010",
    "4761739001010119",
    "5413330089010012",
    "5413330089020011",
    "5413330089604111",
    "5555555555554444",
    "2223000010479518",
    "6212345678901232",
    "6250941006528599",
    "378282246310005",
    "6011111111111117",
    "3530111333300000",
];

/// Is what a log lets through of one card's conversation.
///
/// It remembers the card number once it has been seen, so that the number is withheld wherever else it
/// turns up, in commands too.
#[derive(Debug)]
pub struct Redactor {
    redaction: Redaction,
    protocol: LogProtocol,
    pan: Option<Pan>,
    is_test_card: bool,
    /// Whether the last command asked for something that is made of data objects.
    asked_for_objects: bool,
    asked_for_memory: bool,
}

impl Redactor {
    /// Creates a redactor for a conversation with one card, which speaks `protocol`.
    #[must_use]
    pub fn new(redaction: Redaction, protocol: LogProtocol) -> Self {
        Self {
            redaction,
            protocol,
            pan: None,
            is_test_card: false,
            asked_for_objects: false,
            asked_for_memory: false,
        }
    }

    /// Returns what may be written of a command.
    pub fn command(&mut self, command: &[u8]) -> Octets {
        let mut shown = Octets::shown(command);
        let is_apdu = !matches!(self.protocol, LogProtocol::Type2 | LogProtocol::Other);
        let Some(header) = command.first_chunk::<4>().filter(|_| is_apdu) else {
            self.asked_for_objects = false;
            self.asked_for_memory = true;
            if command.first().is_some_and(|code| secrets::tag_command_is_secret(*code)) {
                shown.withhold(1..command.len());
            }
            return self.without_pan(command, shown);
        };
        let [class, instruction, ..] = *header;
        self.asked_for_memory = matches!(instruction, 0xb0 | 0xb1) || class == 0xff;
        // READ RECORD, GET PROCESSING OPTIONS, GENERATE AC, GET DATA, SELECT, GET RESPONSE and the like.
        self.asked_for_objects = !self.asked_for_memory
            && matches!(instruction, 0xb2 | 0xb3 | 0xa8 | 0xae | 0xca | 0xcb | 0xa4 | 0xc0 | 0x2a);
        if secrets::command_is_secret(*header) {
            shown.withhold(header.len() + 1..command.len());
        }
        self.without_pan(command, shown)
    }

    /// Returns what may be written of the response APDU to the last command.
    pub fn answer(&mut self, answer: &[u8]) -> Octets {
        let mut shown = Octets::shown(answer);
        let has_status = !matches!(self.protocol, LogProtocol::Type2 | LogProtocol::Other);
        let data = match answer.split_last_chunk::<2>() {
            Some((data, _status)) if has_status => data,
            _ => answer,
        };
        match secrets::in_data_objects(data) {
            Some(places) => {
                self.note(data, &places);
                for place in places.into_iter().filter(|_| !self.shows_cardholder()) {
                    shown.withhold(place.range);
                }
            }
            // What should be data objects and cannot be read could hold anything.
            None if self.asked_for_objects && !self.shows_cardholder() => {
                shown.withhold(0..data.len());
            }
            None => {}
        }
        if self.asked_for_memory && !self.shows_cardholder() && holds_digits(data) {
            shown.withhold(0..data.len());
        }
        self.without_pan(answer, shown)
    }

    /// Tells whether the cardholder's data may be shown, because it is nobody's.
    fn shows_cardholder(&self) -> bool {
        self.redaction == Redaction::UnlessTestCard && self.is_test_card
    }

    /// Remembers the card number among these places.
    fn note(&mut self, data: &[u8], places: &[Place]) {
        for place in places {
            let value = data.get(place.range.clone()).unwrap_or_default();
            let Some(pan) = secrets::pan(place.tag, value).map(Zeroizing::new) else { continue };
            self.is_test_card = TEST_CARDS.contains(&pan.as_str());
            self.pan = Some(Pan::new(&pan));
        }
    }

    /// Withholds the card number wherever it stands.
    fn without_pan(&self, bytes: &[u8], mut shown: Octets) -> Octets {
        let Some(pan) = self.pan.as_ref().filter(|_| !self.shows_cardholder()) else {
            return shown;
        };
        for start in 0..bytes.len() {
            if bytes.get(start..).is_some_and(|rest| rest.starts_with(&pan.packed)) {
                shown.withhold(start..start + pan.length);
            }
        }
        shown
    }
}

/// Is a card number as it stands in data objects: two digits a byte.
#[derive(Clone)]
struct Pan {
    /// The bytes that are digits all.
    packed: Zeroizing<Vec<u8>>,
    /// Bytes, with the last digit of an odd number.
    length: usize,
}

impl Pan {
    fn new(digits: &str) -> Self {
        let pairs = digits.as_bytes().as_chunks::<2>().0.iter();
        let packed = pairs.map(|[high, low]| (high & 0x0f) << 4 | low & 0x0f).collect();
        Self { packed: Zeroizing::new(packed), length: digits.len().div_ceil(2) }
    }
}

impl fmt::Debug for Pan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pan")
    }
}

/// Tells whether memory could hold a card number: sixteen digits, packed or as text.
fn holds_digits(data: &[u8]) -> bool {
    let is_packed = |byte: &u8| byte >> 4 < 10 && byte & 0x0f < 10 && *byte != 0;
    let packed = data.windows(8).any(|window| window.iter().all(is_packed));
    packed || data.windows(16).any(|window| window.iter().all(u8::is_ascii_digit))
}
