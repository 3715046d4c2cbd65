//! Expiry and service code, the fields that tracks 1 and 2 share.

use super::error::TrackError;

/// Is a card's last month of validity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Expiry {
    year: u8,
    month: u8,
}

impl Expiry {
    /// Creates an expiry of `year` (two digits) and `month` (1 to 12).
    ///
    /// # Errors
    ///
    /// [`TrackError::Expiry`] outside these bounds.
    pub fn new(year: u8, month: u8) -> Result<Self, TrackError> {
        if year > 99 || !(1..=12).contains(&month) {
            return Err(TrackError::Expiry);
        }
        Ok(Self { year, month })
    }

    /// Parses `YYMM`.
    ///
    /// # Errors
    ///
    /// [`TrackError::Expiry`] for anything else.
    pub fn parse(digits: &[u8]) -> Result<Self, TrackError> {
        let &[a, b, c, d] = digits else { return Err(TrackError::Expiry) };
        let pair = |tens: u8, ones: u8| {
            let digits = tens.is_ascii_digit() && ones.is_ascii_digit();
            digits.then(|| (tens - b'0') * 10 + (ones - b'0')).ok_or(TrackError::Expiry)
        };
        Self::new(pair(a, b)?, pair(c, d)?)
    }

    /// Returns the two-digit year.
    #[must_use]
    pub fn year(self) -> u8 {
        self.year
    }

    /// Returns the month, 1 to 12.
    #[must_use]
    pub fn month(self) -> u8 {
        self.month
    }

    /// Returns `YYMM`, as ISO 8583 field 14 wants it.
    #[must_use]
    pub fn to_yymm(self) -> String {
        format!("{:02}{:02}", self.year, self.month)
    }
}

/// Is the three-digit service code of ISO/IEC 7813.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ServiceCode([u8; 3]);

impl ServiceCode {
    /// Parses three digits.
    ///
    /// # Errors
    ///
    /// [`TrackError::ServiceCode`] for anything else.
    pub fn parse(digits: &[u8]) -> Result<Self, TrackError> {
        match <[u8; 3]>::try_from(digits) {
            Ok(code) if code.iter().all(u8::is_ascii_digit) => Ok(Self(code)),
            _ => Err(TrackError::ServiceCode),
        }
    }

    /// Tells whether the card has a chip, which must then be used: first digit 2 or 6.
    #[must_use]
    pub fn has_chip(self) -> bool {
        matches!(self.0, [b'2' | b'6', ..])
    }

    /// Tells whether a PIN must be asked for: third digit 0, 3 or 5.
    #[must_use]
    pub fn requires_pin(self) -> bool {
        matches!(self.0, [.., b'0' | b'3' | b'5'])
    }

    /// Returns the three digits.
    #[must_use]
    pub fn digits(self) -> String {
        self.0.iter().copied().map(char::from).collect()
    }
}

/// What follows the card number (track 2) or the name (track 1).
pub(super) struct Tail {
    pub(super) expiry: Option<Expiry>,
    pub(super) service_code: Option<ServiceCode>,
    pub(super) discretionary: zeroize::Zeroizing<Vec<u8>>,
}

/// Parses expiry, service code and discretionary data; a separator stands for a field left out.
pub(super) fn parse_tail(text: &[u8], separator: u8) -> Result<Tail, TrackError> {
    let (expiry, rest) = take(text, separator, 4)?;
    let (service_code, rest) = take(rest, separator, 3)?;
    Ok(Tail {
        expiry: expiry.map(Expiry::parse).transpose()?,
        service_code: service_code.map(ServiceCode::parse).transpose()?,
        discretionary: zeroize::Zeroizing::new(rest.to_vec()),
    })
}

fn take(text: &[u8], separator: u8, len: usize) -> Result<(Option<&[u8]>, &[u8]), TrackError> {
    if let Some(rest) = text.strip_prefix(&[separator]) {
        return Ok((None, rest));
    }
    let (field, rest) = text.split_at_checked(len).ok_or(TrackError::Fields)?;
    Ok((Some(field), rest))
}

/// Appends expiry, service code and discretionary data.
pub(super) fn push_tail(
    text: &mut Vec<u8>,
    expiry: Option<Expiry>,
    service_code: Option<ServiceCode>,
    discretionary: &[u8],
    separator: u8,
) {
    match expiry {
        Some(expiry) => text.extend(expiry.to_yymm().bytes()),
        None => text.push(separator),
    }
    match service_code {
        Some(code) => text.extend(code.0),
        None => text.push(separator),
    }
    text.extend_from_slice(discretionary);
}
