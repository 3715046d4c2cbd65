//! Faults in the text: `kind` says which, the other keys where.

use core::time::Duration;

use countertop_wire::apdu::StatusWord;
use serde::Deserialize;

use super::hex::{Array, TagText};
use crate::card::Fault;

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(tag = "kind", deny_unknown_fields, rename_all = "kebab-case")]
pub(super) enum FaultSection {
    RemovedAt { command: u32 },
    TornAt { command: u32 },
    MuteAt { command: u32 },
    StatusAt { command: u32, status: Array<2> },
    GarbageAt { command: u32 },
    TruncatedAt { command: u32 },
    Slow { milliseconds: u64 },
    WrongCryptogram,
    ReservedCryptogram,
    Overreaching,
    ServiceNotAllowed,
    WrongCertificate,
    WrongIccCertificate,
    ExpiredCertificate,
    ExpiredIccCertificate,
    WrongHash,
    WrongSignature,
    NoDynamicNumberLength,
    Missing { tag: TagText },
    Duplicated { tag: TagText },
    RecordTooLong,
    RecordTruncated,
    RecordNotTemplate,
    TruncatedFci,
    DanglingLocator,
    WrongLocator,
}

impl From<FaultSection> for Fault {
    fn from(fault: FaultSection) -> Self {
        match fault {
            FaultSection::RemovedAt { command } => Self::RemovedAt(command),
            FaultSection::TornAt { command } => Self::TornAt(command),
            FaultSection::MuteAt { command } => Self::MuteAt(command),
            FaultSection::StatusAt { command, status: Array(status) } => {
                Self::StatusAt(command, StatusWord(u16::from_be_bytes(status)))
            }
            FaultSection::GarbageAt { command } => Self::GarbageAt(command),
            FaultSection::TruncatedAt { command } => Self::TruncatedAt(command),
            FaultSection::Slow { milliseconds } => Self::Slow(Duration::from_millis(milliseconds)),
            FaultSection::WrongCryptogram => Self::WrongCryptogram,
            FaultSection::ReservedCryptogram => Self::ReservedCryptogram,
            FaultSection::Overreaching => Self::Overreaching,
            FaultSection::ServiceNotAllowed => Self::ServiceNotAllowed,
            FaultSection::WrongCertificate => Self::WrongCertificate,
            FaultSection::WrongIccCertificate => Self::WrongIccCertificate,
            FaultSection::ExpiredCertificate => Self::ExpiredCertificate,
            FaultSection::ExpiredIccCertificate => Self::ExpiredIccCertificate,
            FaultSection::WrongHash => Self::WrongHash,
            FaultSection::WrongSignature => Self::WrongSignature,
            FaultSection::NoDynamicNumberLength => Self::NoDynamicNumberLength,
            FaultSection::Missing { tag } => Self::Missing(tag.0),
            FaultSection::Duplicated { tag } => Self::Duplicated(tag.0),
            FaultSection::RecordTooLong => Self::RecordTooLong,
            FaultSection::RecordTruncated => Self::RecordTruncated,
            FaultSection::RecordNotTemplate => Self::RecordNotTemplate,
            FaultSection::TruncatedFci => Self::TruncatedFci,
            FaultSection::DanglingLocator => Self::DanglingLocator,
            FaultSection::WrongLocator => Self::WrongLocator,
        }
    }
}
