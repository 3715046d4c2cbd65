//! Puts a terminal together from parts and sells once, paid by a code that the customer shows;
//! with virtual devices, type `6200000000000000005` at the scanner when asked for it:
//! ```sh
//! countertop virtual acquirer --tcp 8583
//! countertop virtual pinpad --link /tmp/pinpad
//! countertop virtual scanner --link /tmp/scanner
//! cargo run --example run_terminal -- 127.0.0.1:8583 serial:/tmp/pinpad serial:/tmp/scanner
//! ```

use std::{error::Error, sync::Arc};

use countertop::acquirer::unionpay::{Profile, UnionPay};
use countertop::device::{Currency, Money};
use countertop::hub::{DeviceConfig, Devices, DevicesConfig, Role};
use countertop::terminal::flow::{OperatorSignIn, PoweredOn, TerminalParts, TerminalSettings};
use countertop::terminal::journal::{Journal, JournalSettings};
use countertop::terminal::operators::{OperatorBook, OperatorPolicy};
use countertop::terminal::vault::{SystemRandomness, Vault};
use countertop::terminal::{OperatorNumber, SystemClock};
use countertop_examples::Cashier;

fn parts(host: String, devices: &DevicesConfig) -> Result<TerminalParts, Box<dyn Error>> {
    let (randomness, clock) = (Arc::new(SystemRandomness), Arc::new(SystemClock));
    let folder = tempfile::tempdir()?.keep();
    let vault = Vault::open(&folder.join("journal.key"), randomness.clone())?;
    let books = JournalSettings { training: true, ..JournalSettings::default() };
    let (mut journal, _) = Journal::open(&folder.join("journal.db"), books, vault, clock.clone())?;
    let policy = OperatorPolicy { default_cashier_usable: true, ..OperatorPolicy::default() };
    let mut profile = Profile::default();
    (profile.host, profile.training) = (host, true);
    Ok(TerminalParts {
        devices: Devices::from_config(&countertop::registry(), devices),
        acquirer: Box::new(UnionPay::new(profile)?),
        operators: OperatorBook::open(&mut journal, policy, randomness.clone())?,
        settings: TerminalSettings { training: true, ..TerminalSettings::default() },
        emv: Arc::default(),
        journal,
        clock,
        randomness,
    })
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args().collect();
    let [_, host, pin_pad, scanner] = &arguments[..] else { return Err("3 arguments".into()) };
    let devices = DevicesConfig::default()
        .with(Role::PinPad, DeviceConfig::new("visa-pinpad", pin_pad.parse()?))
        .with(Role::Scanner, DeviceConfig::new("serial-scanner", scanner.parse()?));
    let terminal = PoweredOn::new(parts(host.clone(), &devices)?).self_test(&mut Cashier).await;
    let password = OperatorPolicy::CASHIER_DEFAULT.as_bytes().into();
    let signed_in = terminal.sign_in(OperatorNumber::FIRST_CASHIER, &password);
    let Ok(OperatorSignIn::Attended(terminal)) = signed_in else { return Err("password".into()) };
    let terminal = terminal.host_sign_in(&mut Cashier).await.map_err(|refused| refused.1)?;
    let sale = terminal.sale(Money::parse("12.34", Currency::CNY)?, &mut Cashier).await;
    let (_, ending) = sale.map_err(|refused| refused.1)?.complete(&mut Cashier).await;
    println!("{ending:?}");
    Ok(())
}
