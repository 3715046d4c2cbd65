//! The adaptive binary arithmetic coder, called QM coder (ITU-T T.82 clause 6.8).

mod decoder;
mod encoder;
mod table;

pub(super) use decoder::Decoder;
pub(super) use encoder::Encoder;

/// Counts the contexts of a template of ten dots.
const CONTEXTS: usize = 1 << 10;

/// Remembers for each context what the coder has learnt of it.
#[derive(Debug, Clone)]
pub(super) struct Contexts([Estimate; CONTEXTS]);

/// Estimates one context's next symbol: the more probable one (MPS), and a state that stands for
/// how probable it is.
#[derive(Debug, Clone, Copy)]
struct Estimate {
    state: u8,
    mps: bool,
}

impl Contexts {
    /// Creates the estimates with which a stripe after a reset begins.
    pub(super) fn new() -> Self {
        Self([Estimate { state: 0, mps: false }; CONTEXTS])
    }

    /// Returns the estimate of a context; the index wraps at ten bits.
    fn estimate(&mut self, context: u16) -> &mut Estimate {
        &mut self.0[usize::from(context) % CONTEXTS]
    }
}

impl Estimate {
    fn row(self) -> table::Row {
        table::STATES[usize::from(self.state) % table::STATES.len()]
    }

    /// Returns the size of the interval of the less probable symbol (LSZ).
    fn lps_size(self) -> u32 {
        u32::from(self.row().0)
    }

    /// Adapts to a less probable symbol.
    fn met_lps(&mut self) {
        let (_, next, _, switch) = self.row();
        self.mps ^= switch;
        self.state = next;
    }

    /// Adapts to a more probable symbol.
    fn met_mps(&mut self) {
        self.state = self.row().2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The test sequence of T.82 clause 7.1 is a picture; this one is a pseudo-random stand-in.
    fn symbols(bias: u32) -> Vec<(u16, bool)> {
        let mut seed = 0x2545_f491_u32;
        (0..5000u16)
            .map(|at| {
                seed ^= seed << 13;
                seed ^= seed >> 17;
                seed ^= seed << 5;
                (at % 7, seed % 100 < bias)
            })
            .collect()
    }

    #[test]
    fn round_trips_at_any_bias() {
        for bias in [0, 1, 5, 20, 50, 80, 99, 100] {
            let (mut contexts, mut encoder) = (Contexts::new(), Encoder::new());
            for (context, symbol) in symbols(bias) {
                encoder.encode(&mut contexts, context, symbol);
            }
            let bytes = encoder.finish();
            let (mut contexts, mut decoder) = (Contexts::new(), Decoder::new(&bytes));
            for (context, symbol) in symbols(bias) {
                assert_eq!(decoder.decode(&mut contexts, context), symbol, "bias {bias}");
            }
        }
    }

    #[test]
    fn certain_symbols_cost_next_to_nothing() {
        let (mut contexts, mut encoder) = (Contexts::new(), Encoder::new());
        for _ in 0..5000 {
            encoder.encode(&mut contexts, 3, false);
        }
        assert!(encoder.finish().len() < 8);
    }

    #[test]
    fn states_lead_to_states() {
        for (size, after_lps, after_mps, _) in table::STATES {
            assert!(size < 0x8000);
            assert!(usize::from(after_lps) < table::STATES.len());
            assert!(usize::from(after_mps) < table::STATES.len());
        }
    }
}
