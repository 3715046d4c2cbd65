//! One report.

/// The bytes of a report, header included.
pub const PACKET_LEN: usize = 64;
/// The most bytes of a message that a packet carries.
pub const MAX_PAYLOAD: usize = PACKET_LEN - 1;

/// Header: the packet is the first of its message.
const FIRST: u8 = 0x80;
/// Header: the packet is the last of its message.
const LAST: u8 = 0x40;
/// Header: the bits that hold the length.
const LENGTH: u8 = 0x3f;

/// Is a packet, a piece of a message.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Packet<'a> {
    /// Whether a message starts with it.
    pub first: bool,
    /// Whether the message ends with it.
    pub last: bool,
    /// The bytes of the message, at most [`MAX_PAYLOAD`].
    pub payload: &'a [u8],
}

/// Says why a report is no packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PacketError {
    /// There is not even a header.
    #[error("the report is empty")]
    Empty,
    /// The report ends before the payload does.
    #[error("the report has {present} of {announced} bytes")]
    CutOff {
        /// What the header says.
        announced: usize,
        /// What there is.
        present: usize,
    },
    /// More payload than the header can tell.
    #[error("{0} bytes do not fit into a packet")]
    TooLong(usize),
}

impl<'a> Packet<'a> {
    /// Parses a report. Bytes after the payload are padding, which a report need not have.
    ///
    /// # Errors
    ///
    /// [`PacketError::Empty`] and [`PacketError::CutOff`].
    pub fn parse(report: &'a [u8]) -> Result<Self, PacketError> {
        let (&header, rest) = report.split_first().ok_or(PacketError::Empty)?;
        let announced = usize::from(header & LENGTH);
        let cut_off = PacketError::CutOff { announced, present: rest.len() };
        let payload = rest.get(..announced).ok_or(cut_off)?;
        Ok(Self { first: header & FIRST != 0, last: header & LAST != 0, payload })
    }

    /// Returns the report, padded with 0x00.
    ///
    /// # Errors
    ///
    /// [`PacketError::TooLong`].
    pub fn encode(&self) -> Result<[u8; PACKET_LEN], PacketError> {
        let too_long = PacketError::TooLong(self.payload.len());
        let length = u8::try_from(self.payload.len()).map_err(|_| too_long)?;
        let mut report = [0; PACKET_LEN];
        let place = report.get_mut(1..=self.payload.len()).ok_or(too_long)?;
        place.copy_from_slice(self.payload);
        let flag = |set, bit| if set { bit } else { 0 };
        report[0] = flag(self.first, FIRST) | flag(self.last, LAST) | length;
        Ok(report)
    }
}

/// Shows no payload: it may be a card.
impl core::fmt::Debug for Packet<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Packet")
            .field("first", &self.first)
            .field("last", &self.last)
            .field("payload", &format_args!("{} bytes", self.payload.len()))
            .finish()
    }
}
