//! Commands from the host to the reader.

use super::{ESC, FS};

/// Is a command (manual, section 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Command {
    /// `ESC a`: back to the initial state; no response.
    Reset,
    /// `ESC r`: read the next swipe, decoded as ISO.
    ReadIso,
    /// `ESC m`: read the next swipe as bits.
    ReadRaw,
    /// `ESC e`: communication test, answered `ESC y`.
    CommTest,
    /// `ESC t`: device model, answered `ESC n S`.
    Model,
    /// `ESC v`: firmware version, answered `ESC` and eight characters.
    Firmware,
    /// `ESC 87`: memory test, answered `ESC 0`.
    RamTest,
    /// `ESC 86`: sensor test, answered `ESC 0` when a card passes.
    SensorTest,
    /// `ESC 81` to `ESC 85`: lights; no response. Holds the second byte.
    Light(u8),
    /// `ESC o`: bits per character of the three tracks, answered `ESC 0` and the same.
    SetBitsPerCharacter([u8; 3]),
    /// `ESC b`: density of a track.
    SetDensity(u8),
    /// `ESC z`: leading zeros of tracks 1 and 3, and of track 2.
    SetLeadingZeros([u8; 2]),
    /// `ESC l`: asks for the leading zeros, answered `ESC` and two bytes.
    LeadingZeros,
    /// `ESC x` or `ESC y`: high or low coercivity for writing.
    SetCoercivity {
        /// Whether it is high.
        high: bool,
    },
    /// `ESC d`: asks for the coercivity, answered `ESC H` or `ESC L`.
    Coercivity,
    /// `ESC c`: erase the tracks of the select byte with the next swipe.
    Erase(u8),
    /// `ESC w` or `ESC n` with a data block: write the next swipe. The block is not kept.
    Write,
    /// Any other byte after ESC; answered with [`Status::InvalidCommand`](super::Status).
    Unknown(u8),
}

impl Command {
    /// Returns the bytes to send. [`Command::Write`] gives the code without a data block.
    #[must_use]
    pub fn encode(self) -> Vec<u8> {
        let mut bytes = vec![ESC, self.code()];
        match self {
            Self::SetBitsPerCharacter(bits) => bytes.extend(bits),
            Self::SetDensity(byte) | Self::Erase(byte) => bytes.push(byte),
            Self::SetLeadingZeros(zeros) => bytes.extend(zeros),
            _ => {}
        }
        bytes
    }

    fn code(self) -> u8 {
        match self {
            Self::Reset => b'a',
            Self::ReadIso => b'r',
            Self::ReadRaw => b'm',
            Self::CommTest => b'e',
            Self::Model => b't',
            Self::Firmware => b'v',
            Self::RamTest => 0x87,
            Self::SensorTest => 0x86,
            Self::Light(code) | Self::Unknown(code) => code,
            Self::SetBitsPerCharacter(_) => b'o',
            Self::SetDensity(_) => b'b',
            Self::SetLeadingZeros(_) => b'z',
            Self::LeadingZeros => b'l',
            Self::SetCoercivity { high: true } => b'x',
            Self::SetCoercivity { high: false } => b'y',
            Self::Coercivity => b'd',
            Self::Erase(_) => b'c',
            Self::Write => b'w',
        }
    }
}

/// Finds commands in the bytes that a reader receives, however they are cut.
#[derive(Debug, Default)]
pub struct CommandDecoder {
    buffer: Vec<u8>,
}

impl CommandDecoder {
    /// Creates a decoder without pending bytes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds received bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// Takes the next complete command. Bytes outside a command are skipped.
    pub fn next_command(&mut self) -> Option<Command> {
        let start = self.buffer.iter().position(|&byte| byte == ESC).unwrap_or(self.buffer.len());
        self.buffer.drain(..start);
        let (command, len) = parse(&self.buffer)?;
        self.buffer.drain(..len);
        Some(command)
    }
}

/// Parses the command at the start of `bytes`, which start with ESC.
fn parse(bytes: &[u8]) -> Option<(Command, usize)> {
    let code = *bytes.get(1)?;
    let argument = |place: usize| bytes.get(place).copied();
    Some(match code {
        b'b' => (Command::SetDensity(argument(2)?), 3),
        b'c' => (Command::Erase(argument(2)?), 3),
        b'o' => (Command::SetBitsPerCharacter([argument(2)?, argument(3)?, argument(4)?]), 5),
        b'z' => (Command::SetLeadingZeros([argument(2)?, argument(3)?]), 4),
        b'w' | b'n' => (Command::Write, bytes.iter().position(|&byte| byte == FS)? + 1),
        code => (simple(code), 2),
    })
}

fn simple(code: u8) -> Command {
    match code {
        b'a' => Command::Reset,
        b'r' => Command::ReadIso,
        b'm' => Command::ReadRaw,
        b'e' => Command::CommTest,
        b't' => Command::Model,
        b'v' => Command::Firmware,
        b'l' => Command::LeadingZeros,
        b'x' => Command::SetCoercivity { high: true },
        b'y' => Command::SetCoercivity { high: false },
        b'd' => Command::Coercivity,
        0x81..=0x85 => Command::Light(code),
        0x86 => Command::SensorTest,
        0x87 => Command::RamTest,
        code => Command::Unknown(code),
    }
}
