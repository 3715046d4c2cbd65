//! Track 2 (ISO/IEC 7813, clause 7).

use core::fmt;

use zeroize::Zeroizing;

use super::alphabet::TrackNumber;
use super::discretionary::{Expiry, ServiceCode, parse_tail, push_tail};
use super::error::TrackError;
use super::pan::Pan;

const SEPARATOR: u8 = TrackNumber::Two.separator();

/// Is the content of track 2: card number, expiry, service code, discretionary data.
#[derive(Clone, PartialEq, Eq)]
pub struct Track2 {
    pan: Pan,
    expiry: Option<Expiry>,
    service_code: Option<ServiceCode>,
    discretionary: Zeroizing<Vec<u8>>,
}

impl Track2 {
    /// Parses the characters between the sentinels. The separator is `=`, or `D` as chips and hosts
    /// write it (EMV tag 57, ISO 8583 field 35).
    ///
    /// # Errors
    ///
    /// Length, characters or fields that ISO/IEC 7813 does not allow.
    pub fn parse(text: &[u8]) -> Result<Self, TrackError> {
        let text = Zeroizing::new(
            text.iter().map(|&c| if c == b'D' { SEPARATOR } else { c }).collect::<Vec<_>>(),
        );
        TrackNumber::Two.check(&text)?;
        let mut halves = text.splitn(2, |&character| character == SEPARATOR);
        let pan = Pan::parse(halves.next().unwrap_or_default())?;
        let tail = parse_tail(halves.next().ok_or(TrackError::Fields)?, SEPARATOR)?;
        let numeric = tail.discretionary.iter().all(|c| c.is_ascii_digit() || *c == SEPARATOR);
        if !numeric {
            return Err(TrackError::Fields);
        }
        Ok(Self {
            pan,
            expiry: tail.expiry,
            service_code: tail.service_code,
            discretionary: tail.discretionary,
        })
    }

    /// Puts a track together, for cards that are made rather than read.
    ///
    /// # Errors
    ///
    /// When the whole is longer than the track, or the discretionary data are not digits.
    pub fn build(
        pan: &Pan,
        expiry: Option<Expiry>,
        service_code: Option<ServiceCode>,
        discretionary: &[u8],
    ) -> Result<Self, TrackError> {
        let mut text = Zeroizing::new(pan.expose().as_bytes().to_vec());
        text.push(SEPARATOR);
        push_tail(&mut text, expiry, service_code, discretionary, SEPARATOR);
        Self::parse(&text)
    }

    /// Returns the characters between the sentinels, with `=` as the separator.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<Vec<u8>> {
        let mut text = Zeroizing::new(Vec::with_capacity(TrackNumber::Two.max_len()));
        text.extend_from_slice(self.pan.expose().as_bytes());
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

    /// Tells whether the service code says that the card has a chip.
    #[must_use]
    pub fn has_chip(&self) -> bool {
        self.service_code.is_some_and(ServiceCode::has_chip)
    }

    /// Returns the issuer's own data. Never print, log or store them.
    #[must_use]
    pub fn discretionary(&self) -> &[u8] {
        &self.discretionary
    }
}

impl fmt::Debug for Track2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Track2").field("pan", &self.pan).finish_non_exhaustive()
    }
}
