//! The decoder's side (ITU-T T.82 clause 6.8.3).

use super::Contexts;

/// Decodes symbols from bytes that are no longer protected against escape bytes.
///
/// Beyond their end it reads zeros, as T.82 has it.
#[derive(Debug)]
pub(in crate::jbig) struct Decoder<'a> {
    bytes: core::slice::Iter<'a, u8>,
    /// A: the current interval's size.
    interval: u32,
    /// C: the code value relative to the interval's base, aligned with A at bit 16.
    code: u32,
    /// CT: bits left in the low byte of the code register.
    bits: u32,
}

impl<'a> Decoder<'a> {
    /// Starts a stripe (INITDEC).
    pub(in crate::jbig) fn new(bytes: &'a [u8]) -> Self {
        let mut decoder = Self { bytes: bytes.iter(), interval: 0x1_0000, code: 0, bits: 8 };
        let first = [decoder.next_byte(), decoder.next_byte(), decoder.next_byte(), 0];
        decoder.code = u32::from_be_bytes(first);
        decoder
    }

    fn next_byte(&mut self) -> u8 {
        self.bytes.next().copied().unwrap_or(0)
    }

    /// Decodes one symbol in a context (DECODE).
    pub(in crate::jbig) fn decode(&mut self, contexts: &mut Contexts, context: u16) -> bool {
        let estimate = contexts.estimate(context);
        let lps_size = estimate.lps_size();
        let mps = estimate.mps;
        self.interval -= lps_size;
        let upper = (self.code >> 16) >= self.interval;
        if !upper && self.interval >= 0x8000 {
            return mps;
        }
        // The larger sub-interval is always the more probable symbol's, whichever end it is at.
        let met_lps = upper == (self.interval >= lps_size);
        if upper {
            self.code -= self.interval << 16;
            self.interval = lps_size;
        }
        if met_lps {
            estimate.met_lps();
        } else {
            estimate.met_mps();
        }
        self.renormalise();
        mps != met_lps
    }

    /// Doubles the interval until it is large enough again (RENORMD).
    fn renormalise(&mut self) {
        while self.interval < 0x8000 {
            if self.bits == 0 {
                self.code |= u32::from(self.next_byte()) << 8;
                self.bits = 8;
            }
            self.interval <<= 1;
            self.code <<= 1;
            self.bits -= 1;
        }
    }
}
