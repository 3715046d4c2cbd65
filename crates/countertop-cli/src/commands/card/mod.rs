//! `countertop card`: one chip card or tap, one job.

mod args;
mod commands;
mod describe;
mod files;
mod objects;
mod read;
mod reader;
mod recording;
mod reset;
mod results;
mod sale;
mod trace;

use std::process::ExitCode;

use crate::failure::Failure;

pub(crate) use args::CardCommand;
use args::{CardJob, ReadArguments};
use describe::Described;
use reader::Card;

/// Waits for a card and does the job.
pub(crate) async fn run(command: &CardCommand, json: bool) -> Result<ExitCode, Failure> {
    match &command.job {
        None => show(&command.read, json).await,
        Some(CardJob::Sale(arguments)) => sale::run(arguments, json).await,
    }
}

async fn show(arguments: &ReadArguments, json: bool) -> Result<ExitCode, Failure> {
    let card = match &arguments.replay {
        Some(file) => Card::replay(file)?,
        None => Card::present(&arguments.reader).await?,
    };
    let Card { reader, session, .. } = card;
    let mut session = recording::recorded(session, &arguments.log)?;
    let described = read::read(session.as_mut()).await;
    session.close().await?;
    let described = Described { reader, card: described? };
    if json {
        outln!("{}", described.json());
    } else {
        outln!("{}", super::printable(described.text().trim_end()));
    }
    Ok(ExitCode::SUCCESS)
}
