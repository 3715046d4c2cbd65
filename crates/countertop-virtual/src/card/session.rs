//! What a card remembers until it is reset, and what it remembers for ever.

use countertop_wire::tlv::{Dol, Tag, TlvError, numeric};

use super::commands::Recoverable;

/// Is how far a transaction has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Phase {
    /// Nothing is selected.
    #[default]
    Idle,
    /// The directory is selected.
    Directory,
    /// An application is selected.
    Selected,
    /// GET PROCESSING OPTIONS was answered.
    Initiated,
    /// The first GENERATE AC was answered with an ARQC.
    Online,
    /// The last cryptogram of the transaction was given.
    Finished,
}

/// Is what came of the issuer's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum IssuerAnswer {
    #[default]
    None,
    Accepted,
    Refused,
}

/// Is what a card forgets with the next SELECT.
#[derive(Debug, Clone, Default)]
pub(super) struct Session {
    pub(super) phase: Phase,
    /// Which application of the directory is selected.
    pub(super) application: usize,
    /// Whether card and terminal use elliptic curves.
    pub(super) extended: bool,
    /// What the terminal answered to the PDOL and CDOL1: signed with a combined cryptogram.
    pub(super) pdol_data: Vec<u8>,
    pub(super) cdol1_data: Vec<u8>,
    /// The number that an enciphered PIN must carry.
    pub(super) challenge: Option<[u8; 8]>,
    pub(super) pin_checked: bool,
    pub(super) pin_failed: bool,
    pub(super) dda_performed: bool,
    /// The record with a signature that did not fit in an answer: where it is, and its template.
    pub(super) signature: Option<((u8, u8), Vec<u8>)>,
    pub(super) cryptogram: [u8; 8],
    pub(super) issuer_answer: IssuerAnswer,
}

/// Is what a card never forgets.
#[derive(Debug, Clone, Default)]
pub(super) struct Counters {
    /// The application transaction counter.
    pub(super) transactions: u16,
    /// Its value at the last transaction that the issuer approved online.
    pub(super) last_online: u16,
    pub(super) pin_tries: u8,
    /// How many unpredictable numbers were given out.
    pub(super) challenges: u64,
    /// How many transactions in a row were approved offline.
    pub(super) offline: u16,
    /// The last answer to GENERATE AC by radio.
    pub(super) recoverable: Option<Recoverable>,
}

/// Is what a terminal told in its answer to a data object list.
#[derive(Debug, Clone)]
pub(super) struct TerminalData<'a>(Vec<(Tag, &'a [u8])>);

impl<'a> TerminalData<'a> {
    /// Splits `data`, the answer to `dol`.
    pub(super) fn new(dol: &Dol, data: &'a [u8]) -> Result<Self, TlvError> {
        Ok(Self(dol.split(data)?))
    }

    /// Returns the value of `tag`, if the list asks for it.
    pub(super) fn get(&self, tag: Tag) -> Option<&'a [u8]> {
        self.0.iter().find(|(known, _)| *known == tag).map(|(_, value)| *value)
    }

    /// Returns the number in the value of `tag`; more than any limit when it is none.
    pub(super) fn number(&self, tag: Tag) -> u64 {
        self.get(tag).and_then(numeric::decode).unwrap_or(u64::MAX)
    }
}
