//! The chip: opening, field and health.

use countertop_device::{ContactlessTarget, DeviceError, DeviceErrorKind};
use countertop_transport::Line;
use countertop_wire::pn532::{
    ChipCommand, ChipResponse, FirmwareVersion, Response, RfItem, Status, diagnose, parameter,
    register,
};

use super::settings::Options;
use super::transport::Channel;
use crate::field;

/// Is a chip that is awake and configured. Every call ends in bounded time.
#[derive(Debug)]
pub(super) struct Chip {
    pub(super) channel: Channel,
    pub(super) options: Options,
    version: FirmwareVersion,
    /// How long the chip waits for the answer to a raw frame.
    raw_limit: RawLimit,
    /// The target that the chip has activated, and its number for it.
    pub(super) active: Option<(u8, ContactlessTarget)>,
}

/// Says how long the chip waits for the answer to a raw frame: `n` stands for 0.1 ms doubled `n - 1` times
/// (UM0701-02, 7.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum RawLimit {
    /// 1.6 ms: a request is answered within 0.1 ms.
    Request = 0x05,
    /// 51.2 ms, the default: a tag that writes takes up to 10.
    Tag = 0x0a,
}

/// How often a chip is woken that does not answer.
const WAKE_ATTEMPTS: usize = 3;
/// Normal mode of the security module: it is not used (UM0701-02, 7.2.10).
const NORMAL_MODE: u8 = 1;
/// Exponent of 102.4 ms: the default (7.3.1).
const ATR_RES_TIMEOUT: u8 = 0x0b;

impl Chip {
    pub(super) async fn open(line: Line, options: Options) -> Result<Self, DeviceError> {
        let mut channel = Channel::new(line);
        let version = wake(&mut channel, &options).await?;
        let mut chip =
            Self { channel, options, version, raw_limit: RawLimit::Request, active: None };
        chip.configure("open").await?;
        Ok(chip)
    }

    /// Sets what a chip forgets when it loses its power.
    async fn configure(&mut self, action: &'static str) -> Result<(), DeviceError> {
        let parameters = parameter::AUTOMATIC_RATS | parameter::AUTOMATIC_ATR_RES;
        // A search tries once: the next technology is not kept waiting.
        let retries = RfItem::MaxRetries { atr: 0, psl: 1, passive_activation: 0 };
        for command in [
            ChipCommand::SetParameters(parameters),
            ChipCommand::RfConfiguration(retries),
            ChipCommand::RfConfiguration(RfItem::Field { on: false, avoid_collision: false }),
        ] {
            self.ask_chip(command, action).await?;
        }
        self.configure_raw_limit(RawLimit::Request, action).await
    }

    /// Sets how long the chip waits for the answer to a raw frame, if it does not already.
    pub(super) async fn set_raw_limit(
        &mut self,
        limit: RawLimit,
        action: &'static str,
    ) -> Result<(), DeviceError> {
        match self.raw_limit == limit {
            true => Ok(()),
            false => self.configure_raw_limit(limit, action).await,
        }
    }

    async fn configure_raw_limit(
        &mut self,
        limit: RawLimit,
        action: &'static str,
    ) -> Result<(), DeviceError> {
        let retry = limit as u8;
        let timings = RfItem::Timings { reserved: 0, atr_res: ATR_RES_TIMEOUT, retry };
        self.ask_chip(ChipCommand::RfConfiguration(timings), action).await?;
        self.raw_limit = limit;
        Ok(())
    }

    /// Sets how frames of type A go out and come in, at 106 kbit/s.
    pub(super) async fn set_framing(
        &mut self,
        crc: u8,
        last_bits: u8,
        action: &'static str,
    ) -> Result<(), DeviceError> {
        let registers = ChipCommand::WriteRegister(vec![
            (register::CIU_TX_MODE, crc),
            (register::CIU_RX_MODE, crc),
            (register::CIU_BIT_FRAMING, last_bits),
        ]);
        self.ask_chip(registers, action).await.map(drop)
    }

    /// Returns chip and firmware.
    pub(super) fn model(&self) -> String {
        let FirmwareVersion { ic, version, revision, .. } = self.version;
        format!("PN5{ic:02x} v{version}.{revision}")
    }

    pub(super) fn error(&self, kind: DeviceErrorKind, action: &'static str) -> DeviceError {
        self.channel.error(kind, action)
    }

    pub(super) async fn ask_chip(
        &mut self,
        command: ChipCommand,
        action: &'static str,
    ) -> Result<ChipResponse, DeviceError> {
        match self.channel.ask(command, self.options.exchange, action).await? {
            Response::Chip(response) => Ok(response),
            Response::Initiator(_) => Err(self.error(DeviceErrorKind::Protocol, action)),
        }
    }

    /// Switches the field; behind its rise targets have the time they need.
    pub(super) async fn switch_field(
        &mut self,
        on: bool,
        action: &'static str,
    ) -> Result<(), DeviceError> {
        let field = RfItem::Field { on, avoid_collision: false };
        self.ask_chip(ChipCommand::RfConfiguration(field), action).await?;
        if on {
            tokio::time::sleep(field::RISE).await;
        }
        Ok(())
    }

    /// Resets whatever is in the field, which is on before and after.
    pub(super) async fn reset_field(&mut self, action: &'static str) -> Result<(), DeviceError> {
        self.switch_field(false, action).await?;
        tokio::time::sleep(field::RESET).await;
        self.switch_field(true, action).await
    }

    /// Lets the active target go: the field goes off.
    pub(super) async fn release(&mut self, action: &'static str) -> Result<(), DeviceError> {
        self.active = None;
        self.switch_field(false, action).await
    }

    /// Asks whether the chip answers, without disturbing a target.
    pub(super) async fn ping(&mut self, action: &'static str) -> Result<(), DeviceError> {
        self.ask_chip(ChipCommand::GetFirmwareVersion, action).await.map(drop)
    }

    /// Configures the chip again: one that lost its power meanwhile would search for ever.
    pub(super) async fn recover(&mut self, action: &'static str) -> Result<(), DeviceError> {
        self.active = None;
        wake(&mut self.channel, &self.options).await?;
        self.configure(action).await?;
        self.end_look().await
    }

    /// Asks a card of ISO/IEC 14443-4 for a sign of life (UM0701-02, 7.2.1, test 06).
    pub(super) async fn attention(&mut self, action: &'static str) -> Result<bool, DeviceError> {
        let test =
            ChipCommand::Diagnose { test: diagnose::ATTENTION_REQUEST, parameters: Vec::new() };
        match self.ask_chip(test, action).await? {
            ChipResponse::Diagnose(result) => {
                Ok(result.first().is_some_and(|status| Status::new(*status).is_ok()))
            }
            _ => Err(self.error(DeviceErrorKind::Protocol, action)),
        }
    }
}

/// Wakes the chip, in whatever state another program left it, and asks who it is.
async fn wake(channel: &mut Channel, options: &Options) -> Result<FirmwareVersion, DeviceError> {
    const ACTION: &str = "wake the chip";
    let normal = ChipCommand::SamConfiguration { mode: NORMAL_MODE, timeout: None, irq: None };
    let mut attempts = 0;
    loop {
        channel.wake();
        attempts += 1;
        match channel.ask(normal.clone(), options.exchange, ACTION).await {
            Ok(_) => break,
            Err(error) if error.kind() == DeviceErrorKind::Disconnected => return Err(error),
            Err(error) if attempts == WAKE_ATTEMPTS => return Err(silent(error, channel)),
            Err(_) => {}
        }
    }
    match channel.ask(ChipCommand::GetFirmwareVersion, options.exchange, ACTION).await? {
        Response::Chip(ChipResponse::FirmwareVersion(version)) => Ok(version),
        _ => Err(channel.error(DeviceErrorKind::Protocol, ACTION)),
    }
}

fn silent(error: DeviceError, channel: &Channel) -> DeviceError {
    let kind = match error.kind() {
        DeviceErrorKind::TimedOut => DeviceErrorKind::NotFound,
        kind => kind,
    };
    channel.error(kind, "wake the chip").with_source(error).with_help(
        "check the wires, that the module's switches say HSU (serial line), and the speed",
    )
}
