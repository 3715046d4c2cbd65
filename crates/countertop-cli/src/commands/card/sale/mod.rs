//! `countertop card sale`: a whole transaction with one card at a test host.

mod contact;
mod ended;
mod host;
mod pin;
mod tap;

use std::process::ExitCode;
use std::sync::Arc;

use countertop_device::Money;
use countertop_emv::{EmvError, TransactionData, TransactionType};
use countertop_terminal::vault::{Randomness as _, SystemRandomness};
use countertop_terminal::{Clock as _, SystemClock};
use countertop_wire::tlv::numeric;

use self::host::{Host, Plan};
use super::args::SaleArguments;
use super::reader::Card;
use super::recording;
use crate::failure::Failure;

/// Pays; fails unless host and card have approved.
pub(super) async fn run(arguments: &SaleArguments, json: bool) -> Result<ExitCode, Failure> {
    let amount = Money::parse(&arguments.amount, arguments.currency)
        .map_err(|error| Failure::new(error.to_string()))?;
    let plan = Plan::of(arguments)?;
    let parameters = Arc::new(plan.emv_parameters()?);
    // The host first: a card that waits for it would be kept powered.
    let mut host = Host::sign_in(plan).await?;
    let card = Card::present(&arguments.reader).await?;
    let Card { reader, contact, session, .. } = card;
    let data = transaction(amount, &host)?;
    let session = recording::recorded(session, &arguments.log)?;
    let ended = if contact {
        contact::pay(session, parameters, data, &mut host).await?
    } else {
        tap::pay(session, &parameters, data, &mut host).await?
    };
    if json {
        outln!("{}", ended.json(&reader, amount));
    } else {
        let text = ended.text(&reader, amount);
        outln!("{}", crate::commands::printable(text.trim_end()));
    }
    Ok(if ended.is_approved() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn transaction(amount: Money, host: &Host) -> Result<TransactionData, Failure> {
    let mut unpredictable_number = [0; 4];
    SystemRandomness
        .fill(&mut unpredictable_number)
        .map_err(|error| Failure::new(error.to_string()))?;
    let now = SystemClock.now();
    let (date, time) = (numeric::pack_last_six(&now.date()), numeric::pack_last_six(&now.time()));
    let purchase = TransactionType::PURCHASE;
    let mut data = TransactionData::new(amount, purchase, date, time, unpredictable_number);
    host.describe(&mut data);
    Ok(data)
}

/// Says why a card did not bring the transaction to an end, with the cure.
fn failed(error: &EmvError) -> Failure {
    Failure::new(error.to_string()).with_help(error.help())
}
