//! Where the chips of the family differ.

use countertop_wire::pn532::{ChipCommand, FirmwareVersion};

/// Is a chip of the family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Model {
    /// PN532, on a serial line.
    Pn532,
    /// PN533, on USB (user manual UM0801-03).
    Pn533,
}

/// GetFirmwareVersion.
const GET_FIRMWARE_VERSION: u8 = 0x02;
/// Responses to ReadRegister and WriteRegister.
const REGISTERS: [u8; 2] = [0x07, 0x09];
/// Status without error.
const OK: u8 = 0x00;

impl Model {
    pub(super) fn firmware(self) -> FirmwareVersion {
        match self {
            Self::Pn532 => FirmwareVersion::PN532_1_6,
            Self::Pn533 => FirmwareVersion::PN533_2_7,
        }
    }

    /// Tells whether the chip sleeps until a host wakes it; one on USB is woken by the bus.
    pub(super) fn sleeps(self) -> bool {
        self == Self::Pn532
    }

    /// The PN533 has no security module to configure.
    pub(super) fn knows(self, command: &ChipCommand) -> bool {
        self == Self::Pn532 || !matches!(command, ChipCommand::SamConfiguration { .. })
    }

    /// Returns the command as the chip takes it: the PN533 does not mind what follows
    /// GetFirmwareVersion, by which hosts repair its descriptors (release note of PN5331B3HNC270).
    pub(super) fn heard(self, data: &[u8]) -> &[u8] {
        match (self, data) {
            (Self::Pn533, [GET_FIRMWARE_VERSION, ..]) => data.get(..1).unwrap_or(data),
            _ => data,
        }
    }

    /// Returns the response as the chip sends it: the PN533 puts a status in front of registers
    /// (UM0801-03, ReadRegister and WriteRegister).
    pub(super) fn said(self, mut response: Vec<u8>) -> Vec<u8> {
        if self == Self::Pn533 && response.first().is_some_and(|code| REGISTERS.contains(code)) {
            response.insert(1, OK);
        }
        response
    }
}
