//! A session with a card in the field.

use async_trait::async_trait;
use countertop_device::{
    CardProtocol, CardSession, DeviceError, DeviceErrorKind, SecurePinEntry, Sensitive,
};
use countertop_wire::apdu::{CommandApdu, ResponseApdu, StatusWord};
use countertop_wire::atr::AnswerToReset;
use countertop_wire::pcsc_part3::StorageCommand;

use super::target;
use crate::pcsc::session::PcscSession;

/// READ of a type 2 tag: four pages from this one on (NFC Forum Type 2 Tag, 5.2).
const READ: u8 = 0x30;
/// WRITE of a type 2 tag: one page (5.3).
const WRITE: u8 = 0xa2;
/// What READ returns.
const FOUR_PAGES: usize = 16;
/// ACK of a type 2 tag, four bits.
const ACK: u8 = 0x0a;

/// Is the exclusive use of a card in the field.
#[derive(Debug)]
pub(super) struct PcscContactlessSession {
    session: PcscSession,
    protocol: CardProtocol,
    /// The ATS as far as PC/SC tells it.
    answer_to_select: Vec<u8>,
}

impl PcscContactlessSession {
    pub(super) fn new(session: PcscSession) -> Self {
        let answer = AnswerToReset::parse(session.answer_to_reset()).ok();
        let card = answer.as_ref().and_then(AnswerToReset::storage_card);
        let protocol = card.map_or(CardProtocol::IsoDep, target::protocol);
        let answer_to_select =
            answer.map(|answer| target::target(Vec::new(), &answer).ats).unwrap_or_default();
        Self { session, protocol, answer_to_select }
    }

    /// Carries a command of a type 2 tag out with the reader's commands.
    async fn exchange_with_tag(&mut self, command: &[u8]) -> Result<Sensitive, DeviceError> {
        match command {
            [READ, page] => {
                let read =
                    StorageCommand::ReadBinary { address: u16::from(*page), length: FOUR_PAGES };
                self.ask(&read.to_apdu()).await
            }
            [WRITE, page, content @ ..] if content.len() == 4 => {
                let (address, data) = (u16::from(*page), content.into());
                let update = StorageCommand::UpdateBinary { address, data };
                self.ask(&update.to_apdu()).await?;
                Ok(Sensitive::new(vec![ACK]))
            }
            _ => Err(self
                .error(DeviceErrorKind::InvalidInput)
                .with_help("over PC/SC a type 2 tag takes READ (30) and WRITE (A2) alone")),
        }
    }

    /// Sends a command to the reader that has to succeed.
    async fn ask(&mut self, command: &CommandApdu) -> Result<Sensitive, DeviceError> {
        let answer = self.session.transmit(&command.to_bytes()).await?;
        match ResponseApdu::parse(answer.expose()) {
            Ok(answer) if answer.is_success() => Ok(answer.data().into()),
            // The tag is mute for what it does not allow, as for a reader of its own.
            Ok(answer) => {
                Err(self.error(DeviceErrorKind::Protocol).with_source(Refused(answer.status())))
            }
            Err(error) => Err(self.error(DeviceErrorKind::Protocol).with_source(error)),
        }
    }

    fn error(&self, kind: DeviceErrorKind) -> DeviceError {
        DeviceError::new(kind, self.session.device(), "exchange with the tag")
    }
}

/// Says with which status word the reader answered for the tag.
#[derive(Debug)]
struct Refused(StatusWord);

impl core::fmt::Display for Refused {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "the reader answered {}", self.0)
    }
}

impl std::error::Error for Refused {}

#[async_trait]
impl CardSession for PcscContactlessSession {
    fn protocol(&self) -> CardProtocol {
        self.protocol
    }

    fn answer_to_reset(&self) -> &[u8] {
        &self.answer_to_select
    }

    async fn transmit(&mut self, command: &[u8]) -> Result<Sensitive, DeviceError> {
        match self.protocol {
            CardProtocol::Type2 => self.exchange_with_tag(command).await,
            _ => self.session.transmit(command).await,
        }
    }

    async fn secure_pin_entry(&mut self) -> Result<Option<&mut dyn SecurePinEntry>, DeviceError> {
        self.session.secure_pin_entry().await
    }

    async fn close(self: Box<Self>) -> Result<(), DeviceError> {
        Box::new(self.session).close().await
    }
}
