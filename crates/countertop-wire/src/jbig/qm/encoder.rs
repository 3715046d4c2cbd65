//! The encoder's side (ITU-T T.82 clause 6.8.2).

use super::Contexts;

/// Encodes symbols into bytes that are not yet protected against escape bytes.
#[derive(Debug)]
pub(in crate::jbig) struct Encoder {
    /// A: the current interval's size.
    interval: u32,
    /// C: the current interval's base; bits 19 to 26 are the next byte, bit 27 its carry.
    base: u32,
    /// CT: shifts until a byte is complete.
    shifts: u32,
    /// BUFFER: the last byte, which a carry may still change.
    held: Option<u8>,
    /// SC: bytes of 0xFF after it, which a carry would turn into 0x00.
    stacked: usize,
    out: Vec<u8>,
}

impl Encoder {
    /// Starts a stripe (INITENC).
    pub(in crate::jbig) fn new() -> Self {
        Self { interval: 0x1_0000, base: 0, shifts: 11, held: None, stacked: 0, out: Vec::new() }
    }

    /// Encodes one symbol in a context (ENCODE).
    pub(in crate::jbig) fn encode(&mut self, contexts: &mut Contexts, context: u16, symbol: bool) {
        let estimate = contexts.estimate(context);
        let lps_size = estimate.lps_size();
        self.interval -= lps_size;
        if symbol == estimate.mps {
            if self.interval >= 0x8000 {
                return;
            }
            self.take_upper(self.interval < lps_size, lps_size);
            estimate.met_mps();
        } else {
            self.take_upper(self.interval >= lps_size, lps_size);
            estimate.met_lps();
        }
        self.renormalise();
    }

    /// Takes the upper sub-interval, which is as large as the less probable symbol's.
    fn take_upper(&mut self, upper: bool, lps_size: u32) {
        if upper {
            self.base += self.interval;
            self.interval = lps_size;
        }
    }

    /// Doubles the interval until it is large enough again (RENORME).
    fn renormalise(&mut self) {
        while self.interval < 0x8000 {
            self.interval <<= 1;
            self.base <<= 1;
            self.shifts -= 1;
            if self.shifts == 0 {
                self.byte_out();
                self.shifts = 8;
            }
        }
    }

    /// Moves the complete byte out of the base (BYTEOUT).
    fn byte_out(&mut self) {
        let [_, _, carry, byte] = (self.base >> 19).to_be_bytes();
        self.base &= 0x7_ffff;
        if carry == 0 && byte == 0xff {
            self.stacked += 1;
            return;
        }
        self.release(carry != 0);
        self.held = Some(byte);
    }

    /// Writes what was held back, now that the carry into it is known.
    fn release(&mut self, carry: bool) {
        self.out.extend(self.held.map(|byte| byte.wrapping_add(u8::from(carry))));
        let stacked = if carry { 0x00 } else { 0xff };
        self.out.extend(core::iter::repeat_n(stacked, self.stacked));
        self.stacked = 0;
    }

    /// Ends the stripe and returns its bytes, without the zeros that may be left out (FLUSH).
    pub(in crate::jbig) fn finish(mut self) -> Vec<u8> {
        let most_zeros = (self.base + self.interval - 1) & 0xffff_0000;
        let last = if most_zeros < self.base { most_zeros + 0x8000 } else { most_zeros };
        let [_, carry, high, low] = ((last << self.shifts) >> 11).to_be_bytes();
        self.release(carry != 0);
        self.out.extend([high, low]);
        while self.out.last() == Some(&0) {
            self.out.pop();
        }
        self.out
    }
}
