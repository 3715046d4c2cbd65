//! Payment codes that customers show (付款码): which scheme a code belongs to.
//!
//! | scheme | starts with | digits | source |
//! |---|---|---|---|
//! | WeChat Pay | 10 to 15 | 18 | WeChat Pay, Quick Pay, "auth_code" |
//! | Alipay | 25 to 30 | 16 to 24 | Alipay, `alipay.trade.pay`, "auth_code" |
//! | UnionPay | 62 | 19 | UnionPay QR code specification, consumer-presented mode |
//! | e-CNY | 01 | 19 | digital yuan, consumer-presented mode |
//!
//! A code is money for about a minute: it is used once, shown by its last four digits at the most,
//! and never stored.

mod error;
mod scheme;

use core::fmt;

use zeroize::Zeroizing;

pub use error::PaymentCodeError;
pub use scheme::PaymentScheme;

/// Is a payment code whose scheme is known. Wiped on drop; its `Debug` shows four digits.
#[derive(Clone, PartialEq, Eq)]
pub struct PaymentCode {
    scheme: PaymentScheme,
    digits: Zeroizing<String>,
}

impl PaymentCode {
    /// Classifies what a scanner read.
    ///
    /// # Errors
    ///
    /// When it is no payment code of a known scheme; reject it before a message is built.
    pub fn parse(scanned: &[u8]) -> Result<Self, PaymentCodeError> {
        if scanned.is_empty() {
            return Err(PaymentCodeError::Empty);
        }
        if !scanned.iter().all(u8::is_ascii_digit) {
            return Err(PaymentCodeError::Digits);
        }
        let text = core::str::from_utf8(scanned).map_err(|_| PaymentCodeError::Digits)?;
        let scheme = PaymentScheme::of(scanned).ok_or(PaymentCodeError::Scheme)?;
        if !scheme.lengths().contains(&scanned.len()) {
            return Err(PaymentCodeError::Length { scheme, digits: scanned.len() });
        }
        Ok(Self { scheme, digits: Zeroizing::new(text.to_owned()) })
    }

    /// Returns the scheme.
    #[must_use]
    pub fn scheme(&self) -> PaymentScheme {
        self.scheme
    }

    /// Returns the whole code for the message to the host. Never print, log or store it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.digits
    }

    /// Returns the last four digits, which may be shown.
    #[must_use]
    pub fn last4(&self) -> &str {
        self.digits.get(self.digits.len().saturating_sub(4)..).unwrap_or_default()
    }
}

impl fmt::Debug for PaymentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PaymentCode({}, *{})", self.scheme, self.last4())
    }
}

#[cfg(test)]
mod tests;
