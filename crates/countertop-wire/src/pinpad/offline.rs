//! Extension: taking a PIN and enciphering it for the card, `X36` and `X37`.
//!
//! The PIN pad builds and enciphers the data of EMV Book 2, clause 7.2. Cancelling and running out
//! of time are answered as after `Z62`, with EOT.

use core::fmt;

use zeroize::Zeroizing;

use super::frame::Frame;
use super::hex::{parse_block, parse_hex, push_hex};
use super::text::{
    FS, MAX_LINE, PacketError, check_printable, parse_timeout, printable, push_timeout, transaction,
};

/// Longest modulus of an ICC key in bytes (EMV Book 2, annex B2.1).
const MAX_MODULUS: usize = 248;

/// Asks for an offline PIN (`X36`, extension).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfflinePinRequest {
    /// Modulus of the card's PIN encipherment key, 17 to 248 bytes.
    pub modulus: Vec<u8>,
    /// Its public exponent, 1 to 3 bytes.
    pub exponent: Vec<u8>,
    /// The card's unpredictable number.
    pub challenge: [u8; 8],
    /// Up to 16 characters.
    pub prompt: String,
    /// Time-out in units of 30 seconds, 1 to 9; 270 seconds without.
    pub half_minutes: Option<u8>,
}

impl OfflinePinRequest {
    /// Returns the packet.
    ///
    /// # Errors
    ///
    /// When a field is out of the bounds that are given with it.
    pub fn encode(&self) -> Result<Frame, PacketError> {
        check_key(&self.modulus, &self.exponent)?;
        check_printable(&self.prompt, MAX_LINE)?;
        let mut text = b"X36".to_vec();
        push_hex(&mut text, &self.modulus);
        for field in [self.exponent.as_slice(), &self.challenge] {
            text.push(FS);
            push_hex(&mut text, field);
        }
        text.push(FS);
        text.extend_from_slice(self.prompt.as_bytes());
        push_timeout(&mut text, self.half_minutes);
        Ok(transaction(text))
    }

    pub(super) fn parse(rest: &[u8]) -> Result<Self, PacketError> {
        let mut fields = rest.split(|byte| *byte == FS);
        let mut next = || fields.next().ok_or(PacketError::Length);
        let request = Self {
            modulus: parse_hex(next()?)?.to_vec(),
            exponent: parse_hex(next()?)?.to_vec(),
            challenge: parse_block(next()?)?,
            prompt: printable(next()?, MAX_LINE)?,
            half_minutes: parse_timeout(fields.next())?,
        };
        check_key(&request.modulus, &request.exponent)?;
        Ok(request)
    }
}

fn check_key(modulus: &[u8], exponent: &[u8]) -> Result<(), PacketError> {
    let good = (17..=MAX_MODULUS).contains(&modulus.len()) && (1..=3).contains(&exponent.len());
    good.then_some(()).ok_or(PacketError::Length)
}

/// Answers `X36` (`X37`, extension).
#[derive(Clone, PartialEq, Eq)]
pub enum OfflinePinResponse {
    /// `0`: the enciphered data, as long as the modulus.
    Enciphered(Zeroizing<Vec<u8>>),
    /// `1`: enter without a digit.
    Null,
    /// `2`: the key cannot be used.
    KeyRefused,
}

impl OfflinePinResponse {
    /// Returns the packet.
    #[must_use]
    pub fn encode(&self) -> Frame {
        let mut text = b"X37".to_vec();
        match self {
            Self::Enciphered(data) => {
                text.push(b'0');
                push_hex(&mut text, data);
            }
            Self::Null => text.push(b'1'),
            Self::KeyRefused => text.push(b'2'),
        }
        transaction(text)
    }

    pub(super) fn parse(rest: &[u8]) -> Result<Self, PacketError> {
        match rest {
            [b'0', data @ ..] if !data.is_empty() => Ok(Self::Enciphered(parse_hex(data)?)),
            b"1" => Ok(Self::Null),
            b"2" => Ok(Self::KeyRefused),
            _ => Err(PacketError::Length),
        }
    }
}

impl fmt::Debug for OfflinePinResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Enciphered(_) => "Enciphered(..)",
            Self::Null => "Null",
            Self::KeyRefused => "KeyRefused",
        })
    }
}
