//! Which printer, and whose it is.

use countertop_device::Settings;
use countertop_hub::{Claim, Claims, DeviceConfig};
use countertop_printer::{EscPosDriver, EscPosPrinter, FileJournal};

use crate::args::PrintArguments;
use crate::failure::Failure;

/// Claims the printer and opens it. The claim lasts as long as what is returned.
pub(super) async fn open(
    arguments: &PrintArguments,
    settings: &Settings,
) -> Result<(EscPosPrinter, Option<Claim>), Failure> {
    let selector = arguments.to.clone().ok_or_else(|| {
        Failure::new("no printer is named")
            .with_help("name one with --to, such as --to tcp:192.168.1.20:9100")
    })?;
    let config = DeviceConfig::new("escpos", selector);
    let target = countertop::registry().resolve(&config)?;
    let claim = Claims::from_environment().claim(&target.claim)?;
    let printer = EscPosDriver.open_printer(&target.selector, settings).await?;
    if let Some(key) = settings.unread().next() {
        return Err(Failure::new(format!("the printer has no setting `{key}`")));
    }
    Ok((printer, claim))
}

/// Opens the journal of print jobs, if one is asked for.
pub(super) fn journal(arguments: &PrintArguments) -> Result<Option<FileJournal>, Failure> {
    let Some(path) = &arguments.journal else { return Ok(None) };
    FileJournal::open(path).map(Some).map_err(|error| {
        Failure::io(path.display(), &error)
            .with_help("name a file that you may write and no other program uses")
    })
}
