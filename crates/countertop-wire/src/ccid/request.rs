//! Class requests on the control endpoint (CCID 1.1, clause 5.3).

/// bRequest of ABORT: ends a command; wValue carries slot (low byte) and sequence number (high
/// byte).
pub const ABORT: u8 = 0x01;
/// bRequest of GET_CLOCK_FREQUENCIES: the clocks in kHz, four bytes each.
pub const GET_CLOCK_FREQUENCIES: u8 = 0x02;
/// bRequest of GET_DATA_RATES: the rates in bit/s, four bytes each.
pub const GET_DATA_RATES: u8 = 0x03;

/// Is a class request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Request {
    /// The first half of an abort; the second is the command of this slot and sequence number.
    Abort {
        /// The slot.
        slot: u8,
        /// The sequence number of the abort.
        sequence: u8,
    },
    /// Asks for the clocks that the host may set.
    GetClockFrequencies,
    /// Asks for the data rates that the host may set.
    GetDataRates,
}

impl Request {
    /// Reads a class request from bRequest and wValue; `None` when it is not one of the class.
    #[must_use]
    pub fn decode(request: u8, value: u16) -> Option<Self> {
        let [slot, sequence] = value.to_le_bytes();
        Some(match request {
            ABORT => Self::Abort { slot, sequence },
            GET_CLOCK_FREQUENCIES => Self::GetClockFrequencies,
            GET_DATA_RATES => Self::GetDataRates,
            _ => return None,
        })
    }

    /// Returns bRequest and wValue.
    #[must_use]
    pub fn encode(self) -> (u8, u16) {
        match self {
            Self::Abort { slot, sequence } => (ABORT, u16::from_le_bytes([slot, sequence])),
            Self::GetClockFrequencies => (GET_CLOCK_FREQUENCIES, 0),
            Self::GetDataRates => (GET_DATA_RATES, 0),
        }
    }
}

/// Writes clocks or data rates as their requests return them.
#[must_use]
pub fn encode_rates(rates: &[u32]) -> Vec<u8> {
    rates.iter().flat_map(|rate| rate.to_le_bytes()).collect()
}

/// Reads clocks or data rates; bytes that make no whole number are left out.
#[must_use]
pub fn decode_rates(bytes: &[u8]) -> Vec<u32> {
    bytes.as_chunks::<4>().0.iter().map(|rate| u32::from_le_bytes(*rate)).collect()
}
