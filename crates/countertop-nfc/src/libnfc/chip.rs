//! One device of libnfc, with what its functions leave out.

use core::fmt;
use core::time::Duration;
use std::time::Instant;

use countertop_device::{CardProtocol, ContactlessTarget, DeviceError, DeviceErrorKind, Sensitive};
use countertop_wire::pn532::{with_crc_a, without_crc_a};
use nfc1::{Device, Error, Modulation, Property, Timeout};

use super::attached::Attached;
use super::context::Claim;
use super::error::from_library;
use super::open::{self, Opened};
use super::target::{FELICA, MODULATIONS, TYPE_A, convert};
use crate::field;

/// Is an open device. Every call ends in bounded time.
pub(super) struct NfcChip {
    pub(super) device: Device,
    name: String,
    attached: Option<Attached>,
    // Behind the device, so that it is dropped after it.
    _claim: Claim,
    /// Searches in a row that the device did not answer.
    silent: u8,
    /// Whether frames go to the card as they are.
    raw: bool,
}

/// libnfc copies a command into a buffer of this size without looking at its length.
const LONGEST_COMMAND: usize = 262;
pub(super) const LONGEST_ANSWER: usize = 264;
/// After so many searches without an answer the device is given up.
const MOST_SILENT: u8 = 5;
/// How often the line is tried before the device is given up.
const RESYNC_ATTEMPTS: u8 = 3;
/// READ of page 0, with which a tag gives a sign of life.
const READ_FIRST: [u8; 2] = [0x30, 0x00];
/// RID of a Topaz, whole; libnfc sends its first byte alone.
const RID: [u8; 7] = [0x78, 0, 0, 0, 0, 0, 0];
/// The tag's acknowledgement; any other four bits are a refusal.
const TAG_ACK: [u8; 1] = [0x0a];
/// MIFARE Classic: refused; and not authenticated.
const NAK: u8 = 0x00;
const NAK_AUTHENTICATION: u8 = 0x04;
/// How long the node of a reader that was unplugged may still be there.
const LAST_MOMENT: Duration = Duration::from_millis(50);
const GLANCE: Duration = Duration::from_millis(2);
/// What the chip needs to fall asleep.
const FALL_ASLEEP: Duration = Duration::from_millis(5);

impl NfcChip {
    pub(super) fn open(connstring: &str, name: &str) -> Result<Self, DeviceError> {
        let Opened { device, claim, attached } = open::open(connstring, name)?;
        let name = name.to_owned();
        Ok(Self { device, name, attached, _claim: claim, silent: 0, raw: false })
    }

    /// Returns where the reader is plugged in, when it is on USB.
    pub(super) fn attached(&self) -> Option<&Attached> {
        self.attached.as_ref()
    }

    /// Tells whether the reader was unplugged. libnfc's errors do not say so: on USB it takes the
    /// system's error numbers for its own.
    pub(super) fn is_gone(&self) -> bool {
        self.attached.as_ref().is_some_and(|attached| !attached.is_there())
    }

    /// Tells whether `error` came because the reader was unplugged. The kernel ends the transfers
    /// before it takes the node away.
    fn was_unplugged(&self, error: Error) -> bool {
        use Error::{BufferOverflow, Chip, Io, Soft, Timeout, Undefined};
        let unclear = matches!(error, BufferOverflow | Chip | Io | Soft | Timeout | Undefined(_));
        let end = Instant::now() + LAST_MOMENT;
        while unclear && self.attached.is_some() && !self.is_gone() && Instant::now() < end {
            std::thread::sleep(GLANCE);
        }
        self.is_gone()
    }

    fn library_error(&self, error: Error, action: &'static str) -> DeviceError {
        if self.was_unplugged(error) {
            return self.error(DeviceErrorKind::Disconnected, action).with_source(error);
        }
        from_library(error, &self.name, action)
    }

    pub(super) fn error(&self, kind: DeviceErrorKind, action: &'static str) -> DeviceError {
        DeviceError::new(kind, &self.name, action)
    }

    /// Returns chip and firmware, as libnfc has read them at opening.
    pub(super) fn model(&mut self) -> String {
        let text = self.device.get_information_about().unwrap_or_default();
        let chip = text.lines().find_map(|line| line.strip_prefix("chip: "));
        chip.unwrap_or("NFC module").trim().to_owned()
    }

    pub(super) fn switch_field(
        &mut self,
        on: bool,
        action: &'static str,
    ) -> Result<(), DeviceError> {
        let result = self.device.set_property_bool(Property::ActivateField, on);
        match result {
            Ok(()) => Ok(()),
            Err(error) if !self.was_unplugged(error) && self.resync(on) => Ok(()),
            Err(error) => Err(self.library_error(error, action)),
        }
    }

    /// Switches the field on, and gives cards the time they need.
    pub(super) fn raise_field(&mut self, action: &'static str) -> Result<(), DeviceError> {
        self.switch_field(true, action)?;
        std::thread::sleep(field::RISE);
        Ok(())
    }

    /// Resets whatever is in the field, which is on before and after.
    pub(super) fn reset_field(&mut self, action: &'static str) -> Result<(), DeviceError> {
        self.switch_field(false, action)?;
        self.end_reset(action)
    }

    /// Ends the reset of whatever is in the field, which has just been switched off.
    fn end_reset(&mut self, action: &'static str) -> Result<(), DeviceError> {
        std::thread::sleep(field::RESET);
        self.raise_field(action)
    }

    /// Searches once for each technology. A search that was disturbed found nothing; a card that it has
    /// left half way is reset.
    pub(super) fn search(
        &mut self,
        collision: bool,
    ) -> Result<Option<ContactlessTarget>, DeviceError> {
        for modulation in &MODULATIONS {
            if let Some(target) = self.search_for(modulation, collision)? {
                return Ok(Some(target));
            }
        }
        Ok(None)
    }

    fn search_for(
        &mut self,
        modulation: &Modulation,
        collision: bool,
    ) -> Result<Option<ContactlessTarget>, DeviceError> {
        const ACTION: &str = "search for a card";
        match self.select(modulation, collision) {
            Ok(found) => {
                self.silent = 0;
                Ok(found)
            }
            Err(Error::RfTransmissionError | Error::TargetReleased) => {
                self.reset_field(ACTION).map(|()| None)
            }
            Err(error) if self.was_unplugged(error) => Err(self.library_error(error, ACTION)),
            Err(error @ (Error::Timeout | Error::Io)) => {
                self.silent += 1;
                if self.silent < MOST_SILENT && self.resync(false) && self.end_look().is_ok() {
                    return self.end_reset(ACTION).map(|()| None);
                }
                self.silent = 0;
                Err(self.library_error(error, ACTION))
            }
            Err(error) => Err(self.library_error(error, ACTION)),
        }
    }

    fn select(
        &mut self,
        modulation: &Modulation,
        collision: bool,
    ) -> Result<Option<ContactlessTarget>, Error> {
        match convert(&self.device.initiator_select_passive_target(modulation)?) {
            Some(target) if collision => self.with_collision(target).map(Some),
            found => Ok(found),
        }
    }

    /// Tells whether the target that was found last still answers, and prepares the device to
    /// speak with it.
    pub(super) fn is_present(&mut self, target: &ContactlessTarget) -> bool {
        let tag = target.protocol == CardProtocol::Type2;
        if self.set_raw(tag).is_err() {
            return false;
        }
        match target.protocol {
            CardProtocol::Type2 => self.tag_exchange(&READ_FIRST, Timeout::Default).is_ok(),
            // libnfc asks once, which an active card answers with silence.
            CardProtocol::MifareClassic => self.select_again(target).is_ok(),
            // libnfc asks with a command that a FeliCa Lite does not know.
            CardProtocol::Felica => {
                let found = self.device.initiator_select_passive_target(&FELICA);
                found.is_ok_and(|it| convert(&it).is_some_and(|found| found.uid == target.uid))
            }
            CardProtocol::Type1 => {
                let limit = Timeout::Default;
                self.device.initiator_transceive_bytes(&RID, LONGEST_ANSWER, limit).is_ok()
            }
            _ => self.device.initiator_target_is_present_any().is_ok(),
        }
    }

    /// Says why the target does not answer: it has left, or the reader has.
    pub(super) fn missing(&mut self, action: &'static str) -> DeviceError {
        let answers = self.resync(true);
        self.error(removed_or_unplugged(answers), action)
    }

    /// Sends a command to the target of the session.
    ///
    /// After an error other than `InvalidInput` the session is over.
    pub(super) fn transmit(
        &mut self,
        target: &ContactlessTarget,
        command: &[u8],
        limit: Duration,
    ) -> Result<Sensitive, DeviceError> {
        const ACTION: &str = "transmit";
        if command.is_empty() || command.len() > LONGEST_COMMAND {
            let help = "a command has 1 to 262 bytes";
            return Err(self.error(DeviceErrorKind::InvalidInput, ACTION).with_help(help));
        }
        let result = match target.protocol {
            CardProtocol::Type2 => self.tag_command(target, command, Timeout::Duration(limit)),
            CardProtocol::MifareClassic => {
                self.mifare_command(target, command, Timeout::Duration(limit))
            }
            CardProtocol::Felica => self.felica_command(command, Timeout::Duration(limit)),
            _ => self.device.initiator_transceive_bytes(
                command,
                LONGEST_ANSWER,
                Timeout::Duration(limit),
            ),
        };
        result.map(Sensitive::new).map_err(|error| self.exchange_error(error, target))
    }

    /// Deselects the target and switches the field off.
    pub(super) fn release(&mut self) -> Result<(), DeviceError> {
        if self.is_gone() {
            return Err(self.error(DeviceErrorKind::Disconnected, "release the card"));
        }
        // Without the card there is nothing to deselect; the field goes off in any case.
        let _ = self.device.initiator_deselect_target();
        let framing = self.set_raw(false);
        self.switch_field(false, "release the card")?;
        framing.map_err(|error| self.library_error(error, "release the card"))
    }

    /// Leaves the device awake with its field off.
    pub(super) fn shut_down(mut self) {
        // libnfc would put the chip to sleep on close. It does so here, and wakes it again with
        // the next command; on close it then believes that the device is idle.
        if self.is_gone() {
            return;
        }
        let _ = self.device.idle();
        std::thread::sleep(FALL_ASLEEP);
        if let Err(error) = self.device.set_property_bool(Property::ActivateField, false) {
            tracing::debug!(device = self.name, %error, "the chip was left asleep");
        }
    }

    fn exchange_error(&mut self, error: Error, target: &ContactlessTarget) -> DeviceError {
        const ACTION: &str = "transmit";
        let kind = match error {
            error if self.was_unplugged(error) => DeviceErrorKind::Disconnected,
            Error::Timeout | Error::Io if !self.resync(false) => DeviceErrorKind::Disconnected,
            Error::Timeout => DeviceErrorKind::TimedOut,
            Error::Io => DeviceErrorKind::Protocol,
            Error::RfTransmissionError | Error::TargetReleased | Error::InvalidArgument => {
                match self.is_present(target) {
                    true => DeviceErrorKind::Protocol,
                    false => removed_or_unplugged(self.resync(true)),
                }
            }
            error => return from_library(error, &self.name, ACTION),
        };
        self.error(kind, ACTION).with_source(error)
    }

    /// Switches the field until the device answers: what it still had to say is then read.
    fn resync(&mut self, on: bool) -> bool {
        let gone = self.is_gone();
        (0..RESYNC_ATTEMPTS)
            .take_while(|_| !gone)
            .any(|_| self.device.set_property_bool(Property::ActivateField, on).is_ok())
    }

    pub(super) fn set_raw(&mut self, raw: bool) -> Result<(), Error> {
        if self.raw != raw {
            self.device.set_property_bool(Property::HandleCrc, !raw)?;
            self.device.set_property_bool(Property::EasyFraming, !raw)?;
            self.raw = raw;
        }
        Ok(())
    }

    /// The chip's firmware takes some commands of tags for those of MIFARE Classic, and hides the
    /// four bits with which a tag answers; so tags are spoken with in raw frames.
    fn tag_exchange(&mut self, command: &[u8], limit: Timeout) -> Result<Vec<u8>, Error> {
        let framed = with_crc_a(command);
        let answer = self.device.initiator_transceive_bytes(&framed, LONGEST_ANSWER, limit)?;
        match answer.as_slice() {
            [_] => Ok(answer),
            bytes => without_crc_a(bytes).map(<[u8]>::to_vec).ok_or(Error::RfTransmissionError),
        }
    }

    /// The chip's firmware does the cipher. A card that refuses falls back to idle and is selected
    /// again; it wants to be authenticated with anew then.
    fn mifare_command(
        &mut self,
        target: &ContactlessTarget,
        command: &[u8],
        limit: Timeout,
    ) -> Result<Vec<u8>, Error> {
        let refusal = match self.device.initiator_transceive_bytes(command, LONGEST_ANSWER, limit) {
            Ok(answer) if answer.is_empty() => return Ok(TAG_ACK.to_vec()),
            Ok(answer) => return Ok(answer),
            Err(Error::MifareAuthFailed) => NAK_AUTHENTICATION,
            Err(Error::RfTransmissionError | Error::TargetReleased) => NAK,
            Err(error) => return Err(error),
        };
        self.select_again(target)?;
        Ok(vec![refusal])
    }

    /// Commands and answers go with their length in front.
    fn felica_command(&mut self, command: &[u8], limit: Timeout) -> Result<Vec<u8>, Error> {
        let length = u8::try_from(command.len() + 1).map_err(|_| Error::InvalidArgument)?;
        let framed = [&[length], command].concat();
        let answer = self.device.initiator_transceive_bytes(&framed, LONGEST_ANSWER, limit)?;
        match answer.split_first() {
            Some((length, rest)) if usize::from(*length) == answer.len() => Ok(rest.to_vec()),
            _ => Err(Error::RfTransmissionError),
        }
    }

    /// Selects a card of type A by its UID, which may take two requests: the first sends one that is
    /// active back to idle.
    fn select_again(&mut self, target: &ContactlessTarget) -> Result<(), Error> {
        for _ in 0..2 {
            let found =
                self.device.initiator_select_passive_target_with_init_data(&TYPE_A, &target.uid)?;
            if convert(&found).is_some_and(|found| found.uid == target.uid) {
                return Ok(());
            }
        }
        Err(Error::TargetReleased)
    }

    /// A tag that refuses falls back to idle and is selected again.
    fn tag_command(
        &mut self,
        target: &ContactlessTarget,
        command: &[u8],
        limit: Timeout,
    ) -> Result<Vec<u8>, Error> {
        let answer = match self.tag_exchange(command, limit) {
            Ok(answer) => answer,
            // Nothing heard: some models refuse by silence.
            Err(Error::RfTransmissionError | Error::TargetReleased) => vec![NAK],
            Err(error) => return Err(error),
        };
        if answer.len() == 1 && answer != TAG_ACK {
            self.set_raw(false)?;
            self.select_again(target)?;
            self.set_raw(true)?;
        }
        Ok(answer)
    }
}

fn removed_or_unplugged(answers: bool) -> DeviceErrorKind {
    if answers { DeviceErrorKind::CardRemoved } else { DeviceErrorKind::Disconnected }
}

impl fmt::Debug for NfcChip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NfcChip").field("name", &self.name).finish_non_exhaustive()
    }
}
