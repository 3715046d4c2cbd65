//! `countertop run`: the terminal on this PC, with its page.

use std::process::ExitCode;
use std::sync::Arc;

use countertop_hub::Devices;
use tokio::sync::{mpsc, watch};

use crate::app::{Slips, State, Station, View, assemble};
use crate::args::RunArguments;
use crate::config::Config;
use crate::counter::VirtualCounter;
use crate::failure::Failure;
use crate::page::{Page, PageState};

/// Runs until interrupted.
pub(crate) async fn run(arguments: &RunArguments) -> Result<ExitCode, Failure> {
    let page = Page::bind(arguments.port).await.map_err(|error| {
        Failure::io(format_args!("page on port {}", arguments.port), &error)
            .with_help("take another one with --port, or 0 for a free one")
    })?;
    let counter = match &arguments.config.config {
        Some(_) => None,
        None => Some(VirtualCounter::raise(None).await?),
    };
    let config = match (&arguments.config.config, &counter) {
        (Some(path), _) => Config::read(path)?,
        (None, Some(counter)) => counter.config.clone(),
        (None, None) => Config::default(),
    };
    let state = state(arguments, counter.is_some())?;
    let devices = Devices::from_config(&countertop::registry(), &config.devices);
    let (parts, recovery) = assemble(&config, devices, &state)?;
    if !recovery.is_clean() {
        eprintln!(
            "the last run was interrupted: {} transactions are unknown and {} reversals wait; \
             sign in to send them",
            recovery.interrupted.len(),
            recovery.pending_reversals
        );
    }

    let (view, shown) = watch::channel(View::default());
    view.send_modify(|view| view.virtual_counter = counter.is_some());
    let (commands, orders) = mpsc::channel(1);
    let (answers, replies) = mpsc::channel(16);
    let slips = Arc::new(Slips::default());
    let hands = counter.as_ref().map(|counter| counter.hands.clone());
    let page_state =
        PageState { view: shown, commands, answers, slips: slips.clone(), counter: hands };

    announce(&page.url(), &state, counter.is_some());
    let station = Station::new(parts, view, replies, slips);
    let terminal = tokio::spawn(station.run(orders));
    tokio::select! {
        served = page.serve(page_state) => served.map_err(|error| Failure::io("page", &error))?,
        ended = terminal => {
            return Err(Failure::new(match ended {
                Ok(()) => "the terminal ended".to_owned(),
                Err(error) => format!("the terminal ended: {error}"),
            }));
        }
        () = interrupted() => {}
    }
    Ok(ExitCode::SUCCESS)
}

fn state(arguments: &RunArguments, virtual_counter: bool) -> Result<State, Failure> {
    let folder = match &arguments.state {
        Some(folder) => folder.clone(),
        None if virtual_counter => State::default_folder()?.join("virtual-counter"),
        None => State::default_folder()?,
    };
    Ok(State { folder, virtual_counter })
}

fn announce(url: &str, state: &State, virtual_counter: bool) {
    println!("countertop: the cashier's screen is at {url}");
    println!("countertop: the journal is in {}", state.folder.display());
    if virtual_counter {
        println!("countertop: virtual counter, test keys: sign in as operator 01, password 0000");
    }
}

/// Waits for an interrupt or a polite request to end.
pub(crate) async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
