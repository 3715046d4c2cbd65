/// Says why bytes are no USB/IP message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UsbipError {
    /// The bytes end too early.
    #[error("USB/IP message is cut off after {0} bytes")]
    Truncated(usize),
    /// The command code is none that may come here.
    #[error("unknown USB/IP command {0:#06x}")]
    UnknownCommand(u32),
    /// The direction is neither 0 (out) nor 1 (in).
    #[error("unknown USB/IP direction {0}")]
    BadDirection(u32),
    /// The endpoint is not one of 0 to 15.
    #[error("no endpoint has number {0}")]
    BadEndpoint(u32),
    /// The length of the data is negative or beyond reason.
    #[error("USB/IP transfer of {0} bytes")]
    BadTransferLength(i32),
    /// The other side speaks another version.
    #[error("USB/IP version {0:#06x}, not 0x0111")]
    BadVersion(u16),
    /// A name is longer than its field, or its field holds no text.
    #[error("unreadable name in a USB/IP message")]
    BadName,
}
