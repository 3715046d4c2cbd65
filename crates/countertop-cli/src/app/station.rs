//! The terminal as the page drives it: one command after the other, whatever state it is in.

use std::sync::Arc;

use countertop_acquirer::Stan;
use countertop_device::Money;
use countertop_terminal::OperatorNumber;
use countertop_terminal::flow::{
    Attendant as _, Attended, FirstPassword, OperatorSignIn, PoweredOn, Prompt, Ready, SelfTested,
    TerminalParts,
};
use countertop_terminal::journal::{Journal, TransactionRecord};
use countertop_terminal::operators::Permission;
use tokio::sync::{mpsc, watch};

use super::command::{Answer, Command, Secret};
use super::view::{Stage, TransactionLine, View};
use super::{PageAttendant, Slips};

/// Drives the flow by commands.
#[derive(Debug)]
pub(crate) struct Station {
    view: watch::Sender<View>,
    attendant: PageAttendant,
    at: At,
}

/// Is the state the terminal is in.
#[derive(Debug)]
enum At {
    PoweredOn(PoweredOn),
    SignedOut(SelfTested),
    FirstPassword(FirstPassword),
    Attended(Attended),
    Ready(Box<Ready>),
    /// Only while a command is being carried out.
    Moving,
}

impl Station {
    /// Creates a station of a terminal that was just switched on.
    pub(crate) fn new(
        parts: TerminalParts,
        view: watch::Sender<View>,
        answers: mpsc::Receiver<Answer>,
        slips: Arc<Slips>,
    ) -> Self {
        view.send_modify(|view| {
            view.merchant.clone_from(&parts.settings.merchant_name);
            view.training = parts.settings.training;
        });
        let attendant = PageAttendant::new(view.clone(), answers, slips);
        Self { view, attendant, at: At::PoweredOn(PoweredOn::new(parts)) }
    }

    /// Tests the devices, then carries out commands until nobody can send any.
    pub(crate) async fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        self.carry_out(Command::SelfTest).await;
        while let Some(command) = commands.recv().await {
            self.carry_out(command).await;
        }
    }

    async fn carry_out(&mut self, command: Command) {
        self.view.send_modify(|view| view.busy = true);
        let at = std::mem::replace(&mut self.at, At::Moving);
        self.at = self.next(at, command).await;
        self.refresh();
    }

    async fn next(&mut self, at: At, command: Command) -> At {
        match (at, command) {
            (At::PoweredOn(terminal), _) => {
                At::SignedOut(terminal.self_test(&mut self.attendant).await)
            }
            (At::SignedOut(terminal), Command::SelfTest) => {
                At::SignedOut(terminal.self_test(&mut self.attendant).await)
            }
            (At::SignedOut(terminal), Command::SignIn { operator, password }) => {
                self.sign_in(terminal, &operator, &password).await
            }
            (At::FirstPassword(terminal), Command::ChangePassword { new }) => {
                self.first_password(terminal, &new).await
            }
            (At::FirstPassword(terminal), Command::SignOut) => At::SignedOut(terminal.leave()),
            (At::Attended(terminal), Command::HostSignIn) => self.host_sign_in(terminal).await,
            (At::Attended(terminal), Command::SignOut) => At::SignedOut(terminal.leave()),
            (At::Ready(terminal), command) => self.ready(*terminal, command).await,
            (at, _) => {
                self.trouble("this is not possible now; sign in first");
                at
            }
        }
    }

    async fn ready(&mut self, mut terminal: Ready, command: Command) -> At {
        match command {
            Command::Sale { amount } => self.sale(terminal, &amount).await,
            Command::Void { stan, password } => self.void(terminal, &stan, &password).await,
            Command::Reprint { stan } => {
                match parse_stan(&stan) {
                    Some(stan) => {
                        let done = terminal.reprint(stan, &mut self.attendant).await;
                        self.report(done.map_err(|error| error.to_string()));
                    }
                    None => self.trouble("write the voucher's number"),
                }
                At::Ready(Box::new(terminal))
            }
            Command::Settle => {
                let done = match terminal.grant(Permission::Settle) {
                    Ok(grant) => {
                        let settled = terminal.settle(grant, &mut self.attendant).await;
                        settled.map(drop).map_err(|error| error.to_string())
                    }
                    Err(error) => Err(error.to_string()),
                };
                self.report(done);
                At::Ready(Box::new(terminal))
            }
            Command::SignOut => match terminal.sign_out().await {
                Ok(terminal) => {
                    self.attendant.show(&Prompt::SelfTested { lines: self.devices() });
                    At::SignedOut(terminal)
                }
                Err(refused) => {
                    let (terminal, error) = *refused;
                    self.trouble(&error.to_string());
                    At::Ready(Box::new(terminal))
                }
            },
            Command::SelfTest => {
                terminal.self_test(&mut self.attendant).await;
                self.attendant.show(&Prompt::Ready);
                At::Ready(Box::new(terminal))
            }
            Command::SignIn { .. } | Command::ChangePassword { .. } | Command::HostSignIn => {
                self.trouble("somebody is signed in; sign out first");
                At::Ready(Box::new(terminal))
            }
        }
    }

    async fn sign_in(&mut self, terminal: SelfTested, operator: &str, password: &Secret) -> At {
        let Some(operator) = operator.parse().ok().and_then(OperatorNumber::new) else {
            self.trouble("an operator's number has two digits, 00 to 99");
            return At::SignedOut(terminal);
        };
        match terminal.sign_in(operator, password.sensitive()) {
            Ok(OperatorSignIn::Attended(attended)) => self.host_sign_in(attended).await,
            Ok(OperatorSignIn::MustChangePassword(first)) => At::FirstPassword(first),
            Err(refused) => {
                self.trouble(&refused.error.to_string());
                At::SignedOut(refused.terminal)
            }
        }
    }

    async fn first_password(&mut self, terminal: FirstPassword, new: &Secret) -> At {
        match terminal.choose(new.sensitive()) {
            Ok(attended) => self.host_sign_in(attended).await,
            Err(refused) => {
                let (terminal, error) = *refused;
                self.trouble(&error.to_string());
                At::FirstPassword(terminal)
            }
        }
    }

    async fn host_sign_in(&mut self, terminal: Attended) -> At {
        match terminal.host_sign_in(&mut self.attendant).await {
            Ok(ready) => At::Ready(Box::new(ready)),
            Err(refused) => {
                let (terminal, error) = *refused;
                let help = error.help().map(String::from);
                self.attendant.show(&Prompt::Trouble { reason: error.to_string(), help });
                At::Attended(terminal)
            }
        }
    }

    async fn sale(&mut self, terminal: Ready, amount: &str) -> At {
        let currency = terminal.currency();
        let amount = match Money::parse(amount, currency) {
            Ok(amount) => amount,
            Err(error) => {
                self.trouble(&error.to_string());
                return At::Ready(Box::new(terminal));
            }
        };
        let begun = terminal.sale(amount, &mut self.attendant).await;
        let awaiting = match begun {
            Ok(awaiting) => awaiting,
            Err(refused) => {
                let (terminal, error) = *refused;
                self.trouble(&error.to_string());
                return At::Ready(Box::new(terminal));
            }
        };
        At::Ready(Box::new(awaiting.complete(&mut self.attendant).await.0))
    }

    async fn void(&mut self, mut terminal: Ready, stan: &str, password: &Secret) -> At {
        let Some(stan) = parse_stan(stan) else {
            self.trouble("write the voucher's number");
            return At::Ready(Box::new(terminal));
        };
        let supervisor = OperatorNumber::SUPERVISOR;
        match terminal.authorise(supervisor, password.sensitive(), Permission::Void) {
            Ok(grant) => {
                let (terminal, _) = terminal.void(stan, grant, &mut self.attendant).await;
                At::Ready(Box::new(terminal))
            }
            Err(error) => {
                self.trouble(&error.to_string());
                At::Ready(Box::new(terminal))
            }
        }
    }

    fn report(&mut self, done: Result<(), String>) {
        if let Err(reason) = done {
            self.trouble(&reason);
        }
    }

    fn trouble(&mut self, reason: &str) {
        self.attendant.show(&Prompt::Trouble { reason: reason.to_owned(), help: None });
    }

    fn devices(&self) -> Vec<countertop_hub::SelfTestLine> {
        self.view.borrow().devices.clone()
    }

    /// Brings the view up to date after a command.
    fn refresh(&self) {
        let (stage, operator, journal) = match &self.at {
            At::PoweredOn(_) | At::Moving => (Stage::Starting, None, None),
            At::SignedOut(terminal) => (Stage::SignedOut, None, Some(terminal.journal())),
            At::FirstPassword(terminal) => (Stage::SignedOut, Some(terminal.operator()), None),
            At::Attended(terminal) => {
                (Stage::SignedIn, Some(terminal.operator()), Some(terminal.journal()))
            }
            At::Ready(terminal) => {
                (Stage::Ready, Some(terminal.operator()), Some(terminal.journal()))
            }
        };
        self.view.send_modify(|view| {
            view.busy = false;
            view.stage = stage;
            view.operator = operator.map(|operator| operator.to_string());
            view.must_change_password = matches!(self.at, At::FirstPassword(_));
            if let Some(journal) = journal {
                show_books(view, journal);
            }
        });
    }
}

fn show_books(view: &mut View, journal: &Journal) {
    let books = journal.batch().and_then(|batch| Ok((batch, journal.transactions()?)));
    match books {
        Ok((batch, transactions)) => {
            view.batch = batch.to_string();
            view.transactions = transactions.iter().map(line).collect();
        }
        Err(error) => tracing::error!(%error, "books cannot be read"),
    }
}

fn line(record: &TransactionRecord) -> TransactionLine {
    TransactionLine {
        stan: record.stan.to_string(),
        kind: kebab(&record.kind),
        amount: record.amount.to_string(),
        card: record.card.as_ref().map(|card| card.as_str().to_owned()).unwrap_or_default(),
        state: kebab(&record.state),
    }
}

/// Returns the name that a value has in JSON.
fn kebab(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

fn parse_stan(text: &str) -> Option<Stan> {
    text.parse().ok().and_then(Stan::new)
}
