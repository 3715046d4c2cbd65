//! Commands about the chip itself (UM0701-02, 7.2).

use super::code;
use super::rf::RfItem;

/// Is a command about the chip itself.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChipCommand {
    /// Runs a self-test.
    Diagnose {
        /// Number of the test (NumTst), of the constants in [`diagnose`].
        test: u8,
        /// The test's parameters.
        parameters: Vec<u8>,
    },
    /// Asks for the chip's and its firmware's version.
    GetFirmwareVersion,
    /// Asks for the last error, the field and the targets.
    GetGeneralStatus,
    /// Reads registers by address.
    ReadRegister(Vec<u16>),
    /// Writes registers: address and value.
    WriteRegister(Vec<(u16, u8)>),
    /// Reads the general purpose pins.
    ReadGpio,
    /// Writes the general purpose pins. Bit 7 of each value says that it is to be applied.
    WriteGpio {
        /// Port 3.
        p3: u8,
        /// Port 7.
        p7: u8,
    },
    /// Changes the speed of the serial line, after the host has acknowledged the response.
    SetSerialBaudRate(BaudRate),
    /// Sets what the firmware does by itself, as bits of [`parameter`].
    SetParameters(u8),
    /// Says what the security module on the board is used for; also ends low battery mode.
    SamConfiguration {
        /// 1 normal, 2 virtual card, 3 wired card, 4 dual card.
        mode: u8,
        /// Time limit of the virtual card mode in units of 50 ms.
        timeout: Option<u8>,
        /// Whether the interrupt line is driven.
        irq: Option<u8>,
    },
    /// Puts the chip to sleep.
    PowerDown {
        /// What wakes it, as bits: 4 is the serial line (HSU).
        wake_up: u8,
        /// Whether waking raises an interrupt.
        generate_irq: Option<u8>,
    },
    /// Configures the radio.
    RfConfiguration(RfItem),
}

/// Numbers of the self-tests (UM0701-02, 7.2.1).
pub mod diagnose {
    /// Sends the parameters back: tests the line.
    pub const COMMUNICATION_LINE: u8 = 0x00;
    /// Checks the program memory.
    pub const ROM: u8 = 0x01;
    /// Checks the data memory.
    pub const RAM: u8 = 0x02;
    /// Polls for a FeliCa target.
    pub const POLLING: u8 = 0x04;
    /// Works as an echo target.
    pub const ECHO_BACK: u8 = 0x05;
    /// Asks whether the ISO/IEC 14443-4 or NFC-DEP target is still there.
    pub const ATTENTION_REQUEST: u8 = 0x06;
    /// Tests the antenna.
    pub const SELF_ANTENNA: u8 = 0x07;
}

/// Bits of SetParameters (UM0701-02, 7.2.9).
pub mod parameter {
    /// Uses a node address.
    pub const NAD_USED: u8 = 0x01;
    /// Uses a device or card identifier.
    pub const DID_USED: u8 = 0x02;
    /// Answers ATR_REQ by itself.
    pub const AUTOMATIC_ATR_RES: u8 = 0x04;
    /// Sends RATS by itself to a card of ISO/IEC 14443-4.
    pub const AUTOMATIC_RATS: u8 = 0x10;
    /// Emulates a card of ISO/IEC 14443-4.
    pub const ISO_14443_4_PICC: u8 = 0x20;
    /// Sends frames without preamble and postamble.
    pub const REMOVE_AMBLE: u8 = 0x40;
}

/// Is a speed of the serial line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BaudRate(u8);

const BAUD_RATES: [u32; 9] =
    [9_600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600, 1_288_000];

impl BaudRate {
    /// Creates the rate of so many bauds, or `None` when the chip does not have it.
    #[must_use]
    pub fn from_bauds(bauds: u32) -> Option<Self> {
        let index = BAUD_RATES.iter().position(|rate| *rate == bauds)?;
        u8::try_from(index).ok().map(Self)
    }

    /// Returns the rate in bauds.
    #[must_use]
    pub fn bauds(self) -> u32 {
        BAUD_RATES.get(usize::from(self.0)).copied().unwrap_or_default()
    }

    fn decode(code: u8) -> Option<Self> {
        (usize::from(code) < BAUD_RATES.len()).then_some(Self(code))
    }
}

impl ChipCommand {
    pub(super) fn code(&self) -> u8 {
        match self {
            Self::Diagnose { .. } => code::DIAGNOSE,
            Self::GetFirmwareVersion => code::GET_FIRMWARE_VERSION,
            Self::GetGeneralStatus => code::GET_GENERAL_STATUS,
            Self::ReadRegister(_) => code::READ_REGISTER,
            Self::WriteRegister(_) => code::WRITE_REGISTER,
            Self::ReadGpio => code::READ_GPIO,
            Self::WriteGpio { .. } => code::WRITE_GPIO,
            Self::SetSerialBaudRate(_) => code::SET_SERIAL_BAUD_RATE,
            Self::SetParameters(_) => code::SET_PARAMETERS,
            Self::SamConfiguration { .. } => code::SAM_CONFIGURATION,
            Self::PowerDown { .. } => code::POWER_DOWN,
            Self::RfConfiguration(_) => code::RF_CONFIGURATION,
        }
    }

    pub(super) fn encode_parameters(&self, data: &mut Vec<u8>) {
        match self {
            Self::Diagnose { test, parameters } => {
                data.push(*test);
                data.extend_from_slice(parameters);
            }
            Self::GetFirmwareVersion | Self::GetGeneralStatus | Self::ReadGpio => {}
            Self::ReadRegister(addresses) => {
                data.extend(addresses.iter().flat_map(|address| address.to_be_bytes()));
            }
            Self::WriteRegister(writes) => {
                for (address, value) in writes {
                    data.extend(address.to_be_bytes());
                    data.push(*value);
                }
            }
            Self::WriteGpio { p3, p7 } => data.extend([p3, p7]),
            Self::SetSerialBaudRate(rate) => data.push(rate.0),
            Self::SetParameters(flags) => data.push(*flags),
            Self::SamConfiguration { mode, timeout, irq } => {
                data.push(*mode);
                data.extend(*timeout);
                data.extend(*irq);
            }
            Self::PowerDown { wake_up, generate_irq } => {
                data.push(*wake_up);
                data.extend(*generate_irq);
            }
            Self::RfConfiguration(item) => item.encode(data),
        }
    }

    /// Returns `None` for a code of another family, and `Some(None)` for malformed parameters.
    pub(super) fn decode(code: u8, parameters: &[u8]) -> Option<Option<Self>> {
        let command = match (code, parameters) {
            (code::DIAGNOSE, [test, parameters @ ..]) => {
                Some(Self::Diagnose { test: *test, parameters: parameters.to_vec() })
            }
            (code::GET_FIRMWARE_VERSION, []) => Some(Self::GetFirmwareVersion),
            (code::GET_GENERAL_STATUS, []) => Some(Self::GetGeneralStatus),
            (code::READ_REGISTER, addresses) => decode_addresses(addresses),
            (code::WRITE_REGISTER, writes) => decode_writes(writes),
            (code::READ_GPIO, []) => Some(Self::ReadGpio),
            (code::WRITE_GPIO, [p3, p7]) => Some(Self::WriteGpio { p3: *p3, p7: *p7 }),
            (code::SET_SERIAL_BAUD_RATE, [rate]) => {
                BaudRate::decode(*rate).map(Self::SetSerialBaudRate)
            }
            (code::SET_PARAMETERS, [flags]) => Some(Self::SetParameters(*flags)),
            (code::SAM_CONFIGURATION, parameters) => decode_sam(parameters),
            (code::POWER_DOWN, parameters) => decode_power_down(parameters),
            (code::RF_CONFIGURATION, item) => RfItem::decode(item).map(Self::RfConfiguration),
            (
                code::DIAGNOSE
                | code::GET_FIRMWARE_VERSION
                | code::GET_GENERAL_STATUS
                | code::READ_GPIO
                | code::WRITE_GPIO
                | code::SET_SERIAL_BAUD_RATE
                | code::SET_PARAMETERS,
                _,
            ) => None,
            _ => return None,
        };
        Some(command)
    }
}

fn decode_addresses(bytes: &[u8]) -> Option<ChipCommand> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    (!pairs.is_empty() && rest.is_empty()).then(|| {
        ChipCommand::ReadRegister(pairs.iter().map(|pair| u16::from_be_bytes(*pair)).collect())
    })
}

fn decode_writes(bytes: &[u8]) -> Option<ChipCommand> {
    let (triples, rest) = bytes.as_chunks::<3>();
    (!triples.is_empty() && rest.is_empty()).then(|| {
        let write = |[high, low, value]: &[u8; 3]| (u16::from_be_bytes([*high, *low]), *value);
        ChipCommand::WriteRegister(triples.iter().map(write).collect())
    })
}

fn decode_sam(parameters: &[u8]) -> Option<ChipCommand> {
    let (mode, rest) = parameters.split_first()?;
    (matches!(mode, 1..=4) && rest.len() <= 2).then(|| ChipCommand::SamConfiguration {
        mode: *mode,
        timeout: rest.first().copied(),
        irq: rest.get(1).copied(),
    })
}

fn decode_power_down(parameters: &[u8]) -> Option<ChipCommand> {
    let (wake_up, rest) = parameters.split_first()?;
    (rest.len() <= 1)
        .then(|| ChipCommand::PowerDown { wake_up: *wake_up, generate_irq: rest.first().copied() })
}
