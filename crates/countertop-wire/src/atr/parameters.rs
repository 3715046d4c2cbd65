//! What the interface bytes mean for the line (ISO/IEC 7816-3, clauses 8.3, 10.2 and 11.4).

use super::{AnswerToReset, Protocol};

/// Is TA1: clock rate conversion and baud rate adjustment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TransmissionRate {
    /// Fi, the clock cycles in an elementary time unit at Di = 1.
    pub clock_rate: u16,
    /// Di, by which the rate is multiplied.
    pub adjustment: u8,
    /// The highest clock in kHz.
    pub max_clock: u16,
}

/// Is TA2: the card is in specific mode and speaks one protocol only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SpecificMode {
    /// The protocol.
    pub protocol: Protocol,
    /// Whether the reader has to know the parameters, instead of taking them from TA1.
    pub implicit: bool,
    /// Whether a warm reset can change the mode.
    pub changeable: bool,
}

/// Is what a card says about T=0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct T0Parameters {
    /// WI: work waiting time integer (TC2).
    pub waiting_integer: u8,
}

/// Is what a card says about T=1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct T1Parameters {
    /// IFSC: the longest information field that the card takes.
    pub information_field_size: u8,
    /// BWI: block waiting time integer.
    pub block_waiting_integer: u8,
    /// CWI: character waiting time integer.
    pub character_waiting_integer: u8,
    /// How blocks are checked.
    pub error_detection: ErrorDetection,
}

/// Names how a block is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorDetection {
    /// One byte: the exclusive or.
    Lrc,
    /// Two bytes: CRC of ISO/IEC 13239.
    Crc,
}

/// Fi and f(max) in kHz by the high half of TA1 (table 7); nought is reserved.
const CLOCK_RATES: [(u16, u16); 16] = [
    (372, 4_000),
    (372, 5_000),
    (558, 6_000),
    (744, 8_000),
    (1_116, 12_000),
    (1_488, 16_000),
    (1_860, 20_000),
    (0, 0),
    (0, 0),
    (512, 5_000),
    (768, 7_500),
    (1_024, 10_000),
    (1_536, 15_000),
    (2_048, 20_000),
    (0, 0),
    (0, 0),
];
/// Di by the low half of TA1 (table 8); nought is reserved.
const ADJUSTMENTS: [u8; 16] = [0, 1, 2, 4, 8, 16, 32, 64, 12, 20, 0, 0, 0, 0, 0, 0];
/// TA1 where it is left out.
const DEFAULT_RATE: u8 = 0x11;

impl AnswerToReset {
    /// Returns the rate that TA1 offers, or that holds without it; `None` for a reserved value.
    #[must_use]
    pub fn transmission_rate(&self) -> Option<TransmissionRate> {
        let ta1 = self.interface_bytes().first().and_then(|group| group.ta).unwrap_or(DEFAULT_RATE);
        let (clock_rate, max_clock) = *CLOCK_RATES.get(usize::from(ta1 >> 4))?;
        let adjustment = *ADJUSTMENTS.get(usize::from(ta1 & 0x0f))?;
        (clock_rate != 0 && adjustment != 0).then_some(TransmissionRate {
            clock_rate,
            adjustment,
            max_clock,
        })
    }

    /// Returns N, the extra guard time (TC1), in elementary time units; 255 stands for the least.
    #[must_use]
    pub fn extra_guard_time(&self) -> u8 {
        self.interface_bytes().first().and_then(|group| group.tc).unwrap_or(0)
    }

    /// Returns TA2; `None` when the card lets the reader negotiate.
    #[must_use]
    pub fn specific_mode(&self) -> Option<SpecificMode> {
        let ta2 = self.interface_bytes().get(1)?.ta?;
        Some(SpecificMode {
            protocol: Protocol::new(ta2),
            implicit: ta2 & 0x10 != 0,
            changeable: ta2 & 0x80 == 0,
        })
    }

    /// Returns the parameters of T=0; `None` when the card does not offer it.
    #[must_use]
    pub fn t0_parameters(&self) -> Option<T0Parameters> {
        let offered = self.protocols().contains(&Protocol::T0);
        let tc2 = self.interface_bytes().get(1).and_then(|group| group.tc);
        offered.then_some(T0Parameters { waiting_integer: tc2.unwrap_or(10) })
    }

    /// Returns the parameters of T=1; `None` when the card does not offer it.
    #[must_use]
    pub fn t1_parameters(&self) -> Option<T1Parameters> {
        if !self.protocols().contains(&Protocol::T1) {
            return None;
        }
        // The first group of T=1 from TA3 on counts; TA2, TB2 and TC2 mean something else.
        let mut own = self.interface_bytes().iter().skip(2);
        let own = own.find(|group| group.protocol == Some(Protocol::T1)).copied();
        let own = own.unwrap_or_default();
        let waiting = own.tb.unwrap_or(0x4d);
        let error_detection = match own.tc.unwrap_or(0) & 1 {
            0 => ErrorDetection::Lrc,
            _ => ErrorDetection::Crc,
        };
        Some(T1Parameters {
            information_field_size: own.ta.unwrap_or(32),
            block_waiting_integer: waiting >> 4,
            character_waiting_integer: waiting & 0x0f,
            error_detection,
        })
    }
}
