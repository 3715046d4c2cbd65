//! Exchanges with the active target, each technology in its way.

use countertop_device::{CardProtocol, ContactlessTarget, DeviceError, DeviceErrorKind, Sensitive};
use countertop_wire::pn532::{
    CardData, ChipCommand, InitiatorCommand, InitiatorResponse, Response, Status, register,
    without_crc_a,
};

use super::chip::{Chip, RawLimit};

/// What one frame to the chip takes behind code and target.
const CHUNK: usize = 262;
/// More than any answer of a card; one that never ends is given up.
const LONGEST_ANSWER: usize = 70_000;
/// The tag's acknowledgement; any other four bits are a refusal.
const TAG_ACK: u8 = 0x0a;
const TAG_NAK: u8 = 0x00;
/// MIFARE Classic: not authenticated.
const NAK_AUTHENTICATION: u8 = 0x04;
/// READ of page 0, with which a tag gives a sign of life.
const READ_FIRST: [u8; 2] = [0x30, 0x00];
/// RID of a Topaz.
const RID: [u8; 7] = [0x78, 0, 0, 0, 0, 0, 0];
/// The longest command of a FeliCa card, its length byte included.
const LONGEST_FELICA: usize = 255;
const ACTION: &str = "transmit";

impl Chip {
    /// Sends a command to the active target. After an error other than `InvalidInput` the session
    /// is over.
    pub(super) async fn transmit(
        &mut self,
        target: &ContactlessTarget,
        command: &[u8],
    ) -> Result<Sensitive, DeviceError> {
        if command.is_empty() {
            let help = "a command has at least one byte";
            return Err(self.error(DeviceErrorKind::InvalidInput, ACTION).with_help(help));
        }
        match target.protocol {
            CardProtocol::Type2 => self.type2(target, command).await,
            CardProtocol::MifareClassic => self.mifare(target, command).await,
            CardProtocol::Felica => self.felica(target, command).await,
            _ => {
                let result = self.data_exchange(command).await?;
                self.arrived(target, result).await
            }
        }
    }

    /// Tells whether the target still answers, and prepares the chip to speak with it.
    pub(super) async fn is_present(
        &mut self,
        target: &ContactlessTarget,
    ) -> Result<bool, DeviceError> {
        match target.protocol {
            CardProtocol::IsoDep => self.attention("connect").await,
            CardProtocol::Type2 => {
                self.listen_raw().await?;
                Ok(self.communicate_thru(&READ_FIRST).await?.is_ok())
            }
            CardProtocol::Type1 => Ok(self.data_exchange(&RID).await?.is_ok()),
            _ => self.select_again(target).await,
        }
    }

    /// Returns an answer, or finds out why there is none.
    async fn arrived(
        &mut self,
        target: &ContactlessTarget,
        result: Result<Vec<u8>, Status>,
    ) -> Result<Sensitive, DeviceError> {
        match result {
            Ok(answer) => Ok(answer.into()),
            Err(status) => {
                let present = self.is_present(target).await?;
                Err(self.no_answer(present, status))
            }
        }
    }

    fn no_answer(&self, present: bool, status: Status) -> DeviceError {
        let kind = if present { DeviceErrorKind::Protocol } else { DeviceErrorKind::CardRemoved };
        self.error(kind, ACTION).with_source(status.to_string())
    }

    /// Exchanges data by the chip's own protocol, in several frames where one is too short.
    async fn data_exchange(
        &mut self,
        command: &[u8],
    ) -> Result<Result<Vec<u8>, Status>, DeviceError> {
        let mut parts = command.chunks(CHUNK).peekable();
        let mut answer = Vec::new();
        while let Some(part) = parts.next() {
            let more = parts.peek().is_some();
            match self.data_part(part, more).await? {
                (status, _, _) if !status.is_ok() => return Ok(Err(status)),
                (_, data, more) => {
                    answer = data.to_vec();
                    if more {
                        return self.collect(answer).await;
                    }
                }
            }
        }
        Ok(Ok(answer))
    }

    async fn collect(
        &mut self,
        mut answer: Vec<u8>,
    ) -> Result<Result<Vec<u8>, Status>, DeviceError> {
        while answer.len() < LONGEST_ANSWER {
            let (status, data, more) = self.data_part(&[], false).await?;
            if !status.is_ok() {
                return Ok(Err(status));
            }
            answer.extend_from_slice(&data);
            if !more {
                return Ok(Ok(answer));
            }
        }
        Err(self.error(DeviceErrorKind::Protocol, ACTION).with_source("the answer has no end"))
    }

    async fn data_part(
        &mut self,
        data: &[u8],
        more: bool,
    ) -> Result<(Status, CardData, bool), DeviceError> {
        let number = self.active.as_ref().map(|(number, _)| *number);
        let Some(target) = number else {
            return Err(self.error(DeviceErrorKind::CardRemoved, ACTION));
        };
        let command = InitiatorCommand::InDataExchange { target, more, data: data.into() };
        let limit = self.options.transmit;
        match self.channel.ask(command, limit, ACTION).await? {
            Response::Initiator(InitiatorResponse::DataExchanged { status, more, data }) => {
                Ok((status, data, more))
            }
            _ => Err(self.error(DeviceErrorKind::Protocol, ACTION)),
        }
    }

    pub(super) async fn communicate_thru(
        &mut self,
        frame: &[u8],
    ) -> Result<Result<Vec<u8>, Status>, DeviceError> {
        let command = InitiatorCommand::InCommunicateThru(frame.into());
        let limit = self.options.transmit;
        match self.channel.ask(command, limit, ACTION).await? {
            Response::Initiator(InitiatorResponse::CommunicatedThru { status, data }) => {
                Ok(if status.is_ok() { Ok(data.to_vec()) } else { Err(status) })
            }
            _ => Err(self.error(DeviceErrorKind::Protocol, ACTION)),
        }
    }

    /// Lets answers pass without a look at their CRC, so that four bits pass too. A search sets the
    /// look again.
    async fn listen_raw(&mut self) -> Result<(), DeviceError> {
        self.set_raw_limit(RawLimit::Tag, ACTION).await?;
        let raw = ChipCommand::WriteRegister(vec![(register::CIU_RX_MODE, 0x00)]);
        self.ask_chip(raw, ACTION).await.map(drop)
    }

    /// The firmware takes some commands of tags for those of MIFARE Classic, and hides the four bits
    /// with which a tag answers; so tags are spoken with in raw frames. A tag that refuses falls
    /// back to idle and is selected again.
    async fn type2(
        &mut self,
        target: &ContactlessTarget,
        command: &[u8],
    ) -> Result<Sensitive, DeviceError> {
        let answer = match self.communicate_thru(command).await? {
            Ok(answer) => answer,
            // Nothing heard: some models refuse by silence. Or it is gone.
            Err(status) => {
                let present = self.select_again(target).await?;
                if present && status == Status::TIMEOUT {
                    self.listen_raw().await?;
                    return Ok(vec![TAG_NAK].into());
                }
                return Err(self.no_answer(present, status));
            }
        };
        match answer[..] {
            [TAG_ACK] => Ok(answer.into()),
            [_] => {
                if !self.select_again(target).await? {
                    return Err(self.error(DeviceErrorKind::CardRemoved, ACTION));
                }
                self.listen_raw().await?;
                Ok(answer.into())
            }
            ref bytes => match without_crc_a(bytes) {
                Some(data) => Ok(data.into()),
                None => Err(self.no_answer(true, Status::CRC)),
            },
        }
    }

    /// The firmware does the cipher. A card that refuses falls back to idle; behind a new selection
    /// it wants to be authenticated with again.
    async fn mifare(
        &mut self,
        target: &ContactlessTarget,
        command: &[u8],
    ) -> Result<Sensitive, DeviceError> {
        let refusal = match self.data_exchange(command).await? {
            Ok(answer) if answer.is_empty() => return Ok(vec![TAG_ACK].into()),
            Ok(answer) => return Ok(answer.into()),
            Err(Status::AUTHENTICATION) => NAK_AUTHENTICATION,
            Err(_) => TAG_NAK,
        };
        match self.select_again(target).await? {
            true => Ok(vec![refusal].into()),
            false => Err(self.error(DeviceErrorKind::CardRemoved, ACTION)),
        }
    }

    async fn felica(
        &mut self,
        target: &ContactlessTarget,
        command: &[u8],
    ) -> Result<Sensitive, DeviceError> {
        let length =
            u8::try_from(command.len() + 1).ok().filter(|_| command.len() < LONGEST_FELICA);
        let Some(length) = length else {
            let help = "a command of FeliCa has up to 254 bytes";
            return Err(self.error(DeviceErrorKind::InvalidInput, ACTION).with_help(help));
        };
        let result = self.data_exchange(&[&[length], command].concat()).await?;
        let answer = self.arrived(target, result).await?;
        match answer.expose().split_first() {
            Some((length, rest)) if usize::from(*length) == answer.len() => Ok(rest.into()),
            _ => Err(self.error(DeviceErrorKind::Protocol, ACTION)),
        }
    }
}
