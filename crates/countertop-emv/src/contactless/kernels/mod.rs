//! The kernels: what processes an application once entry point has selected it.

mod mastercard;
mod quick;
mod stop;

use countertop_device::CardSession;
use countertop_wire::tlv::{Tag, find_anywhere, tags};

pub(super) use mastercard::TornLog;
pub(super) use stop::Stop;

use super::entry_point::{Combination, Entry};
use super::outcome::UserInterface;
use super::primitives::Objects;
use super::{Clock, KernelId, Outcome, Reason};
use crate::parameters::EmvParameters;
use crate::values::TerminalValues;
use crate::{Candidate, EmvError, TransactionData};

/// Is what entry point hands to a kernel (EMV Book B, clause 3.4).
#[derive(Debug, Clone, Copy)]
pub(super) struct Activation<'a> {
    pub(super) entry: &'a Entry,
    pub(super) combination: &'a Combination<'a>,
    /// The answer to SELECT.
    pub(super) fci: &'a [u8],
    pub(super) parameters: &'a EmvParameters,
    pub(super) data: &'a TransactionData,
    pub(super) clock: &'a dyn Clock,
}

/// Tells whether there is such a kernel.
pub(super) fn is_there(kernel: KernelId) -> bool {
    [KernelId::MASTERCARD, KernelId::VISA, KernelId::UNIONPAY].contains(&kernel)
}

impl Activation<'_> {
    /// Runs the combination's kernel.
    pub(super) async fn run(
        &self,
        session: &mut dyn CardSession,
        torn: &mut TornLog,
        ui: &mut dyn UserInterface,
    ) -> Result<Outcome, Stop> {
        match self.combination.kernel {
            KernelId::MASTERCARD => mastercard::run(self, session, torn, ui).await,
            KernelId::VISA => quick::run(&quick::VISA, self, session, ui).await,
            KernelId::UNIONPAY => quick::run(&quick::UNIONPAY, self, session, ui).await,
            _ => Ok(Outcome::try_another_interface(Reason::NoKernel, None)),
        }
    }

    /// Returns the value of a data object of the terminal.
    pub(super) fn terminal(&self, tag: Tag) -> Option<Vec<u8>> {
        if tag == tags::TERMINAL_TRANSACTION_QUALIFIERS {
            return Some(self.combination.ttq.0.to_vec());
        }
        let values = TerminalValues { parameters: self.parameters, data: self.data };
        values.get(tag, Some(self.combination.application))
    }

    /// Returns Terminal Capabilities (`9F33`).
    pub(super) fn capabilities(&self) -> [u8; 3] {
        TerminalValues { parameters: self.parameters, data: self.data }.capabilities()
    }

    /// Returns the chosen application.
    pub(super) fn application(&self) -> Result<Candidate, EmvError> {
        let get = |tag| find_anywhere(self.fci, tag);
        Ok(Candidate::new(
            get(tags::DEDICATED_FILE_NAME)?.unwrap_or(&self.entry.aid).to_vec(),
            get(tags::APPLICATION_LABEL)?.or(self.entry.label.as_deref()),
            get(tags::APPLICATION_PREFERRED_NAME)?,
            get(tags::ISSUER_CODE_TABLE_INDEX)?.and_then(|index| index.first().copied()),
        ))
    }

    /// Returns what the answer to SELECT says, as the first data objects.
    pub(super) fn objects(&self) -> Result<Objects, EmvError> {
        let mut objects = Objects::default();
        objects.take_fci(self.fci)?;
        Ok(objects)
    }
}
