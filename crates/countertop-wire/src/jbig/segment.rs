//! Stripes and marker segments (ITU-T T.82 clauses 6.2.5 and 6.2.6).

use super::template::AdaptiveDot;
use super::{Header, JbigError};

/// Begins every marker; within coded data it is followed by [`STUFF`].
pub(super) const ESC: u8 = 0xff;
/// After ESC: the escape byte itself.
pub(super) const STUFF: u8 = 0x00;
/// After ESC: the stripe ends, the next goes on with what was learnt.
pub(super) const SDNORM: u8 = 0x02;
/// After ESC: the stripe ends, the next starts afresh.
pub(super) const SDRST: u8 = 0x03;
const ABORT: u8 = 0x04;
const NEWLEN: u8 = 0x05;
const ATMOVE: u8 = 0x06;
const COMMENT: u8 = 0x07;

/// Is one stripe with the marker segments before it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stripe {
    /// Lines of the stripe from which on the adaptive dot is elsewhere.
    pub(super) moves: Vec<(u32, AdaptiveDot)>,
    /// Coded data, unstuffed.
    pub(super) data: Vec<u8>,
    /// Tells whether the next stripe starts afresh.
    pub(super) reset: bool,
}

/// Splits the bytes after the header into stripes; a marker NEWLEN changes the header's height.
pub(super) fn split(header: &mut Header, bytes: &[u8]) -> Result<Vec<Stripe>, JbigError> {
    let mut reader = Reader { bytes, at: 0 };
    let mut stripes = Vec::new();
    let mut moves = Vec::new();
    while wants_more(header, &stripes, &reader) {
        match reader.marker() {
            None => return Err(truncated(header, &stripes)),
            Some(Marker::Segment(ABORT)) => return Err(JbigError::Aborted),
            Some(Marker::Segment(NEWLEN)) => {
                new_length(header, &mut reader)?.ok_or_else(|| truncated(header, &stripes))?;
            }
            Some(Marker::Segment(ATMOVE)) => {
                moves.push(at_move(&mut reader)?.ok_or_else(|| truncated(header, &stripes))?);
            }
            Some(Marker::Segment(COMMENT)) => {
                reader.skip_comment().ok_or_else(|| truncated(header, &stripes))?;
            }
            Some(Marker::Segment(code) | Marker::WithinStripe(code)) => {
                return Err(JbigError::Marker(code));
            }
            Some(Marker::Stripe { data, reset }) => {
                stripes.push(Stripe { moves: core::mem::take(&mut moves), data, reset });
            }
        }
    }
    Ok(stripes)
}

/// Tells whether the picture is not complete, or may yet be shortened.
fn wants_more(header: &Header, stripes: &[Stripe], reader: &Reader<'_>) -> bool {
    let needed = header.height.div_ceil(header.stripe_lines) as usize;
    stripes.len() < needed || header.variable_length && reader.rest().starts_with(&[ESC, NEWLEN])
}

fn truncated(header: &Header, stripes: &[Stripe]) -> JbigError {
    let stripes = u32::try_from(stripes.len()).unwrap_or(u32::MAX);
    let lines = stripes.saturating_mul(header.stripe_lines).min(header.height);
    JbigError::Truncated { lines, height: header.height }
}

/// Reads NEWLEN, which may only shorten the picture, and only when the header announces it.
fn new_length(header: &mut Header, reader: &mut Reader<'_>) -> Result<Option<()>, JbigError> {
    let Some(height) = reader.take().map(u32::from_be_bytes) else { return Ok(None) };
    if !header.variable_length || height > header.height {
        return Err(JbigError::MarkerSegment("NEWLEN"));
    }
    header.height = height;
    Ok(Some(()))
}

/// Reads ATMOVE; the dot must come before the current one.
fn at_move(reader: &mut Reader<'_>) -> Result<Option<(u32, AdaptiveDot)>, JbigError> {
    let Some([y0, y1, y2, y3, left, up]) = reader.take() else { return Ok(None) };
    let dot = match (left.cast_signed(), up) {
        (0, 0) => AdaptiveDot::DEFAULT,
        (left, 0) if left < 0 => return Err(JbigError::MarkerSegment("ATMOVE")),
        (left, up) => AdaptiveDot { left, up },
    };
    Ok(Some((u32::from_be_bytes([y0, y1, y2, y3]), dot)))
}

/// Is what comes next: a marker segment's code, a whole stripe, or one that breaks off.
enum Marker {
    Segment(u8),
    WithinStripe(u8),
    Stripe { data: Vec<u8>, reset: bool },
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let taken = *self.rest().first_chunk()?;
        self.at += N;
        Some(taken)
    }

    fn skip_comment(&mut self) -> Option<()> {
        let length = usize::try_from(u32::from_be_bytes(self.take()?)).ok()?;
        self.at += self.rest().get(..length)?.len();
        Some(())
    }

    /// Reads a marker segment's code, or else a stripe with its end marker.
    fn marker(&mut self) -> Option<Marker> {
        match *self.rest().first_chunk()? {
            [ESC, STUFF | SDNORM | SDRST] => self.stripe(),
            [ESC, code] => {
                self.at += 2;
                Some(Marker::Segment(code))
            }
            _ => self.stripe(),
        }
    }

    fn stripe(&mut self) -> Option<Marker> {
        let mut data = Vec::new();
        loop {
            let rest = self.rest();
            let plain = rest.iter().position(|&byte| byte == ESC)?;
            let code = *rest.get(plain + 1)?;
            data.extend_from_slice(&rest[..plain]);
            self.at += plain;
            match code {
                STUFF => data.push(ESC),
                SDNORM | SDRST => {
                    self.at += 2;
                    return Some(Marker::Stripe { data, reset: code == SDRST });
                }
                ABORT => return Some(Marker::Segment(ABORT)),
                code => return Some(Marker::WithinStripe(code)),
            }
            self.at += 2;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jbig::Template;

    fn header(height: u32, variable_length: bool) -> Header {
        Header {
            width: 8,
            height,
            stripe_lines: 4,
            max_shift: 8,
            template: Template::ThreeLine,
            typical_prediction: true,
            variable_length,
        }
    }

    fn split_all(height: u32, variable: bool, bytes: &[u8]) -> Result<Vec<Stripe>, JbigError> {
        split(&mut header(height, variable), bytes)
    }

    #[test]
    fn stripes_are_unstuffed() {
        let stripes = split_all(8, false, &[1, 0xff, 0, 2, 0xff, 2, 0xff, 0, 0xff, 3]).unwrap();
        assert_eq!(stripes[0], Stripe { moves: vec![], data: vec![1, 0xff, 2], reset: false });
        assert_eq!(stripes[1], Stripe { moves: vec![], data: vec![0xff], reset: true });
    }

    #[test]
    fn segments_belong_to_the_next_stripe() {
        let bytes = [
            0xff, 7, 0, 0, 0, 2, 0xff, 2, // comment that looks like a marker
            0xff, 6, 0, 0, 0, 3, 0xfd, 1, // τx = -3, τy = 1 from line 3
            0xff, 6, 0, 0, 0, 3, 0, 0, // back home
            0xff, 2,
        ];
        let stripes = split_all(4, false, &bytes).unwrap();
        let moved = AdaptiveDot { left: -3, up: 1 };
        assert_eq!(stripes[0].moves, [(3, moved), (3, AdaptiveDot::DEFAULT)]);
        for length in 0..bytes.len() {
            let error = split_all(4, false, &bytes[..length]).unwrap_err();
            assert_eq!(error, JbigError::Truncated { lines: 0, height: 4 });
        }
    }

    #[test]
    fn newlen_shortens() {
        let mut endless = header(u32::MAX, true);
        let bytes = [1, 0xff, 2, 2, 0xff, 2, 0xff, 5, 0, 0, 0, 6];
        assert_eq!(split(&mut endless, &bytes).unwrap().len(), 2);
        assert_eq!(endless.height, 6);
        let lengthened = [0xff, 5, 0, 0, 0, 9];
        for (variable, height) in [(false, 9), (true, 8)] {
            let error = split_all(height, variable, &lengthened).unwrap_err();
            assert_eq!(error, JbigError::MarkerSegment("NEWLEN"));
        }
    }

    #[test]
    fn what_is_no_marker_is_refused() {
        assert_eq!(split_all(4, false, &[0xff, 9]), Err(JbigError::Marker(9)));
        assert_eq!(split_all(4, false, &[1, 0xff, 6]), Err(JbigError::Marker(6)));
        assert_eq!(split_all(4, false, &[1, 0xff, 4]), Err(JbigError::Aborted));
        assert_eq!(split_all(4, false, &[0xff, 4]), Err(JbigError::Aborted));
        let ahead = [0xff, 6, 0, 0, 0, 0, 0xff, 0];
        assert_eq!(split_all(4, false, &ahead), Err(JbigError::MarkerSegment("ATMOVE")));
    }
}
