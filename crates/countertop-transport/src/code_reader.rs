//! Lines on which devices send codes, or swipes, as text.

use core::time::Duration;

use countertop_device::{DeviceError, DeviceErrorKind};
use countertop_wire::scanner::ScanDecoder;
use zeroize::Zeroizing;

use crate::Line;

/// Reads codes off a line of a device that takes no commands. What it has read it erases.
#[derive(Debug)]
pub struct CodeReader {
    line: Line,
    decoder: ScanDecoder,
    gap: Duration,
    action: &'static str,
}

impl CodeReader {
    /// Creates a reader. A code that has begun goes on without a silence of `gap`; errors say that
    /// `action` was tried.
    #[must_use]
    pub fn new(line: Line, decoder: ScanDecoder, gap: Duration, action: &'static str) -> Self {
        Self { line, decoder, gap, action }
    }

    /// Drops what came while nobody waited; of a code that is still coming, the rest as well.
    ///
    /// # Errors
    ///
    /// Those of [`Line::read_some`], but not [`TimedOut`](DeviceErrorKind::TimedOut).
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    pub async fn forget(&mut self) -> Result<(), DeviceError> {
        while self.read(Some(Duration::ZERO)).await? {
            self.decoder.discard();
        }
        self.decoder.discard();
        Ok(())
    }

    /// Waits for a code and returns it, for as long as it takes.
    ///
    /// # Errors
    ///
    /// Those of [`Line::read_some_forever`].
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: what has come of a code stays for the next call.
    pub async fn next_code(&mut self) -> Result<Zeroizing<Vec<u8>>, DeviceError> {
        loop {
            if let Some(code) = self.decoder.next_code() {
                return Ok(code);
            }
            let patience = self.decoder.is_pending().then_some(self.gap);
            if !self.read(patience).await?
                && let Some(code) = self.decoder.silence()
            {
                return Ok(code);
            }
        }
    }

    /// Reads more, for as long as it takes without `patience`; `false` when nothing came in time.
    async fn read(&mut self, patience: Option<Duration>) -> Result<bool, DeviceError> {
        let mut received = Zeroizing::new(Vec::new());
        let read = match patience {
            Some(patience) => self.line.read_some(&mut received, patience, self.action).await,
            None => self.line.read_some_forever(&mut received, self.action).await,
        };
        self.decoder.push(&received);
        match read {
            Ok(_count) => Ok(true),
            Err(error) if error.kind() == DeviceErrorKind::TimedOut => Ok(false),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use countertop_wire::scanner::Suffix;
    use tokio::io::AsyncWriteExt as _;

    use super::*;
    use crate::BoxLink;
    use crate::memory::pair;

    const GAP: Duration = Duration::from_millis(200);

    fn reader(suffix: Suffix) -> (CodeReader, BoxLink) {
        let (near, far) = pair();
        let line = Line::new(near, "a scanner");
        (CodeReader::new(line, ScanDecoder::new(suffix), GAP, "wait for a code"), far)
    }

    #[tokio::test(start_paused = true)]
    async fn codes_end_with_their_suffix_or_with_silence() {
        let (mut reader, mut far) = reader(Suffix::LineEnd);
        far.write_all(b"12\r\n34\r").await.unwrap();
        assert_eq!(**reader.next_code().await.unwrap(), *b"12");
        assert_eq!(**reader.next_code().await.unwrap(), *b"34");
        let (mut reader, mut far) = self::reader(Suffix::Silence);
        far.write_all(b"56").await.unwrap();
        assert_eq!(**reader.next_code().await.unwrap(), *b"56");
    }

    #[tokio::test(start_paused = true)]
    async fn what_breaks_off_is_given_up() {
        let (mut reader, mut far) = reader(Suffix::LineEnd);
        far.write_all(b"\r12").await.unwrap();
        let waiting = tokio::time::timeout(2 * GAP, reader.next_code()).await;
        assert!(waiting.is_err(), "half a code is none");
        far.write_all(b"34\r").await.unwrap();
        assert_eq!(**reader.next_code().await.unwrap(), *b"34");
    }

    #[tokio::test(start_paused = true)]
    async fn what_nobody_waited_for_is_dropped_to_its_end() {
        let (mut reader, mut far) = reader(Suffix::LineEnd);
        far.write_all(b"12\r34").await.unwrap();
        reader.forget().await.unwrap();
        far.write_all(b"56\r78\r").await.unwrap();
        assert_eq!(**reader.next_code().await.unwrap(), *b"78");
    }

    #[tokio::test(start_paused = true)]
    async fn a_pulled_device_is_told() {
        let (mut reader, far) = reader(Suffix::LineEnd);
        drop(far);
        let error = reader.next_code().await.unwrap_err();
        assert_eq!(error.kind(), DeviceErrorKind::Disconnected);
        assert!(error.to_string().contains("a scanner"), "{error}");
        assert!(reader.forget().await.is_err());
    }
}
