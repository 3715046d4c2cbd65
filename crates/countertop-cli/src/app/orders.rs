//! What can be asked of a terminal that is ready for customers.

use countertop_acquirer::Stan;
use countertop_device::{Money, Sensitive};
use countertop_terminal::OperatorNumber;
use countertop_terminal::flow::{Attendant as _, Prompt, Ready, SelfTested};
use countertop_terminal::operators::Permission;

use super::PageAttendant;
use super::command::Command;
use super::words::Words;

/// Is where an order leaves the terminal.
#[derive(Debug)]
pub(super) enum Left {
    /// Ready for the next customer.
    Ready(Box<Ready>),
    /// Signed out.
    SignedOut(SelfTested),
}

impl From<Ready> for Left {
    fn from(terminal: Ready) -> Self {
        Self::Ready(Box::new(terminal))
    }
}

/// Carries out `command`; whatever goes wrong is shown.
pub(super) async fn carry_out(
    terminal: Ready,
    command: Command,
    attendant: &mut PageAttendant,
) -> Left {
    match command {
        Command::Sale { amount } => sale(terminal, &amount, attendant).await.into(),
        Command::Void { stan, password } => {
            void(terminal, &stan, password.sensitive(), attendant).await.into()
        }
        Command::Reprint { stan } => reprint(terminal, &stan, attendant).await.into(),
        Command::Settle => settle(terminal, attendant).await.into(),
        Command::SelfTest => self_test(terminal, attendant).await.into(),
        Command::SignOut => sign_out(terminal, attendant).await,
        Command::SignIn { .. } | Command::ChangePassword { .. } | Command::HostSignIn => {
            attendant.trouble(Words::new(
                "somebody is signed in; sign out first",
                "已有操作员签到，请先签退",
            ));
            terminal.into()
        }
    }
}

async fn sale(terminal: Ready, amount: &str, attendant: &mut PageAttendant) -> Ready {
    let amount = match Money::parse(amount, terminal.currency()) {
        Ok(amount) => amount,
        Err(error) => {
            attendant.trouble(error.into());
            return terminal;
        }
    };
    match terminal.sale(amount, attendant).await {
        Ok(awaiting) => awaiting.complete(attendant).await.0,
        Err(refused) => {
            let (terminal, error) = *refused;
            attendant.trouble(error.into());
            terminal
        }
    }
}

async fn void(
    mut terminal: Ready,
    stan: &str,
    password: &Sensitive,
    attendant: &mut PageAttendant,
) -> Ready {
    let Some(stan) = parse_stan(stan, attendant) else { return terminal };
    match terminal.authorise(OperatorNumber::SUPERVISOR, password, Permission::Void) {
        Ok(grant) => terminal.void(stan, grant, attendant).await.0,
        Err(error) => {
            attendant.trouble(error.into());
            terminal
        }
    }
}

async fn reprint(mut terminal: Ready, stan: &str, attendant: &mut PageAttendant) -> Ready {
    if let Some(stan) = parse_stan(stan, attendant)
        && let Err(error) = terminal.reprint(stan, attendant).await
    {
        attendant.trouble(error.into());
    }
    terminal
}

async fn settle(mut terminal: Ready, attendant: &mut PageAttendant) -> Ready {
    match terminal.grant(Permission::Settle) {
        Ok(grant) => {
            if let Err(error) = terminal.settle(grant, attendant).await {
                attendant.trouble(error.into());
            }
        }
        Err(error) => attendant.trouble(error.into()),
    }
    terminal
}

async fn self_test(mut terminal: Ready, attendant: &mut PageAttendant) -> Ready {
    terminal.self_test(attendant).await;
    attendant.show(&Prompt::Ready);
    terminal
}

async fn sign_out(terminal: Ready, attendant: &mut PageAttendant) -> Left {
    match terminal.sign_out().await {
        Ok(terminal) => {
            attendant.signed_out();
            Left::SignedOut(terminal)
        }
        Err(refused) => {
            let (terminal, error) = *refused;
            attendant.trouble(error.into());
            terminal.into()
        }
    }
}

fn parse_stan(text: &str, attendant: &mut PageAttendant) -> Option<Stan> {
    let stan = text.parse().ok().and_then(Stan::new);
    if stan.is_none() {
        attendant.trouble(Words::new("a voucher's number has six digits", "凭证号为六位数字"));
    }
    stan
}
