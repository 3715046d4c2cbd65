//! Frames on the line, and how to find them again after noise.

/// Start of text.
const STX: u8 = 0x02;
/// End of text.
const ETX: u8 = 0x03;

/// STX, length, ETX and LRC.
const OVERHEAD: usize = 5;

/// Is the most data that a frame carries; terminals in the field have buffers of this size.
pub const MAX_DATA: usize = 10 * 1024;

/// Wraps a command's or response's data into a frame.
///
/// # Errors
///
/// Returns the length when the data is empty or longer than [`MAX_DATA`].
///
/// ```
/// # use countertop_wire::sign_pad::encode_frame;
/// assert_eq!(encode_frame(&[0xa0]), Ok(vec![0x02, 0x00, 0x02, 0xa0, 0x03, 0xa1]));
/// ```
pub fn encode_frame(data: &[u8]) -> Result<Vec<u8>, usize> {
    if data.is_empty() || data.len() > MAX_DATA {
        return Err(data.len());
    }
    let length = u16::try_from(data.len() + 1).map_err(|_| data.len())?;
    let mut frame = Vec::with_capacity(data.len() + OVERHEAD);
    frame.push(STX);
    frame.extend(length.to_be_bytes());
    frame.extend_from_slice(data);
    frame.push(ETX);
    frame.push(lrc(&frame[1..]));
    Ok(frame)
}

fn lrc(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, byte| sum ^ byte)
}

/// Finds frames in a stream of bytes.
///
/// What is no frame is skipped a byte at a time, so that a good frame after noise is never lost,
/// even when the noise looks like the beginning of a frame. It never holds more than one frame's
/// bytes beyond what was pushed last.
#[derive(Debug, Default)]
pub struct Decoder {
    received: Received,
}

/// Withholds from `Debug` what may be a signature.
#[derive(Default)]
struct Received(Vec<u8>);

impl core::fmt::Debug for Received {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl Decoder {
    /// Creates a decoder that has received nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes bytes from the line.
    pub fn push(&mut self, bytes: &[u8]) {
        self.received.0.extend_from_slice(bytes);
    }

    /// Returns the next frame's data, if a whole frame has come.
    pub fn next_frame(&mut self) -> Option<Vec<u8>> {
        loop {
            self.skip_noise();
            match check(&self.received.0) {
                Checked::Incomplete => return None,
                Checked::NoFrame => self.skip(1),
                Checked::Frame(length) => {
                    let data = self.received.0.get(3..length - 2).unwrap_or_default().to_vec();
                    self.skip(length);
                    return Some(data);
                }
            }
        }
    }

    /// Tells whether a frame has begun but is not complete.
    #[must_use]
    pub fn is_within_frame(&self) -> bool {
        !self.received.0.is_empty()
    }

    /// Gives up the frame that has begun and returns the next whole one behind its first byte.
    ///
    /// Call it when the line has been silent for so long that the rest will not come.
    pub fn resynchronise(&mut self) -> Option<Vec<u8>> {
        while self.is_within_frame() {
            self.skip(1);
            if let Some(data) = self.next_frame() {
                return Some(data);
            }
        }
        None
    }

    /// Forgets everything received.
    pub fn clear(&mut self) {
        self.received.0.clear();
    }

    fn skip_noise(&mut self) {
        let start = self.received.0.iter().position(|&byte| byte == STX);
        self.skip(start.unwrap_or(self.received.0.len()));
    }

    fn skip(&mut self, count: usize) {
        self.received.0.drain(..count.min(self.received.0.len()));
    }
}

/// Says what bytes that begin with STX are.
enum Checked {
    Incomplete,
    NoFrame,
    Frame(usize),
}

fn check(bytes: &[u8]) -> Checked {
    let Some(&[_, high, low]) = bytes.first_chunk() else { return Checked::Incomplete };
    let length = usize::from(u16::from_be_bytes([high, low]));
    if !(2..=MAX_DATA + 1).contains(&length) {
        return Checked::NoFrame;
    }
    let total = length + OVERHEAD - 1;
    match bytes.get(1..total) {
        None => Checked::Incomplete,
        // ETX is before the LRC, and the LRC makes the sum nought.
        Some(body) if body[body.len() - 2] == ETX && lrc(body) == 0 => Checked::Frame(total),
        Some(_) => Checked::NoFrame,
    }
}
