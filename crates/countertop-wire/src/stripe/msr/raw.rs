//! Raw data blocks: the bits of a swipe.

use crate::iso7813::{TrackBits, TrackNumber};

use super::response::{ResponseError, Status, encode_status, number};
use super::{END, ESC, FS, START};

/// Is the response to [`Command::ReadRaw`](super::Command::ReadRaw) with eight bits per character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawResponse {
    /// Bits of tracks 1 to 3 as the head saw them; none for an empty track.
    pub tracks: [TrackBits; 3],
    /// How the read went.
    pub status: Status,
}

impl RawResponse {
    /// Parses a response at the start of `bytes` and returns it with its length; `None` until it is
    /// complete.
    ///
    /// # Errors
    ///
    /// [`ResponseError::Malformed`] when the bytes cannot become a response.
    pub fn parse(bytes: &[u8]) -> Result<Option<(Self, usize)>, ResponseError> {
        let mut reader = Reader { bytes, at: 0 };
        match reader.response() {
            Ok(response) => Ok(Some((response, reader.at))),
            Err(None) => Ok(None),
            Err(Some(error)) => Err(error),
        }
    }

    /// Returns the bytes that the reader sends; a track longer than 255 bytes is cut.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![ESC, START];
        for (track, bits) in TrackNumber::ALL.into_iter().zip(&self.tracks) {
            let packed = bits.to_packed();
            let len = u8::try_from(packed.len()).unwrap_or(u8::MAX);
            bytes.extend([ESC, number(track), len]);
            bytes.extend(packed.iter().take(usize::from(len)));
        }
        bytes.extend([END, FS]);
        bytes.extend(encode_status(self.status));
        bytes
    }
}

/// Reads on; `Err(None)` says that more bytes are needed.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn response(&mut self) -> Result<RawResponse, Option<ResponseError>> {
        self.expect(ESC)?;
        self.expect(START)?;
        let tracks = [
            self.track(TrackNumber::One)?,
            self.track(TrackNumber::Two)?,
            self.track(TrackNumber::Three)?,
        ];
        self.expect(END)?;
        self.expect(FS)?;
        self.expect(ESC)?;
        Ok(RawResponse { tracks, status: Status::from_byte(self.byte()?) })
    }

    fn track(&mut self, track: TrackNumber) -> Result<TrackBits, Option<ResponseError>> {
        self.expect(ESC)?;
        self.expect(number(track))?;
        let len = usize::from(self.byte()?);
        let packed = self.bytes.get(self.at..self.at + len).ok_or(None)?;
        self.at += len;
        Ok(TrackBits::from_packed(packed))
    }

    fn byte(&mut self) -> Result<u8, Option<ResponseError>> {
        let byte = *self.bytes.get(self.at).ok_or(None)?;
        self.at += 1;
        Ok(byte)
    }

    fn expect(&mut self, expected: u8) -> Result<(), Option<ResponseError>> {
        match self.byte()? {
            byte if byte == expected => Ok(()),
            _ => Err(Some(ResponseError::Malformed)),
        }
    }
}
