use super::super::UsbError;

/// Is how characters stand on a serial line (PSTN, table 17).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LineCoding {
    /// Bits a second.
    pub baud: u32,
    /// Stop bits.
    pub stop_bits: StopBits,
    /// Parity.
    pub parity: Parity,
    /// Data bits: 5 to 8, or 16.
    pub data_bits: u8,
}

/// Is the number of stop bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StopBits {
    /// One.
    One,
    /// One and a half.
    OneAndHalf,
    /// Two.
    Two,
}

/// Is the parity of characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Parity {
    /// No parity bit.
    None,
    /// Odd number of ones.
    Odd,
    /// Even number of ones.
    Even,
    /// Always one.
    Mark,
    /// Always zero.
    Space,
}

impl StopBits {
    /// Returns the number by which both CDC and FTDI know it.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::One => 0,
            Self::OneAndHalf => 1,
            Self::Two => 2,
        }
    }

    /// Returns the stop bits that a number means.
    #[must_use]
    pub const fn from_code(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::One),
            1 => Some(Self::OneAndHalf),
            2 => Some(Self::Two),
            _ => None,
        }
    }
}

impl Parity {
    /// Returns the number by which both CDC and FTDI know it.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Odd => 1,
            Self::Even => 2,
            Self::Mark => 3,
            Self::Space => 4,
        }
    }

    /// Returns the parity that a number means.
    #[must_use]
    pub const fn from_code(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::None),
            1 => Some(Self::Odd),
            2 => Some(Self::Even),
            3 => Some(Self::Mark),
            4 => Some(Self::Space),
            _ => None,
        }
    }
}

impl Default for LineCoding {
    /// Returns 9600 bits a second, 8N1.
    fn default() -> Self {
        Self { baud: 9600, stop_bits: StopBits::One, parity: Parity::None, data_bits: 8 }
    }
}

impl LineCoding {
    /// Bytes of a line coding.
    pub const LENGTH: usize = 7;

    /// Returns its bytes.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; Self::LENGTH] {
        let [b0, b1, b2, b3] = self.baud.to_le_bytes();
        [b0, b1, b2, b3, self.stop_bits.code(), self.parity.code(), self.data_bits]
    }

    /// Reads a line coding.
    ///
    /// # Errors
    ///
    /// [`Truncated`](UsbError::Truncated) when there are fewer than seven bytes,
    /// [`Unknown`](UsbError::Unknown) when stop bits or parity are none that there are.
    pub fn parse(bytes: &[u8]) -> Result<Self, UsbError> {
        let what = "line coding";
        let truncated = UsbError::Truncated { what, length: bytes.len() };
        let &[b0, b1, b2, b3, stop, parity, data_bits] =
            bytes.first_chunk::<{ Self::LENGTH }>().ok_or(truncated)?;
        let unknown = |value| UsbError::Unknown { what, value };
        Ok(Self {
            baud: u32::from_le_bytes([b0, b1, b2, b3]),
            stop_bits: StopBits::from_code(stop).ok_or_else(|| unknown(stop))?,
            parity: Parity::from_code(parity).ok_or_else(|| unknown(parity))?,
            data_bits,
        })
    }
}
