//! Taking PINs for the host: `70`, `Z62` and their answer `71`.

use core::fmt;

use zeroize::Zeroizing;

use super::frame::Frame;
use super::hex::{parse_block, parse_key, push_hex};
use super::text::{
    FS, MAX_LINE, PacketError, check_account, check_printable, parse_timeout, printable,
    push_timeout, transaction, two_digits,
};

/// Asks for a PIN with prompts and limits of the host's choice (`Z62`, PP791 p. 228).
#[derive(Clone, PartialEq, Eq)]
pub struct PinEntryRequest {
    /// The card number, 8 to 19 digits.
    pub account: Zeroizing<Vec<u8>>,
    /// The PIN key, wrapped under the selected master key: 8 or 16 bytes.
    pub working_key: Vec<u8>,
    /// Fewest digits, 4 to 12.
    pub min_length: u8,
    /// Most digits, 4 to 12.
    pub max_length: u8,
    /// Whether enter without a digit is an answer.
    pub null_allowed: bool,
    /// Up to 16 characters.
    pub prompt: String,
    /// Up to 16 characters, shown in turn with the first.
    pub second_prompt: String,
    /// Up to 16 characters, shown after the entry.
    pub processing_prompt: String,
    /// Time-out in units of 30 seconds, 1 to 9; 270 seconds without.
    pub half_minutes: Option<u8>,
}

impl PinEntryRequest {
    /// Returns the packet.
    ///
    /// # Errors
    ///
    /// When a field is out of the bounds that are given with it.
    pub fn encode(&self) -> Result<Frame, PacketError> {
        check_account(&self.account)?;
        check_limits(self.min_length, self.max_length)?;
        let prompts = [&self.prompt, &self.second_prompt, &self.processing_prompt];
        prompts.iter().try_for_each(|prompt| check_printable(prompt, MAX_LINE))?;
        let mut text = head(b"Z62.", &self.account, &self.working_key)?;
        let null = if self.null_allowed { 'Y' } else { 'N' };
        text.extend(format!("{:02}{:02}{null}", self.min_length, self.max_length).bytes());
        text.extend_from_slice(self.prompt.as_bytes());
        for prompt in [&self.second_prompt, &self.processing_prompt] {
            text.push(FS);
            text.extend_from_slice(prompt.as_bytes());
        }
        push_timeout(&mut text, self.half_minutes);
        Ok(transaction(core::mem::take(&mut text)))
    }

    pub(super) fn parse(rest: &[u8]) -> Result<Self, PacketError> {
        let mut fields = rest.split(|byte| *byte == FS);
        let account = parse_account(fields.next().unwrap_or_default())?;
        let second = fields.next().ok_or(PacketError::Length)?;
        // The key's length is not told: five characters and the prompt follow it.
        let (working_key, limits) = split_key(second, |rest| {
            rest.get(4).is_some_and(|null| b"YN".contains(null))
                && rest.iter().take(4).all(u8::is_ascii_digit)
        })?;
        let (limits, prompt) = limits.split_at_checked(5).ok_or(PacketError::Length)?;
        let mut text = |max| printable(fields.next().unwrap_or_default(), max);
        let (second_prompt, processing_prompt) = (text(MAX_LINE)?, text(MAX_LINE)?);
        let request = Self {
            account,
            working_key,
            min_length: two_digits(&limits[..2])?,
            max_length: two_digits(&limits[2..4])?,
            null_allowed: limits[4] == b'Y',
            prompt: printable(prompt, MAX_LINE)?,
            second_prompt,
            processing_prompt,
            half_minutes: parse_timeout(fields.next())?,
        };
        check_limits(request.min_length, request.max_length)?;
        Ok(request)
    }
}

impl fmt::Debug for PinEntryRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lengths = (self.min_length, self.max_length);
        f.debug_struct("PinEntryRequest").field("lengths", &lengths).finish_non_exhaustive()
    }
}

/// Asks for a PIN of 4 to 12 digits and shows the amount in the PIN pad's own words (`70`, PP791
/// p. 201).
#[derive(Clone, PartialEq, Eq)]
pub struct AmountPinRequest {
    /// The card number, 8 to 19 digits.
    pub account: Zeroizing<Vec<u8>>,
    /// The PIN key, wrapped under the selected master key: 8 or 16 bytes.
    pub working_key: Vec<u8>,
    /// The amount with a decimal point, 4 to 8 characters.
    pub amount: String,
    /// Time-out in units of 30 seconds, 1 to 9; 270 seconds without.
    pub half_minutes: Option<u8>,
}

impl AmountPinRequest {
    /// Returns the packet.
    ///
    /// # Errors
    ///
    /// When a field is out of the bounds that are given with it.
    pub fn encode(&self) -> Result<Frame, PacketError> {
        check_account(&self.account)?;
        check_amount(self.amount.as_bytes())?;
        let mut text = head(b"70.", &self.account, &self.working_key)?;
        text.extend_from_slice(self.amount.as_bytes());
        push_timeout(&mut text, self.half_minutes);
        Ok(transaction(core::mem::take(&mut text)))
    }

    pub(super) fn parse(rest: &[u8]) -> Result<Self, PacketError> {
        let mut fields = rest.split(|byte| *byte == FS);
        let account = parse_account(fields.next().unwrap_or_default())?;
        let second = fields.next().ok_or(PacketError::Length)?;
        let (working_key, amount) = split_key(second, |rest| check_amount(rest).is_ok())?;
        Ok(Self {
            account,
            working_key,
            amount: printable(amount, 8)?,
            half_minutes: parse_timeout(fields.next())?,
        })
    }
}

impl fmt::Debug for AmountPinRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AmountPinRequest").field("amount", &self.amount).finish_non_exhaustive()
    }
}

/// Returns the packet type, the account and the key.
fn head(id: &[u8], account: &[u8], key: &[u8]) -> Result<Zeroizing<Vec<u8>>, PacketError> {
    if !matches!(key.len(), 8 | 16) {
        return Err(PacketError::Length);
    }
    let mut text = Zeroizing::new([id, account, &[FS]].concat());
    push_hex(&mut text, key);
    Ok(text)
}

fn parse_account(account: &[u8]) -> Result<Zeroizing<Vec<u8>>, PacketError> {
    check_account(account)?;
    Ok(Zeroizing::new(account.to_vec()))
}

/// Splits a key of 32 or 16 hexadecimal digits from what `fits` after it.
fn split_key(field: &[u8], fits: impl Fn(&[u8]) -> bool) -> Result<(Vec<u8>, &[u8]), PacketError> {
    for len in [32, 16] {
        if let Some((key, rest)) = field.split_at_checked(len)
            && fits(rest)
        {
            return Ok((parse_key(key)?, rest));
        }
    }
    Err(PacketError::Length)
}

fn check_limits(min: u8, max: u8) -> Result<(), PacketError> {
    let good = (4..=12).contains(&min) && (min..=12).contains(&max);
    good.then_some(()).ok_or(PacketError::Length)
}

fn check_amount(amount: &[u8]) -> Result<(), PacketError> {
    if !(4..=8).contains(&amount.len()) {
        return Err(PacketError::Length);
    }
    let good = amount.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    good.then_some(()).ok_or(PacketError::Digits)
}

/// Is what came of asking for a PIN (`71`).
#[derive(Clone, PartialEq, Eq)]
pub enum PinResponse {
    /// A PIN of so many digits as an encrypted block.
    Entered {
        /// Number of digits.
        length: u8,
        /// The encrypted block.
        block: Zeroizing<[u8; 8]>,
    },
    /// Enter without a digit.
    Null,
    /// The request cannot be served.
    Refused(PinError),
}

impl PinResponse {
    /// Returns the packet.
    #[must_use]
    pub fn encode(&self) -> Frame {
        let mut text = b"71".to_vec();
        match self {
            Self::Entered { length, block } => {
                text.extend(format!(".0{length:02}01").bytes());
                push_hex(&mut text, &**block);
            }
            Self::Null => text.extend(b".00001"),
            Self::Refused(error) => text.push(error.code()),
        }
        transaction(text)
    }

    pub(super) fn parse(rest: &[u8]) -> Result<Self, PacketError> {
        match rest {
            [code] => Ok(Self::Refused(PinError::from_code(*code))),
            // PIN pads that keep the length fixed send a block after a null PIN, too.
            [b'.', _, b'0', b'0', b'0', b'1', ..] => Ok(Self::Null),
            [b'.', _function, tens, ones, b'0', b'1', block @ ..] => Ok(Self::Entered {
                length: two_digits(&[*tens, *ones])?,
                block: Zeroizing::new(parse_block(block)?),
            }),
            _ => Err(PacketError::Length),
        }
    }
}

impl fmt::Debug for PinResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entered { .. } => f.write_str("Entered(..)"),
            Self::Null => f.write_str("Null"),
            Self::Refused(error) => write!(f, "Refused({error:?})"),
        }
    }
}

/// Says why a PIN pad refuses to ask for a PIN (PP791 p. 205).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum PinError {
    /// `0`: no account number.
    #[error("no account number")]
    NoAccount,
    /// `1`: the working key does not fit the master key.
    #[error("working key does not fit the master key or its use")]
    Key,
    /// `2`, `3` or `4`: the account number is not 8 to 19 digits.
    #[error("account number is not 8 to 19 digits")]
    Account,
    /// `5`: the working key is not 16 or 32 hexadecimal digits.
    #[error("working key is malformed")]
    KeyFormat,
    /// `6`: time-out out of bounds.
    #[error("time-out out of bounds")]
    Timeout,
    /// `8`: amount, limits or prompts malformed.
    #[error("amount, limits or prompts malformed")]
    Format,
    /// `9`: the selected master key is not loaded.
    #[error("master key not loaded")]
    NoMasterKey,
    /// Any other code.
    #[error("code {:?}", char::from(*.0))]
    Other(u8),
}

impl PinError {
    /// Returns the code on the line.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::NoAccount => b'0',
            Self::Key => b'1',
            Self::Account => b'4',
            Self::KeyFormat => b'5',
            Self::Timeout => b'6',
            Self::Format => b'8',
            Self::NoMasterKey => b'9',
            Self::Other(code) => code,
        }
    }

    fn from_code(code: u8) -> Self {
        match code {
            b'0' => Self::NoAccount,
            b'1' => Self::Key,
            b'2' | b'3' | b'4' => Self::Account,
            b'5' => Self::KeyFormat,
            b'6' => Self::Timeout,
            b'8' => Self::Format,
            b'9' => Self::NoMasterKey,
            code => Self::Other(code),
        }
    }
}
