//! A session with the card in a PC/SC reader.

use core::time::Duration;

use async_trait::async_trait;
use countertop_device::{
    CardProtocol, CardSession, DeviceError, DeviceErrorKind, Dialogue, SecurePinEntry, Sensitive,
};
use countertop_wire::apdu::ResponseApdu;
use countertop_wire::pcsc_part10::{Feature, FeatureList, ModifyPin, PinOutcome, VerifyPin};

use super::request::{Awake, Powered, Reset, Session};
use super::talk::{HANGS, Talker};

/// Is the exclusive use of a powered card; the card is powered down when it is dropped.
///
/// It can do more than [`CardSession`] says: reset the card, talk to the reader itself, and use the
/// reader's key pad.
#[derive(Debug)]
pub struct PcscSession {
    talker: Talker,
    /// `None` behind a call that hung: reader and thread were left alone.
    session: Option<Session>,
    card: Awake,
    features: Option<FeatureList>,
}

impl PcscSession {
    pub(super) fn new(talker: Talker, Powered { session, card }: Powered) -> Self {
        Self { talker, session: Some(session), card, features: None }
    }

    /// Resets the card, which forgets what was selected and verified, and may speak another protocol
    /// from then on.
    ///
    /// # Errors
    ///
    /// As [`transmit`](CardSession::transmit); the session is of no use then.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: drop the session after a cancelled call.
    pub async fn reset(&mut self, reset: Reset) -> Result<(), DeviceError> {
        let done = self.talker.reset(self.session("reset the card")?, reset).await;
        self.card = self.checked(done)?;
        Ok(())
    }

    /// Returns the features of the reader (PC/SC part 10), which it is asked for once.
    ///
    /// # Errors
    ///
    /// As [`transmit`](CardSession::transmit).
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: the card is not touched.
    pub async fn features(&mut self) -> Result<&FeatureList, DeviceError> {
        if self.features.is_none() {
            let features = self.talker.features(self.session("ask for features")?).await;
            self.features = Some(self.checked(features)?);
        }
        Ok(self.features.get_or_insert_default())
    }

    /// Sends something to the reader itself (SCardControl): a command of its maker, a feature of
    /// PC/SC part 10.
    ///
    /// # Errors
    ///
    /// As [`transmit`](CardSession::transmit);
    /// [`InvalidInput`](DeviceErrorKind::InvalidInput) when the reader's driver passes it on to
    /// nobody.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: drop the session after a cancelled call.
    pub async fn control(&mut self, code: u32, data: &[u8]) -> Result<Sensitive, DeviceError> {
        self.control_within(code, data, Duration::ZERO).await
    }

    /// Lets a person type a PIN at the reader and the card verify it; `None` when the reader has no
    /// key pad.
    ///
    /// # Errors
    ///
    /// As [`control`](Self::control).
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: the reader goes on asking. Drop the session after a cancelled call.
    pub async fn verify_pin(
        &mut self,
        entry: &VerifyPin,
    ) -> Result<Option<PinOutcome>, DeviceError> {
        let person = person(entry.timeout, entry.timeout_after_key);
        self.enter_pin(Feature::VerifyPinDirect, &entry.encode(), person).await
    }

    /// Lets a person type a new PIN at the reader and the card take it; `None` when the reader has no
    /// key pad.
    ///
    /// # Errors
    ///
    /// As [`control`](Self::control).
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: the reader goes on asking. Drop the session after a cancelled call.
    pub async fn modify_pin(
        &mut self,
        entry: &ModifyPin,
    ) -> Result<Option<PinOutcome>, DeviceError> {
        // The present PIN, the new one, and the new one again.
        let person = person(entry.timeout, entry.timeout_after_key).saturating_mul(3);
        self.enter_pin(Feature::ModifyPinDirect, &entry.encode(), person).await
    }

    async fn enter_pin(
        &mut self,
        feature: Feature,
        structure: &[u8],
        person: Duration,
    ) -> Result<Option<PinOutcome>, DeviceError> {
        let Some(code) = self.features().await?.control_code(feature) else { return Ok(None) };
        let answer = self.control_within(code, structure, person).await?;
        let answer = ResponseApdu::parse(answer.expose()).map_err(|error| {
            DeviceError::new(DeviceErrorKind::Protocol, self.talker.device(), "enter a PIN")
                .with_source(error)
        })?;
        Ok(Some(PinOutcome::from_status(answer.status())))
    }

    async fn control_within(
        &mut self,
        code: u32,
        data: &[u8],
        person: Duration,
    ) -> Result<Sensitive, DeviceError> {
        let session = self.session("control the reader")?;
        let answer = self.talker.control_on(session, code, data.into(), person).await;
        self.checked(answer)
    }

    pub(super) fn device(&self) -> &str {
        self.talker.device()
    }

    fn session(&self, action: &str) -> Result<&Session, DeviceError> {
        self.session.as_ref().ok_or_else(|| {
            DeviceError::new(DeviceErrorKind::TimedOut, self.talker.device(), action)
                .with_help(HANGS)
        })
    }

    /// Leaves the session alone behind a call that hung.
    fn checked<T>(&mut self, result: Result<T, DeviceError>) -> Result<T, DeviceError> {
        result.inspect_err(|error| {
            if error.kind() == DeviceErrorKind::TimedOut {
                self.session = None;
            }
        })
    }
}

/// Returns how long a person may take, with the reader's own limits where none is given.
fn person(timeout: u8, timeout_after_key: u8) -> Duration {
    /// CCID 1.1, clause 6.1.11: a reader's own limit is not told; those known use 30 s.
    const OWN: u8 = 30;
    let seconds = |limit: u8| Duration::from_secs(u64::from(if limit == 0 { OWN } else { limit }));
    seconds(timeout) + seconds(timeout_after_key)
}

#[async_trait]
impl CardSession for PcscSession {
    fn protocol(&self) -> CardProtocol {
        self.card.protocol
    }

    fn answer_to_reset(&self) -> &[u8] {
        &self.card.answer_to_reset
    }

    async fn transmit(&mut self, command: &[u8]) -> Result<Sensitive, DeviceError> {
        let answer = self.talker.transmit(self.session("transmit")?, command).await;
        self.checked(answer)
    }

    async fn converse(
        &mut self,
        dialogue: Box<dyn Dialogue>,
    ) -> Result<Box<dyn Dialogue>, DeviceError> {
        let dialogue = self.talker.converse(self.session("transmit")?, dialogue).await;
        self.checked(dialogue)
    }

    async fn secure_pin_entry(&mut self) -> Result<Option<&mut dyn SecurePinEntry>, DeviceError> {
        let has_one = self.features().await?.control_code(Feature::VerifyPinDirect).is_some();
        Ok(if has_one { Some(self) } else { None })
    }

    async fn close(self: Box<Self>) -> Result<(), DeviceError> {
        match &self.session {
            Some(session) => self.talker.disconnect(session).await,
            None => Ok(()),
        }
    }
}
