//! Responses to commands about targets (UM0701-02, 7.3).

use super::code;
use super::status::{MORE, NODE_ADDRESS, Status};
use crate::card_data::CardData;

/// Is a response to a command about targets.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum InitiatorResponse {
    /// The targets that were found.
    PassiveTargets {
        /// How many: 0 to 2.
        count: u8,
        /// Their descriptions, whose form depends on the modulation;
        /// [`TypeATarget`](super::TypeATarget) reads those of type A.
        data: Vec<u8>,
    },
    /// The targets that polling found: type, and description as for
    /// [`PassiveTargets`](Self::PassiveTargets).
    AutoPolled(Vec<(u8, Vec<u8>)>),
    /// The target's answer.
    DataExchanged {
        /// Whether it came.
        status: Status,
        /// Whether it goes on in the next exchange.
        more: bool,
        /// The answer.
        data: CardData,
    },
    /// The raw answer.
    CommunicatedThru {
        /// Whether it came.
        status: Status,
        /// The answer.
        data: CardData,
    },
    /// The target is selected, or why not.
    Selected(Status),
    /// The target is deselected.
    Deselected(Status),
    /// The target is forgotten.
    Released(Status),
    /// Outcome of InJumpForDEP: number, NFCID3 and so on, when the status is good.
    JumpedForDep {
        /// Whether a target was activated.
        status: Status,
        /// Its number and description.
        data: Vec<u8>,
    },
    /// Outcome of InJumpForPSL, of the same form.
    JumpedForPsl {
        /// Whether a target was activated.
        status: Status,
        /// Its number and description.
        data: Vec<u8>,
    },
    /// Outcome of InATR.
    Atr {
        /// Whether the target answered.
        status: Status,
        /// Its answer.
        data: Vec<u8>,
    },
    /// Outcome of InPSL.
    Psl(Status),
}

impl InitiatorResponse {
    pub(super) fn command_code(&self) -> u8 {
        match self {
            Self::PassiveTargets { .. } => code::IN_LIST_PASSIVE_TARGET,
            Self::AutoPolled(_) => code::IN_AUTO_POLL,
            Self::DataExchanged { .. } => code::IN_DATA_EXCHANGE,
            Self::CommunicatedThru { .. } => code::IN_COMMUNICATE_THRU,
            Self::Selected(_) => code::IN_SELECT,
            Self::Deselected(_) => code::IN_DESELECT,
            Self::Released(_) => code::IN_RELEASE,
            Self::JumpedForDep { .. } => code::IN_JUMP_FOR_DEP,
            Self::JumpedForPsl { .. } => code::IN_JUMP_FOR_PSL,
            Self::Atr { .. } => code::IN_ATR,
            Self::Psl(_) => code::IN_PSL,
        }
    }

    pub(super) fn encode_content(&self, output: &mut Vec<u8>) {
        match self {
            Self::PassiveTargets { count, data } => {
                output.push(*count);
                output.extend_from_slice(data);
            }
            Self::AutoPolled(targets) => {
                output.push(u8::try_from(targets.len()).unwrap_or(u8::MAX));
                for (kind, data) in targets {
                    output.extend([*kind, u8::try_from(data.len()).unwrap_or(u8::MAX)]);
                    output.extend_from_slice(data);
                }
            }
            Self::DataExchanged { status, more, data } => {
                output.push(status.code() | if *more { MORE } else { 0 });
                output.extend_from_slice(data);
            }
            Self::CommunicatedThru { status, data } => {
                output.push(status.code());
                output.extend_from_slice(data);
            }
            Self::Selected(status)
            | Self::Deselected(status)
            | Self::Released(status)
            | Self::Psl(status) => output.push(status.code()),
            Self::JumpedForDep { status, data }
            | Self::JumpedForPsl { status, data }
            | Self::Atr { status, data } => {
                output.push(status.code());
                output.extend_from_slice(data);
            }
        }
    }

    /// Returns `None` for a code of another family, and `Some(None)` for malformed content.
    pub(super) fn decode(command: u8, content: &[u8]) -> Option<Option<Self>> {
        Some(match command {
            code::IN_LIST_PASSIVE_TARGET => content
                .split_first()
                .map(|(count, data)| Self::PassiveTargets { count: *count, data: data.to_vec() }),
            code::IN_AUTO_POLL => decode_auto_polled(content),
            code::IN_DATA_EXCHANGE => decode_exchanged(content),
            code::IN_COMMUNICATE_THRU => with_status(content)
                .map(|(status, data)| Self::CommunicatedThru { status, data: data.into() }),
            code::IN_SELECT => status_only(content).map(Self::Selected),
            code::IN_DESELECT => status_only(content).map(Self::Deselected),
            code::IN_RELEASE => status_only(content).map(Self::Released),
            code::IN_JUMP_FOR_DEP => with_status(content)
                .map(|(status, data)| Self::JumpedForDep { status, data: data.to_vec() }),
            code::IN_JUMP_FOR_PSL => with_status(content)
                .map(|(status, data)| Self::JumpedForPsl { status, data: data.to_vec() }),
            code::IN_ATR => {
                with_status(content).map(|(status, data)| Self::Atr { status, data: data.to_vec() })
            }
            code::IN_PSL => status_only(content).map(Self::Psl),
            _ => return None,
        })
    }
}

fn with_status(content: &[u8]) -> Option<(Status, &[u8])> {
    content.split_first().map(|(status, data)| (Status::new(*status), data))
}

fn status_only(content: &[u8]) -> Option<Status> {
    let [status] = content else { return None };
    Some(Status::new(*status))
}

fn decode_exchanged(content: &[u8]) -> Option<InitiatorResponse> {
    let (byte, data) = content.split_first()?;
    // A node address comes only when the host has asked for it with NAD_USED.
    let data = if byte & NODE_ADDRESS == 0 { data } else { data.get(1..)? };
    let (status, more) = (Status::new(*byte), byte & MORE != 0);
    Some(InitiatorResponse::DataExchanged { status, more, data: data.into() })
}

fn decode_auto_polled(content: &[u8]) -> Option<InitiatorResponse> {
    let (count, mut rest) = content.split_first()?;
    let mut targets = Vec::new();
    for _ in 0..*count {
        let [kind, length, behind @ ..] = rest else { return None };
        let (data, behind) = behind.split_at_checked(usize::from(*length))?;
        targets.push((*kind, data.to_vec()));
        rest = behind;
    }
    rest.is_empty().then_some(InitiatorResponse::AutoPolled(targets))
}
