//! `countertop run`: the terminal on this PC, with its page.

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use countertop_hub::Hub;
use countertop_terminal::journal::Recovery;
use tokio::sync::{mpsc, watch};

use crate::app::{Answer, Command, KeptStatistics, Slips, State, Station, View, assemble, follow};
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
    announce(&page.url(), &state, counter.is_some());
    let hub = Hub::new(countertop::registry(), config.devices.clone());
    let statistics = KeptStatistics::load(&state.folder, hub.statistics().clone());
    let (page_state, wires) = wire(&config, counter.as_ref(), &hub);
    tokio::select! {
        served = page.serve(page_state) => served.map_err(|error| Failure::io("page", &error))?,
        () = attend(&hub, wires.view.clone()) => {}
        ended = work(config, state, wires, &hub) => ended?,
        () = interrupted() => statistics.save(),
    }
    Ok(ExitCode::SUCCESS)
}

/// Is the terminal's end of what it shares with its page.
struct Wires {
    view: watch::Sender<View>,
    orders: mpsc::Receiver<Command>,
    answers: mpsc::Receiver<Answer>,
    slips: Arc<Slips>,
}

fn wire(config: &Config, counter: Option<&VirtualCounter>, hub: &Hub) -> (PageState, Wires) {
    let (view, _) = watch::channel(View {
        busy: true,
        merchant: config.terminal.merchant_name.clone(),
        currency: config.terminal.currency.to_string(),
        decimals: config.terminal.currency.exponent(),
        training: config.terminal.training,
        virtual_counter: counter.is_some(),
        ..View::default()
    });
    let (commands, orders) = mpsc::channel(1);
    let (replies, answers) = mpsc::channel(16);
    let slips = Arc::new(Slips::default());
    let counter = counter.map(|counter| counter.hands.clone());
    let page = PageState {
        view: view.clone(),
        commands,
        answers: replies,
        slips: slips.clone(),
        counter,
        hub: hub.clone(),
    };
    (page, Wires { view, orders, answers, slips })
}

/// Shows devices that come and go, and never ends: where the kernel does not tell of them, the terminal
/// works all the same.
async fn attend(hub: &Hub, view: watch::Sender<View>) {
    let watched = async {
        let Err(error) = hub.watch().await;
        tracing::warn!(%error, "devices that come and go are not noticed");
        std::future::pending::<()>().await;
    };
    tokio::join!(watched, follow(hub.clone(), view));
}

/// Puts the terminal together and lets it work until it ends, which it does only when it fails.
///
/// The page is served meanwhile: hashing the first passwords takes a while.
async fn work(config: Config, state: State, wires: Wires, hub: &Hub) -> Result<(), Failure> {
    let devices = hub.devices();
    let assembled = tokio::task::spawn_blocking(move || assemble(&config, devices, &state));
    let (parts, recovery) = assembled.await.map_err(|error| ended(&error))??;
    tell(&recovery);
    let station = Station::new(parts, wires.view, wires.answers, wires.slips);
    // A task of its own: what blocks in it does not hold up the page.
    match tokio::spawn(station.run(wires.orders)).await {
        Ok(()) => Err(Failure::new("the terminal ended")),
        Err(error) => Err(ended(&error)),
    }
}

fn ended(error: &tokio::task::JoinError) -> Failure {
    Failure::new(format!("the terminal ended: {error}"))
}

fn tell(recovery: &Recovery) {
    if !recovery.is_clean() {
        eprintln!(
            "the last run was interrupted: {} transactions are unknown and {} reversals wait; \
             sign in to send them",
            recovery.interrupted.len(),
            recovery.pending_reversals
        );
    }
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
    let mut text = format!(
        "countertop: the cashier's screen is at {url}\n\
         countertop: the journal is in {}\n",
        state.folder.display()
    );
    if virtual_counter {
        text += "countertop: virtual counter, test keys: sign in as operator 01, password 0000\n\
                 countertop: the supervisor is operator 00, first password 123456\n";
    }
    // Whether anybody reads this makes no difference to a terminal.
    let _ = std::io::stdout().write_all(text.as_bytes());
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
