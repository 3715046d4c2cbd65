//! Commands of all families.

use core::fmt;
use core::ops::RangeInclusive;

use super::{
    Character, Enquiry, Image, Kanji, Mechanism, Position, Sequence, Setup, Symbol, TwoDimensional,
    UserMemory,
};

/// Is one command, or a run of text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Command {
    /// Single-byte characters.
    Character(Character),
    /// Questions.
    Enquiry(Enquiry),
    /// Pictures.
    Image(Image),
    /// Wide characters.
    Kanji(Kanji),
    /// What moves.
    Mechanism(Mechanism),
    /// Places and feeds.
    Position(Position),
    /// Macros and counters.
    Sequence(Sequence),
    /// The printer's own settings.
    Setup(Setup),
    /// QR codes and bar codes.
    Symbol(Symbol),
    /// Characters to print.
    Text(Text),
    /// Two-dimensional symbols other than QR.
    TwoDimensional(TwoDimensional),
    /// No command that Epson defines.
    Unknown(Opaque),
    /// A command of Epson's that has no meaning here, or parameters outside its range.
    Unmodelled(Opaque),
    /// The memory that a program may keep its own data in.
    UserMemory(UserMemory),
}

impl Command {
    /// Appends the command's bytes.
    #[inline]
    pub fn emit(&self, out: &mut Vec<u8>) {
        match self {
            Self::Character(command) => command.emit(out),
            Self::Enquiry(command) => command.emit(out),
            Self::Image(command) => command.emit(out),
            Self::Kanji(command) => command.emit(out),
            Self::Mechanism(command) => command.emit(out),
            Self::Position(command) => command.emit(out),
            Self::Sequence(command) => command.emit(out),
            Self::Setup(command) => command.emit(out),
            Self::Symbol(command) => command.emit(out),
            Self::TwoDimensional(command) => command.emit(out),
            Self::UserMemory(command) => command.emit(out),
            Self::Text(text) => out.extend_from_slice(text.bytes()),
            Self::Unknown(bytes) | Self::Unmodelled(bytes) => out.extend_from_slice(bytes.bytes()),
        }
    }

    /// Returns the command's bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.emit(&mut out);
        out
    }

    /// Tells whether a printer acts on it as soon as it arrives, past the receive buffer.
    #[must_use]
    pub fn is_real_time(&self) -> bool {
        matches!(
            self,
            Self::Mechanism(
                Mechanism::RealTimePulse(_)
                    | Mechanism::RealTimeBeep(_)
                    | Mechanism::PowerOff
                    | Mechanism::ClearBuffers
            ) | Self::Enquiry(
                Enquiry::RealTimeStatus(_)
                    | Enquiry::RealTimeReport(_)
                    | Enquiry::InkStatus(_)
                    | Enquiry::MicrStatus(_)
                    | Enquiry::DeviceStatus(_)
                    | Enquiry::Recover(_)
            )
        )
    }
}

/// Is printable bytes in the printer's character set: none is below 20.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Text(pub(super) Vec<u8>);

impl Text {
    /// Creates text; `None` when a byte is a control byte.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Option<Self> {
        bytes.iter().all(|byte| *byte >= 0x20).then_some(Self(bytes))
    }

    /// Returns the bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Is bytes that came from a stream and have no meaning here.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Opaque(pub(super) Vec<u8>);

impl Opaque {
    /// Returns the bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Opaque {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Shows the first bytes as Epson's manual writes them, the rest by number.
impl fmt::Display for Opaque {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 8;
        for (index, byte) in self.0.iter().take(SHOWN).enumerate() {
            let space = if index == 0 { "" } else { " " };
            match (index, byte) {
                (_, 0x10) => write!(f, "{space}DLE")?,
                (_, 0x1B) => write!(f, "{space}ESC")?,
                (_, 0x1C) => write!(f, "{space}FS")?,
                (_, 0x1D) => write!(f, "{space}GS")?,
                (1, 0x21..=0x7E) => write!(f, "{space}{}", char::from(*byte))?,
                _ => write!(f, "{space}{byte:02X}")?,
            }
        }
        match self.0.len().checked_sub(SHOWN) {
            None | Some(0) => Ok(()),
            Some(more) => write!(f, " and {more} more"),
        }
    }
}

/// Says which of a command's values cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} is {value}, not from {least} to {most}")]
pub struct OutOfRange {
    what: &'static str,
    value: usize,
    least: usize,
    most: usize,
}

impl OutOfRange {
    pub(super) fn check(
        what: &'static str,
        value: usize,
        range: RangeInclusive<usize>,
    ) -> Result<(), Self> {
        if range.contains(&value) {
            return Ok(());
        }
        Err(Self { what, value, least: *range.start(), most: *range.end() })
    }
}
