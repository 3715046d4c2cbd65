//! Framing: start, text, end, LRC; and the single characters between.

use core::fmt;

use zeroize::Zeroizing;

/// Good packet received.
pub const ACK: u8 = 0x06;
/// Bad packet received: send it again.
pub const NAK: u8 = 0x15;
/// End of the exchange.
pub const EOT: u8 = 0x04;

const STX: u8 = 0x02;
const ETX: u8 = 0x03;
const SI: u8 = 0x0f;
const SO: u8 = 0x0e;

/// Longest text of a packet: an enciphered offline PIN for a modulus of 2048 bits, and to spare.
const MAX_TEXT: usize = 1200;

/// Tells the two framings apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FrameKind {
    /// `SI … SO`: administration.
    Administration,
    /// `STX … ETX`: transactions.
    Transaction,
}

impl FrameKind {
    const fn marks(self) -> (u8, u8) {
        match self {
            Self::Administration => (SI, SO),
            Self::Transaction => (STX, ETX),
        }
    }

    fn of_start(byte: u8) -> Option<Self> {
        match byte {
            SI => Some(Self::Administration),
            STX => Some(Self::Transaction),
            _ => None,
        }
    }
}

/// Is a packet. Its `Debug` shows the packet's type alone, and it is wiped on drop: packets carry
/// card numbers and PIN blocks.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    kind: FrameKind,
    text: Zeroizing<Vec<u8>>,
}

impl Frame {
    /// Creates a packet of `text`, which must not hold control characters other than separators.
    #[must_use]
    pub fn new(kind: FrameKind, text: Vec<u8>) -> Self {
        Self { kind, text: Zeroizing::new(text) }
    }

    /// Returns the framing.
    #[must_use]
    pub fn kind(&self) -> FrameKind {
        self.kind
    }

    /// Returns the text between start and end.
    #[must_use]
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// Returns the bytes on the line.
    #[must_use]
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let (start, end) = self.kind.marks();
        let mut bytes = Zeroizing::new(Vec::with_capacity(self.text.len() + 3));
        bytes.push(start);
        bytes.extend_from_slice(&self.text);
        bytes.push(end);
        bytes.push(lrc(&self.text, end));
        bytes
    }
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = self.text.iter().take(3).take_while(|byte| byte.is_ascii_alphanumeric());
        let id: String = id.copied().map(char::from).collect();
        write!(f, "Frame({id}, {} bytes)", self.text.len())
    }
}

fn lrc(text: &[u8], end: u8) -> u8 {
    text.iter().fold(end, |lrc, byte| lrc ^ byte)
}

/// Is what a receiver finds on the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// The other side took the packet.
    Ack,
    /// A packet whose LRC is wrong: answer NAK.
    Damaged,
    /// The other side ended the exchange.
    Eot,
    /// A good packet: answer ACK.
    Frame(Frame),
    /// The other side wants the packet again.
    Nak,
}

/// Finds packets and single characters in what was received, however it is cut.
#[derive(Default)]
pub struct FrameDecoder {
    buffer: Zeroizing<Vec<u8>>,
}

impl FrameDecoder {
    /// Creates a decoder without pending bytes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds received bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// Forgets what was received.
    pub fn clear(&mut self) {
        self.buffer.clear();
    }

    /// Takes the next token. Bytes that start nothing are skipped, and so is a packet that is cut
    /// off by the start of another or by EOT.
    pub fn next_token(&mut self) -> Option<Token> {
        loop {
            let first = *self.buffer.first()?;
            let (token, len) = match first {
                ACK => (Some(Token::Ack), 1),
                NAK => (Some(Token::Nak), 1),
                EOT => (Some(Token::Eot), 1),
                start => match FrameKind::of_start(start) {
                    Some(kind) => self.frame(kind)?,
                    None => (None, 1),
                },
            };
            self.buffer.drain(..len);
            if token.is_some() {
                return token;
            }
        }
    }

    /// Returns the packet at the start with its length, or no token and the length to skip; `None`
    /// until the packet is complete.
    fn frame(&self, kind: FrameKind) -> Option<(Option<Token>, usize)> {
        let (_, end) = kind.marks();
        let stop = |byte: &u8| *byte == end || *byte == EOT || FrameKind::of_start(*byte).is_some();
        let text_len = match self.buffer.iter().skip(1).position(stop) {
            Some(len) => len,
            None if self.buffer.len() > MAX_TEXT => {
                return Some((Some(Token::Damaged), self.buffer.len()));
            }
            None => return None,
        };
        let (text, rest) = self.buffer.get(1..)?.split_at_checked(text_len)?;
        if rest.first() != Some(&end) {
            return Some((None, 1 + text_len));
        }
        let good = *rest.get(1)? == lrc(text, end);
        let frame = Frame::new(kind, text.to_vec());
        let token = if good { Token::Frame(frame) } else { Token::Damaged };
        Some((Some(token), text_len + 3))
    }
}

impl fmt::Debug for FrameDecoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FrameDecoder({} bytes)", self.buffer.len())
    }
}
