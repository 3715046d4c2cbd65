//! Status bytes.

use core::fmt;

/// Is the status byte that begins most responses about a target (UM0701-02, 7.1): an error code in
/// bits 0 to 5.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Status(u8);

/// Bit 6 of the status byte: the target's data go on in the next exchange.
pub(super) const MORE: u8 = 0x40;
/// Bit 7 of the status byte: a node address follows.
pub(super) const NODE_ADDRESS: u8 = 0x80;

macro_rules! statuses {
    ($($(#[$doc:meta])* $name:ident = $code:literal $text:literal;)*) => {
        impl Status {
            $($(#[$doc])* pub const $name: Self = Self($code);)*

            /// Returns what the code means, as a phrase for a person.
            #[must_use]
            pub fn text(self) -> &'static str {
                match self.0 {
                    $($code => $text,)*
                    _ => "unknown status",
                }
            }
        }
    };
}

statuses! {
    /// The command succeeded.
    OK = 0x00 "success";
    /// The target has not answered.
    TIMEOUT = 0x01 "the target has not answered";
    /// The radio answer's CRC is wrong.
    CRC = 0x02 "CRC error by radio";
    /// The radio answer's parity is wrong.
    PARITY = 0x03 "parity error by radio";
    /// Anticollision gave a wrong number of bits.
    BIT_COUNT = 0x04 "wrong bit count in anticollision";
    /// A MIFARE operation met a framing error.
    FRAMING = 0x05 "framing error";
    /// Two targets answered at once.
    COLLISION = 0x06 "bit collision";
    /// The chip's buffer is too small.
    BUFFER_TOO_SMALL = 0x07 "communication buffer too small";
    /// The contactless interface's buffer ran over.
    BUFFER_OVERFLOW = 0x09 "radio buffer overflow";
    /// The active peer's field did not come in time.
    FIELD_TIMEOUT = 0x0a "the peer's field was not switched on in time";
    /// The target broke its protocol.
    PROTOCOL = 0x0b "radio protocol error";
    /// The antenna drivers are too hot.
    TEMPERATURE = 0x0d "overheated, antenna drivers off";
    /// The chip's internal buffer ran over.
    INTERNAL_BUFFER_OVERFLOW = 0x0e "internal buffer overflow";
    /// A parameter is outside its range.
    INVALID_PARAMETER = 0x10 "invalid parameter";
    /// A peer's command is unknown (NFC-DEP).
    DEP_UNKNOWN_COMMAND = 0x12 "the peer sent an unknown command";
    /// A peer's frame has the wrong format (NFC-DEP), or a MIFARE exchange does.
    DEP_FORMAT = 0x13 "wrong data format by radio";
    /// A MIFARE authentication failed.
    AUTHENTICATION = 0x14 "MIFARE authentication failed";
    /// The UID's check byte is wrong.
    UID_CHECK_BYTE = 0x23 "the UID's check byte is wrong";
    /// The command does not fit the peer's state (NFC-DEP).
    DEP_STATE = 0x25 "wrong state of the peer";
    /// The chip's configuration does not allow the command.
    NOT_ALLOWED = 0x26 "not allowed in this configuration";
    /// The command does not fit the context, such as a target that was never listed.
    CONTEXT = 0x27 "not acceptable in this context";
    /// The initiator released the chip while it was a target.
    RELEASED = 0x29 "released by the initiator";
    /// Another card is in the field than before (type B).
    CARD_EXCHANGED = 0x2a "another card is in the field";
    /// The card that was activated has disappeared (type B).
    CARD_DISAPPEARED = 0x2b "the card has disappeared";
    /// NFCID3 of initiator and target differ.
    NFCID3_MISMATCH = 0x2c "NFCID3 mismatch";
    /// Too much current flowed.
    OVER_CURRENT = 0x2d "over-current";
    /// The node address is missing in a peer's frame.
    NAD_MISSING = 0x2e "node address missing";
}

impl Status {
    /// Creates a status from a status byte, whose upper two bits are no part of it.
    #[must_use]
    pub const fn new(byte: u8) -> Self {
        Self(byte & 0x3f)
    }

    /// Returns the error code.
    #[must_use]
    pub const fn code(self) -> u8 {
        self.0
    }

    /// Tells whether the command succeeded.
    #[must_use]
    pub const fn is_ok(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (status {:02x})", self.text(), self.0)
    }
}

impl fmt::Debug for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Status({:02x})", self.0)
    }
}
