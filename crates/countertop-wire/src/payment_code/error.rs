//! Why something is no payment code.

use super::PaymentScheme;

/// Says why a scanned code is no payment code. Carries none of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PaymentCodeError {
    /// Something other than digits: another kind of code, such as a web address.
    #[error("not a payment code: something other than digits in it")]
    Digits,
    /// Nothing was scanned.
    #[error("not a payment code: nothing in it")]
    Empty,
    /// The scheme's codes have another length: a bad scan.
    #[error("not a payment code of {scheme}: {digits} digits")]
    Length {
        /// What the first digits say.
        scheme: PaymentScheme,
        /// How many digits there are.
        digits: usize,
    },
    /// The first two digits belong to no known scheme.
    #[error("not a payment code of WeChat Pay, Alipay, UnionPay or e-CNY")]
    Scheme,
}
