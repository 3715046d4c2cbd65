//! The schemes and how their codes look.

use core::fmt;
use core::ops::RangeInclusive;

/// Names who issued a payment code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PaymentScheme {
    /// Alipay (支付宝).
    Alipay,
    /// Digital yuan (数字人民币).
    ECny,
    /// UnionPay (云闪付).
    UnionPay,
    /// WeChat Pay (微信支付).
    WeChatPay,
}

impl PaymentScheme {
    /// Returns the scheme of a code by its first two digits.
    pub(super) fn of(code: &[u8]) -> Option<Self> {
        match code {
            [b'1', b'0'..=b'5', ..] => Some(Self::WeChatPay),
            [b'2', b'5'..=b'9', ..] | [b'3', b'0', ..] => Some(Self::Alipay),
            [b'6', b'2', ..] => Some(Self::UnionPay),
            [b'0', b'1', ..] => Some(Self::ECny),
            _ => None,
        }
    }

    /// Returns how many digits the scheme's codes have.
    #[must_use]
    pub fn lengths(self) -> RangeInclusive<usize> {
        match self {
            Self::Alipay => 16..=24,
            Self::ECny | Self::UnionPay => 19..=19,
            Self::WeChatPay => 18..=18,
        }
    }
}

impl fmt::Display for PaymentScheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Alipay => "Alipay",
            Self::ECny => "e-CNY",
            Self::UnionPay => "UnionPay",
            Self::WeChatPay => "WeChat Pay",
        })
    }
}
