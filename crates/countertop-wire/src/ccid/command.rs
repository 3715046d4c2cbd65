//! Commands of the host: PC_to_RDR messages (CCID 1.1, clause 6.1).

use super::header::Header;
use super::{CardData, CcidError, Parameters};

/// Is a command of the host.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Command {
    /// The slot, from 0.
    pub slot: u8,
    /// The sequence number, which the response repeats.
    pub sequence: u8,
    /// What is to be done.
    pub body: CommandBody,
}

/// Is what a command asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CommandBody {
    /// PC_to_RDR_IccPowerOn: power the card and return its answer to reset.
    IccPowerOn(PowerSelect),
    /// PC_to_RDR_IccPowerOff.
    IccPowerOff,
    /// PC_to_RDR_GetSlotStatus.
    GetSlotStatus,
    /// PC_to_RDR_XfrBlock: exchange a block with the card.
    XfrBlock {
        /// bBWI: extends the block waiting time of this block (T=1 at TPDU level).
        waiting: u8,
        /// wLevelParameter: the place in a chain (extended APDU level), else the length that is
        /// expected (character level) or 0.
        level: u16,
        /// The block, TPDU or APDU.
        data: CardData,
    },
    /// PC_to_RDR_GetParameters.
    GetParameters,
    /// PC_to_RDR_ResetParameters: back to those behind a reset.
    ResetParameters,
    /// PC_to_RDR_SetParameters.
    SetParameters(Parameters),
    /// PC_to_RDR_Escape: the maker's own.
    Escape(CardData),
    /// PC_to_RDR_IccClock: restart (`true`) or stop the card's clock.
    IccClock {
        /// Whether the clock runs.
        running: bool,
    },
    /// PC_to_RDR_T0APDU: how class `GET RESPONSE` and `ENVELOPE` are made at APDU level.
    T0Apdu {
        /// bmChanges: which of the two classes is changed.
        changes: u8,
        /// bClassGetResponse.
        get_response: u8,
        /// bClassEnvelope.
        envelope: u8,
    },
    /// PC_to_RDR_Secure: PIN entry at the reader.
    Secure {
        /// bBWI.
        waiting: u8,
        /// wLevelParameter.
        level: u16,
        /// bPINOperation and the PIN data structure.
        data: CardData,
    },
    /// PC_to_RDR_Mechanical: accept, eject, capture, lock or unlock the card.
    Mechanical(u8),
    /// PC_to_RDR_Abort: the second half of an abort, behind the class request.
    Abort,
    /// PC_to_RDR_SetDataRateAndClockFrequency.
    SetDataRateAndClock {
        /// dwClockFrequency in kHz.
        clock: u32,
        /// dwDataRate in bit/s.
        rate: u32,
    },
}

/// Says with which voltage a card is powered (bPowerSelect).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PowerSelect {
    /// The reader chooses.
    Automatic,
    /// 5 V.
    Volts5,
    /// 3 V.
    Volts3,
    /// 1.8 V.
    Volts1_8,
}

/// Says where in a chain of blocks a block stands (wLevelParameter and bChainParameter at
/// extended APDU level).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Chain {
    /// The APDU begins and ends with this block.
    Whole,
    /// The APDU begins with this block.
    Begins,
    /// The APDU ends with this block.
    Ends,
    /// The APDU goes on before and behind this block.
    Continues,
    /// An empty block, with which more is asked for.
    More,
}

const SET_PARAMETERS: u8 = 0x61;
const ICC_POWER_ON: u8 = 0x62;
const ICC_POWER_OFF: u8 = 0x63;
const GET_SLOT_STATUS: u8 = 0x65;
const SECURE: u8 = 0x69;
const T0_APDU: u8 = 0x6a;
const ESCAPE: u8 = 0x6b;
const GET_PARAMETERS: u8 = 0x6c;
const RESET_PARAMETERS: u8 = 0x6d;
const ICC_CLOCK: u8 = 0x6e;
const XFR_BLOCK: u8 = 0x6f;
const MECHANICAL: u8 = 0x71;
const ABORT: u8 = 0x72;
const SET_DATA_RATE_AND_CLOCK: u8 = 0x73;

impl Command {
    /// Creates a command.
    #[must_use]
    pub fn new(slot: u8, sequence: u8, body: CommandBody) -> Self {
        Self { slot, sequence, body }
    }

    /// Returns the message.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let (message_type, specific, content) = self.body.parts();
        Header::encode(message_type, self.slot, self.sequence, specific, &content)
    }

    /// Reads a whole message.
    ///
    /// # Errors
    ///
    /// [`CcidError`]; the [`Header`] can be read nevertheless, when there is one.
    pub fn decode(bytes: &[u8]) -> Result<Self, CcidError> {
        let (header, content) = Header::split(bytes)?;
        let body = CommandBody::decode(&header, content)?;
        Ok(Self { slot: header.slot, sequence: header.sequence, body })
    }
}

impl CommandBody {
    /// Returns bMessageType, the three bytes of its own, and what follows the header.
    fn parts(&self) -> (u8, [u8; 3], Vec<u8>) {
        match self {
            Self::IccPowerOn(voltage) => (ICC_POWER_ON, [voltage.code(), 0, 0], Vec::new()),
            Self::IccPowerOff => (ICC_POWER_OFF, [0; 3], Vec::new()),
            Self::GetSlotStatus => (GET_SLOT_STATUS, [0; 3], Vec::new()),
            Self::XfrBlock { waiting, level, data } => {
                (XFR_BLOCK, waiting_and_level(*waiting, *level), data.to_vec())
            }
            Self::GetParameters => (GET_PARAMETERS, [0; 3], Vec::new()),
            Self::ResetParameters => (RESET_PARAMETERS, [0; 3], Vec::new()),
            Self::SetParameters(parameters) => {
                let (protocol, content) = parameters.encode();
                (SET_PARAMETERS, [protocol, 0, 0], content)
            }
            Self::Escape(data) => (ESCAPE, [0; 3], data.to_vec()),
            Self::IccClock { running } => (ICC_CLOCK, [u8::from(!running), 0, 0], Vec::new()),
            Self::T0Apdu { changes, get_response, envelope } => {
                (T0_APDU, [*changes, *get_response, *envelope], Vec::new())
            }
            Self::Secure { waiting, level, data } => {
                (SECURE, waiting_and_level(*waiting, *level), data.to_vec())
            }
            Self::Mechanical(function) => (MECHANICAL, [*function, 0, 0], Vec::new()),
            Self::Abort => (ABORT, [0; 3], Vec::new()),
            Self::SetDataRateAndClock { clock, rate } => {
                let content = [clock.to_le_bytes(), rate.to_le_bytes()].concat();
                (SET_DATA_RATE_AND_CLOCK, [0; 3], content)
            }
        }
    }

    fn decode(header: &Header, content: &[u8]) -> Result<Self, CcidError> {
        let [first, second, third] = header.specific;
        let (waiting, level) = (first, u16::from_le_bytes([second, third]));
        let body = match header.message_type {
            XFR_BLOCK => return Ok(Self::XfrBlock { waiting, level, data: content.into() }),
            SECURE => return Ok(Self::Secure { waiting, level, data: content.into() }),
            ESCAPE => return Ok(Self::Escape(content.into())),
            SET_PARAMETERS => return decode_parameters(header, content),
            SET_DATA_RATE_AND_CLOCK => return decode_rates(header, content),
            ICC_POWER_ON => Self::IccPowerOn(
                PowerSelect::from_code(first).ok_or_else(|| header.field(7, first))?,
            ),
            ICC_POWER_OFF => Self::IccPowerOff,
            GET_SLOT_STATUS => Self::GetSlotStatus,
            GET_PARAMETERS => Self::GetParameters,
            RESET_PARAMETERS => Self::ResetParameters,
            ICC_CLOCK if first <= 1 => Self::IccClock { running: first == 0 },
            ICC_CLOCK => return Err(header.field(7, first)),
            T0_APDU => Self::T0Apdu { changes: first, get_response: second, envelope: third },
            MECHANICAL => Self::Mechanical(first),
            ABORT => Self::Abort,
            other => return Err(CcidError::MessageType(other)),
        };
        match content {
            [] => Ok(body),
            _ => Err(header.field(1, u8::try_from(content.len()).unwrap_or(u8::MAX))),
        }
    }
}

fn decode_parameters(header: &Header, content: &[u8]) -> Result<CommandBody, CcidError> {
    let [protocol, ..] = header.specific;
    let parameters = Parameters::decode(protocol, content);
    parameters.map(CommandBody::SetParameters).ok_or_else(|| header.field(7, protocol))
}

fn decode_rates(header: &Header, content: &[u8]) -> Result<CommandBody, CcidError> {
    let (&[clock, rate], []) = content.as_chunks::<4>() else {
        return Err(header.field(1, u8::try_from(content.len()).unwrap_or(u8::MAX)));
    };
    let (clock, rate) = (u32::from_le_bytes(clock), u32::from_le_bytes(rate));
    Ok(CommandBody::SetDataRateAndClock { clock, rate })
}

fn waiting_and_level(waiting: u8, level: u16) -> [u8; 3] {
    let [low, high] = level.to_le_bytes();
    [waiting, low, high]
}

impl PowerSelect {
    fn code(self) -> u8 {
        match self {
            Self::Automatic => 0,
            Self::Volts5 => 1,
            Self::Volts3 => 2,
            Self::Volts1_8 => 3,
        }
    }

    fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            0 => Self::Automatic,
            1 => Self::Volts5,
            2 => Self::Volts3,
            3 => Self::Volts1_8,
            _ => return None,
        })
    }
}

impl Chain {
    /// Returns bChainParameter, which is the low byte of wLevelParameter.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Whole => 0x00,
            Self::Begins => 0x01,
            Self::Ends => 0x02,
            Self::Continues => 0x03,
            Self::More => 0x10,
        }
    }

    /// Reads bChainParameter or wLevelParameter; `None` when it is reserved.
    #[must_use]
    pub fn from_level(level: u16) -> Option<Self> {
        Some(match level {
            0x00 => Self::Whole,
            0x01 => Self::Begins,
            0x02 => Self::Ends,
            0x03 => Self::Continues,
            0x10 => Self::More,
            _ => return None,
        })
    }
}
