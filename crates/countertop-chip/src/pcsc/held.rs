//! The card that is powered.

use std::ffi::{CStr, CString};

use countertop_device::{CardProtocol, Sensitive};
use countertop_wire::atr::AnswerToReset;
use countertop_wire::pcsc_part10::{Feature, FeatureList, GET_FEATURE_REQUEST, ReaderProperties};
use pcsc::{Card, Context, Disposition, Error, ShareMode};

use super::apdu::{self, Ability};
use super::buffer::Buffer;
use super::card;
use super::request::{Awake, Reset};
use super::t0::{Line, TransmitError};

/// How often pcscd is asked what a card said.
const LOOKS: usize = 8;

/// Is the card that is powered; powered down on drop.
pub(super) struct Held {
    session: u64,
    /// `None` only while it is being dropped.
    card: Option<Card>,
    protocol: CardProtocol,
    reader: CString,
    ability: Ability,
    /// Whether the reader was asked how long a command may be.
    asked: bool,
    /// Whether the card has left.
    left: bool,
}

impl Held {
    /// Powers the card in `reader` for `session`.
    pub(super) fn power(
        context: &Context,
        reader: CString,
        session: u64,
    ) -> Result<(Self, Awake), Error> {
        let card = context.connect(&reader, ShareMode::Exclusive, card::PROTOCOLS)?;
        let mut held = Self {
            session,
            card: Some(card),
            protocol: CardProtocol::T0,
            reader,
            ability: Ability::default(),
            asked: false,
            left: false,
        };
        let awake = held.look()?;
        Ok((held, awake))
    }

    pub(super) fn session(&self) -> u64 {
        self.session
    }

    pub(super) fn reader(&self) -> &CStr {
        &self.reader
    }

    /// Sends a command APDU and returns the response APDU.
    pub(super) fn transmit(
        &mut self,
        command: &[u8],
        buffer: &mut Buffer,
    ) -> Result<Sensitive, TransmitError<Error>> {
        if apdu::is_extended(command) && !self.asked {
            self.ask_reader(buffer).map_err(TransmitError::Line)?;
        }
        let mut line = CardLine { card: self.card().map_err(TransmitError::Line)?, buffer };
        apdu::transmit(command, self.protocol, self.ability, &mut line)
    }

    /// Resets the card.
    pub(super) fn reset(&mut self, reset: Reset) -> Result<Awake, Error> {
        let initialization = match reset {
            Reset::Warm => Disposition::ResetCard,
            Reset::Cold => Disposition::UnpowerCard,
        };
        let card = self.card.as_mut().ok_or(Error::RemovedCard)?;
        card.reconnect(ShareMode::Exclusive, card::PROTOCOLS, initialization)?;
        self.look()
    }

    /// Sends something to the reader itself.
    pub(super) fn control(
        &self,
        code: u32,
        data: &[u8],
        buffer: &mut Buffer,
    ) -> Result<Sensitive, Error> {
        buffer.take(|buffer| self.card()?.control(code.into(), data, buffer))
    }

    /// Returns the reader's features; none for a reader that does not know the question.
    pub(super) fn features(&self, buffer: &mut Buffer) -> Result<FeatureList, Error> {
        let Some(answer) = known(self.control(GET_FEATURE_REQUEST, &[], buffer))? else {
            return Ok(FeatureList::default());
        };
        FeatureList::parse(answer.expose()).map_err(|error| {
            tracing::warn!(%error, "the reader's list of features is left out");
            Error::CommDataLost
        })
    }

    /// Notes that the card has left, so that it is not powered down: the next one may be in already.
    pub(super) fn leaves(&mut self) {
        self.left = true;
    }

    /// Powers the card down.
    pub(super) fn disconnect(mut self) -> Result<(), Error> {
        let end = self.end();
        let card = self.card.take().ok_or(Error::RemovedCard)?;
        card.disconnect(end).map_err(|(_card, error)| error)
    }

    /// Returns how the session ends. pcscd (1.9.9) notes that a slot is empty, or has a card, when it is told
    /// to power one down, behind the back of its thread that looks at the slot, which misses the next card then.
    fn end(&self) -> Disposition {
        if self.left { Disposition::LeaveCard } else { Disposition::UnpowerCard }
    }

    fn card(&self) -> Result<&Card, Error> {
        self.card.as_ref().ok_or(Error::RemovedCard)
    }

    /// Notes what the card said when it was reset: what two looks in a row say, because another thread of this
    /// process may write into what libpcsclite before 2.0.1 is reading.
    fn look(&mut self) -> Result<Awake, Error> {
        let mut before = None;
        for _ in 0..LOOKS {
            let now = card::status(self.card()?)?;
            if let Some(awake) = now.clone().filter(|_| now == before) {
                self.protocol = awake.protocol;
                let answer = AnswerToReset::parse(&awake.answer_to_reset).ok();
                self.ability.card = answer.and_then(|answer| answer.capabilities());
                return Ok(awake);
            }
            before = now;
        }
        Err(Error::ProtoMismatch)
    }

    /// Asks the reader how long a command may be.
    fn ask_reader(&mut self, buffer: &mut Buffer) -> Result<(), Error> {
        self.asked = true;
        let features = self.features(buffer)?;
        let Some(code) = features.control_code(Feature::GetTlvProperties) else { return Ok(()) };
        let Some(answer) = known(self.control(code, &[], buffer))? else { return Ok(()) };
        let properties = ReaderProperties::parse(answer.expose()).unwrap_or_default();
        let most = properties.max_apdu_data.and_then(|most| usize::try_from(most).ok());
        self.ability.reader = most;
        Ok(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let end = self.end();
        if let Some(card) = self.card.take() {
            // A card that has gone cannot be powered down, and what went wrong with it was told.
            let _ = card.disconnect(end);
        }
    }
}

/// Returns `None` when the reader's driver does not know what was asked.
fn known(answer: Result<Sensitive, Error>) -> Result<Option<Sensitive>, Error> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        // pcscd says one or the other, as the driver has it.
        Err(Error::UnsupportedFeature | Error::NotTransacted) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Carries commands with SCardTransmit.
struct CardLine<'a> {
    card: &'a Card,
    buffer: &'a mut Buffer,
}

impl Line for CardLine<'_> {
    type Error = Error;

    fn exchange(&mut self, command: &[u8]) -> Result<Sensitive, Error> {
        let answer = self.buffer.take(|buffer| self.card.transmit(command, buffer))?;
        // Some reader drivers (vpcd) report an empty answer when the card leaves half-way.
        if answer.len() < 2 { Err(Error::NotTransacted) } else { Ok(answer) }
    }
}
