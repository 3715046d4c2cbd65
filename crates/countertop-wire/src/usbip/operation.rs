//! What is said on a TCP connection before the first request: the list of devices
//! (OP_REQ_DEVLIST) and the choice of one (OP_REQ_IMPORT).

use super::UsbipError;

/// Is the version of the protocol: 1.1.1.
pub const VERSION: u16 = 0x0111;

const REQ_DEVLIST: u16 = 0x8005;
const REP_DEVLIST: u16 = 0x0005;
const REQ_IMPORT: u16 = 0x8003;
const REP_IMPORT: u16 = 0x0003;

/// Bytes of a bus identifier's field.
const BUS_ID: usize = 32;
/// Bytes of a path's field.
const PATH: usize = 256;

/// Bytes of a request to list the devices, and of every request's beginning.
pub const REQUEST_LENGTH: usize = 8;
/// Bytes of the bus identifier behind a request to import.
pub const BUS_ID_LENGTH: usize = BUS_ID;

/// Is the beginning of a client's request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Request {
    /// Asks for the list of devices.
    DeviceList,
    /// Asks for a device, whose bus identifier follows in [`BUS_ID_LENGTH`] bytes.
    Import,
}

impl Request {
    /// Returns the request's bytes.
    #[must_use]
    pub fn to_bytes(self) -> [u8; REQUEST_LENGTH] {
        let code = match self {
            Self::DeviceList => REQ_DEVLIST,
            Self::Import => REQ_IMPORT,
        };
        prefix(code, 0)
    }

    /// Reads the beginning of a request.
    ///
    /// # Errors
    ///
    /// When the bytes end too early, are of another version or no request.
    pub fn parse(bytes: &[u8]) -> Result<Self, UsbipError> {
        match parse_prefix(bytes)?.0 {
            REQ_DEVLIST => Ok(Self::DeviceList),
            REQ_IMPORT => Ok(Self::Import),
            other => Err(UsbipError::UnknownCommand(other.into())),
        }
    }
}

/// Returns a bus identifier in its field.
///
/// # Errors
///
/// [`BadName`](UsbipError::BadName) when it has more than 31 bytes.
pub fn bus_id(text: &str) -> Result<[u8; BUS_ID], UsbipError> {
    field(text)
}

/// Reads the bus identifier of a request to import.
///
/// # Errors
///
/// [`BadName`](UsbipError::BadName) when the field holds no text that ends.
pub fn parse_bus_id(bytes: &[u8; BUS_ID]) -> Result<&str, UsbipError> {
    text(bytes)
}

/// Is a device in a list, or as it is handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedDevice {
    /// Path of the device on its own computer.
    pub path: String,
    /// Bus identifier, by which it is asked for: `1-1`.
    pub bus_id: String,
    /// Number of its bus.
    pub bus_number: u32,
    /// Number of the device on its bus.
    pub device_number: u32,
    /// Its speed, as Linux counts: 1 low, 2 full, 3 high.
    pub speed: u32,
    /// idVendor.
    pub vendor: u16,
    /// idProduct.
    pub product: u16,
    /// bcdDevice.
    pub device_release: u16,
    /// Class, subclass and protocol of the device.
    pub class: [u8; 3],
    /// bConfigurationValue.
    pub configuration_value: u8,
    /// bNumConfigurations.
    pub configurations: u8,
    /// Class, subclass and protocol of each interface; only the list has them.
    pub interfaces: Vec<[u8; 3]>,
}

impl ExportedDevice {
    /// Bytes of a device without its interfaces.
    pub const LENGTH: usize = PATH + BUS_ID + 24;

    fn write(&self, bytes: &mut Vec<u8>) -> Result<(), UsbipError> {
        bytes.extend(field::<PATH>(&self.path)?);
        bytes.extend(field::<BUS_ID>(&self.bus_id)?);
        for number in [self.bus_number, self.device_number, self.speed] {
            bytes.extend(number.to_be_bytes());
        }
        for number in [self.vendor, self.product, self.device_release] {
            bytes.extend(number.to_be_bytes());
        }
        bytes.extend(self.class);
        bytes.extend([self.configuration_value, self.configurations, self.interface_count()]);
        Ok(())
    }

    fn interface_count(&self) -> u8 {
        u8::try_from(self.interfaces.len()).unwrap_or(u8::MAX)
    }

    /// Reads a device without its interfaces; returns it with their number.
    fn parse(bytes: &[u8; Self::LENGTH]) -> Result<(Self, u8), UsbipError> {
        let truncated = UsbipError::Truncated(bytes.len());
        let (path, rest) = bytes.split_first_chunk::<PATH>().ok_or(truncated)?;
        let (bus_id, rest) = rest.split_first_chunk::<BUS_ID>().ok_or(truncated)?;
        let (numbers, rest) = rest.split_first_chunk::<12>().ok_or(truncated)?;
        let (ids, rest) = rest.split_first_chunk::<6>().ok_or(truncated)?;
        let &[class, subclass, protocol, configuration_value, configurations, count] = rest else {
            return Err(truncated);
        };
        let [b0, b1, b2, b3, n0, n1, n2, n3, s0, s1, s2, s3] = *numbers;
        let [v0, v1, p0, p1, d0, d1] = *ids;
        let device = Self {
            path: text(path)?.to_owned(),
            bus_id: text(bus_id)?.to_owned(),
            bus_number: u32::from_be_bytes([b0, b1, b2, b3]),
            device_number: u32::from_be_bytes([n0, n1, n2, n3]),
            speed: u32::from_be_bytes([s0, s1, s2, s3]),
            vendor: u16::from_be_bytes([v0, v1]),
            product: u16::from_be_bytes([p0, p1]),
            device_release: u16::from_be_bytes([d0, d1]),
            class: [class, subclass, protocol],
            configuration_value,
            configurations,
            interfaces: Vec::new(),
        };
        Ok((device, count))
    }
}

/// Returns the answer to a request for the list.
///
/// # Errors
///
/// [`BadName`](UsbipError::BadName) when a path or bus identifier is too long.
pub fn device_list(devices: &[ExportedDevice]) -> Result<Vec<u8>, UsbipError> {
    let mut bytes = prefix(REP_DEVLIST, 0).to_vec();
    bytes.extend(u32::try_from(devices.len()).unwrap_or(u32::MAX).to_be_bytes());
    for device in devices {
        device.write(&mut bytes)?;
        let count = usize::from(device.interface_count());
        for &[class, subclass, protocol] in device.interfaces.iter().take(count) {
            bytes.extend([class, subclass, protocol, 0]);
        }
    }
    Ok(bytes)
}

/// Reads the answer to a request for the list.
///
/// # Errors
///
/// When the bytes end too early or are no such answer.
pub fn parse_device_list(bytes: &[u8]) -> Result<Vec<ExportedDevice>, UsbipError> {
    let truncated = UsbipError::Truncated(bytes.len());
    let (code, _, rest) = parse_prefix(bytes)?;
    if code != REP_DEVLIST {
        return Err(UsbipError::UnknownCommand(code.into()));
    }
    let (&count, mut rest) = rest.split_first_chunk().ok_or(truncated)?;
    let mut devices = Vec::new();
    for _ in 0..u32::from_be_bytes(count) {
        let (fields, after) = rest.split_first_chunk().ok_or(truncated)?;
        let (mut device, interfaces) = ExportedDevice::parse(fields)?;
        let length = usize::from(interfaces) * 4;
        let (interfaces, after) = after.split_at_checked(length).ok_or(truncated)?;
        let (interfaces, _) = interfaces.as_chunks();
        device.interfaces = interfaces.iter().map(|&[a, b, c, _]| [a, b, c]).collect();
        devices.push(device);
        rest = after;
    }
    Ok(devices)
}

/// Returns the answer to a request to import: the device, or nothing where it is not to be had.
///
/// # Errors
///
/// [`BadName`](UsbipError::BadName) when its path or bus identifier is too long.
pub fn imported(device: Option<&ExportedDevice>) -> Result<Vec<u8>, UsbipError> {
    let Some(device) = device else { return Ok(prefix(REP_IMPORT, 1).to_vec()) };
    let mut bytes = prefix(REP_IMPORT, 0).to_vec();
    device.write(&mut bytes)?;
    Ok(bytes)
}

/// Reads the answer to a request to import; `None` where the device is not to be had.
///
/// # Errors
///
/// When the bytes end too early or are no such answer.
pub fn parse_imported(bytes: &[u8]) -> Result<Option<ExportedDevice>, UsbipError> {
    let (code, status, rest) = parse_prefix(bytes)?;
    if code != REP_IMPORT {
        return Err(UsbipError::UnknownCommand(code.into()));
    }
    if status != 0 {
        return Ok(None);
    }
    let fields = rest.first_chunk().ok_or(UsbipError::Truncated(bytes.len()))?;
    Ok(Some(ExportedDevice::parse(fields)?.0))
}

fn prefix(code: u16, status: u32) -> [u8; REQUEST_LENGTH] {
    let ([v0, v1], [c0, c1]) = (VERSION.to_be_bytes(), code.to_be_bytes());
    let [s0, s1, s2, s3] = status.to_be_bytes();
    [v0, v1, c0, c1, s0, s1, s2, s3]
}

fn parse_prefix(bytes: &[u8]) -> Result<(u16, u32, &[u8]), UsbipError> {
    let prefix = bytes.split_first_chunk().ok_or(UsbipError::Truncated(bytes.len()))?;
    let (&[v0, v1, c0, c1, s0, s1, s2, s3], rest) = prefix;
    match u16::from_be_bytes([v0, v1]) {
        VERSION => Ok((u16::from_be_bytes([c0, c1]), u32::from_be_bytes([s0, s1, s2, s3]), rest)),
        other => Err(UsbipError::BadVersion(other)),
    }
}

fn field<const N: usize>(text: &str) -> Result<[u8; N], UsbipError> {
    let mut bytes = [0; N];
    // The last byte stays zero: the text ends within its field.
    let place = bytes.get_mut(..text.len()).filter(|_| text.len() < N);
    place.ok_or(UsbipError::BadName)?.copy_from_slice(text.as_bytes());
    Ok(bytes)
}

fn text(field: &[u8]) -> Result<&str, UsbipError> {
    let end = field.iter().position(|&byte| byte == 0).ok_or(UsbipError::BadName)?;
    let text = field.get(..end).unwrap_or_default();
    core::str::from_utf8(text).map_err(|_| UsbipError::BadName)
}
