//! Messages on the interrupt endpoint (CCID 1.1, clause 6.3).

use super::CcidError;

/// Is what a reader tells without being asked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notification {
    /// RDR_to_PC_NotifySlotChange: for each slot whether a card is in, and whether that has
    /// changed since it was told last.
    SlotChange(Vec<(bool, bool)>),
    /// RDR_to_PC_HardwareError.
    HardwareError {
        /// The slot.
        slot: u8,
        /// The sequence number of the command in which it happened.
        sequence: u8,
        /// bHardwareErrorCode: 1 for overcurrent.
        code: u8,
    },
}

const NOTIFY_SLOT_CHANGE: u8 = 0x50;
const HARDWARE_ERROR: u8 = 0x51;
/// Two bits a slot: card present, changed.
const SLOTS_IN_A_BYTE: usize = 4;

impl Notification {
    /// Creates the notification of a reader with one slot, that a card has come or left.
    #[must_use]
    pub fn slot_0(present: bool) -> Self {
        Self::SlotChange(vec![(present, true)])
    }

    /// Returns the message.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::SlotChange(slots) => {
                let mut message = vec![NOTIFY_SLOT_CHANGE];
                message.extend(slots.chunks(SLOTS_IN_A_BYTE).map(|four| {
                    let bits = four.iter().enumerate().map(|(place, (present, changed))| {
                        (u8::from(*present) | u8::from(*changed) << 1) << (2 * place)
                    });
                    bits.fold(0, |byte, bits| byte | bits)
                }));
                message
            }
            Self::HardwareError { slot, sequence, code } => {
                vec![HARDWARE_ERROR, *slot, *sequence, *code]
            }
        }
    }

    /// Reads a message of a reader with so many slots.
    ///
    /// # Errors
    ///
    /// [`CcidError`].
    pub fn decode(bytes: &[u8], slots: usize) -> Result<Self, CcidError> {
        let truncated = |need| CcidError::Truncated { have: bytes.len(), need };
        match bytes {
            [] => Err(truncated(1)),
            [NOTIFY_SLOT_CHANGE, bits @ ..] => {
                let need = slots.div_ceil(SLOTS_IN_A_BYTE);
                if bits.len() < need {
                    return Err(truncated(need + 1));
                }
                let pairs = bits
                    .iter()
                    .flat_map(|byte| (0..SLOTS_IN_A_BYTE).map(move |place| byte >> (2 * place)));
                Ok(Self::SlotChange(pairs.map(|b| (b & 1 != 0, b & 2 != 0)).take(slots).collect()))
            }
            [HARDWARE_ERROR, slot, sequence, code, ..] => {
                Ok(Self::HardwareError { slot: *slot, sequence: *sequence, code: *code })
            }
            [HARDWARE_ERROR, ..] => Err(truncated(4)),
            [other, ..] => Err(CcidError::MessageType(*other)),
        }
    }
}
