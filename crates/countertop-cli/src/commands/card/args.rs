//! The command line of `countertop card`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use countertop_device::{Currency, Selector};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct CardCommand {
    #[command(flatten)]
    pub(super) read: ReadArguments,
    #[command(subcommand)]
    pub(super) job: Option<CardJob>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CardJob {
    /// Pay with the card, at a virtual or a test host.
    #[command(after_help = "\
Example: countertop card sale --amount 12.34
Example: countertop card sale --amount 12.34 --at serial:/dev/ttyUSB0 --host 127.0.0.1:8583 --trace

Without --config the keys are the published test keys: those of `countertop virtual acquirer` and of the
cards of `countertop virtual card`. There is no PIN pad then, and the card is told so. Hosts that move
money are refused: `countertop run` has operators and a journal for them.

Exit code: 0 when host and card have approved, 1 when not or when nobody knows, 2 for a wrong command line.")]
    Sale(SaleArguments),
}

#[derive(Debug, Args)]
pub(crate) struct ReadArguments {
    #[command(flatten)]
    pub(super) reader: ReaderArguments,
    #[command(flatten)]
    pub(super) log: LogArguments,
    /// Read a recording in place of a card.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["at", "driver"])]
    pub(super) replay: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ReaderArguments {
    /// The reader: pcsc:NAME, serial:PATH for a PN532, nfc:CONNSTRING or usb:VID:PID by libnfc; the first
    /// PC/SC reader without it.
    #[arg(long, value_name = "SELECTOR")]
    pub(super) at: Option<Selector>,
    /// The driver, where the selector does not tell it: pcsc, pcsc-contactless, pn532, libnfc.
    #[arg(long, value_name = "NAME", requires = "at")]
    pub(super) driver: Option<String>,
    /// How many seconds to wait for a card.
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    wait: u32,
}

impl ReaderArguments {
    pub(super) fn wait(&self) -> Duration {
        Duration::from_secs(u64::from(self.wait))
    }
}

#[derive(Debug, Args)]
pub(crate) struct LogArguments {
    /// Show commands and answers on standard error, with their names and data objects.
    #[arg(long)]
    pub(super) trace: bool,
    /// Write commands and answers into a file, which --replay takes.
    #[arg(long, value_name = "FILE")]
    pub(super) record: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct SaleArguments {
    #[command(flatten)]
    pub(super) reader: ReaderArguments,
    #[command(flatten)]
    pub(super) log: LogArguments,
    /// The amount, such as 12.34.
    #[arg(long)]
    pub(super) amount: String,
    /// The currency, by its three letters.
    #[arg(long, value_name = "CODE", default_value = "CNY", value_parser = currency)]
    pub(super) currency: Currency,
    /// The host: `virtual` for one in this process, or HOST:PORT; with --config, the configured one
    /// without it.
    #[arg(long, value_name = "HOST:PORT")]
    pub(super) host: Option<String>,
    /// The configuration, with host, PIN pad and EMV parameters.
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
}

fn currency(code: &str) -> Result<Currency, String> {
    serde_json::from_value(code.into()).map_err(|_| "write CNY, EUR, JPY or USD".into())
}
