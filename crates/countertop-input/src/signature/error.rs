//! Errors of this driver.

use countertop_wire::sign_pad::PictureError;

/// Says what the pad did in place of what it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum SignpadError {
    /// The pad does not take the writing area and picture of the settings.
    #[error("the pad refused the writing area or picture size with status 0x{0:02x}")]
    ZoneRefused(u8),
    /// The signature's picture is damaged.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// The picture has not the size that the pad was asked for.
    #[error("the pad sent a picture of {0}×{1} dots")]
    PictureSize(u32, u32),
    /// The feature code is not what the protocol carries.
    #[error("the feature code must have eight hexadecimal digits")]
    FeatureCode,
}
