//! The command line of `countertop tag`.

use std::time::Duration;

use clap::{Args, Subcommand};
use countertop_device::Selector;

use super::content::Content;

#[derive(Debug, Subcommand)]
pub(crate) enum TagCommand {
    /// Read the message on a tag.
    #[command(after_help = "\
Example: countertop tag read --at serial:/dev/ttyUSB0
         countertop tag read --at \"pcsc:ACS ACR122U\"")]
    Read(ReaderArguments),
    /// Replace the message on a tag.
    #[command(after_help = "\
Example: countertop tag write --at serial:/dev/ttyUSB0 --uri https://example.com --text Menu

The records are written in the order of the options.

Exit code: 0 when the whole message was written, 1 when not; a tag that was torn away says so, and is
put right by writing again.")]
    Write(WriteArguments),
    /// Prepare a tag for messages and empty it.
    #[command(after_help = "Example: countertop tag format --at serial:/dev/ttyUSB0")]
    Format(ReaderArguments),
    /// End writing to a tag for ever.
    #[command(after_help = "Example: countertop tag lock --at serial:/dev/ttyUSB0 --yes")]
    Lock(LockArguments),
    /// Show a tag's memory.
    #[command(after_help = "Example: countertop tag dump --at serial:/dev/ttyUSB0")]
    Dump(ReaderArguments),
}

#[derive(Debug, Args)]
pub(crate) struct ReaderArguments {
    /// The contactless reader: serial:PATH for a PN532, pcsc:NAME for one that the PC/SC service
    /// knows, nfc:CONNSTRING or usb:VID:PID by libnfc.
    #[arg(long, value_name = "SELECTOR")]
    pub(super) at: Selector,
    /// The driver, where the selector does not tell it: pn532, pcsc-contactless, libnfc.
    #[arg(long, value_name = "NAME")]
    pub(super) driver: Option<String>,
    /// How many seconds to wait for a tag.
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    wait: u32,
}

impl ReaderArguments {
    /// Returns the driver's name.
    pub(super) fn driver(&self) -> &str {
        match (&self.driver, &self.at) {
            (Some(name), _) => name,
            (None, Selector::Nfc(_) | Selector::Usb { .. }) => "libnfc",
            (None, Selector::Pcsc(_)) => "pcsc-contactless",
            (None, _) => "pn532",
        }
    }

    pub(super) fn wait(&self) -> Duration {
        Duration::from_secs(u64::from(self.wait))
    }
}

#[derive(Debug, Args)]
pub(crate) struct WriteArguments {
    #[command(flatten)]
    pub(super) reader: ReaderArguments,
    #[command(flatten)]
    pub(super) content: Content,
}

#[derive(Debug, Args)]
pub(crate) struct LockArguments {
    #[command(flatten)]
    pub(super) reader: ReaderArguments,
    /// Say that it is meant: nothing undoes it.
    #[arg(long, required = true)]
    yes: bool,
}
