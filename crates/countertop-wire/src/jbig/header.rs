//! The header of a picture (bi-level image header, ITU-T T.82 clause 6.2).

use super::{JbigError, Template};

/// Counts the header's bytes.
pub(super) const HEADER_LENGTH: usize = 20;

/// Counts the bytes of a private table for deterministic prediction, when one follows the header.
const TABLE_LENGTH: usize = 1728;

/// Order bits: planes and layers interleaved, stripe by stripe (ILEAVE and SMID).
const ORDER: u8 = 0x03;

/// Option LRLTWO: the lowest layer's template has two lines.
const LRLTWO: u8 = 0x40;
/// Option VLENGTH: a marker NEWLEN may shorten the picture.
const VLENGTH: u8 = 0x20;
/// Option TPDON: typical prediction in differential layers.
const TPDON: u8 = 0x10;
/// Option TPBON: typical prediction in the lowest layer.
const TPBON: u8 = 0x08;
/// Option DPON: deterministic prediction in differential layers.
const DPON: u8 = 0x04;
/// Option DPPRIV: with a private table.
const DPPRIV: u8 = 0x02;
/// Option DPLAST: the private table is the one of the picture before.
const DPLAST: u8 = 0x01;

/// Is what a header says, as far as it matters to pictures of one layer and one plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    /// XD: width in dots.
    pub(super) width: u32,
    /// YD: height in lines.
    pub(super) height: u32,
    /// L0: lines of a stripe.
    pub(super) stripe_lines: u32,
    /// MX: how far to the left the adaptive dot may move.
    pub(super) max_shift: u8,
    /// LRLTWO.
    pub(super) template: Template,
    /// TPBON.
    pub(super) typical_prediction: bool,
    /// VLENGTH.
    pub(super) variable_length: bool,
}

impl Header {
    /// Reads the header and skips a private table; returns the rest of the bytes too.
    pub(super) fn parse(bytes: &[u8]) -> Result<(Self, &[u8]), JbigError> {
        let (head, rest) =
            bytes.split_first_chunk::<HEADER_LENGTH>().ok_or(JbigError::TruncatedHeader)?;
        let &[lowest, layers, planes, _, x0, x1, x2, x3, y0, y1, y2, y3, l0, l1, l2, l3, ..] = head;
        let &[.., max_shift, _, order, options] = head;
        if layers != 0 {
            return Err(JbigError::Progressive(layers));
        }
        if planes != 1 {
            return Err(JbigError::Planes(planes));
        }
        let header = Self {
            width: u32::from_be_bytes([x0, x1, x2, x3]),
            height: u32::from_be_bytes([y0, y1, y2, y3]),
            stripe_lines: u32::from_be_bytes([l0, l1, l2, l3]),
            max_shift,
            template: if options & LRLTWO == 0 { Template::ThreeLine } else { Template::TwoLine },
            typical_prediction: options & TPBON != 0,
            variable_length: options & VLENGTH != 0,
        };
        header.check(lowest, order, options)?;
        Ok((header, skip_table(rest, options)?))
    }

    fn check(&self, lowest: u8, order: u8, options: u8) -> Result<(), JbigError> {
        let fault = if lowest != 0 {
            "first layer (DL)"
        } else if order & 0xf0 != 0 {
            "order"
        } else if options & 0x80 != 0 {
            "options"
        } else if self.stripe_lines == 0 {
            "stripe height (L0)"
        } else {
            return Ok(());
        };
        Err(JbigError::BadHeader(fault))
    }

    /// Writes the header of a picture of one layer and one plane.
    ///
    /// TPDON and DPON say nothing about such a picture, but terminals in the field set them.
    pub(super) fn to_bytes(self) -> [u8; HEADER_LENGTH] {
        let mut bytes = [0; HEADER_LENGTH];
        bytes[2] = 1;
        bytes[4..8].copy_from_slice(&self.width.to_be_bytes());
        bytes[8..12].copy_from_slice(&self.height.to_be_bytes());
        bytes[12..16].copy_from_slice(&self.stripe_lines.to_be_bytes());
        bytes[16] = self.max_shift;
        bytes[18] = ORDER;
        bytes[19] = TPDON | DPON;
        if self.template == Template::TwoLine {
            bytes[19] |= LRLTWO;
        }
        if self.typical_prediction {
            bytes[19] |= TPBON;
        }
        if self.variable_length {
            bytes[19] |= VLENGTH;
        }
        bytes
    }
}

/// A private table follows when deterministic prediction is on, with one, and with a new one.
fn skip_table(rest: &[u8], options: u8) -> Result<&[u8], JbigError> {
    let follows = options & (DPON | DPPRIV | DPLAST) == DPON | DPPRIV;
    let skipped = if follows { TABLE_LENGTH } else { 0 };
    rest.get(skipped..).ok_or(JbigError::TruncatedHeader)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: [u8; HEADER_LENGTH] = [
        0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0xf0, 0x00, 0x00, 0x00, 0x50, 0x00, 0x00, 0x00,
        0x02, 0x08, 0x00, 0x03, 0x1c,
    ];

    #[test]
    fn reads_and_writes_a_signature_s_header() {
        let (header, rest) = Header::parse(&SAMPLE).unwrap();
        assert_eq!((header.width, header.height, header.stripe_lines), (240, 80, 2));
        assert_eq!(header.template, Template::ThreeLine);
        assert!(header.typical_prediction && !header.variable_length && rest.is_empty());
        assert_eq!(header.to_bytes(), SAMPLE);
    }

    #[test]
    fn refuses_what_it_does_not_read() {
        let with = |at: usize, value| {
            let mut bytes = SAMPLE;
            bytes[at] = value;
            Header::parse(&bytes).map(|_| ()).unwrap_err()
        };
        assert_eq!(with(0, 1), JbigError::BadHeader("first layer (DL)"));
        assert_eq!(with(1, 3), JbigError::Progressive(3));
        assert_eq!(with(2, 8), JbigError::Planes(8));
        assert_eq!(with(15, 0), JbigError::BadHeader("stripe height (L0)"));
        assert_eq!(with(18, 0x13), JbigError::BadHeader("order"));
        assert_eq!(with(19, 0x9c), JbigError::BadHeader("options"));
        assert_eq!(with(19, 0x0e), JbigError::TruncatedHeader);
        for length in 0..HEADER_LENGTH {
            assert_eq!(Header::parse(&SAMPLE[..length]), Err(JbigError::TruncatedHeader));
        }
    }

    #[test]
    fn skips_a_private_table() {
        let mut bytes = SAMPLE.to_vec();
        bytes[19] |= DPPRIV;
        bytes.extend([7; TABLE_LENGTH]);
        bytes.push(0xab);
        assert_eq!(Header::parse(&bytes).unwrap().1, [0xab]);
    }
}
