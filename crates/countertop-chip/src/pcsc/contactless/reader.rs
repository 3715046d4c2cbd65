//! A reader as its user sees it.

use async_trait::async_trait;
use countertop_device::{
    CardSession, ChipReader as _, ContactlessReader, ContactlessTarget, Device, DeviceError,
    DeviceErrorKind, DeviceInfo, HealthLevel, HealthReport,
};
use countertop_wire::apdu::ResponseApdu;
use countertop_wire::atr::AnswerToReset;
use countertop_wire::pcsc_part3::{CardInformation, StorageCommand};

use super::session::PcscContactlessSession;
use super::target::target;
use crate::pcsc::reader::PcscReader;
use crate::pcsc::session::PcscSession;

/// Is a contactless reader over PC/SC.
///
/// The reader's field stays on for as long as the service keeps it so: a dropped or failed
/// [`await_target`](ContactlessReader::await_target) leaves no session behind, but does not switch it
/// off.
#[derive(Debug)]
pub struct PcscContactlessReader {
    reader: PcscReader,
    info: DeviceInfo,
    /// The session with the target that was found last.
    found: Option<PcscSession>,
}

impl PcscContactlessReader {
    pub(super) fn new(reader: PcscReader) -> Self {
        let info = DeviceInfo { driver: super::NAME.into(), ..reader.info().clone() };
        Self { reader, info, found: None }
    }

    /// Returns the reader as one of chip cards: its commands of its own, resets.
    pub fn as_chip_reader(&mut self) -> &mut PcscReader {
        &mut self.reader
    }

    async fn next_target(&mut self) -> Result<ContactlessTarget, DeviceError> {
        self.reader.await_card().await?;
        let mut session = self.reader.connect_card().await?;
        let uid = uid(&mut session).await?;
        let answer = AnswerToReset::parse(session.answer_to_reset())
            .map_err(|error| self.protocol_error("read the answer to reset").with_source(error))?;
        self.found = Some(session);
        Ok(target(uid, &answer))
    }

    fn protocol_error(&self, action: &str) -> DeviceError {
        DeviceError::new(DeviceErrorKind::Protocol, self.info.selector.to_string(), action)
    }
}

/// Asks for the UID; empty where the reader does not tell.
async fn uid(session: &mut PcscSession) -> Result<Vec<u8>, DeviceError> {
    let command = StorageCommand::GetData(CardInformation::Uid).to_apdu();
    let answer = session.transmit(&command.to_bytes()).await?;
    match ResponseApdu::parse(answer.expose()) {
        Ok(answer) if answer.is_success() => Ok(answer.data().to_vec()),
        _ => Ok(Vec::new()),
    }
}

#[async_trait]
impl Device for PcscContactlessReader {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    async fn check_health(&mut self, level: HealthLevel) -> Result<HealthReport, DeviceError> {
        self.found = None;
        self.reader.check_health(level).await
    }
}

#[async_trait]
impl ContactlessReader for PcscContactlessReader {
    async fn await_target(&mut self) -> Result<ContactlessTarget, DeviceError> {
        self.found = None;
        loop {
            match self.next_target().await {
                // It left again before it was known.
                Err(error) if error.kind() == DeviceErrorKind::CardRemoved => {
                    self.reader.await_removal().await?;
                }
                result => return result,
            }
        }
    }

    async fn connect(&mut self) -> Result<Box<dyn CardSession>, DeviceError> {
        let session = match self.found.take() {
            Some(session) => session,
            None => self.reader.connect_card().await?,
        };
        Ok(Box::new(PcscContactlessSession::new(session)))
    }
}
