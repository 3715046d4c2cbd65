/// Clock from which the baud rate is divided, in eighths: 3 MHz.
const CLOCK_EIGHTHS: u32 = 24_000_000;
/// Eighths of the divisor, by the code that stands for them.
const EIGHTHS: [u32; 8] = [0, 4, 2, 1, 3, 5, 6, 7];

/// Is the divisor of a baud rate, in eighths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BaudDivisor(pub(super) u32);

impl BaudDivisor {
    /// Returns the divisor that comes next to a baud rate.
    #[must_use]
    pub fn nearest(baud: u32) -> Self {
        let baud = baud.clamp(183, 3_000_000);
        let eighths = (CLOCK_EIGHTHS + baud / 2) / baud;
        // Between 1 and 2 the chip knows 1.5 only, and no divisor has more than 14 bits.
        Self(match eighths {
            ..=9 => 8,
            10..=13 => 12,
            14..=15 => 16,
            other => other.min(0x1_ffff),
        })
    }

    /// Returns the baud rate.
    #[must_use]
    pub const fn baud(self) -> u32 {
        CLOCK_EIGHTHS / self.0
    }

    pub(super) fn from_wire(value: u16, index: u16) -> Self {
        match (value, index & 1) {
            (0, 0) => Self(8),
            (1, 0) => Self(12),
            _ => {
                let code = usize::from(value >> 14 | (index & 1) << 2);
                let eighths = EIGHTHS.get(code).copied().unwrap_or(0);
                Self((u32::from(value & 0x3fff) << 3 | eighths).max(8))
            }
        }
    }

    pub(super) fn to_wire(self) -> (u16, u16) {
        match self.0 {
            8 => (0, 0),
            12 => (1, 0),
            eighths => {
                let code = EIGHTHS.iter().position(|&value| value == eighths & 7).unwrap_or(0);
                let code = u16::try_from(code).unwrap_or(0);
                let whole = u16::try_from(eighths >> 3 & 0x3fff).unwrap_or(0x3fff);
                (whole | (code & 3) << 14, code >> 2)
            }
        }
    }
}
