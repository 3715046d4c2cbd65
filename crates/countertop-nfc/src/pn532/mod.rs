//! The driver `pn532`: an NXP PN532 on a serial line, without libnfc (UM0701-02).
//!
//! | setting | default | means |
//! |---|---|---|
//! | `technologies` | `a,b,f,topaz` | what is searched for, in this order |
//! | `collision` | true | whether a second card is looked for beside one of ISO/IEC 14443-4 type A |
//! | `poll_ms` | 5 | pause between two rounds of searches, while somebody waits |
//! | `transmit_timeout_ms` | 3000 | for one command to a card |
//! | `exchange_ms` | 500 | for one command to the chip itself |
//! | `hold_ms` | 5000 | how long a card that was found is kept for [`connect`] |
//! | `presentation_timeout_ms` | 10000 | how long the interactive health check waits for a card |
//! | `baud` and others | 115200 8N1 | the line |
//!
//! The device has a task of its own, which alone talks to the chip. A wait that is dropped ends at
//! once: the chip's search is aborted by an ACK frame, and the field goes off. The field is on while
//! somebody waits for a card and while one is held, and off else; it stays on between two rounds,
//! because a card takes 5 ms to be ready behind the field's rise.
//!
//! Opening wakes the chip in whatever state another program has left it, in the middle of a command
//! or asleep. Closing leaves it awake with its field off. A chip that loses its power while somebody
//! waits is woken and configured again.
//!
//! A response that came broken is asked for again with NACK; a command is never sent twice unless
//! the chip has said that it did not take it.
//!
//! [`connect`]: countertop_device::ContactlessReader::connect

mod chip;
mod claim;
mod collision;
mod exchange;
mod search;
mod settings;
mod transport;
mod worker;

use async_trait::async_trait;
use countertop_device::{
    DeviceError, DeviceErrorKind, DeviceInfo, Driver, Functions, Listing, Selector, Settings,
    UsbModel,
};
use countertop_transport::{BoxLink, Line, tty};
use tokio::sync::mpsc;

use chip::Chip;
use claim::Claim;
use settings::Options;
use worker::Worker;

use crate::reader::{Handle, NfcReader, Requests};

/// The driver's name, as the configuration writes it.
pub const NAME: &str = "pn532";

/// Opens a PN532 on a serial line (`serial:/dev/ttyUSB0`), or behind a serial server
/// (`tcp:HOST:PORT`).
#[derive(Debug, Clone, Copy, Default)]
pub struct Pn532Driver;

impl Pn532Driver {
    /// Creates the driver. Performs no I/O.
    #[must_use]
    pub const fn new() -> Self {
        Self
    }

    /// Opens the reader that `selector` names.
    ///
    /// # Errors
    ///
    /// [`NotFound`](DeviceErrorKind::NotFound) when there is no such line or nothing answers on it,
    /// [`PermissionDenied`](DeviceErrorKind::PermissionDenied),
    /// [`Busy`](DeviceErrorKind::Busy) when another program has the line,
    /// [`InvalidInput`](DeviceErrorKind::InvalidInput) for another kind of selector or a setting
    /// that does not parse.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: the line is closed.
    pub async fn open_reader(
        &self,
        selector: &Selector,
        settings: &Settings,
    ) -> Result<NfcReader, DeviceError> {
        let device = selector.to_string();
        let claim = Claim::take(&device).await.ok_or_else(|| {
            DeviceError::new(DeviceErrorKind::Busy, &device, "open")
                .with_help("this program has opened the reader already")
        })?;
        let link = countertop_transport::open(selector, settings).await?;
        Self::begin(link, selector.clone(), settings, Some(claim)).await
    }

    /// Opens the reader at the other end of `link`. It needs a running Tokio runtime.
    ///
    /// # Errors
    ///
    /// As [`open_reader`](Self::open_reader).
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: the link is closed.
    pub async fn on_link(
        link: BoxLink,
        selector: Selector,
        settings: &Settings,
    ) -> Result<NfcReader, DeviceError> {
        Self::begin(link, selector, settings, None).await
    }

    async fn begin(
        link: BoxLink,
        selector: Selector,
        settings: &Settings,
        claim: Option<Claim>,
    ) -> Result<NfcReader, DeviceError> {
        let device = selector.to_string();
        let options = Options::from_settings(settings).map_err(|error| {
            DeviceError::new(DeviceErrorKind::InvalidInput, &device, "open").with_source(error)
        })?;
        let presentation = options.presentation;
        let chip = Chip::open(Line::new(link, &device), options).await?;
        let info = DeviceInfo::new(selector, NAME, chip.model());
        let (requests, inbox) = mpsc::unbounded_channel();
        tokio::spawn(Worker::new(chip, inbox, claim).run());
        Ok(NfcReader::new(info, Handle::new(Requests::Task(requests), &device), presentation))
    }
}

#[async_trait]
impl Driver for Pn532Driver {
    fn name(&self) -> &'static str {
        NAME
    }

    fn list(&self) -> Result<Vec<Listing>, DeviceError> {
        tty::listings(NAME, tty::ADAPTERS)
    }

    fn models(&self) -> &'static [UsbModel] {
        tty::ADAPTERS
    }

    fn subsystems(&self) -> &'static [&'static str] {
        &["tty"]
    }

    async fn open(
        &self,
        selector: &Selector,
        settings: &Settings,
    ) -> Result<Functions, DeviceError> {
        let reader = self.open_reader(selector, settings).await?;
        let mut functions = Functions::default();
        functions.contactless = Some(Box::new(reader));
        Ok(functions)
    }
}
