//! Exchanges with the reader, each of which leaves the line in step.

use core::time::Duration;

use countertop_device::{DeviceError, DeviceErrorKind, HealthReport};
use countertop_wire::stripe::msr::{COMM_TEST_GOOD, Command, parse_model};

use super::Msr605;

/// How long the light is on in an external health check.
const BLINK: Duration = Duration::from_millis(300);

const ALL_LIGHTS: Command = Command::Light(0x82);
const GREEN_LIGHT: Command = Command::Light(0x83);

impl Msr605 {
    /// Brings the reader into its initial state and the line to silence.
    pub(super) async fn reset(&mut self) -> Result<(), DeviceError> {
        self.send(Command::Reset, "reset").await?;
        self.line.drain(self.timing.quiet).await;
        self.received.clear();
        Ok(())
    }

    /// Runs the initialisation of the manual's section 8: reset, communication test, reset.
    pub(super) async fn greet(&mut self) -> Result<(), DeviceError> {
        const ACTION: &str = "communication test";
        self.reset().await?;
        self.send(Command::CommTest, ACTION).await?;
        let answered = self.expect(&COMM_TEST_GOOD, ACTION).await;
        self.reset().await?;
        answered
    }

    /// Returns maker's name, model and firmware for people. Readers that do not tell are no error.
    pub(super) async fn describe(&mut self) -> Result<String, DeviceError> {
        self.send(Command::Model, "read model").await?;
        self.read_until_quiet().await?;
        let mut text = String::from("MSR605 family");
        if let Some(model) = parse_model(&self.received).filter(u8::is_ascii_graphic) {
            text.push_str(&format!(", model {}", char::from(model)));
        }
        self.received.clear();
        self.send(Command::Firmware, "read firmware version").await?;
        self.read_until_quiet().await?;
        let version = self.received.split_first().map(|(_esc, version)| version);
        let version = version.and_then(|version| core::str::from_utf8(version).ok());
        if let Some(version) = version.map(str::trim).filter(|version| !version.is_empty()) {
            text.push_str(&format!(", {version}"));
        }
        self.received.clear();
        Ok(text)
    }

    /// Lets the next swipe be read.
    pub(super) async fn arm(&mut self) -> Result<(), DeviceError> {
        self.send(Command::ReadIso, "arm").await
    }

    /// Waits for a card.
    pub(super) async fn first_byte(&mut self) -> Result<(), DeviceError> {
        self.line.read_some_forever(&mut self.received, "wait for a swipe").await.map(drop)
    }

    /// Reads more of a swipe; `false` when none comes in time.
    pub(super) async fn read_on(&mut self) -> Result<bool, DeviceError> {
        let read = self.line.read_some(&mut self.received, self.timing.swipe, "read swipe").await;
        match read {
            Ok(_count) => Ok(true),
            Err(error) if error.kind() == DeviceErrorKind::TimedOut => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Lets the lights flash once.
    pub(super) async fn blink(&mut self) -> Result<HealthReport, DeviceError> {
        self.send(ALL_LIGHTS, "switch the lights on").await?;
        self.line.drain(BLINK).await;
        self.send(GREEN_LIGHT, "switch the lights back").await?;
        Ok(HealthReport::good("communication test passed, lights flashed"))
    }

    async fn send(&mut self, command: Command, action: &'static str) -> Result<(), DeviceError> {
        self.line.write(&command.encode(), self.timing.exchange, action).await
    }

    async fn expect(&mut self, answer: &[u8], action: &'static str) -> Result<(), DeviceError> {
        while self.received.len() < answer.len() {
            self.line.read_some(&mut self.received, self.timing.exchange, action).await?;
        }
        if self.received.ends_with(answer) {
            return Ok(());
        }
        Err(self.line.error(DeviceErrorKind::Protocol, action))
    }

    /// Reads an answer whose length is not known in advance.
    async fn read_until_quiet(&mut self) -> Result<(), DeviceError> {
        let mut patience = self.timing.exchange;
        loop {
            match self.line.read_some(&mut self.received, patience, "read answer").await {
                Ok(_count) => patience = self.timing.quiet,
                Err(error) if error.kind() == DeviceErrorKind::TimedOut => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }
}
