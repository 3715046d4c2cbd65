//! Commands, each of which leaves the reader ready for the next.

use countertop_device::{DeviceError, DeviceErrorKind};
use countertop_wire::magtek::{Command, Property, Response, ResultCode};

use super::error::refused;
use super::{MagtekError, MagtekHid, models};

/// The first security level at which the head encrypts (99875475, section 1, "Security levels").
const LEVEL_ENCRYPTED: u8 = 3;

impl MagtekHid {
    /// Asks for firmware and security level.
    pub(super) async fn greet(&mut self) -> Result<(), DeviceError> {
        let firmware = Command::GetProperty(Property::SOFTWARE_ID);
        let firmware = self.ask(&firmware, "get software ID").await?;
        let family = models::family(&self.layout);
        self.info.model = match firmware.as_deref().and_then(printable) {
            Some(firmware) => format!("{family}, firmware {firmware}"),
            None => family.into(),
        };
        if self.layout.is_magnesafe() {
            let level = self.ask(&Command::GetSecurityLevel, "get security level").await?;
            self.security_level = level.and_then(|data| data.first().copied());
        }
        Ok(())
    }

    /// Says that the head encrypts, if the reader said so.
    pub(super) fn encrypted_head(&self) -> Option<MagtekError> {
        let encrypts = self.security_level.is_some_and(|level| level >= LEVEL_ENCRYPTED);
        encrypts.then_some(MagtekError::EncryptedHead)
    }

    /// Returns the data of the answer; `None` where the reader does not know the command.
    async fn ask(
        &mut self,
        command: &Command,
        action: &'static str,
    ) -> Result<Option<Vec<u8>>, DeviceError> {
        let report = match self.exchange(command, action).await {
            // Relatives of these readers stall what they do not know.
            Err(error) if error.kind() == DeviceErrorKind::Protocol => return Ok(None),
            report => report?,
        };
        match Response::parse(&report) {
            Ok(Response { result: ResultCode::Success, data }) => Ok(Some(data)),
            Ok(Response { result, .. }) if is_unknown(result) => Ok(None),
            Ok(Response { result, .. }) => {
                Err(refused(&self.line, action, MagtekError::Refused(result)))
            }
            Err(error) => Err(refused(&self.line, action, error.into())),
        }
    }

    async fn exchange(
        &mut self,
        command: &Command,
        action: &'static str,
    ) -> Result<Vec<u8>, DeviceError> {
        let (number, length) = (self.layout.command_report(), self.layout.command_length());
        let request = command.encode(length);
        let request = request.map_err(|error| refused(&self.line, action, error.into()))?;
        self.line.send_feature(number, &request, self.exchange, action).await?;
        self.line.get_feature(number, length, self.exchange, action).await
    }
}

/// Tells whether the reader just does not know the command.
fn is_unknown(result: ResultCode) -> bool {
    matches!(result, ResultCode::Failure | ResultCode::BadParameter | ResultCode::Other(_))
}

fn printable(data: &[u8]) -> Option<&str> {
    let text = core::str::from_utf8(data).ok()?.trim_end_matches('\0').trim();
    let graphic = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    graphic.then_some(text)
}
