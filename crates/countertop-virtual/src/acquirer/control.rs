//! The hand of a test or a person on a virtual acquirer.

use std::sync::{Arc, Mutex, MutexGuard};

use countertop_wire::iso8583::Mti;
use countertop_wire::unionpay::HostTask;

use super::host::Host;
use super::{Account, Behaviour, HostParameters, LedgerEntry, Reconciliation};

/// Acts on a virtual acquirer and looks into its books.
#[derive(Debug, Clone)]
pub struct AcquirerControl(pub(super) Arc<Mutex<Host>>);

/// Is a request that the host has seen.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SeenRequest {
    /// Message type.
    pub mti: Mti,
    /// Trace number, where it has one.
    pub stan: Option<String>,
    /// Numbers of its fields.
    pub fields: Vec<u8>,
    /// Whether its header is marked as training.
    pub training: bool,
    /// Response code that the host gave or would have given; `None` when it lost the request.
    pub code: Option<String>,
}

impl AcquirerControl {
    /// Says what becomes of the next request, or the next but so many as this was called for before.
    pub fn next(&self, behaviour: Behaviour) {
        self.host().script.push(None, behaviour);
    }

    /// Says what becomes of the next request of a type.
    pub fn next_of(&self, mti: Mti, behaviour: Behaviour) {
        self.host().script.push(Some(mti), behaviour);
    }

    /// Forgets what [`next`](Self::next) and [`next_of`](Self::next_of) said; returns how much that
    /// was.
    pub fn clear_script(&self) -> usize {
        let mut host = self.host();
        let left = host.script.len();
        host.script.clear();
        left
    }

    /// Returns a snapshot of the ledger, in order of booking.
    #[must_use]
    pub fn ledger(&self) -> Vec<LedgerEntry> {
        self.host().ledger.entries()
    }

    /// Returns what batch uploads brought to light, in order.
    #[must_use]
    pub fn reconciliations(&self) -> Vec<Reconciliation> {
        self.host().reconciliations.clone()
    }

    /// Returns the requests seen, in order; of many, the last ones.
    #[must_use]
    pub fn seen(&self) -> Vec<SeenRequest> {
        self.host().seen.iter().cloned().collect()
    }

    /// Waits until the host has seen `count` requests since it was created; an answer may still be
    /// on its way.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    pub async fn wait_for_requests(&self, count: usize) {
        let mut total = self.host().seen_total.subscribe();
        // The sender lives as long as this handle.
        let _reached = total.wait_for(|total| *total >= count).await;
    }

    /// Asks every terminal for a task in the headers of all answers from now on; for the download of
    /// chip parameters until a terminal has made it.
    pub fn set_host_task(&self, task: HostTask) {
        self.host().task = task;
    }

    /// Replaces the chip parameters that terminals fetch.
    pub fn set_parameters(&self, parameters: HostParameters) {
        self.host().config.parameters = parameters;
    }

    /// Adds an account, or replaces the one of the same card number.
    pub fn set_account(&self, account: Account) {
        self.host().set_account(account);
    }

    /// Forgets the working keys of all terminals, as a host does that was restarted.
    pub fn forget_keys(&self) {
        self.host().terminals.values_mut().for_each(|terminal| terminal.keys = None);
    }

    fn host(&self) -> MutexGuard<'_, Host> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
