//! From any byte stream to commands.

use super::framing::{Framing, frame};
use super::{
    Character, Command, ESC, Enquiry, FS, GS, Image, Kanji, Mechanism, Opaque, Position, Sequence,
    Setup, Symbol, Text, TwoDimensional, UserMemory,
};

/// The longest command that is kept; what claims to be longer is skipped and named.
const MAX_COMMAND: u64 = 16 << 20;

/// The most of an unknown command that is kept to name it.
const MAX_NAMED: usize = 16;

/// Takes a printer's byte stream apart, in pieces of any size.
///
/// It never panics and never loses its place over data that a known command announces: lengths
/// of all of Epson's commands are known, whether or not [`Command`] has a meaning for them. Its time is
/// linear in the bytes, however they are cut: a long command is looked at when it can have ended.
#[derive(Debug, Default)]
pub struct Parser {
    buffer: Vec<u8>,
    at: usize,
    skip: u64,
    /// How many bytes must wait before framing them again can tell more.
    needed: usize,
}

impl Parser {
    /// Creates a parser at the beginning of a stream.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes bytes; [`next_command`](Self::next_command) gives what they complete.
    pub fn feed(&mut self, mut bytes: &[u8]) {
        let skipped = usize::try_from(self.skip).unwrap_or(usize::MAX).min(bytes.len());
        self.skip -= skipped as u64;
        bytes = &bytes[skipped..];
        if self.at > 0 {
            self.buffer.drain(..self.at);
            self.at = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// Returns the next whole command; `None` when more bytes are needed.
    ///
    /// Text comes in the pieces in which it was fed; a wide character may be cut in two.
    pub fn next_command(&mut self) -> Option<Command> {
        let rest = self.buffer.get(self.at..)?;
        if *rest.first()? >= 0x20 {
            return Some(self.take_text());
        }
        if rest.len() < self.needed {
            return None;
        }
        self.needed = 0;
        match frame(rest) {
            // Lengths that add up within the data could ask for more without end.
            Framing::Incomplete(needed) if needed as u64 > MAX_COMMAND => {
                Some(Command::Unknown(self.take(2)))
            }
            Framing::Incomplete(needed) => self.wait(needed),
            Framing::Unknown(length) => Some(Command::Unknown(self.take(length))),
            Framing::Length(length) if length > MAX_COMMAND => Some(self.skip_command(length)),
            Framing::Length(length) => match usize::try_from(length) {
                Ok(length) if length <= rest.len() => Some(self.take_command(length)),
                Ok(length) => self.wait(length),
                Err(_) => Some(self.skip_command(length)),
            },
        }
    }

    fn wait(&mut self, needed: usize) -> Option<Command> {
        self.needed = needed;
        None
    }

    /// Returns the number of bytes that wait for the rest of their command.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.buffer.len() - self.at
    }

    /// Ends the stream: returns what is left of a command that was cut off, as unknown.
    pub fn finish(&mut self) -> Option<Command> {
        self.skip = 0;
        self.needed = 0;
        let left = self.pending();
        (left > 0).then(|| Command::Unknown(self.take(left)))
    }

    fn take_text(&mut self) -> Command {
        let rest = &self.buffer[self.at..];
        let length = rest.iter().position(|byte| *byte < 0x20).unwrap_or(rest.len());
        let text = Text(rest[..length].to_vec());
        self.at += length;
        Command::Text(text)
    }

    fn take_command(&mut self, length: usize) -> Command {
        let bytes = &self.buffer[self.at..self.at + length];
        let command = decode(bytes);
        match command {
            Some(command) => {
                self.at += length;
                command
            }
            None => Command::Unmodelled(self.take(length)),
        }
    }

    fn take(&mut self, length: usize) -> Opaque {
        let end = (self.at + length).min(self.buffer.len());
        let bytes = self.buffer[self.at..end].to_vec();
        self.at = end;
        Opaque(bytes)
    }

    fn skip_command(&mut self, length: u64) -> Command {
        let present = self.pending();
        let named = Opaque(head(self.buffer.get(self.at..).unwrap_or_default()).to_vec());
        self.skip = length.saturating_sub(present as u64);
        self.at += usize::try_from(length).unwrap_or(usize::MAX).min(present);
        Command::Unknown(named)
    }
}

/// Returns the bytes that say how long a command is, so that its name does not depend on how many
/// more had come.
fn head(command: &[u8]) -> &[u8] {
    let heads = (1..=MAX_NAMED).filter_map(|length| command.get(..length));
    let told = |head: &&[u8]| matches!(frame(head), Framing::Length(_));
    heads.into_iter().find(told).unwrap_or_else(|| command.get(..2).unwrap_or(command))
}

/// Decodes one whole command; `None` when its parameters are outside what is modelled.
fn decode(frame: &[u8]) -> Option<Command> {
    match frame {
        [GS, b'(', b'k', ..] => Symbol::decode(frame)
            .map(Command::Symbol)
            .or_else(|| TwoDimensional::decode(frame).map(Command::TwoDimensional)),
        [GS, b'(' | b'8', b'L', ..]
        | [GS, b'v' | b'*' | b'/' | b'D' | b'Q', ..]
        | [ESC, b'*', ..]
        | [FS, b'p' | b'q', ..] => Image::decode(frame).map(Command::Image),
        [GS, b'(', b'C', ..] | [FS, b'g', ..] => UserMemory::decode(frame).map(Command::UserMemory),
        [GS, b'(', b'B' | b'D' | b'E' | b'K' | b'M', ..] | [FS, b'(', b'E' | b'L', ..] => {
            Setup::decode(frame).map(Command::Setup)
        }
        [GS, b'C' | b':' | b'^' | b'c', ..] => Sequence::decode(frame).map(Command::Sequence),
        _ => decode_frequent(frame),
    }
}

fn decode_frequent(frame: &[u8]) -> Option<Command> {
    Position::decode(frame)
        .map(Command::Position)
        .or_else(|| Character::decode(frame).map(Command::Character))
        .or_else(|| Kanji::decode(frame).map(Command::Kanji))
        .or_else(|| Symbol::decode(frame).map(Command::Symbol))
        .or_else(|| Mechanism::decode(frame).map(Command::Mechanism))
        .or_else(|| Enquiry::decode(frame).map(Command::Enquiry))
}
