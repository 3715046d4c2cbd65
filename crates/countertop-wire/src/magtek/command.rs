//! Commands and their responses, in feature reports (D99875191, section 4, "Commands"; 99875475,
//! section 2, "Commands").

/// Is a command to the reader.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Command {
    /// 0x00: gets a property.
    GetProperty(Property),
    /// 0x01: sets a property to a value, for good.
    SetProperty(Property, Vec<u8>),
    /// 0x02: resets the reader, which then falls off the bus and comes back.
    ResetDevice,
    /// 0x09: gets DUKPT key serial number and counter (MagneSafe).
    GetKeySerialNumber,
    /// 0x14: gets the reader's state (MagneSafe).
    GetReaderState,
    /// 0x15 without data: gets the security level (MagneSafe). From level 3 on the head encrypts.
    GetSecurityLevel,
    /// Any other number with its data.
    Other(u8, Vec<u8>),
}

/// Is a property by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Property(pub u8);

impl Property {
    /// Eleven characters: part number and version of the firmware, such as `21042812D01`.
    pub const SOFTWARE_ID: Self = Self(0x00);
    /// At most 15 characters: the serial number in the USB descriptors.
    pub const USB_SERIAL_NUMBER: Self = Self(0x01);
    /// One byte: the polling interval in milliseconds.
    pub const POLLING_INTERVAL: Self = Self(0x02);
    /// One byte: the interrupt pipe's packet size (not MagneSafe).
    pub const MAX_PACKET_SIZE: Self = Self(0x03);
    /// At most 15 characters: the device's serial number (MagneSafe).
    pub const DEVICE_SERIAL_NUMBER: Self = Self(0x03);
    /// One byte: which tracks are decoded (not MagneSafe).
    pub const TRACK_ID_ENABLE: Self = Self(0x04);
    /// The version of MagneSafe (MagneSafe).
    pub const MAGNESAFE_VERSION: Self = Self(0x04);
    /// One byte: 0x00 HID, 0x01 keyboard emulation.
    pub const INTERFACE_TYPE: Self = Self(0x10);
    /// One byte: how many seconds a swipe waits to be fetched.
    pub const HOST_POLL_TIMEOUT: Self = Self(0x52);
}

/// Is the reader's answer to a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// Whether the command was done.
    pub result: ResultCode,
    /// What it gave.
    pub data: Vec<u8>,
}

/// Is a generic result code (99875475, section 2, "Result code").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ResultCode {
    /// 0x00.
    Success,
    /// 0x01.
    Failure,
    /// 0x02: bad parameter or syntax.
    BadParameter,
    /// 0x05: refused for a while, against guessing (MagneSafe).
    Delayed,
    /// 0x07: not now, or not without a message authentication code (MagneSafe).
    InvalidOperation,
    /// A code of the command, or one that the manuals do not name.
    Other(u8),
}

/// Says why a feature report is no command or response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum CommandError {
    /// The report ends before its data does.
    #[error("the feature report ends before its data does")]
    TooShort,
    /// A command has data of a length that it cannot have.
    #[error("command 0x{0:02x} has data of the wrong length")]
    DataLength(u8),
    /// There is no room for the data.
    #[error("{0} bytes of data do not fit into the feature report")]
    TooLong(usize),
}

const GET_PROPERTY: u8 = 0x00;
const SET_PROPERTY: u8 = 0x01;
const RESET_DEVICE: u8 = 0x02;
const GET_KEY_SERIAL_NUMBER: u8 = 0x09;
const GET_READER_STATE: u8 = 0x14;
const SECURITY_LEVEL: u8 = 0x15;

impl Command {
    /// Encodes the command into a feature report of `length` bytes, without a report number.
    ///
    /// # Errors
    ///
    /// [`CommandError::TooLong`] where there is no room.
    pub fn encode(&self, length: usize) -> Result<Vec<u8>, CommandError> {
        match self {
            Self::GetProperty(property) => frame(GET_PROPERTY, &[property.0], length),
            Self::SetProperty(property, value) => {
                frame(SET_PROPERTY, &[&[property.0], value.as_slice()].concat(), length)
            }
            Self::ResetDevice => frame(RESET_DEVICE, &[], length),
            Self::GetKeySerialNumber => frame(GET_KEY_SERIAL_NUMBER, &[], length),
            Self::GetReaderState => frame(GET_READER_STATE, &[], length),
            Self::GetSecurityLevel => frame(SECURITY_LEVEL, &[], length),
            Self::Other(number, data) => frame(*number, data, length),
        }
    }

    /// Parses a command from a feature report without its number.
    ///
    /// # Errors
    ///
    /// [`CommandError::TooShort`] and [`CommandError::DataLength`].
    pub fn parse(report: &[u8]) -> Result<Self, CommandError> {
        let (number, data) = unframe(report)?;
        Ok(match (number, data) {
            (GET_PROPERTY, [property]) => Self::GetProperty(Property(*property)),
            (SET_PROPERTY, [property, value @ ..]) => {
                Self::SetProperty(Property(*property), value.to_vec())
            }
            (GET_PROPERTY | SET_PROPERTY, _) => return Err(CommandError::DataLength(number)),
            (RESET_DEVICE, []) => Self::ResetDevice,
            (GET_KEY_SERIAL_NUMBER, []) => Self::GetKeySerialNumber,
            (GET_READER_STATE, []) => Self::GetReaderState,
            (SECURITY_LEVEL, []) => Self::GetSecurityLevel,
            (number, data) => Self::Other(number, data.to_vec()),
        })
    }
}

impl Response {
    /// Creates a response of success.
    #[must_use]
    pub fn success(data: impl Into<Vec<u8>>) -> Self {
        Self { result: ResultCode::Success, data: data.into() }
    }

    /// Creates a response without data.
    #[must_use]
    pub fn refusal(result: ResultCode) -> Self {
        Self { result, data: Vec::new() }
    }

    /// Encodes the response into a feature report of `length` bytes, without a report number.
    ///
    /// # Errors
    ///
    /// [`CommandError::TooLong`] where there is no room.
    pub fn encode(&self, length: usize) -> Result<Vec<u8>, CommandError> {
        frame(self.result.byte(), &self.data, length)
    }

    /// Parses a response from a feature report without its number.
    ///
    /// # Errors
    ///
    /// [`CommandError::TooShort`].
    pub fn parse(report: &[u8]) -> Result<Self, CommandError> {
        let (result, data) = unframe(report)?;
        Ok(Self { result: ResultCode::from_byte(result), data: data.to_vec() })
    }
}

impl ResultCode {
    /// Returns the code of a byte.
    #[must_use]
    pub fn from_byte(byte: u8) -> Self {
        match byte {
            0x00 => Self::Success,
            0x01 => Self::Failure,
            0x02 => Self::BadParameter,
            0x05 => Self::Delayed,
            0x07 => Self::InvalidOperation,
            byte => Self::Other(byte),
        }
    }

    /// Returns the byte of a code.
    #[must_use]
    pub fn byte(self) -> u8 {
        match self {
            Self::Success => 0x00,
            Self::Failure => 0x01,
            Self::BadParameter => 0x02,
            Self::Delayed => 0x05,
            Self::InvalidOperation => 0x07,
            Self::Other(byte) => byte,
        }
    }
}

/// Both directions: command number or result code, length, data, zeros to the end.
fn frame(first: u8, data: &[u8], length: usize) -> Result<Vec<u8>, CommandError> {
    let too_long = CommandError::TooLong(data.len());
    let count = u8::try_from(data.len()).map_err(|_| too_long)?;
    let mut report = [&[first, count], data].concat();
    if report.len() > length {
        return Err(too_long);
    }
    report.resize(length, 0);
    Ok(report)
}

fn unframe(report: &[u8]) -> Result<(u8, &[u8]), CommandError> {
    let [first, count, data @ ..] = report else { return Err(CommandError::TooShort) };
    let data = data.get(..usize::from(*count)).ok_or(CommandError::TooShort)?;
    Ok((*first, data))
}
