//! The status with which every response tells of slot and command.

/// Says how the card of a slot is (bmICCStatus, CCID 1.1, clause 6.2.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IccStatus {
    /// A card is in and powered.
    Active,
    /// A card is in and not powered.
    Inactive,
    /// No card is in.
    Absent,
}

/// Says what came of a command (bmCommandStatus, bError).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CommandStatus {
    /// It was carried out.
    Processed,
    /// It failed.
    Failed(SlotError),
    /// The reader needs more time; the factor multiplies the block waiting time of T=1 or the
    /// work waiting time of T=0.
    TimeExtension(u8),
}

/// Is a slot error (bError; CCID 1.1, table 6.2-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SlotError(pub u8);

impl SlotError {
    /// The reader does not know the command.
    pub const COMMAND_NOT_SUPPORTED: Self = Self(0x00);
    /// dwLength is wrong: byte 1 of the message.
    pub const BAD_LENGTH: Self = Self(0x01);
    /// There is no such slot: byte 5 of the message.
    pub const BAD_SLOT: Self = Self(0x05);
    /// Byte 7 of the message has no meaning: the voltage, the protocol.
    pub const BAD_BYTE_7: Self = Self(0x07);
    /// wLevelParameter is wrong: byte 8 of the message.
    pub const BAD_LEVEL: Self = Self(0x08);
    /// A second command came while one was under way in the slot.
    pub const SLOT_BUSY: Self = Self(0xe0);
    /// The cancel key was pressed in place of a PIN.
    pub const PIN_CANCELLED: Self = Self(0xef);
    /// Nobody typed a PIN in time.
    pub const PIN_TIMEOUT: Self = Self(0xf0);
    /// The reader is in the middle of a sequence of its own.
    pub const BUSY_WITH_AUTO_SEQUENCE: Self = Self(0xf2);
    /// The card answers with a protocol that was switched off.
    pub const DEACTIVATED_PROTOCOL: Self = Self(0xf3);
    /// The card's procedure byte conflicts with the command.
    pub const PROCEDURE_BYTE_CONFLICT: Self = Self(0xf4);
    /// The card needs another voltage.
    pub const CLASS_NOT_SUPPORTED: Self = Self(0xf5);
    /// The card speaks a protocol that the reader does not.
    pub const PROTOCOL_NOT_SUPPORTED: Self = Self(0xf6);
    /// TCK of the answer to reset is wrong.
    pub const BAD_ATR_TCK: Self = Self(0xf7);
    /// TS of the answer to reset is wrong.
    pub const BAD_ATR_TS: Self = Self(0xf8);
    /// The reader's hardware failed.
    pub const HARDWARE: Self = Self(0xfb);
    /// Bytes were lost between reader and card.
    pub const OVERRUN: Self = Self(0xfc);
    /// Parity was wrong between reader and card.
    pub const PARITY: Self = Self(0xfd);
    /// The card gave no answer in time, or none is in.
    pub const ICC_MUTE: Self = Self(0xfe);
    /// The host aborted the command.
    pub const ABORTED: Self = Self(0xff);
}

/// Is bStatus and bError of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SlotStatus {
    /// How the card is.
    pub icc: IccStatus,
    /// What came of the command.
    pub command: CommandStatus,
}

impl SlotStatus {
    /// Creates the status behind a command that was carried out.
    #[must_use]
    pub fn processed(icc: IccStatus) -> Self {
        Self { icc, command: CommandStatus::Processed }
    }

    /// Creates the status behind a command that failed.
    #[must_use]
    pub fn failed(icc: IccStatus, error: SlotError) -> Self {
        Self { icc, command: CommandStatus::Failed(error) }
    }

    pub(super) fn encode(self) -> [u8; 2] {
        let icc = match self.icc {
            IccStatus::Active => 0,
            IccStatus::Inactive => 1,
            IccStatus::Absent => 2,
        };
        match self.command {
            CommandStatus::Processed => [icc, 0],
            CommandStatus::Failed(error) => [0x40 | icc, error.0],
            CommandStatus::TimeExtension(factor) => [0x80 | icc, factor],
        }
    }

    /// Returns `None` for a status with reserved bits.
    pub(super) fn decode(status: u8, error: u8) -> Option<Self> {
        let icc = match status & 0x03 {
            0 => IccStatus::Active,
            1 => IccStatus::Inactive,
            2 => IccStatus::Absent,
            _ => return None,
        };
        let command = match status & 0xfc {
            0x00 => CommandStatus::Processed,
            0x40 => CommandStatus::Failed(SlotError(error)),
            0x80 => CommandStatus::TimeExtension(error),
            _ => return None,
        };
        Some(Self { icc, command })
    }
}
