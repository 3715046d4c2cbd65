use super::{CMD_SUBMIT, CMD_UNLINK, HEADER_LENGTH, MAX_TRANSFER, UsbipError, header, word};
use crate::usb::{Direction, SetupPacket};

/// Bytes that describe one isochronous packet.
const ISO_PACKET: usize = 16;

/// Is the header of a message from the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Command {
    /// Asks for a transfer.
    Submit(Submit),
    /// Takes a transfer back.
    Unlink(Unlink),
}

/// Asks for a transfer (USBIP_CMD_SUBMIT).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Submit {
    /// Number of the request.
    pub sequence: u32,
    /// Bus and number of the device, as when it was attached.
    pub device: u32,
    /// Direction of the data.
    pub direction: Direction,
    /// Endpoint number, 0 to 15.
    pub endpoint: u8,
    /// URB flags of Linux.
    pub flags: u32,
    /// Bytes that go out, or that may come in.
    pub length: u32,
    /// First frame of an isochronous transfer.
    pub start_frame: u32,
    /// Isochronous packets; 0 or `0xffff_ffff` for other transfers.
    pub packets: u32,
    /// Interval at which the endpoint is asked.
    pub interval: u32,
    /// The setup packet of a control transfer, else zeros.
    pub setup: SetupPacket,
}

/// Takes a transfer back (USBIP_CMD_UNLINK).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unlink {
    /// Number of this request.
    pub sequence: u32,
    /// Bus and number of the device.
    pub device: u32,
    /// Number of the request that is taken back.
    pub victim: u32,
}

impl Submit {
    /// Creates the header of a transfer with endpoint 0.
    #[must_use]
    pub fn control(sequence: u32, setup: SetupPacket) -> Self {
        let length = u32::from(setup.length);
        Self { setup, ..Self::new(sequence, setup.direction(), 0, length) }
    }

    /// Creates the header of a bulk or interrupt transfer.
    #[must_use]
    pub const fn new(sequence: u32, direction: Direction, endpoint: u8, length: u32) -> Self {
        let setup = SetupPacket::new(0, 0, 0, 0, 0);
        let (device, flags, start_frame, packets, interval) = (0, 0, 0, 0, 0);
        Self {
            sequence,
            device,
            direction,
            endpoint,
            flags,
            length,
            start_frame,
            packets,
            interval,
            setup,
        }
    }

    /// Tells whether the transfer is isochronous.
    #[must_use]
    pub const fn is_isochronous(&self) -> bool {
        self.packets != 0 && self.packets != u32::MAX
    }

    /// Returns the endpoint's address, with bit 7 for IN.
    #[must_use]
    pub const fn address(&self) -> u8 {
        match self.direction {
            Direction::In => self.endpoint | 0x80,
            Direction::Out => self.endpoint,
        }
    }
}

impl Command {
    /// Returns the header's bytes; data that goes out follows them.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; HEADER_LENGTH] {
        match self {
            Self::Submit(submit) => {
                let direction = u32::from(submit.direction == Direction::In);
                let Submit { sequence, device, flags, length, .. } = *submit;
                let Submit { start_frame, packets, interval, setup, .. } = *submit;
                let endpoint = u32::from(submit.endpoint);
                let words = [CMD_SUBMIT, sequence, device, direction, endpoint, flags, length];
                let words = [words.as_slice(), &[start_frame, packets, interval]].concat();
                header(&words, setup.to_bytes())
            }
            Self::Unlink(Unlink { sequence, device, victim }) => {
                header(&[CMD_UNLINK, *sequence, *device, 0, 0, *victim], [0; 8])
            }
        }
    }

    /// Reads a header from the start of `bytes`.
    ///
    /// # Errors
    ///
    /// When the bytes end too early or are no command.
    pub fn parse(bytes: &[u8]) -> Result<Self, UsbipError> {
        let header = bytes.first_chunk().ok_or(UsbipError::Truncated(bytes.len()))?;
        let (sequence, device) = (word(header, 4), word(header, 8));
        match word(header, 0) {
            CMD_SUBMIT => submit(header).map(Self::Submit),
            CMD_UNLINK => Ok(Self::Unlink(Unlink { sequence, device, victim: word(header, 20) })),
            other => Err(UsbipError::UnknownCommand(other)),
        }
    }

    /// Returns how many bytes of data follow the header.
    #[must_use]
    pub fn data_length(&self) -> usize {
        let Self::Submit(submit) = self else { return 0 };
        let data = match submit.direction {
            Direction::Out => usize::try_from(submit.length).unwrap_or(usize::MAX),
            Direction::In => 0,
        };
        let packets = if submit.is_isochronous() { submit.packets } else { 0 };
        let packets = usize::try_from(packets).unwrap_or(usize::MAX);
        data.saturating_add(packets.saturating_mul(ISO_PACKET))
    }
}

fn submit(header: &[u8; HEADER_LENGTH]) -> Result<Submit, UsbipError> {
    let direction = match word(header, 12) {
        0 => Direction::Out,
        1 => Direction::In,
        other => return Err(UsbipError::BadDirection(other)),
    };
    let number = word(header, 16);
    let endpoint = u8::try_from(number).ok().filter(|&number| number < 16);
    let length = word(header, 24);
    if length > MAX_TRANSFER {
        return Err(UsbipError::BadTransferLength(length.cast_signed()));
    }
    let setup = header.last_chunk().copied().unwrap_or_default();
    Ok(Submit {
        sequence: word(header, 4),
        device: word(header, 8),
        direction,
        endpoint: endpoint.ok_or(UsbipError::BadEndpoint(number))?,
        flags: word(header, 20),
        length,
        start_frame: word(header, 28),
        packets: word(header, 32),
        interval: word(header, 36),
        setup: SetupPacket::from_bytes(setup),
    })
}
