//! Finds codes in what a scanner sends.

use core::fmt;

use zeroize::Zeroizing;

use super::Suffix;

/// Longest code; a QR code holds at most 4,296 letters, and payment codes 24.
pub const MAX_CODE: usize = 4096;

/// Cuts received bytes into codes, however they come.
pub struct ScanDecoder {
    suffix: Suffix,
    buffer: Zeroizing<Vec<u8>>,
    /// The rest of the current code is not wanted.
    skipping: bool,
}

impl ScanDecoder {
    /// Creates a decoder for codes that end with `suffix`.
    #[must_use]
    pub fn new(suffix: Suffix) -> Self {
        Self { suffix, buffer: Zeroizing::default(), skipping: false }
    }

    /// Adds received bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// Takes the next code that is complete, without its suffix. Empty codes are passed over, and so
    /// are those longer than [`MAX_CODE`].
    pub fn next_code(&mut self) -> Option<Zeroizing<Vec<u8>>> {
        while let Some((len, end)) = self.end() {
            let code = Zeroizing::new(self.buffer.get(..len).unwrap_or_default().to_vec());
            self.buffer.drain(..end);
            let wanted = !core::mem::take(&mut self.skipping);
            if wanted && (1..=MAX_CODE).contains(&len) {
                return Some(code);
            }
        }
        if self.skipping || self.buffer.len() > MAX_CODE + self.suffix_len() {
            self.skip();
        }
        None
    }

    /// Ends the current code because the line fell silent. Returns it where silence is what ends a
    /// code; else it is dropped as cut off.
    pub fn silence(&mut self) -> Option<Zeroizing<Vec<u8>>> {
        let code = core::mem::take(&mut self.buffer);
        let wanted = !core::mem::take(&mut self.skipping);
        let ends = self.suffix == Suffix::Silence;
        (ends && wanted && (1..=MAX_CODE).contains(&code.len())).then_some(code)
    }

    /// Drops what was received; of a code that has begun, the rest will be dropped, too.
    pub fn discard(&mut self) {
        while self.next_code().is_some() {}
        self.skipping = self.is_pending();
        if self.skipping {
            self.skip();
        }
    }

    /// Tells whether a code has begun and not ended.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.skipping || !self.buffer.is_empty()
    }

    /// Keeps no more of an unwanted code than could be the beginning of its suffix.
    fn skip(&mut self) {
        self.skipping = true;
        let surplus = self.buffer.len().saturating_sub(self.suffix_len().saturating_sub(1));
        self.buffer.drain(..surplus);
    }

    fn suffix_len(&self) -> usize {
        match &self.suffix {
            Suffix::LineEnd => 1,
            Suffix::Bytes(suffix) => suffix.len(),
            Suffix::Silence => 0,
        }
    }

    /// Returns where the first code ends, without and with its suffix.
    fn end(&self) -> Option<(usize, usize)> {
        match &self.suffix {
            Suffix::LineEnd => {
                let end = self.buffer.iter().position(|byte| b"\r\n".contains(byte))?;
                Some((end, end + 1))
            }
            Suffix::Bytes(suffix) if !suffix.is_empty() => {
                let end = self.buffer.windows(suffix.len()).position(|part| part == suffix)?;
                Some((end, end + suffix.len()))
            }
            Suffix::Bytes(_) | Suffix::Silence => None,
        }
    }
}

impl fmt::Debug for ScanDecoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ScanDecoder({} bytes)", self.buffer.len())
    }
}
