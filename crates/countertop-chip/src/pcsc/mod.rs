//! The driver `pcsc`: every reader that the service pcscd knows.
//!
//! | setting | default | means |
//! |---|---|---|
//! | `connect_timeout_ms` | 5000 | for finding the reader and powering the card |
//! | `transmit_timeout_ms` | 10000 | for one command, with what the protocol makes of it |
//! | `insertion_timeout_ms` | 30000 | how long the interactive health check waits for a card |
//!
//! Readers whose name says that they are contactless are listed by the driver `pcsc-contactless`.
//!
//! One thread watches the slots of all readers and blocks for as long as nothing happens; each reader has
//! another one that talks to the card. Each has a context of its own, which does not survive the service: it
//! is rebuilt when pcscd answers with one of its errors, and `SCardIsValidContext` is never asked,
//! because it says yes to a dead context (pcsc-lite 1.9.9).
//!
//! When the service dies, whoever waits for a card or talks to one gets
//! [`ServiceGone`](DeviceErrorKind::ServiceGone) at once, so that the caller can tell a person. The
//! reader stays good: the next call looks for the service again and goes on once it is back. The
//! return itself is told by [`Driver::watch`], which sleeps in the folder of the service's socket.
//!
//! Readers are told apart by their place: the driver of the reader says its bus and device, for
//! which nothing is sent, and the kernel knows serial number and port. pcscd numbers twins in the
//! order in which they come, so that a name alone may mean the other one after a replug; an opened
//! reader notices, and fails with [`Disconnected`](DeviceErrorKind::Disconnected).

mod apdu;
mod buffer;
mod card;
mod contactless;
mod error;
mod held;
mod hold;
mod interface;
mod list_watch;
mod lookout;
mod monitor;
mod names;
mod place;
mod progress;
mod reader;
mod request;
mod secure_pin;
mod service;
mod session;
mod settings;
mod states;
mod subject;
mod t0;
mod talk;
mod thread;
mod watch;
mod within;

use core::time::Duration;

use async_trait::async_trait;
use countertop_device::{
    Access, DeviceError, DeviceErrorKind, DeviceInfo, Driver, Functions, ListWatch, Listing,
    Selector, Settings,
};
use pcsc::{Context, Scope};

use list_watch::PcscListWatch;
use place::Place;

pub use contactless::{PcscContactlessDriver, PcscContactlessReader};
pub use interface::ReaderInterface;
pub use monitor::{PcscMonitor, ReaderEvent};
pub use reader::PcscReader;
pub use request::Reset;
pub use session::PcscSession;
use settings::Deadlines;
use talk::Talker;

/// The driver's name, as the configuration writes it.
pub(crate) const NAME: &str = "pcsc";

/// How long the service may take to tell its readers: it sets up those that were just plugged in, and
/// may hang.
const LIST_LIMIT: Duration = Duration::from_secs(5);

/// Opens chip card readers by the beginning of their PC/SC name (`pcsc:NAME`).
#[derive(Debug, Clone, Copy, Default)]
pub struct PcscDriver;

impl PcscDriver {
    /// Creates the driver. Performs no I/O.
    #[must_use]
    pub const fn new() -> Self {
        Self
    }

    /// Opens the reader that `selector` names, as the type that can do more than the trait says.
    ///
    /// # Errors
    ///
    /// [`NotFound`](DeviceErrorKind::NotFound) with the names of the readers that are there,
    /// [`ServiceGone`](DeviceErrorKind::ServiceGone) when pcscd does not run,
    /// [`InvalidInput`](DeviceErrorKind::InvalidInput) for another kind of selector or a setting
    /// that is no number.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: a reader that nobody takes is closed.
    pub async fn open_reader(
        &self,
        selector: &Selector,
        settings: &Settings,
    ) -> Result<PcscReader, DeviceError> {
        let device = selector.to_string();
        let invalid = || DeviceError::new(DeviceErrorKind::InvalidInput, &device, "open");
        let Selector::Pcsc(prefix) = selector else {
            return Err(invalid().with_help("a PC/SC reader is named as `pcsc:NAME`"));
        };
        let deadlines =
            Deadlines::from_settings(settings).map_err(|error| invalid().with_source(error))?;
        let talker = Talker::start(prefix.clone(), device, deadlines)?;
        let name = talker.find("open").await?;
        let place = talker.locate(name.clone(), "open").await?;
        PcscReader::new(selector.clone(), prefix, &name, place, talker)
    }
}

#[async_trait]
impl Driver for PcscDriver {
    fn name(&self) -> &'static str {
        NAME
    }

    fn list(&self) -> Result<Vec<Listing>, DeviceError> {
        list(NAME, |interface| interface != ReaderInterface::Contactless)
    }

    /// Watches the readers and the service.
    ///
    /// `None` when the operating system gives no thread.
    fn watch(&self) -> Option<Box<dyn ListWatch>> {
        let started = PcscListWatch::start();
        let failed = |error: &_| tracing::warn!(%error, "readers cannot be watched");
        started.inspect_err(failed).ok().map(|watch| Box::new(watch) as Box<dyn ListWatch>)
    }

    async fn open(
        &self,
        selector: &Selector,
        settings: &Settings,
    ) -> Result<Functions, DeviceError> {
        let mut functions = Functions::default();
        functions.chip = Some(Box::new(self.open_reader(selector, settings).await?));
        Ok(functions)
    }
}

/// Lists the readers of `driver`: those whose slot is as `wanted`.
fn list(
    driver: &'static str,
    wanted: impl Fn(ReaderInterface) -> bool + Send + 'static,
) -> Result<Vec<Listing>, DeviceError> {
    let listed = within::limit(LIST_LIMIT, driver, "list readers", move || {
        let context = Context::establish(Scope::User)?;
        let names = names::list(&context)?;
        // All of them, since who is left over is guessed from the others.
        let places = place::locate(&context, &names);
        let listed = names.into_iter().zip(places);
        Ok(listed.filter(|(name, _)| wanted(ReaderInterface::of(name))).collect::<Vec<_>>())
    })?;
    Ok(listed.into_iter().map(|(name, place)| listing(driver, name, &place)).collect())
}

fn listing(driver: &str, name: String, place: &Place) -> Listing {
    let info = DeviceInfo::new(Selector::Pcsc(name.clone()), driver, &name);
    let listing = Listing::new(place.describe(info, &name), Access::Accessible);
    match place.node() {
        Some(node) => listing.with_node(node),
        None => listing,
    }
}
