//! The bit level of ISO/IEC 7811-6: odd parity, sentinels, LRC, clocking zeros.

use core::fmt;

use zeroize::Zeroizing;

use super::alphabet::{END_SENTINEL, TrackNumber};
use super::error::TrackError;

/// Clocking zeros before and after the data of a track that is encoded here.
const CLOCKING_ZEROS: usize = 16;

/// Holds the bits of a track in the order in which the head sees them.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct TrackBits(Zeroizing<Vec<u8>>);

impl TrackBits {
    /// Unpacks bytes whose most significant bit was seen first.
    #[must_use]
    pub fn from_packed(bytes: &[u8]) -> Self {
        let bit = |byte: &u8, place: u8| byte >> (7 - place) & 1;
        Self(
            bytes
                .iter()
                .flat_map(|byte| (0..8).map(move |place| bit(byte, place)))
                .collect::<Vec<_>>()
                .into(),
        )
    }

    /// Packs into bytes, the first bit into the most significant place, filled up with zeros.
    #[must_use]
    pub fn to_packed(&self) -> Zeroizing<Vec<u8>> {
        let pack = |bits: &[u8]| {
            bits.iter().zip((0..8u8).rev()).fold(0, |byte, (bit, place)| byte | bit << place)
        };
        Zeroizing::new(self.0.chunks(8).map(pack).collect())
    }

    /// Returns the bits as a swipe in the other direction gives them.
    #[must_use]
    pub fn reversed(&self) -> Self {
        Self(Zeroizing::new(self.0.iter().rev().copied().collect()))
    }

    /// Returns the bits from the first one on, without the clocking zeros before it.
    #[must_use]
    pub fn without_clocking(&self) -> Self {
        Self(Zeroizing::new(self.0.iter().skip_while(|bit| **bit == 0).copied().collect()))
    }

    /// Flips the bit at `position`, as a scratch does; does nothing beyond the end.
    pub fn flip(&mut self, position: usize) {
        if let Some(bit) = self.0.get_mut(position) {
            *bit ^= 1;
        }
    }

    /// Returns the number of bits.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Tells whether there are no bits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn push(&mut self, track: TrackNumber, code: u8) {
        let ones = code.count_ones();
        self.0.extend((0..track.data_bits()).map(|place| code >> place & 1));
        self.0.push(u8::from(ones.is_multiple_of(2)));
    }
}

impl fmt::Debug for TrackBits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TrackBits({} bits)", self.len())
    }
}

/// Encodes `text`, which stands between the sentinels, with clocking zeros, sentinels, parity and
/// LRC.
///
/// # Errors
///
/// [`TrackError::Length`] and [`TrackError::Character`].
pub fn encode_bits(track: TrackNumber, text: &[u8]) -> Result<TrackBits, TrackError> {
    track.check(text)?;
    let mut bits = TrackBits(Zeroizing::new(vec![0; CLOCKING_ZEROS]));
    let mut lrc = 0;
    let all =
        [track.start_sentinel()].into_iter().chain(text.iter().copied()).chain([END_SENTINEL]);
    for code in all.filter_map(|character| track.code(character)) {
        lrc ^= code;
        bits.push(track, code);
    }
    bits.push(track, lrc);
    bits.0.extend([0; CLOCKING_ZEROS]);
    Ok(bits)
}

/// Decodes the bits of a swipe in either direction into the characters between the sentinels.
///
/// # Errors
///
/// When neither direction reads well: the error of the direction that has a start sentinel, else
/// [`TrackError::Start`].
pub fn decode_bits(track: TrackNumber, bits: &TrackBits) -> Result<Zeroizing<Vec<u8>>, TrackError> {
    let forward = match decode_forward(track, &bits.0) {
        Ok(text) => return Ok(text),
        Err(error) => error,
    };
    match decode_forward(track, &bits.reversed().0) {
        Err(backward) if forward == TrackError::Start => Err(backward),
        Err(_) => Err(forward),
        Ok(text) => Ok(text),
    }
}

fn decode_forward(track: TrackNumber, bits: &[u8]) -> Result<Zeroizing<Vec<u8>>, TrackError> {
    let first = bits.iter().position(|&bit| bit == 1).ok_or(TrackError::Start)?;
    let characters = bits.get(first..).unwrap_or_default().chunks_exact(track.data_bits() + 1);
    let mut text = Zeroizing::new(Vec::with_capacity(track.max_len()));
    let mut lrc = 0;
    let mut ended = false;
    for (position, character) in characters.enumerate() {
        let code = code_of(character);
        if position == 0 && code != track.code(track.start_sentinel()) {
            return Err(TrackError::Start);
        }
        let code = code.ok_or(TrackError::Parity { position })?;
        lrc ^= code;
        if ended {
            return if lrc == 0 { Ok(text) } else { Err(TrackError::Lrc) };
        }
        match track.character(code) {
            END_SENTINEL => ended = true,
            _ if position == 0 => {}
            _ if text.len() == track.max_len() => return Err(TrackError::Length),
            character => text.push(character),
        }
    }
    Err(if ended { TrackError::Lrc } else { TrackError::End })
}

/// Returns the data bits of a character, least significant first on the card, or `None` when its
/// parity is even.
fn code_of(bits: &[u8]) -> Option<u8> {
    let (_parity, data) = bits.split_last()?;
    let odd = !bits.iter().sum::<u8>().is_multiple_of(2);
    odd.then(|| data.iter().rev().fold(0, |code, bit| code << 1 | bit))
}
