//! Commands about targets, with the chip as initiator (UM0701-02, 7.3).

use super::code;
use super::status::MORE;
use crate::card_data::CardData;

/// Is a command about targets in the field.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum InitiatorCommand {
    /// Searches for targets and activates them.
    InListPassiveTarget {
        /// How many to activate: 1 or 2.
        max_targets: u8,
        /// How they speak.
        modulation: Modulation,
        /// Depends on the modulation: the UID to select (type A, with cascade tags), the
        /// application family (type B), the polling payload (FeliCa).
        initiator_data: Vec<u8>,
    },
    /// Searches for targets of several types by turns.
    InAutoPoll {
        /// How often; FF is for ever.
        polls: u8,
        /// How long each type is polled, in units of 150 ms: 1 to 15.
        period: u8,
        /// The types, of the constants in [`target_type`].
        types: Vec<u8>,
    },
    /// Exchanges data with a target in the protocol that it was activated for.
    InDataExchange {
        /// Number of the target.
        target: u8,
        /// Whether more data for the same message follow.
        more: bool,
        /// What the target gets.
        data: CardData,
    },
    /// Exchanges a raw frame with whatever is in the field.
    InCommunicateThru(CardData),
    /// Selects a target that was listed.
    InSelect(u8),
    /// Deselects a target, or all with 0, and keeps what is known about it.
    InDeselect(u8),
    /// Deselects a target, or all with 0, and forgets it.
    InRelease(u8),
    /// Activates an NFC-DEP target.
    InJumpForDep(DepRequest),
    /// Activates an NFC-DEP target and leaves the speed to the host.
    InJumpForPsl(DepRequest),
    /// Sends ATR_REQ, or RATS, to a target.
    InAtr {
        /// Number of the target.
        target: u8,
        /// What follows: flags, NFCID3 and general bytes.
        parameters: Vec<u8>,
    },
    /// Changes the speed of a target.
    InPsl {
        /// Number of the target.
        target: u8,
        /// Speed from initiator to target: 0, 1 or 2 for 106, 212 or 424 kbit/s.
        to_target: u8,
        /// Speed from target to initiator.
        to_initiator: u8,
    },
}

/// Is the request of InJumpForDEP and InJumpForPSL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DepRequest {
    /// Whether both sides make a field by turns.
    pub active: bool,
    /// 0, 1 or 2 for 106, 212 or 424 kbit/s.
    pub speed: u8,
    /// What follows: flags, passive initiator data, NFCID3 and general bytes.
    pub parameters: Vec<u8>,
}

/// Says how a target speaks (BrTy, UM0701-02, 7.3.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Modulation {
    /// 106 kbit/s, ISO/IEC 14443 type A.
    TypeA,
    /// 212 kbit/s, FeliCa.
    Felica212,
    /// 424 kbit/s, FeliCa.
    Felica424,
    /// 106 kbit/s, ISO/IEC 14443-3 type B.
    TypeB,
    /// 106 kbit/s, Innovision Jewel.
    Jewel,
}

/// Types of targets in InAutoPoll (UM0701-02, 7.3.13).
pub mod target_type {
    /// Anything of 106 kbit/s type A.
    pub const GENERIC_106: u8 = 0x00;
    /// Anything of 212 kbit/s.
    pub const GENERIC_212: u8 = 0x01;
    /// Anything of 424 kbit/s.
    pub const GENERIC_424: u8 = 0x02;
    /// ISO/IEC 14443-4 type B.
    pub const ISO_14443_4B: u8 = 0x03;
    /// Innovision Jewel.
    pub const JEWEL: u8 = 0x04;
    /// MIFARE: type A without ISO/IEC 14443-4.
    pub const MIFARE: u8 = 0x10;
    /// FeliCa at 212 kbit/s.
    pub const FELICA_212: u8 = 0x11;
    /// FeliCa at 424 kbit/s.
    pub const FELICA_424: u8 = 0x12;
    /// ISO/IEC 14443-4 type A.
    pub const ISO_14443_4A: u8 = 0x20;
    /// ISO/IEC 14443-4 type B, by its other number.
    pub const ISO_14443_4B_MANDATORY: u8 = 0x23;
}

impl Modulation {
    const ALL: [Self; 5] =
        [Self::TypeA, Self::Felica212, Self::Felica424, Self::TypeB, Self::Jewel];

    const fn code(self) -> u8 {
        match self {
            Self::TypeA => 0,
            Self::Felica212 => 1,
            Self::Felica424 => 2,
            Self::TypeB => 3,
            Self::Jewel => 4,
        }
    }

    fn decode(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }
}

impl InitiatorCommand {
    pub(super) fn code(&self) -> u8 {
        match self {
            Self::InListPassiveTarget { .. } => code::IN_LIST_PASSIVE_TARGET,
            Self::InAutoPoll { .. } => code::IN_AUTO_POLL,
            Self::InDataExchange { .. } => code::IN_DATA_EXCHANGE,
            Self::InCommunicateThru(_) => code::IN_COMMUNICATE_THRU,
            Self::InSelect(_) => code::IN_SELECT,
            Self::InDeselect(_) => code::IN_DESELECT,
            Self::InRelease(_) => code::IN_RELEASE,
            Self::InJumpForDep(_) => code::IN_JUMP_FOR_DEP,
            Self::InJumpForPsl(_) => code::IN_JUMP_FOR_PSL,
            Self::InAtr { .. } => code::IN_ATR,
            Self::InPsl { .. } => code::IN_PSL,
        }
    }

    pub(super) fn encode_parameters(&self, data: &mut Vec<u8>) {
        match self {
            Self::InListPassiveTarget { max_targets, modulation, initiator_data } => {
                data.extend([*max_targets, modulation.code()]);
                data.extend_from_slice(initiator_data);
            }
            Self::InAutoPoll { polls, period, types } => {
                data.extend([*polls, *period]);
                data.extend_from_slice(types);
            }
            Self::InDataExchange { target, more, data: content } => {
                data.push(target | if *more { MORE } else { 0 });
                data.extend_from_slice(content);
            }
            Self::InCommunicateThru(content) => data.extend_from_slice(content),
            Self::InSelect(target) | Self::InDeselect(target) | Self::InRelease(target) => {
                data.push(*target);
            }
            Self::InJumpForDep(request) | Self::InJumpForPsl(request) => {
                data.extend([u8::from(request.active), request.speed]);
                data.extend_from_slice(&request.parameters);
            }
            Self::InAtr { target, parameters } => {
                data.push(*target);
                data.extend_from_slice(parameters);
            }
            Self::InPsl { target, to_target, to_initiator } => {
                data.extend([target, to_target, to_initiator]);
            }
        }
    }

    /// Returns `None` for a code of another family, and `Some(None)` for malformed parameters.
    pub(super) fn decode(code: u8, parameters: &[u8]) -> Option<Option<Self>> {
        Some(match (code, parameters) {
            (code::IN_LIST_PASSIVE_TARGET, parameters) => decode_list(parameters),
            (code::IN_AUTO_POLL, parameters) => decode_auto_poll(parameters),
            (code::IN_DATA_EXCHANGE, [target, data @ ..]) => Some(Self::InDataExchange {
                target: target & !MORE,
                more: target & MORE != 0,
                data: data.into(),
            }),
            (code::IN_COMMUNICATE_THRU, data) => Some(Self::InCommunicateThru(data.into())),
            (code::IN_SELECT, [target]) => Some(Self::InSelect(*target)),
            (code::IN_DESELECT, [target]) => Some(Self::InDeselect(*target)),
            (code::IN_RELEASE, [target]) => Some(Self::InRelease(*target)),
            (code::IN_JUMP_FOR_DEP, parameters) => {
                DepRequest::decode(parameters).map(Self::InJumpForDep)
            }
            (code::IN_JUMP_FOR_PSL, parameters) => {
                DepRequest::decode(parameters).map(Self::InJumpForPsl)
            }
            (code::IN_ATR, [target, parameters @ ..]) => {
                Some(Self::InAtr { target: *target, parameters: parameters.to_vec() })
            }
            (code::IN_PSL, [target, to_target, to_initiator]) => Some(Self::InPsl {
                target: *target,
                to_target: *to_target,
                to_initiator: *to_initiator,
            }),
            (
                code::IN_DATA_EXCHANGE
                | code::IN_SELECT
                | code::IN_DESELECT
                | code::IN_RELEASE
                | code::IN_ATR
                | code::IN_PSL,
                _,
            ) => None,
            _ => return None,
        })
    }
}

impl DepRequest {
    fn decode(parameters: &[u8]) -> Option<Self> {
        let [active @ 0..=1, speed @ 0..=2, parameters @ ..] = parameters else { return None };
        Some(Self { active: *active == 1, speed: *speed, parameters: parameters.to_vec() })
    }
}

fn decode_list(parameters: &[u8]) -> Option<InitiatorCommand> {
    let [max_targets @ 1..=2, modulation, initiator_data @ ..] = parameters else { return None };
    Some(InitiatorCommand::InListPassiveTarget {
        max_targets: *max_targets,
        modulation: Modulation::decode(*modulation)?,
        initiator_data: initiator_data.to_vec(),
    })
}

fn decode_auto_poll(parameters: &[u8]) -> Option<InitiatorCommand> {
    let [polls @ 1..=255, period @ 1..=15, types @ ..] = parameters else { return None };
    (matches!(types.len(), 1..=15)).then(|| InitiatorCommand::InAutoPoll {
        polls: *polls,
        period: *period,
        types: types.to_vec(),
    })
}
