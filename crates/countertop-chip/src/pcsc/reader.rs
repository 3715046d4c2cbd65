//! A reader as its user sees it.

use core::fmt::Write as _;

use async_trait::async_trait;
use countertop_device::{
    CardSession, ChipReader, Device, DeviceError, DeviceErrorKind, DeviceInfo, Health, HealthLevel,
    HealthReport, Selector, Sensitive,
};

use countertop_transport::UnplugWatch;

use super::error::device_error;
use super::lookout::Slot;
use super::place::Place;
use super::session::PcscSession;
use super::talk::Talker;
use super::watch::Watcher;

/// Is a chip card reader over PC/SC.
///
/// It survives the loss of the reader and of the service: the call that meets the loss fails, the
/// next one looks for both again.
#[derive(Debug)]
pub struct PcscReader {
    info: DeviceInfo,
    talker: Talker,
    watcher: Watcher,
    place: Place,
    /// Hears of the end of the reader's node, long before pcscd tells of it.
    unplug: Option<UnplugWatch>,
}

impl PcscReader {
    pub(super) fn new(
        selector: Selector,
        prefix: &str,
        name: &str,
        place: Place,
        talker: Talker,
    ) -> Result<Self, DeviceError> {
        let watcher = Watcher::start(prefix)
            .map_err(|error| DeviceError::from_io(error, talker.device(), "start a thread"))?;
        let info = place.describe(DeviceInfo::new(selector, super::NAME, name), name);
        let mut reader = Self { info, talker, watcher, place, unplug: None };
        reader.watch_node();
        Ok(reader)
    }

    /// Powers the card that is in and starts an exclusive session with it, as the type that can do
    /// more than the trait says.
    ///
    /// # Errors
    ///
    /// As [`ChipReader::connect`].
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: a session that nobody takes is closed.
    pub async fn connect_card(&mut self) -> Result<PcscSession, DeviceError> {
        let powered = self.talker.connect().await?;
        Ok(PcscSession::new(self.talker.clone(), powered))
    }

    /// Sends something to the reader itself (SCardControl), whether a card is in or not.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](DeviceErrorKind::InvalidInput) when the reader's driver passes it on to
    /// nobody, [`Busy`](DeviceErrorKind::Busy) when another program has the card.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: the reader may have obeyed.
    pub async fn control(&mut self, code: u32, data: &[u8]) -> Result<Sensitive, DeviceError> {
        self.talker.control(code, data.into()).await
    }

    fn watch_node(&mut self) {
        let Some(node) = self.place.node() else { return };
        match UnplugWatch::start(&node, self.watcher.gone()) {
            Ok(watch) => self.unplug = Some(watch),
            Err(error) => tracing::warn!(%error, node, "unplugging is noticed with delay"),
        }
    }

    /// Finds the reader's new place behind a replug.
    async fn follow(&mut self, action: &'static str) -> Result<(), DeviceError> {
        if self.place.is_attached() {
            return Ok(());
        }
        let gone = |error: DeviceError| match error.kind() {
            DeviceErrorKind::NotFound => {
                DeviceError::new(DeviceErrorKind::Disconnected, self.talker.device(), action)
            }
            _ => error,
        };
        let name = self.talker.find(action).await.map_err(gone)?;
        self.place = self.talker.locate(name, action).await?;
        self.watcher.is_back();
        self.watch_node();
        Ok(())
    }

    async fn until(&mut self, slot: Slot, action: &'static str) -> Result<(), DeviceError> {
        self.follow(action).await?;
        let device = self.talker.device().to_owned();
        self.watcher.until(slot).await.map_err(|error| device_error(&device, action, error))
    }

    /// Powers the card that is in, or says that none is.
    async fn try_card(&mut self) -> Result<String, DeviceError> {
        let session = match self.connect().await {
            Ok(session) => session,
            Err(error) if error.kind() == DeviceErrorKind::CardRemoved => {
                return Ok("no card is in".into());
            }
            Err(error) => return Err(error),
        };
        let mut text = "the card answers to reset with ".to_owned();
        for byte in session.answer_to_reset() {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        session.close().await.map(|()| text)
    }

    async fn ask_for_card(&mut self) -> Result<(), DeviceError> {
        let deadline = self.talker.deadlines().insertion;
        let device = self.talker.device().to_owned();
        match tokio::time::timeout(deadline, self.await_card()).await {
            Ok(result) => result,
            Err(_) => Err(DeviceError::new(DeviceErrorKind::TimedOut, device, "wait for a card")
                .with_help("insert a card while the check waits for it")),
        }
    }

    async fn examine(&mut self, level: HealthLevel) -> Result<String, DeviceError> {
        let name = self.talker.find("check health").await?;
        match level {
            HealthLevel::Internal => Ok(format!("pcscd runs, {name} is attached")),
            HealthLevel::External => self.try_card().await,
            HealthLevel::Interactive => {
                self.ask_for_card().await?;
                self.try_card().await
            }
        }
    }
}

#[async_trait]
impl Device for PcscReader {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    async fn check_health(&mut self, level: HealthLevel) -> Result<HealthReport, DeviceError> {
        Ok(match self.examine(level).await {
            Ok(text) => HealthReport::good(text),
            Err(error) => HealthReport::new(Health::Bad, error.to_string()),
        })
    }
}

#[async_trait]
impl ChipReader for PcscReader {
    async fn await_card(&mut self) -> Result<(), DeviceError> {
        self.until(Slot::Present, "wait for a card").await
    }

    async fn await_removal(&mut self) -> Result<(), DeviceError> {
        self.until(Slot::Empty, "wait for the card to be taken").await
    }

    async fn connect(&mut self) -> Result<Box<dyn CardSession>, DeviceError> {
        Ok(Box::new(self.connect_card().await?))
    }
}
