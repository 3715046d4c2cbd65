//! Which reader is meant, and the card in it.

use std::path::Path;

use countertop_device::{CardSession, Driver as _, Selector};
use countertop_hub::{DeviceConfig, Devices, DevicesConfig, Role};
use countertop_transport::card::{Log, ReplaySession};
use tokio::time::timeout;

use super::args::ReaderArguments;
use crate::commands::alone::alone;
use crate::failure::Failure;

/// Is a card that is there, and the reader that it is in.
pub(super) struct Card {
    /// What people call the reader.
    pub(super) reader: String,
    /// Whether the card is read by contacts.
    pub(super) contact: bool,
    pub(super) session: Box<dyn CardSession>,
    /// The reader, which the session needs open.
    _devices: Devices,
}

impl Card {
    /// Waits for a card in the reader that is meant.
    pub(super) async fn present(arguments: &ReaderArguments) -> Result<Self, Failure> {
        let (role, driver, at) = choose(arguments).await?;
        let reader = at.to_string();
        let config = DevicesConfig::default().with(role, DeviceConfig::new(driver, at));
        let mut devices = Devices::from_config(&countertop::registry(), &config);
        let session = timeout(arguments.wait(), connect(role, &reader, &mut devices));
        let session = session.await.map_err(|_elapsed| nobody_came(&reader))??;
        Ok(Self { reader, contact: role == Role::Chip, session, _devices: devices })
    }

    /// Takes a recording for a card.
    pub(super) fn replay(file: &Path) -> Result<Self, Failure> {
        let text =
            std::fs::read_to_string(file).map_err(|error| Failure::io(file.display(), &error))?;
        let log: Log =
            text.parse().map_err(|error| Failure::new(format!("{}: {error}", file.display())))?;
        Ok(Self {
            reader: format!("recording {}", file.display()),
            contact: true,
            session: Box::new(ReplaySession::new(log)),
            _devices: Devices::none(),
        })
    }
}

fn nobody_came(reader: &str) -> Failure {
    Failure::new(format!("{reader}: no card came"))
        .with_help("insert a card, or hold it to the antenna; --wait takes more seconds")
}

async fn connect(
    role: Role,
    name: &str,
    devices: &mut Devices,
) -> Result<Box<dyn CardSession>, Failure> {
    if role == Role::Chip {
        let reader = devices.chip.open().await?;
        reader.await_card().await?;
        return Ok(reader.connect().await?);
    }
    let reader = devices.contactless.open().await?;
    alone(&reader.await_target().await?, name)?;
    Ok(reader.connect().await?)
}

/// Is the reader that is meant: what it does, its driver, where it is.
type Choice = (Role, String, Selector);

/// Finds out which driver opens the reader, and whether that reads by contacts.
async fn choose(arguments: &ReaderArguments) -> Result<Choice, Failure> {
    let at = arguments.at.clone();
    let driver = match (&arguments.driver, &at) {
        (Some(name), _) => name.as_str(),
        (None, None | Some(Selector::Pcsc(_))) => return pcsc(at).await,
        (None, Some(Selector::Nfc(_) | Selector::Usb { .. })) => "libnfc",
        (None, Some(_)) => "pn532",
    };
    let role = if driver == "pcsc" { Role::Chip } else { Role::Contactless };
    let Some(at) = at else { return Err(Failure::new("--driver needs --at")) };
    Ok((role, driver.into(), at))
}

/// Takes the PC/SC reader whose name begins as is said, or the first one, contacts before radio.
async fn pcsc(at: Option<Selector>) -> Result<Choice, Failure> {
    // The service may take a while to tell its readers.
    let listed = tokio::task::spawn_blocking(move || list_pcsc(at)).await;
    listed.map_err(|error| Failure::new(format!("list readers: {error}")))?
}

fn list_pcsc(at: Option<Selector>) -> Result<Choice, Failure> {
    let meant = |listed: &Selector| match (&at, listed) {
        (Some(Selector::Pcsc(prefix)), Selector::Pcsc(name)) => name.starts_with(prefix.as_str()),
        _ => true,
    };
    let contact = countertop::chip::PcscDriver::new().list()?;
    let radio = countertop::chip::PcscContactlessDriver::new().list()?;
    let mut readers = contact.into_iter().map(|it| (Role::Chip, "pcsc", it.info.selector)).chain(
        radio.into_iter().map(|it| (Role::Contactless, "pcsc-contactless", it.info.selector)),
    );
    match (readers.find(|(_, _, selector)| meant(selector)), at) {
        (Some((role, driver, found)), None) => Ok((role, driver.into(), found)),
        (Some((role, driver, _)), Some(at)) => Ok((role, driver.into(), at)),
        // The driver says which readers there are.
        (None, Some(at)) => Ok((Role::Chip, "pcsc".into(), at)),
        (None, None) => Err(Failure::new("no PC/SC reader is attached").with_help(
            "attach one, or name another reader by --at; `countertop doctor` tells what stands in the way",
        )),
    }
}
