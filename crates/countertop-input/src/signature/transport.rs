//! Exchanges with the pad, each of which leaves the line in step.

use core::time::Duration;

use countertop_device::{DeviceError, DeviceErrorKind};
use countertop_wire::sign_pad::{Command, Response, Setting, encode_frame};
use tokio::time::Instant;

use super::UnionpaySignpad;
use super::error::SignpadError;

impl UnionpaySignpad {
    /// Ends a request that an earlier call left standing, and greets the pad on a silent line.
    /// Returns the pad's state.
    pub(super) async fn greet(&mut self) -> Result<u8, DeviceError> {
        if self.standing {
            self.end_signature().await?;
        }
        self.line.drain(self.settings.quiet).await;
        self.decoder.clear();
        self.send(Command::Handshake, "handshake").await?;
        self.await_answer(self.settings.exchange, "handshake", |response| match response {
            Response::Handshake { state } => Some(state),
            _ => None,
        })
        .await
    }

    /// Sets the pad up for a signature that may take so long.
    pub(super) async fn configure(&mut self, timeout: Duration) -> Result<(), DeviceError> {
        let status = self.set(Setting::Zone(self.settings.zone)).await?;
        if let Some(refused) = status.filter(|&status| status != 0) {
            let error = self.line.error(DeviceErrorKind::InvalidInput, "set picture size");
            return Err(error
                .with_source(SignpadError::ZoneRefused(refused))
                .with_help("set `picture_width` and `picture_height` to what the pad can do"));
        }
        let seconds = u8::try_from(timeout.as_millis().div_ceil(1000)).unwrap_or(u8::MAX);
        for setting in [
            Setting::Timeout(seconds.max(1)),
            Setting::Resigns(self.settings.resigns),
            Setting::PenWidth(self.settings.pen_width),
            Setting::AllowBlank(false),
        ] {
            // These make the person's work easier; this driver sees to deadline and blanks itself.
            self.set(setting).await?;
        }
        Ok(())
    }

    /// Sends a setting and returns the pad's status; `None` from a pad that does not know it.
    /// Such a pad is silent, and is not asked twice.
    async fn set(&mut self, setting: Setting) -> Result<Option<u8>, DeviceError> {
        let wanted = setting.code();
        if self.unknown_settings.contains(&wanted) {
            return Ok(None);
        }
        self.send(Command::Set(setting), "set").await?;
        let answer = |response| match response {
            Response::Set { code, status } if code == wanted => Some(status),
            _ => None,
        };
        match self.await_answer(self.settings.setting, "set", answer).await {
            Ok(status) => Ok(Some(status)),
            Err(error) if error.kind() == DeviceErrorKind::TimedOut => {
                self.unknown_settings.push(wanted);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Shows the request and waits for the picture; `None` when none comes in time.
    pub(super) async fn request_signature(
        &mut self,
        feature_code: [u8; 8],
        timeout: Duration,
    ) -> Result<Option<Vec<u8>>, DeviceError> {
        const ACTION: &str = "wait for a signature";
        self.standing = true;
        self.send(Command::BeginSignature { feature_code }, ACTION).await?;
        let answer = |response| match response {
            Response::Signature { picture, .. } => Some(Some(picture)),
            Response::NoSignature { .. } => Some(None),
            _ => None,
        };
        // The picture may have begun to come when the person's time is over.
        match self.await_answer(timeout + self.settings.exchange, ACTION, answer).await {
            Err(error) if error.kind() == DeviceErrorKind::TimedOut => Ok(None),
            answered => answered,
        }
    }

    /// Ends the request; a signature that crosses this command on the line is dropped.
    pub(super) async fn end_signature(&mut self) -> Result<(), DeviceError> {
        const ACTION: &str = "end signature";
        self.send(Command::EndSignature, ACTION).await?;
        let ended = |response| (response == Response::Ended).then_some(());
        self.await_answer(self.settings.exchange, ACTION, ended).await?;
        self.standing = false;
        Ok(())
    }

    async fn send(&mut self, command: Command, action: &'static str) -> Result<(), DeviceError> {
        let frame = encode_frame(&command.to_data()).unwrap_or_default();
        self.line.write(&frame, self.settings.exchange, action).await
    }

    /// Waits for the response that `wanted` picks; heartbeats and late answers are passed over.
    async fn await_answer<T>(
        &mut self,
        patience: Duration,
        action: &'static str,
        wanted: impl Fn(Response) -> Option<T>,
    ) -> Result<T, DeviceError> {
        let deadline = Instant::now() + patience;
        loop {
            let data = self.next_frame(deadline, action).await?;
            if let Some(answer) = Response::parse(&data).ok().and_then(&wanted) {
                return Ok(answer);
            }
        }
    }

    async fn next_frame(
        &mut self,
        deadline: Instant,
        action: &'static str,
    ) -> Result<Vec<u8>, DeviceError> {
        loop {
            if let Some(data) = self.decoder.next_frame() {
                return Ok(data);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                self.decoder.clear();
                return Err(self.line.error(DeviceErrorKind::TimedOut, action));
            }
            if let Some(data) = self.read_on(left, action).await? {
                return Ok(data);
            }
        }
    }

    /// Reads some bytes; returns the frame behind one whose rest does not come.
    async fn read_on(
        &mut self,
        left: Duration,
        action: &'static str,
    ) -> Result<Option<Vec<u8>>, DeviceError> {
        let within_frame = self.decoder.is_within_frame();
        let patience = if within_frame { left.min(self.settings.gap) } else { left };
        let mut received = Vec::new();
        match self.line.read_some(&mut received, patience, action).await {
            Ok(_count) => self.decoder.push(&received),
            Err(error) if error.kind() == DeviceErrorKind::TimedOut => {
                return Ok(self.decoder.resynchronise());
            }
            Err(error) => return Err(error),
        }
        Ok(None)
    }
}
