//! Responses to commands about the chip itself (UM0701-02, 7.2).

use super::code;
use super::status::Status;

/// Is a response to a command about the chip itself.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChipResponse {
    /// What the self-test found.
    Diagnose(Vec<u8>),
    /// The versions.
    FirmwareVersion(FirmwareVersion),
    /// The chip's state.
    GeneralStatus(GeneralStatus),
    /// The registers' values, in the order in which they were asked for.
    Registers(Vec<u8>),
    /// The registers are written.
    RegistersWritten,
    /// The pins of ports 3 and 7 and of I0 and I1.
    Gpio {
        /// Port 3.
        p3: u8,
        /// Port 7.
        p7: u8,
        /// Interface selection pins.
        i: u8,
    },
    /// The pins are written.
    GpioWritten,
    /// The speed changes when the host acknowledges this.
    BaudRateSet,
    /// The parameters are set.
    ParametersSet,
    /// The security module is configured.
    SamConfigured,
    /// The chip goes to sleep.
    PoweringDown(Status),
    /// The radio is configured.
    RfConfigured,
}

/// Says which chip and firmware this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FirmwareVersion {
    /// The chip: 32 for PN532.
    pub ic: u8,
    /// Version of the firmware.
    pub version: u8,
    /// Revision of the firmware.
    pub revision: u8,
    /// What it can do: bit 0 type A, bit 1 type B, bit 2 NFC-DEP (ISO/IEC 18092).
    pub support: u8,
}

impl FirmwareVersion {
    /// PN532/C106, firmware 1.6, with type A, type B and NFC-DEP.
    pub const PN532_1_6: Self = Self { ic: 0x32, version: 1, revision: 6, support: 0x07 };

    /// PN533/C270, firmware 2.7, with type A, type B and NFC-DEP.
    pub const PN533_2_7: Self = Self { ic: 0x33, version: 2, revision: 7, support: 0x07 };
}

/// Is the chip's state (UM0701-02, 7.2.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneralStatus {
    /// The last error.
    pub error: Status,
    /// Whether a foreign field is there.
    pub field: bool,
    /// The targets that are activated.
    pub targets: Vec<TargetState>,
    /// State of the security module.
    pub sam: u8,
}

/// Is an activated target in [`GeneralStatus`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TargetState {
    /// The chip's number for it.
    pub number: u8,
    /// Speed of reception: 0, 1 or 2 for 106, 212 or 424 kbit/s.
    pub receive: u8,
    /// Speed of transmission.
    pub transmit: u8,
    /// Modulation: 0 for ISO/IEC 14443 and MIFARE.
    pub modulation: u8,
}

impl ChipResponse {
    pub(super) fn command_code(&self) -> u8 {
        match self {
            Self::Diagnose(_) => code::DIAGNOSE,
            Self::FirmwareVersion(_) => code::GET_FIRMWARE_VERSION,
            Self::GeneralStatus(_) => code::GET_GENERAL_STATUS,
            Self::Registers(_) => code::READ_REGISTER,
            Self::RegistersWritten => code::WRITE_REGISTER,
            Self::Gpio { .. } => code::READ_GPIO,
            Self::GpioWritten => code::WRITE_GPIO,
            Self::BaudRateSet => code::SET_SERIAL_BAUD_RATE,
            Self::ParametersSet => code::SET_PARAMETERS,
            Self::SamConfigured => code::SAM_CONFIGURATION,
            Self::PoweringDown(_) => code::POWER_DOWN,
            Self::RfConfigured => code::RF_CONFIGURATION,
        }
    }

    pub(super) fn encode_content(&self, data: &mut Vec<u8>) {
        match self {
            Self::Diagnose(result) => data.extend_from_slice(result),
            Self::FirmwareVersion(FirmwareVersion { ic, version, revision, support }) => {
                data.extend([ic, version, revision, support]);
            }
            Self::GeneralStatus(status) => status.encode(data),
            Self::Registers(values) => data.extend_from_slice(values),
            Self::Gpio { p3, p7, i } => data.extend([p3, p7, i]),
            Self::PoweringDown(status) => data.push(status.code()),
            Self::RegistersWritten
            | Self::GpioWritten
            | Self::BaudRateSet
            | Self::ParametersSet
            | Self::SamConfigured
            | Self::RfConfigured => {}
        }
    }

    /// Returns `None` for a code of another family, and `Some(None)` for malformed content.
    pub(super) fn decode(command: u8, content: &[u8]) -> Option<Option<Self>> {
        let empty = |response: Self| content.is_empty().then_some(response);
        Some(match command {
            code::DIAGNOSE => Some(Self::Diagnose(content.to_vec())),
            code::GET_FIRMWARE_VERSION => decode_version(content).map(Self::FirmwareVersion),
            code::GET_GENERAL_STATUS => GeneralStatus::decode(content).map(Self::GeneralStatus),
            code::READ_REGISTER => Some(Self::Registers(content.to_vec())),
            code::WRITE_REGISTER => empty(Self::RegistersWritten),
            code::READ_GPIO => match content {
                [p3, p7, i] => Some(Self::Gpio { p3: *p3, p7: *p7, i: *i }),
                _ => None,
            },
            code::WRITE_GPIO => empty(Self::GpioWritten),
            code::SET_SERIAL_BAUD_RATE => empty(Self::BaudRateSet),
            code::SET_PARAMETERS => empty(Self::ParametersSet),
            code::SAM_CONFIGURATION => empty(Self::SamConfigured),
            code::POWER_DOWN => match content {
                [status] => Some(Self::PoweringDown(Status::new(*status))),
                _ => None,
            },
            code::RF_CONFIGURATION => empty(Self::RfConfigured),
            _ => return None,
        })
    }
}

fn decode_version(content: &[u8]) -> Option<FirmwareVersion> {
    let [ic, version, revision, support] = *content else { return None };
    Some(FirmwareVersion { ic, version, revision, support })
}

impl GeneralStatus {
    fn encode(&self, data: &mut Vec<u8>) {
        let count = u8::try_from(self.targets.len()).unwrap_or(u8::MAX);
        data.extend([self.error.code(), u8::from(self.field), count]);
        for target in &self.targets {
            data.extend([target.number, target.receive, target.transmit, target.modulation]);
        }
        data.push(self.sam);
    }

    fn decode(content: &[u8]) -> Option<Self> {
        let [error, field, count, rest @ ..] = content else { return None };
        let (targets, [sam]) = rest.as_chunks::<4>() else { return None };
        if targets.len() != usize::from(*count) {
            return None;
        }
        let target = |[number, receive, transmit, modulation]: &[u8; 4]| TargetState {
            number: *number,
            receive: *receive,
            transmit: *transmit,
            modulation: *modulation,
        };
        Some(Self {
            error: Status::new(*error),
            field: *field != 0,
            targets: targets.iter().map(target).collect(),
            sam: *sam,
        })
    }
}
