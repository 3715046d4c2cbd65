//! Status of a request: 0, or a negated errno of Linux (`Documentation/driver-api/usb/error-codes.rst`).

/// The request was carried out.
pub const OK: i32 = 0;
/// No such endpoint in the current setting.
pub const NO_ENTRY: i32 = -2;
/// The device has gone.
pub const NO_DEVICE: i32 = -19;
/// A request that cannot be.
pub const INVALID: i32 = -22;
/// The endpoint stalled.
pub const STALL: i32 = -32;
/// The device sent more than was asked for: babble.
pub const OVERFLOW: i32 = -75;
/// The request was taken back by the host.
pub const UNLINKED: i32 = -104;
/// The device did not answer on the bus: it was pulled.
pub const PROTOCOL: i32 = -71;
