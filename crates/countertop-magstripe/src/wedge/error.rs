//! Errors of this driver.

/// Says why a swipe is of no use although it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum WedgeStripeError {
    /// The reader types stars in place of digits.
    #[error("the reader masks the card number, as readers with encrypting heads do")]
    Masked,
}
