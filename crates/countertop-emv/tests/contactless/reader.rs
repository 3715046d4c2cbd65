//! A reader whose parameters are changed piece by piece, and a card that it sees again and again.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use countertop_device::CardSession;
use countertop_emv::TransactionData;
use countertop_emv::contactless::{Clock, EntryPoint, Outcome, UiRequest};
use countertop_emv::parameters::{
    ApplicationParameters, CaPublicKey, ContactlessParameters, EmvParameters,
};
use countertop_virtual::card::{CardProfile, Interface, PaymentCard, TestCa, VirtualCard};

use crate::common::{MemorySession, soon};

pub(crate) const UNIONPAY: [u8; 8] = [0xA0, 0, 0, 0x03, 0x33, 0x01, 0x01, 0x01];
pub(crate) const VISA: [u8; 7] = [0xA0, 0, 0, 0, 0x03, 0x10, 0x10];
pub(crate) const MASTERCARD: [u8; 7] = [0xA0, 0, 0, 0, 0x04, 0x10, 0x10];

/// The reader's limits: floor, CVM, transaction.
pub(crate) const FLOOR: u64 = 5_000;
pub(crate) const CVM: u64 = 100_000;
pub(crate) const LIMIT: u64 = 1_000_000;

/// Is a reader that takes three schemes, and approves offline.
pub(crate) struct Reader {
    pub(crate) parameters: EmvParameters,
    pub(crate) entry_point: EntryPoint,
    pub(crate) clock: Arc<HandClock>,
}

/// Is a clock that is set by hand.
#[derive(Debug, Default)]
pub(crate) struct HandClock(Mutex<Duration>);

impl HandClock {
    pub(crate) fn advance(&self, time: Duration) {
        *self.0.lock().unwrap() += time;
    }
}

impl Clock for HandClock {
    fn elapsed(&self) -> Duration {
        *self.0.lock().unwrap()
    }
}

impl Reader {
    pub(crate) fn new() -> Self {
        let mut parameters = EmvParameters::new(Default::default());
        for aid in [&UNIONPAY[..], &VISA, &MASTERCARD] {
            parameters = parameters.with_application(application(aid));
        }
        let keys = TestCa::capks()
            .into_iter()
            .map(|key| CaPublicKey::new(key.rid, key.index, key.modulus, key.exponent));
        let clock = Arc::new(HandClock::default());
        Self {
            parameters: keys.fold(parameters, EmvParameters::with_key),
            entry_point: EntryPoint::new(Arc::clone(&clock) as Arc<dyn Clock>),
            clock,
        }
    }

    /// Changes the contactless parameters of all applications.
    pub(crate) fn with(mut self, change: impl Fn(&mut ContactlessParameters)) -> Self {
        for application in &mut self.parameters.applications {
            change(application.contactless.as_mut().unwrap());
        }
        self
    }

    /// Changes all applications.
    pub(crate) fn with_application(mut self, change: impl Fn(&mut ApplicationParameters)) -> Self {
        self.parameters.applications.iter_mut().for_each(change);
        self
    }

    pub(crate) async fn tap(
        &mut self,
        session: Box<dyn CardSession>,
        data: &TransactionData,
    ) -> Outcome {
        self.tap_shown(session, data).await.0
    }

    /// Taps and returns what was shown meanwhile too.
    pub(crate) async fn tap_shown(
        &mut self,
        session: Box<dyn CardSession>,
        data: &TransactionData,
    ) -> (Outcome, Vec<UiRequest>) {
        let mut shown = Vec::new();
        let tap = self.entry_point.tap(session, &self.parameters, data, &mut shown);
        let outcome = soon(tap).await.unwrap();
        (outcome, shown)
    }

    pub(crate) async fn present(
        &mut self,
        profile: CardProfile,
        data: &TransactionData,
    ) -> Outcome {
        self.tap(SharedCard::new(profile).session(), data).await
    }
}

fn application(aid: &[u8]) -> ApplicationParameters {
    let mut application = ApplicationParameters::new(aid, [0x00, 0x20]);
    // The host decides on what is amiss, but for a service that is not allowed.
    application.tac_denial = [0x00, 0x10, 0x00, 0x00, 0x00];
    application.tac_online = [0xFC, 0x50, 0xF8, 0xF8, 0x00];
    application.tac_default = [0xFC, 0x50, 0xA8, 0x00, 0x00];
    // Quick transactions, slot, online PIN, signature; devices; fDDA 01.
    let mut limits = ContactlessParameters::new(LIMIT, CVM, [0x36, 0x00, 0x40, 0x80]);
    limits.floor_limit = FLOOR;
    limits.offline_approval = true;
    application.contactless = Some(limits);
    application
}

/// Is a card that can be presented again.
#[derive(Debug, Clone)]
pub(crate) struct SharedCard(Arc<Mutex<PaymentCard>>);

impl SharedCard {
    pub(crate) fn new(profile: CardProfile) -> Self {
        Self::copy_of(&PaymentCard::new(profile))
    }

    /// Makes another card like one that was personalised already, which takes a while.
    pub(crate) fn copy_of(card: &PaymentCard) -> Self {
        let card = card.clone().on(Interface::Contactless);
        Self(Arc::new(Mutex::new(card)))
    }

    pub(crate) fn session(&self) -> Box<dyn CardSession> {
        MemorySession::open(self.clone()).0
    }

    pub(crate) fn transactions(&self) -> u16 {
        self.0.lock().unwrap().transaction_counter()
    }
}

impl VirtualCard for SharedCard {
    fn answer_to_reset(&self) -> Vec<u8> {
        self.0.lock().unwrap().answer_to_reset()
    }

    fn answer_to_select(&self) -> Vec<u8> {
        self.0.lock().unwrap().answer_to_select()
    }

    fn reset(&mut self) {
        self.0.lock().unwrap().reset();
    }

    fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        self.0.lock().unwrap().transmit(command)
    }

    fn is_present(&self) -> bool {
        self.0.lock().unwrap().is_present()
    }
}
