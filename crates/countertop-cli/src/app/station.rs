//! The terminal as the page drives it: one command after the other, whatever state it is in.

use std::future::pending;
use std::sync::Arc;

use countertop_hub::Role;
use countertop_terminal::OperatorNumber;
use countertop_terminal::flow::{
    Attended, FirstPassword, OperatorSignIn, PoweredOn, Ready, SelfTested, TerminalParts,
};
use countertop_terminal::journal::Journal;
use tokio::sync::{mpsc, watch};

use super::books::show_books;
use super::command::{Answer, Command, Secret};
use super::orders::{self, Left};
use super::view::{Stage, View};
use super::words::Words;
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
        let attendant = PageAttendant::new(view.clone(), answers, slips);
        Self { view, attendant, at: At::PoweredOn(PoweredOn::new(parts)) }
    }

    /// Tests the devices, then carries out commands until nobody can send any.
    pub(crate) async fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        self.carry_out(Command::SelfTest).await;
        loop {
            let command = tokio::select! {
                command = commands.recv() => command,
                role = self.at.lend_devices() => {
                    tracing::info!(%role, "another program asked for the device and has it now");
                    continue;
                }
            };
            let Some(command) = command else { return };
            self.carry_out(command).await;
        }
    }

    async fn carry_out(&mut self, command: Command) {
        self.view.send_modify(View::begin);
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
            (At::FirstPassword(terminal), Command::SignOut) => self.leave(terminal.leave()),
            (At::Attended(terminal), Command::HostSignIn) => self.host_sign_in(terminal).await,
            (At::Attended(terminal), Command::SignOut) => self.leave(terminal.leave()),
            (At::Ready(terminal), command) => {
                orders::carry_out(*terminal, command, &mut self.attendant).await.into()
            }
            (at, _) => {
                self.attendant.trouble(Words::new(
                    "this is not possible now; sign in first",
                    "现在不能执行，请先签到",
                ));
                at
            }
        }
    }

    fn leave(&mut self, terminal: SelfTested) -> At {
        self.attendant.signed_out();
        At::SignedOut(terminal)
    }

    async fn sign_in(&mut self, terminal: SelfTested, operator: &str, password: &Secret) -> At {
        let Some(operator) = operator.parse().ok().and_then(OperatorNumber::new) else {
            self.attendant.trouble(Words::new(
                "an operator's number has two digits, 00 to 99",
                "操作员号为两位数字，00 至 99",
            ));
            return At::SignedOut(terminal);
        };
        match terminal.sign_in(operator, password.sensitive()) {
            Ok(OperatorSignIn::Attended(attended)) => self.host_sign_in(attended).await,
            Ok(OperatorSignIn::MustChangePassword(first)) => At::FirstPassword(first),
            Err(refused) => {
                self.attendant.trouble(refused.error.into());
                At::SignedOut(refused.terminal)
            }
        }
    }

    async fn first_password(&mut self, terminal: FirstPassword, new: &Secret) -> At {
        match terminal.choose(new.sensitive()) {
            Ok(attended) => self.host_sign_in(attended).await,
            Err(refused) => {
                let (terminal, error) = *refused;
                self.attendant.trouble(error.into());
                At::FirstPassword(terminal)
            }
        }
    }

    async fn host_sign_in(&mut self, terminal: Attended) -> At {
        match terminal.host_sign_in(&mut self.attendant).await {
            Ok(ready) => At::Ready(Box::new(ready)),
            Err(refused) => {
                let (terminal, error) = *refused;
                self.attendant.trouble(error.into());
                At::Attended(terminal)
            }
        }
    }

    /// Brings the view up to date after a command.
    fn refresh(&self) {
        self.view.send_modify(|view| {
            view.busy = false;
            view.stage = self.at.stage();
            view.operator = self.at.operator().map(|operator| operator.to_string());
            if let Some(journal) = self.at.journal() {
                show_books(view, journal);
            }
        });
    }
}

impl At {
    /// Lets other programs have the devices that they ask for, while nothing is being done.
    async fn lend_devices(&mut self) -> Role {
        match self {
            Self::SignedOut(terminal) => terminal.lend_devices().await,
            Self::Attended(terminal) => terminal.lend_devices().await,
            Self::Ready(terminal) => terminal.lend_devices().await,
            Self::PoweredOn(_) | Self::FirstPassword(_) | Self::Moving => pending().await,
        }
    }

    fn stage(&self) -> Stage {
        match self {
            Self::PoweredOn(_) | Self::Moving => Stage::Starting,
            Self::SignedOut(_) => Stage::SignedOut,
            Self::FirstPassword(_) => Stage::FirstPassword,
            Self::Attended(_) => Stage::SignedIn,
            Self::Ready(_) => Stage::Ready,
        }
    }

    fn operator(&self) -> Option<OperatorNumber> {
        match self {
            Self::PoweredOn(_) | Self::SignedOut(_) | Self::Moving => None,
            Self::FirstPassword(terminal) => Some(terminal.operator()),
            Self::Attended(terminal) => Some(terminal.operator()),
            Self::Ready(terminal) => Some(terminal.operator()),
        }
    }

    fn journal(&self) -> Option<&Journal> {
        match self {
            Self::PoweredOn(_) | Self::FirstPassword(_) | Self::Moving => None,
            Self::SignedOut(terminal) => Some(terminal.journal()),
            Self::Attended(terminal) => Some(terminal.journal()),
            Self::Ready(terminal) => Some(terminal.journal()),
        }
    }
}

impl From<Left> for At {
    fn from(left: Left) -> Self {
        match left {
            Left::Ready(terminal) => Self::Ready(terminal),
            Left::SignedOut(terminal) => Self::SignedOut(terminal),
        }
    }
}
