//! Track 1, structure B (ISO/IEC 7813, clause 6).

use core::fmt;

use zeroize::Zeroizing;

use super::alphabet::TrackNumber;
use super::discretionary::{Expiry, ServiceCode, parse_tail, push_tail};
use super::error::TrackError;
use super::pan::Pan;

const SEPARATOR: u8 = TrackNumber::One.separator();

/// The format code of cards of financial institutions.
const FORMAT_CODE: u8 = b'B';

/// Is the content of track 1: card number, name, expiry, service code, discretionary data.
#[derive(Clone, PartialEq, Eq)]
pub struct Track1 {
    pan: Pan,
    name: Zeroizing<Vec<u8>>,
    expiry: Option<Expiry>,
    service_code: Option<ServiceCode>,
    discretionary: Zeroizing<Vec<u8>>,
}

impl Track1 {
    /// Parses the characters between the sentinels.
    ///
    /// # Errors
    ///
    /// Length, characters or fields that ISO/IEC 7813 does not allow; a format code other than `B`
    /// is [`TrackError::Fields`].
    pub fn parse(text: &[u8]) -> Result<Self, TrackError> {
        TrackNumber::One.check(text)?;
        let text = text.strip_prefix(&[FORMAT_CODE]).ok_or(TrackError::Fields)?;
        let mut parts = text.splitn(3, |&character| character == SEPARATOR);
        let pan = Pan::parse(parts.next().unwrap_or_default())?;
        let name = parts.next().filter(|name| (2..=26).contains(&name.len()));
        let name = Zeroizing::new(name.ok_or(TrackError::Fields)?.to_vec());
        let tail = parse_tail(parts.next().ok_or(TrackError::Fields)?, SEPARATOR)?;
        Ok(Self {
            pan,
            name,
            expiry: tail.expiry,
            service_code: tail.service_code,
            discretionary: tail.discretionary,
        })
    }

    /// Puts a track together, for cards that are made rather than read.
    ///
    /// # Errors
    ///
    /// When the name is not 2 to 26 characters of the track, or the whole is longer than the track.
    pub fn build(
        pan: &Pan,
        name: &[u8],
        expiry: Option<Expiry>,
        service_code: Option<ServiceCode>,
        discretionary: &[u8],
    ) -> Result<Self, TrackError> {
        let mut text = Zeroizing::new(vec![FORMAT_CODE]);
        text.extend_from_slice(pan.expose().as_bytes());
        text.push(SEPARATOR);
        text.extend_from_slice(name);
        text.push(SEPARATOR);
        push_tail(&mut text, expiry, service_code, discretionary, SEPARATOR);
        Self::parse(&text)
    }

    /// Returns the characters between the sentinels.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<Vec<u8>> {
        let mut text = Zeroizing::new(Vec::with_capacity(TrackNumber::One.max_len()));
        text.push(FORMAT_CODE);
        text.extend_from_slice(self.pan.expose().as_bytes());
        text.push(SEPARATOR);
        text.extend_from_slice(&self.name);
        text.push(SEPARATOR);
        push_tail(&mut text, self.expiry, self.service_code, &self.discretionary, SEPARATOR);
        text
    }

    /// Returns the card number.
    #[must_use]
    pub fn pan(&self) -> &Pan {
        &self.pan
    }

    /// Returns the card number as it may be shown.
    #[must_use]
    pub fn masked_pan(&self) -> String {
        self.pan.masked()
    }

    /// Returns the cardholder's name, `SURNAME/FIRST NAME`. Never log or store it.
    #[must_use]
    pub fn name(&self) -> &[u8] {
        &self.name
    }

    /// Returns the expiry, where the issuer recorded one.
    #[must_use]
    pub fn expiry(&self) -> Option<Expiry> {
        self.expiry
    }

    /// Returns the service code, where the issuer recorded one.
    #[must_use]
    pub fn service_code(&self) -> Option<ServiceCode> {
        self.service_code
    }

    /// Returns the issuer's own data. Never print, log or store them.
    #[must_use]
    pub fn discretionary(&self) -> &[u8] {
        &self.discretionary
    }
}

impl fmt::Debug for Track1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Track1").field("pan", &self.pan).finish_non_exhaustive()
    }
}
