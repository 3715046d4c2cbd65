//! Whether a second card is in the field (EMV Book D, 9.3).

use countertop_device::ContactlessTarget;
use nfc1::{Error, Property};

use super::chip::{LONGEST_ANSWER, NfcChip};
use crate::field::{SHORT_FRAME, WUPA, is_in_protocol};

/// Milliseconds for raw frames: an answer to a request comes within 0.1 ms. And libnfc's default.
const SOON: i32 = 2;
const USUAL: i32 = 52;

impl NfcChip {
    /// Marks a card of ISO/IEC 14443-4 type A that is not alone.
    pub(super) fn with_collision(
        &mut self,
        target: ContactlessTarget,
    ) -> Result<ContactlessTarget, Error> {
        match is_in_protocol(&target) && self.another_answers()? {
            true => Ok(target.with_collision()),
            false => Ok(target),
        }
    }

    /// Tells whether a request is answered though the active card is in its protocol, in which it hears
    /// none (ISO/IEC 14443-3, 6.3.6). The active card stays as it is.
    fn another_answers(&mut self) -> Result<bool, Error> {
        self.device.set_property_int(Property::TimeoutCom, SOON)?;
        self.set_raw(true)?;
        // libnfc does not look at the buffer's length.
        let answer =
            self.device.initiator_transceive_bits(&[WUPA], SHORT_FRAME.into(), LONGEST_ANSWER);
        // A chip that passes no raw frames still answers this.
        self.end_look()?;
        Ok(answer.is_ok())
    }

    /// Sets what a look for a second card has changed, and may have left so when it was disturbed.
    pub(super) fn end_look(&mut self) -> Result<(), Error> {
        self.set_raw(false)?;
        self.device.set_property_int(Property::TimeoutCom, USUAL)
    }
}
