//! Whether a second card is in the field.
//!
//! A cardholder chooses the card that pays. Of two in one wallet the reader would take whichever answers
//! first, so that EMV Book D, 9.3, has the terminal look for a second one.

use countertop_device::{ContactlessTarget, DeviceError, DeviceErrorKind};
use countertop_wire::pn532::{Status, register};

use super::chip::{Chip, RawLimit};
use crate::field::{SHORT_FRAME, WUPA, is_in_protocol};

const ACTION: &str = "look for a second card";
/// A look that the line has disturbed is repeated.
const ATTEMPTS: usize = 2;

impl Chip {
    /// Marks a card of ISO/IEC 14443-4 type A that is not alone.
    pub(super) async fn with_collision(
        &mut self,
        target: ContactlessTarget,
    ) -> Result<ContactlessTarget, DeviceError> {
        let asks = self.options.collision && is_in_protocol(&target);
        match asks && self.looks_and_finds().await? {
            true => Ok(target.with_collision()),
            false => Ok(target),
        }
    }

    async fn looks_and_finds(&mut self) -> Result<bool, DeviceError> {
        for _ in 0..ATTEMPTS {
            match self.another_answers().await {
                Ok(answers) => return Ok(answers),
                Err(error) => {
                    tracing::debug!(%error, "a second card was not looked for");
                    self.end_look().await?;
                }
            }
        }
        // One that has lost its power is searched with again.
        self.ping(ACTION).await?;
        tracing::warn!("the chip passes no raw frames: nobody looks for a second card any more");
        self.options.collision = false;
        Ok(false)
    }

    /// Tells whether a request is answered though the active card is in its protocol, in which it hears
    /// none (ISO/IEC 14443-3, 6.3.6). The active card stays as it is.
    async fn another_answers(&mut self) -> Result<bool, DeviceError> {
        self.set_raw_limit(RawLimit::Request, ACTION).await?;
        self.set_framing(0, SHORT_FRAME, ACTION).await?;
        let answer = self.communicate_thru(&[WUPA]).await?;
        self.set_framing(register::CRC_ENABLE, 0, ACTION).await?;
        // Several answer at once; anything else is noise.
        Ok(matches!(answer, Ok(_) | Err(Status::COLLISION)))
    }

    /// Sets what a disturbed look has left, as far as the chip lets itself be asked.
    ///
    /// # Errors
    ///
    /// When the chip is gone.
    pub(super) async fn end_look(&mut self) -> Result<(), DeviceError> {
        match self.set_framing(register::CRC_ENABLE, 0, ACTION).await {
            Err(error) if error.kind() == DeviceErrorKind::Disconnected => Err(error),
            _ => Ok(()),
        }
    }
}
