//! Transport header and application header.

use core::fmt;

/// Is a transport header: an identifier and two addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tpdu {
    /// Identifier, `0x60` for transactions.
    pub id: u8,
    /// Where the frame goes to.
    pub destination: u16,
    /// Where it comes from.
    pub source: u16,
}

/// Is an application header: twelve digits.
///
/// | digits | meaning |
/// |---|---|
/// | 1–2 | application class, `60` for financial payment |
/// | 3–4 | general version of the terminal's software |
/// | 5 | terminal state, `0` normal, `1` test or training |
/// | 6 | processing requirement: in responses, what the host wants done next |
/// | 7–12 | version of the terminal's software |
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Header([u8; 6]);

/// Names what a host wants done next (processing requirement, sixth digit of the header).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HostTask {
    /// `0`: nothing.
    None,
    /// `1`: download the terminal's parameters.
    DownloadParameters,
    /// `2`: upload the terminal's status.
    UploadStatus,
    /// `3`: sign in again.
    SignIn,
    /// `4`: update the public keys of certification authorities.
    UpdateCapk,
    /// `5`: update the parameters of chip applications.
    UpdateIccParameters,
    /// `6`: fetch new software.
    UpdateSoftware,
    /// `7`: update the list of blocked card ranges.
    UpdateBlockedCards,
    /// Any other digit.
    Other(u8),
}

/// Says that a text is no header.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no {what}: write {digits} hexadecimal digits")]
pub struct BadHeader {
    text: String,
    what: &'static str,
    digits: usize,
}

impl Tpdu {
    /// Reads ten hexadecimal digits, such as `6000030000`.
    ///
    /// # Errors
    ///
    /// [`BadHeader`] for any other text.
    pub fn from_digits(text: &str) -> Result<Self, BadHeader> {
        from_digits(text, "TPDU").map(Self::from_bytes)
    }

    /// Reads the five bytes of a frame.
    #[must_use]
    pub fn from_bytes([id, to_high, to_low, from_high, from_low]: [u8; 5]) -> Self {
        let destination = u16::from_be_bytes([to_high, to_low]);
        Self { id, destination, source: u16::from_be_bytes([from_high, from_low]) }
    }

    /// Returns the five bytes of a frame.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 5] {
        let [to_high, to_low] = self.destination.to_be_bytes();
        let [from_high, from_low] = self.source.to_be_bytes();
        [self.id, to_high, to_low, from_high, from_low]
    }

    /// Returns the header of the answer: the addresses change places.
    #[must_use]
    pub fn swapped(self) -> Self {
        Self { id: self.id, destination: self.source, source: self.destination }
    }
}

impl fmt::Display for Tpdu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02X}{:04X}{:04X}", self.id, self.destination, self.source)
    }
}

impl Header {
    /// Reads twelve digits, such as `603100310001`. Versions in use have letters `A` to `F` too.
    ///
    /// # Errors
    ///
    /// [`BadHeader`] for any other text.
    pub fn from_digits(text: &str) -> Result<Self, BadHeader> {
        from_digits(text, "header").map(Self)
    }

    /// Reads the six bytes of a frame.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 6]) -> Self {
        Self(bytes)
    }

    /// Returns the six bytes of a frame.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 6] {
        self.0
    }

    /// Returns the terminal state (fifth digit): 0 normal, 1 test or training.
    #[must_use]
    pub fn state(self) -> u8 {
        self.0[2] >> 4
    }

    /// Returns this header with the terminal state of training, or of normal work.
    #[must_use]
    pub fn with_training(mut self, training: bool) -> Self {
        self.0[2] = self.0[2] & 0x0F | u8::from(training) << 4;
        self
    }

    /// Returns the processing requirement (sixth digit).
    #[must_use]
    pub fn task(self) -> HostTask {
        HostTask::from_digit(self.0[2] & 0x0F)
    }

    /// Returns this header with another processing requirement.
    #[must_use]
    pub fn with_task(mut self, task: HostTask) -> Self {
        self.0[2] = self.0[2] & 0xF0 | task.digit() & 0x0F;
        self
    }
}

impl fmt::Display for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Header({self})")
    }
}

impl HostTask {
    /// Returns what a digit asks for.
    #[must_use]
    pub fn from_digit(digit: u8) -> Self {
        match digit {
            0 => Self::None,
            1 => Self::DownloadParameters,
            2 => Self::UploadStatus,
            3 => Self::SignIn,
            4 => Self::UpdateCapk,
            5 => Self::UpdateIccParameters,
            6 => Self::UpdateSoftware,
            7 => Self::UpdateBlockedCards,
            other => Self::Other(other),
        }
    }

    /// Returns the digit.
    #[must_use]
    pub fn digit(self) -> u8 {
        match self {
            Self::None => 0,
            Self::DownloadParameters => 1,
            Self::UploadStatus => 2,
            Self::SignIn => 3,
            Self::UpdateCapk => 4,
            Self::UpdateIccParameters => 5,
            Self::UpdateSoftware => 6,
            Self::UpdateBlockedCards => 7,
            Self::Other(digit) => digit,
        }
    }
}

impl fmt::Display for HostTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "nothing",
            Self::DownloadParameters => "download parameters",
            Self::UploadStatus => "upload terminal status",
            Self::SignIn => "sign in again",
            Self::UpdateCapk => "update CA public keys",
            Self::UpdateIccParameters => "update chip application parameters",
            Self::UpdateSoftware => "fetch new software",
            Self::UpdateBlockedCards => "update blocked card ranges",
            Self::Other(_) => "not known",
        })
    }
}

fn from_digits<const N: usize>(text: &str, what: &'static str) -> Result<[u8; N], BadHeader> {
    let bad = || BadHeader { text: text.into(), what, digits: 2 * N };
    let nibble = |character: char| character.to_digit(16).and_then(|digit| digit.try_into().ok());
    let nibbles: Option<Vec<u8>> = text.chars().map(nibble).collect();
    let nibbles = nibbles.filter(|nibbles| nibbles.len() == 2 * N).ok_or_else(bad)?;
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(nibbles.chunks_exact(2)) {
        *byte = pair[0] << 4 | pair[1];
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_change_places() {
        let tpdu = Tpdu::from_digits("6000030000").unwrap();
        assert_eq!((tpdu.destination, tpdu.source), (3, 0));
        assert_eq!(tpdu.swapped().to_string(), "6000000003");
        assert_eq!(tpdu.swapped().to_bytes(), [0x60, 0, 0, 0, 3]);
    }

    #[test]
    fn digits_five_and_six() {
        let header = Header::from_digits("60310031110E").unwrap();
        assert_eq!((header.state(), header.task()), (0, HostTask::None));
        assert_eq!(header.with_training(true).to_string(), "60311031110E");
        assert_eq!(header.with_training(true).with_training(false), header);
        assert_eq!(header.with_task(HostTask::UpdateCapk).to_string(), "60310431110E");
    }

    #[test]
    fn tasks_round_trip() {
        for digit in 0..16 {
            assert_eq!(HostTask::from_digit(digit).digit(), digit);
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "60310031000", "6031003100011", "60310031000x", "603100310é1"] {
            assert!(Header::from_digits(text).is_err(), "{text}");
        }
        let error = Tpdu::from_digits("60").unwrap_err();
        assert_eq!(error.to_string(), "`60` is no TPDU: write 10 hexadecimal digits");
    }
}
