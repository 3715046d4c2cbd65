//! Answers of the reader: RDR_to_PC messages (CCID 1.1, clause 6.2).

use super::header::Header;
use super::{CardData, CcidError, Parameters, SlotStatus};

/// Is an answer of the reader.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Response {
    /// The slot of the command.
    pub slot: u8,
    /// The sequence number of the command.
    pub sequence: u8,
    /// How card and command are.
    pub status: SlotStatus,
    /// What the command asked for.
    pub body: ResponseBody,
}

/// Is what a response carries.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponseBody {
    /// RDR_to_PC_DataBlock: an answer to reset, block, TPDU or APDU.
    DataBlock {
        /// bChainParameter: the place in a chain (extended APDU level), else 0.
        chain: u8,
        /// The bytes.
        data: CardData,
    },
    /// RDR_to_PC_SlotStatus with bClockStatus: 0 running, 1 stopped low, 2 stopped high,
    /// 3 stopped.
    SlotStatus {
        /// bClockStatus.
        clock: u8,
    },
    /// RDR_to_PC_Parameters. `None` in a response to a command that failed.
    Parameters(Option<Parameters>),
    /// RDR_to_PC_Escape: the maker's own.
    Escape(CardData),
    /// RDR_to_PC_DataRateAndClockFrequency; `None` in a response to a command that failed.
    DataRateAndClock(Option<(u32, u32)>),
}

const DATA_BLOCK: u8 = 0x80;
const SLOT_STATUS: u8 = 0x81;
const PARAMETERS: u8 = 0x82;
const ESCAPE: u8 = 0x83;
const DATA_RATE_AND_CLOCK: u8 = 0x84;

impl Response {
    /// Creates a response to the command of this slot and sequence number.
    #[must_use]
    pub fn new(slot: u8, sequence: u8, status: SlotStatus, body: ResponseBody) -> Self {
        Self { slot, sequence, status, body }
    }

    /// Returns the message.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let (message_type, specific, content) = self.body.parts();
        let [status, error] = self.status.encode();
        let specific = [status, error, specific];
        Header::encode(message_type, self.slot, self.sequence, specific, &content)
    }

    /// Reads a whole message.
    ///
    /// # Errors
    ///
    /// [`CcidError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, CcidError> {
        let (header, content) = Header::split(bytes)?;
        let [status, error, specific] = header.specific;
        let slot_status =
            SlotStatus::decode(status, error).ok_or_else(|| header.field(7, status))?;
        let body = ResponseBody::decode(&header, specific, content)?;
        Ok(Self { slot: header.slot, sequence: header.sequence, status: slot_status, body })
    }
}

impl ResponseBody {
    /// Returns a body with data and no chain.
    #[must_use]
    pub fn data(data: impl Into<CardData>) -> Self {
        Self::DataBlock { chain: 0, data: data.into() }
    }

    /// Returns the empty body with which a command of this bMessageType is refused. One that the
    /// reader does not know is refused with a slot status.
    #[must_use]
    pub fn refusal(message_type: u8) -> Self {
        match message_type {
            // PC_to_RDR_IccPowerOn, XfrBlock, Secure.
            0x62 | 0x6f | 0x69 => Self::data(Vec::new()),
            // PC_to_RDR_GetParameters, ResetParameters, SetParameters.
            0x6c | 0x6d | 0x61 => Self::Parameters(None),
            // PC_to_RDR_Escape.
            0x6b => Self::Escape(Vec::new().into()),
            // PC_to_RDR_SetDataRateAndClockFrequency.
            0x73 => Self::DataRateAndClock(None),
            _ => Self::SlotStatus { clock: 0 },
        }
    }

    /// Returns bMessageType, the last byte of the header, and what follows it.
    fn parts(&self) -> (u8, u8, Vec<u8>) {
        match self {
            Self::DataBlock { chain, data } => (DATA_BLOCK, *chain, data.to_vec()),
            Self::SlotStatus { clock } => (SLOT_STATUS, *clock, Vec::new()),
            Self::Parameters(None) => (PARAMETERS, 0, Vec::new()),
            Self::Parameters(Some(parameters)) => {
                let (protocol, content) = parameters.encode();
                (PARAMETERS, protocol, content)
            }
            Self::Escape(data) => (ESCAPE, 0, data.to_vec()),
            Self::DataRateAndClock(rates) => {
                let content =
                    rates.map(|(clock, rate)| [clock.to_le_bytes(), rate.to_le_bytes()].concat());
                (DATA_RATE_AND_CLOCK, 0, content.unwrap_or_default())
            }
        }
    }

    fn decode(header: &Header, specific: u8, content: &[u8]) -> Result<Self, CcidError> {
        let length = || header.field(1, u8::try_from(content.len()).unwrap_or(u8::MAX));
        match header.message_type {
            DATA_BLOCK => Ok(Self::DataBlock { chain: specific, data: content.into() }),
            SLOT_STATUS if content.is_empty() => Ok(Self::SlotStatus { clock: specific }),
            PARAMETERS if content.is_empty() => Ok(Self::Parameters(None)),
            PARAMETERS => Parameters::decode(specific, content)
                .map(|parameters| Self::Parameters(Some(parameters)))
                .ok_or_else(length),
            ESCAPE => Ok(Self::Escape(content.into())),
            DATA_RATE_AND_CLOCK => match content.as_chunks::<4>() {
                ([], []) => Ok(Self::DataRateAndClock(None)),
                (&[clock, rate], []) => Ok(Self::DataRateAndClock(Some((
                    u32::from_le_bytes(clock),
                    u32::from_le_bytes(rate),
                )))),
                _ => Err(length()),
            },
            SLOT_STATUS => Err(length()),
            other => Err(CcidError::MessageType(other)),
        }
    }
}
