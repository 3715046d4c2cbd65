//! A counter in one process: every device at wire level, the chip and the field in memory, a host
//! over TCP, and people who act at the prompts.

#![allow(dead_code, reason = "each test program uses its part")]

pub(crate) mod books;
pub(crate) mod cards;
pub(crate) mod clerk;
pub(crate) mod desk;
pub(crate) mod host;
pub(crate) mod readers;
pub(crate) mod slips;

use std::time::Duration;

use countertop_device::{Currency, Money, Sensitive};
use countertop_terminal::OperatorNumber;
use countertop_terminal::flow::{
    Attended, Ending, FlowError, OperatorSignIn, PoweredOn, Ready, SelfTested, TerminalParts,
};
use countertop_terminal::operators::{OperatorPolicy, Permission};
use countertop_virtual::acquirer::AcquirerConfig;

use clerk::Clerk;
use desk::Desk;
use host::Host;

/// How long a scenario may take before it is called a hang.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// The password that the supervisor chooses.
pub(crate) const SUPERVISOR_PASSWORD: &str = "135790";

/// Is a counter with its host and its clerk.
#[derive(Debug)]
pub(crate) struct Counter {
    pub(crate) host: Host,
    pub(crate) desk: Desk,
    pub(crate) clerk: Clerk,
}

/// Fails unless a sale or a void came to its good end.
pub(crate) fn completed(ending: &Ending) {
    assert!(matches!(ending, Ending::Completed(_)), "{ending:?}");
}

/// Fails when `future` hangs.
pub(crate) async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future).await.expect("it hangs")
}

pub(crate) fn yuan(text: &str) -> Money {
    Money::parse(text, Currency::CNY).unwrap()
}

pub(crate) fn secret(text: &str) -> Sensitive {
    text.as_bytes().into()
}

impl Counter {
    /// Raises a counter; nothing is switched on yet.
    pub(crate) async fn raise() -> Self {
        Self::raise_with(AcquirerConfig::default()).await
    }

    pub(crate) async fn raise_with(config: AcquirerConfig) -> Self {
        let host = Host::start(config).await;
        let desk = Desk::raise(&host.address).await;
        let clerk = Clerk::new(desk.hands.clone());
        Self { host, desk, clerk }
    }

    /// Raises a counter whose terminal is signed in.
    pub(crate) async fn open() -> (Self, Ready) {
        let mut counter = Self::raise().await;
        let ready = counter.start().await;
        (counter, ready)
    }

    /// Like [`open`](Self::open), with changed parts.
    pub(crate) async fn with(change: impl FnOnce(&mut Desk)) -> (Self, Ready) {
        let mut counter = Self::raise().await;
        change(&mut counter.desk);
        let ready = counter.start().await;
        (counter, ready)
    }

    /// Switches the terminal on and signs in everywhere.
    pub(crate) async fn start(&mut self) -> Ready {
        let parts = self.desk.parts();
        self.start_with(parts).await
    }

    pub(crate) async fn start_with(&mut self, parts: TerminalParts) -> Ready {
        let attended = self.attend(parts).await;
        let ready = soon(attended.host_sign_in(&mut self.clerk)).await;
        ready.map_err(|refused| refused.1).unwrap()
    }

    /// Switches the terminal on and signs the cashier in.
    pub(crate) async fn attend(&mut self, parts: TerminalParts) -> Attended {
        let tested = soon(PoweredOn::new(parts).self_test(&mut self.clerk)).await;
        cashier(supervisor(tested))
    }

    /// Sells, with whatever was planned at the prompts.
    pub(crate) async fn sale(&mut self, ready: Ready, amount: &str) -> (Ready, Ending) {
        self.clerk.next_sale();
        let awaiting = soon(ready.sale(yuan(amount), &mut self.clerk)).await;
        let awaiting = awaiting.map_err(|refused| refused.1).unwrap();
        soon(awaiting.complete(&mut self.clerk)).await
    }

    /// Voids the last sale with the supervisor's password.
    pub(crate) async fn void_last(&mut self, mut ready: Ready) -> (Ready, Ending) {
        let stan = ready.journal().last().unwrap().unwrap().stan;
        let (supervisor, password) = (OperatorNumber::SUPERVISOR, secret(SUPERVISOR_PASSWORD));
        let grant = ready.authorise(supervisor, &password, Permission::Void).unwrap();
        soon(ready.void(stan, grant, &mut self.clerk)).await
    }

    /// Settles the open batch, or finishes its settlement.
    pub(crate) async fn settle(&mut self, ready: &mut Ready) -> Result<(), FlowError> {
        let grant = ready.grant(Permission::Settle).unwrap();
        soon(ready.settle(grant, &mut self.clerk)).await.map(drop)
    }

    /// Ends a scenario: the books agree, and the terminal sells as before.
    pub(crate) async fn sells_again(&mut self, ready: Ready) -> Ready {
        books::agree(ready.journal(), &self.host.control.ledger());
        assert_eq!(self.host.control.clear_script(), 0, "something of the host's script is left");
        self.clerk.forget();
        self.clerk.pays_by_chip();
        let (ready, ending) = self.sale(ready, "1.23").await;
        completed(&ending);
        books::agree(ready.journal(), &self.host.control.ledger());
        assert!(ready.journal().pending_receipts().unwrap().is_empty(), "vouchers wait");
        ready
    }
}

/// Signs the supervisor in once, so that the first password is changed.
pub(crate) fn supervisor(terminal: SelfTested) -> SelfTested {
    let default = secret(OperatorPolicy::SUPERVISOR_DEFAULT);
    match terminal.sign_in(OperatorNumber::SUPERVISOR, &default) {
        Ok(OperatorSignIn::MustChangePassword(first)) => {
            first.choose(&secret(SUPERVISOR_PASSWORD)).unwrap().leave()
        }
        Ok(OperatorSignIn::Attended(attended)) => attended.leave(),
        // It was changed when the terminal was switched on before.
        Err(refused) => refused.terminal,
    }
}

pub(crate) fn cashier(terminal: SelfTested) -> Attended {
    let password = secret(OperatorPolicy::CASHIER_DEFAULT);
    match terminal.sign_in(OperatorNumber::FIRST_CASHIER, &password) {
        Ok(OperatorSignIn::Attended(attended)) => attended,
        other => panic!("{other:?}"),
    }
}
