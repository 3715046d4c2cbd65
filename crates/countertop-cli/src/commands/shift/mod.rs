//! `countertop shift`: a whole day on the virtual counter, unattended.
//!
//! Self-test, sign-in, one sale each by chip with PIN, by tap under the limit, by stripe with
//! signature and by payment code, a decline, a lost answer with its reversal, a void, settlement,
//! sign-out. It fails unless each step ends as it should and the host's ledger equals the journal.

mod customer;
mod ledgers;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use countertop_device::{Currency, Money};
use countertop_hub::Devices;
use countertop_terminal::OperatorNumber;
use countertop_terminal::flow::{
    Attended, Ending, OperatorSignIn, PoweredOn, Ready, SelfTested, SignInRefused,
};
use countertop_terminal::operators::{OperatorPolicy, Permission};

use self::customer::{Customer, Pays};
use super::self_test::table;
use crate::app::{State, assemble};
use crate::args::ShiftArguments;
use crate::counter::VirtualCounter;
use crate::failure::Failure;

/// Works the day.
pub(crate) async fn run(arguments: &ShiftArguments, json: bool) -> Result<ExitCode, Failure> {
    let out = folder(arguments)?;
    let counter = VirtualCounter::raise(Some(&out)).await?;
    let state = State { folder: out.clone(), virtual_counter: true };
    let devices = Devices::from_config(&countertop::registry(), &counter.config.devices);
    let (parts, _) = assemble(&counter.config, devices, &state)?;

    let mut day =
        Day { counter: &counter, customer: Customer::new(counter.hands.clone(), json), json };
    let summary = day.work(PoweredOn::new(parts)).await?;
    day.say(&format!("\nreceipts and ledger: {}", out.display()));
    for file in pictures(&out) {
        day.say(&format!("  {}", file.display()));
    }
    if json {
        outln!("{summary}");
    } else {
        outln!("the host's ledger equals the journal");
    }
    Ok(ExitCode::SUCCESS)
}

/// Is the day's work.
struct Day<'a> {
    counter: &'a VirtualCounter,
    customer: Customer,
    json: bool,
}

impl Day<'_> {
    fn say(&self, text: &str) {
        if !self.json {
            outln!("{text}");
        }
    }

    async fn work(&mut self, terminal: PoweredOn) -> Result<serde_json::Value, Failure> {
        let tested = self.self_test(terminal).await?;
        let tested = self.supervisor_changes_password(tested)?;
        let mut ready = self.sign_in(tested).await?;

        ready = self.sale(ready, "12.34", Pays::Chip, approved).await?;
        let first = self.last_stan(&ready)?;
        ready = self.sale(ready, "8.00", Pays::Tap, approved).await?;
        ready = self.sale(ready, "256.00", Pays::Swipe, approved).await?;
        ready = self.sale(ready, "3.50", Pays::Code, approved).await?;
        ready = self.sale(ready, "44.51", Pays::Tap, declined).await?;
        ready = self.sale(ready, "45.02", Pays::Tap, unknown).await?;
        ready = self.void(ready, first).await?;

        let summary = ledgers::compare(ready.journal(), &self.counter.acquirer.ledger())?;
        ready = self.settle(ready).await?;
        self.sign_out(ready).await?;
        Ok(summary)
    }

    async fn self_test(&mut self, terminal: PoweredOn) -> Result<SelfTested, Failure> {
        let tested = terminal.self_test(&mut self.customer).await;
        self.say("self-test");
        self.say(&table(tested.lines()));
        match tested.lines().iter().find(|it| it.report.health == countertop_device::Health::Bad) {
            None => Ok(tested),
            Some(line) => {
                let failure = Failure::new(format!("{}: {}", line.role, line.report.text));
                Err(match &line.help {
                    Some(help) => failure.with_help(help),
                    None => failure,
                })
            }
        }
    }

    /// The supervisor's first password opens nothing; a void later on needs the supervisor.
    fn supervisor_changes_password(&self, terminal: SelfTested) -> Result<SelfTested, Failure> {
        let supervisor = OperatorNumber::SUPERVISOR;
        let default = OperatorPolicy::SUPERVISOR_DEFAULT.as_bytes().into();
        match terminal.sign_in(supervisor, &default) {
            Ok(OperatorSignIn::MustChangePassword(first)) => {
                let attended = first.choose(&supervisor_password());
                let attended = attended.map_err(|refused| Failure::from(refused.1))?;
                self.say("supervisor 00 chose a password");
                Ok(attended.leave())
            }
            Ok(OperatorSignIn::Attended(attended)) => Ok(attended.leave()),
            Err(refused) => {
                let SignInRefused { terminal, error } = *refused;
                // A shift before this one in the same folder has chosen it.
                match terminal.sign_in(supervisor, &supervisor_password()) {
                    Ok(OperatorSignIn::Attended(attended)) => Ok(attended.leave()),
                    _ => Err(error.into()),
                }
            }
        }
    }

    async fn sign_in(&mut self, terminal: SelfTested) -> Result<Ready, Failure> {
        let cashier = OperatorNumber::FIRST_CASHIER;
        let password = OperatorPolicy::CASHIER_DEFAULT.as_bytes().into();
        let attended: Attended = match terminal.sign_in(cashier, &password) {
            Ok(OperatorSignIn::Attended(attended)) => attended,
            Ok(OperatorSignIn::MustChangePassword(_)) => {
                return Err(Failure::new("operator 01 has to change the password first"));
            }
            Err(refused) => return Err(refused.error.into()),
        };
        let ready = attended.host_sign_in(&mut self.customer).await;
        let ready = ready.map_err(|refused| Failure::from(refused.1))?;
        self.say(&format!("operator {cashier} signed in, and the terminal at the host"));
        Ok(ready)
    }

    async fn sale(
        &mut self,
        terminal: Ready,
        amount: &str,
        pays: Pays,
        expected: fn(&Ending) -> bool,
    ) -> Result<Ready, Failure> {
        self.say(&format!("\n=== sale of {amount}, customer pays by {pays:?}"));
        let amount =
            Money::parse(amount, Currency::CNY).map_err(|error| Failure::new(error.to_string()))?;
        self.customer.pays(pays);
        let awaiting = terminal.sale(amount, &mut self.customer).await;
        let awaiting = awaiting.map_err(|refused| Failure::from(refused.1))?;
        let (terminal, ending) = awaiting.complete(&mut self.customer).await;
        self.say(&format!("ended: {ending:?}"));
        if expected(&ending) {
            Ok(terminal)
        } else {
            Err(Failure::new(format!("sale of {amount} by {pays:?} ended otherwise: {ending:?}")))
        }
    }

    fn last_stan(&self, terminal: &Ready) -> Result<countertop_acquirer::Stan, Failure> {
        let last = terminal.journal().last()?;
        last.map(|record| record.stan).ok_or_else(|| Failure::new("the journal is empty"))
    }

    async fn void(
        &mut self,
        mut terminal: Ready,
        stan: countertop_acquirer::Stan,
    ) -> Result<Ready, Failure> {
        self.say(&format!("\n=== void of {stan}"));
        let supervisor = OperatorNumber::SUPERVISOR;
        let grant = terminal.authorise(supervisor, &supervisor_password(), Permission::Void)?;
        let (terminal, ending) = terminal.void(stan, grant, &mut self.customer).await;
        if approved(&ending) {
            Ok(terminal)
        } else {
            Err(Failure::new(format!("void of {stan} ended otherwise: {ending:?}")))
        }
    }

    async fn settle(&mut self, mut terminal: Ready) -> Result<Ready, Failure> {
        self.say("\n=== settlement");
        let grant = terminal.grant(Permission::Settle)?;
        let next = terminal.settle(grant, &mut self.customer).await?;
        let report = terminal.journal().settlement_report()?;
        let balanced = report.and_then(|it| it.answer).is_some_and(|answer| answer.balanced());
        if !balanced {
            return Err(Failure::new("the settlement does not balance"));
        }
        self.say(&format!("settled and balanced; the next batch is {next}"));
        Ok(terminal)
    }

    async fn sign_out(&mut self, terminal: Ready) -> Result<(), Failure> {
        self.customer.check()?;
        terminal.sign_out().await.map_err(|refused| Failure::from(refused.1))?;
        self.say("signed out");
        Ok(())
    }
}

fn approved(ending: &Ending) -> bool {
    matches!(ending, Ending::Completed(_))
}

fn declined(ending: &Ending) -> bool {
    matches!(ending, Ending::Declined(Some(_)))
}

fn unknown(ending: &Ending) -> bool {
    matches!(ending, Ending::Unknown(_))
}

/// Is the password that the supervisor of a shift chooses.
fn supervisor_password() -> countertop_device::Sensitive {
    b"135790".as_slice().into()
}

fn folder(arguments: &ShiftArguments) -> Result<PathBuf, Failure> {
    let folder = match &arguments.out {
        Some(folder) => folder.clone(),
        None => {
            let name = format!("countertop-shift-{}", std::process::id());
            std::env::temp_dir().join(name)
        }
    };
    std::fs::create_dir_all(&folder).map_err(|error| Failure::io(folder.display(), &error))?;
    Ok(folder)
}

/// Returns the pictures of a folder, in order.
fn pictures(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<_> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "png"))
        .collect();
    files.sort();
    files
}
