//! A card's personalisation as a text: TOML.
//!
//! `examples/cards` has one file for each scheme, and one that shows every key.

mod fault;
mod hex;
mod radio;
mod sections;
#[cfg(test)]
mod tests;

use core::ops::Range;
use core::str::FromStr;

use toml::Spanned;

use self::sections::CardFile;
use super::log::LOG_ENTRY;
use super::{ApplicationEntry, CardKeys, CardProfile, CvmRule, PinKey, RecordLayout};

/// Card numbers of public test suites. No person has them.
const TEST_PANS: [&str; 16] = [
    "6200000000000005",
    "6200000000000047",
    "6250941006528599",
    "6250947000000014",
    "4111111111111111",
    "4012888888881881",
    "4242424242424242",
    "4761739001010010",
    "4000000000000002",
    "5555555555554444",
    "5105105105105100",
    "2223003122003222",
    "5413330089020011",
    "3530111333300000",
    "6011111111111117",
    "378282246310005",
];

/// Says what is wrong with a card's text, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// It is no TOML, or has a key or a kind of value that is not known.
    #[error("card profile: {0}")]
    Syntax(String),
    /// A value cannot be.
    #[error("card profile: line {line}: {key}: {why}")]
    Value {
        /// The line, from 1.
        line: usize,
        /// The key, with its table.
        key: &'static str,
        /// What is wrong.
        why: String,
    },
}

/// Collects the lines of a text for error messages.
struct Source<'t>(&'t str);

impl Source<'_> {
    fn error(&self, at: Range<usize>, key: &'static str, why: impl Into<String>) -> ProfileError {
        let before = self.0.get(..at.start).unwrap_or_default();
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        ProfileError::Value { line, key, why: why.into() }
    }
}

impl CardProfile {
    /// Reads a personalisation from TOML. What it does not say is as its `scheme` has it.
    ///
    /// # Errors
    ///
    /// [`ProfileError`] with line and key. A card number that is not known to be a test number is
    /// refused unless `test-pan = true` says that it is one.
    pub fn from_toml(text: &str) -> Result<Self, ProfileError> {
        let file: CardFile =
            toml::from_str(text).map_err(|error| ProfileError::Syntax(error.to_string()))?;
        file.into_profile(&Source(text))
    }
}

impl FromStr for CardProfile {
    type Err = ProfileError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::from_toml(text)
    }
}

impl CardFile {
    fn into_profile(self, source: &Source<'_>) -> Result<CardProfile, ProfileError> {
        let mut profile = self.scheme.profile();
        self.identity(&mut profile, source)?;
        self.applications(&mut profile, source)?;
        if let Some(keys) = &self.keys {
            profile.keys = keys.checked(source)?;
        }
        if let Some(method) = self.authentication {
            profile.data_authentication = method.into();
        }
        if let Some(issuer) = &self.issuer {
            profile.issuer_authentication = issuer.authentication.into();
            profile.issuer_authentication_mandatory = issuer.mandatory;
        }
        if let Some(cvm) = &self.cvm {
            profile.static_data.cvm_amounts = [cvm.x, cvm.y];
            let rules = cvm.rules.iter().map(|rule| CvmRule::from(*rule));
            profile.cvm_rules = rules.collect();
        }
        self.pin(&mut profile, source)?;
        if let Some(data) = &self.data {
            data.apply(&mut profile.static_data);
        }
        if let Some(risk) = &self.risk {
            risk.apply(&mut profile);
        }
        if let Some(radio) = &self.radio {
            radio.apply(&mut profile.radio);
        }
        self.records(&mut profile, source)?;
        profile.faults = self.faults.iter().map(|fault| (*fault).into()).collect();
        check_sizes(&profile, source, self.keys.as_ref().map(Spanned::span).as_ref())?;
        Ok(profile)
    }

    fn identity(&self, profile: &mut CardProfile, source: &Source<'_>) -> Result<(), ProfileError> {
        if let Some(pan) = &self.pan {
            let digits = pan.get_ref();
            if !(12..=16).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
                return Err(source.error(pan.span(), "pan", "12 to 16 digits are wanted"));
            }
            if !self.test_pan && !TEST_PANS.contains(&digits.as_str()) {
                let why = "this is no known test number; if nobody has it, say `test-pan = true`";
                return Err(source.error(pan.span(), "pan", why));
            }
            profile.pan = digits.as_bytes().into();
        }
        if let Some(expiry) = &self.expiry {
            let why = "a month as in \"2030-12\" is wanted";
            let month = sections::month(expiry.get_ref());
            profile.expiry = month.ok_or_else(|| source.error(expiry.span(), "expiry", why))?;
        }
        if let Some(code) = &self.service_code {
            let digits = code.get_ref();
            if digits.len() != 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                let why = "three digits are wanted";
                return Err(source.error(code.span(), "service-code", why));
            }
            profile.service_code.clone_from(digits);
        }
        let set = |place: &mut u16, value: Option<u16>| *place = value.unwrap_or(*place);
        set(&mut profile.country, self.country);
        set(&mut profile.currency, self.currency);
        profile.sequence = self.sequence.unwrap_or(profile.sequence);
        if let Some(name) = &self.cardholder {
            profile.cardholder.clone_from(name);
        }
        if let Some(protocol) = self.protocol {
            profile.transmission = protocol.into();
        }
        Ok(())
    }

    fn applications(
        &self,
        profile: &mut CardProfile,
        source: &Source<'_>,
    ) -> Result<(), ProfileError> {
        if self.applications.is_empty() {
            return Ok(());
        }
        profile.applications.clear();
        for application in &self.applications {
            let aid = application.aid.get_ref();
            if !(5..=16).contains(&aid.0.len()) {
                let why = "5 to 16 bytes are wanted";
                return Err(source.error(application.aid.span(), "application.aid", why));
            }
            if !(1..=15).contains(application.priority.get_ref()) {
                let span = application.priority.span();
                return Err(source.error(span, "application.priority", "1 to 15 is wanted"));
            }
            let confirmed = if application.confirm { 0x80 } else { 0x00 };
            profile.applications.push(ApplicationEntry {
                aid: aid.0.clone(),
                label: application.label.clone(),
                priority: application.priority.get_ref() | confirmed,
                kernel: application.kernel,
            });
        }
        Ok(())
    }

    fn pin(&self, profile: &mut CardProfile, source: &Source<'_>) -> Result<(), ProfileError> {
        let Some(pin) = &self.pin else { return Ok(()) };
        if let Some(value) = &pin.value {
            let digits = value.get_ref();
            let good = digits.bytes().all(|byte| byte.is_ascii_digit());
            if !good || !(4..=12).contains(&digits.len()) {
                return Err(source.error(value.span(), "pin.value", "4 to 12 digits are wanted"));
            }
        }
        profile.pin = pin.value.as_ref().map(|value| value.get_ref().as_bytes().into());
        profile.pin_tries = pin.tries;
        Ok(())
    }

    fn records(&self, profile: &mut CardProfile, source: &Source<'_>) -> Result<(), ProfileError> {
        if self.records.is_empty() {
            return Ok(());
        }
        let mut layout: Vec<RecordLayout> = Vec::new();
        for record in &self.records {
            let file = *record.file.get_ref();
            if !(1..=30).contains(&file) {
                return Err(source.error(record.file.span(), "record.file", "1 to 30 is wanted"));
            }
            if file == LOG_ENTRY[0] {
                let why = "11 is the transaction log's; take another file";
                return Err(source.error(record.file.span(), "record.file", why));
            }
            let unsigned = layout.iter().any(|known| known.file == file && !known.signed);
            if record.signed && unsigned {
                let why = "the signed records of a file come first";
                return Err(source.error(record.file.span(), "record.signed", why));
            }
            layout.push(RecordLayout {
                file,
                objects: record.objects.iter().map(|tag| tag.0).collect(),
                signed: record.signed,
            });
        }
        profile.layout = Some(layout);
        Ok(())
    }
}

impl sections::Keys {
    fn check(&self) -> Result<CardKeys, (&'static str, &'static str)> {
        let usual = CardKeys::default();
        let [authority, issuer, icc] = [
            self.authority.unwrap_or(usual.authority),
            self.issuer.unwrap_or(usual.issuer),
            self.icc.unwrap_or(usual.icc),
        ];
        if !(1024..=1984).contains(&authority) || !authority.is_multiple_of(32) {
            return Err(("keys.authority", "1024 to 1984 bits are wanted, in steps of 32"));
        }
        // A certificate of 248 bytes leaves a record no room for the tag 9F46.
        let good = |bits: u16| (1024..=1976).contains(&bits) && bits.is_multiple_of(8);
        let wanted = "1024 to 1976 bits are wanted, in steps of 8";
        for (key, bits) in [("keys.issuer", issuer), ("keys.icc", icc)] {
            if !good(bits) {
                return Err((key, wanted));
            }
        }
        if issuer > authority || icc > issuer {
            return Err(("keys", "a key is not longer than the one that certifies it"));
        }
        let exponent = self.exponent.unwrap_or(usual.exponent);
        if ![3, 65_537].contains(&exponent) {
            return Err(("keys.exponent", "3 or 65537 is wanted"));
        }
        let pin = match self.pin {
            None | Some(sections::Pin::Word(sections::PinWord::Certified)) => PinKey::Certified,
            Some(sections::Pin::Word(sections::PinWord::None)) => PinKey::None,
            Some(sections::Pin::Bits(bits)) if good(bits) && bits <= issuer => PinKey::Own(bits),
            Some(sections::Pin::Bits(_)) => return Err(("keys.pin", wanted)),
        };
        let curve = self.curve.map_or(usual.curve, Into::into);
        Ok(CardKeys { authority, issuer, icc, exponent, pin, curve })
    }
}

trait Checked {
    fn checked(&self, source: &Source<'_>) -> Result<CardKeys, ProfileError>;
}

impl Checked for Spanned<sections::Keys> {
    fn checked(&self, source: &Source<'_>) -> Result<CardKeys, ProfileError> {
        self.get_ref().check().map_err(|(key, why)| source.error(self.span(), key, why))
    }
}

/// Refuses a key whose signature does not fit into one answer together with a cryptogram.
fn check_sizes(
    profile: &CardProfile,
    source: &Source<'_>,
    keys: Option<&Range<usize>>,
) -> Result<(), ProfileError> {
    if profile.data_authentication.can_combine() && profile.keys.icc > 1664 {
        let why = "combined data authentication has room for 1664 bits";
        return Err(source.error(keys.cloned().unwrap_or_default(), "keys.icc", why));
    }
    Ok(())
}
