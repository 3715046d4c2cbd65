//! A target in the field, whatever it speaks.

use core::time::Duration;

use super::fault::{Fate, FaultState, TargetFault, tear};
use super::felica::FelicaTag;
use super::mifare_classic::MifareClassic;
use super::topaz::TopazTag;
use super::type_a::TypeACard;
use super::type_b::TypeBCard;
use super::type2::Type2Tag;
use crate::card::VirtualCard;
use crate::pn532::radio::{RadioAnswer, RadioFrame};

/// Is a card or tag that can be put into the field of a virtual PN532.
#[derive(Debug)]
pub struct Target {
    kind: Kind,
    faults: FaultState,
}

#[derive(Debug)]
enum Kind {
    TypeA(TypeACard),
    TypeB(TypeBCard),
    Felica(FelicaTag),
    Topaz(TopazTag),
}

impl Target {
    /// Creates a payment card or another card of ISO/IEC 14443-4 type A: ATQA 0004, SAK 20.
    ///
    /// Cards of banks have a random UID, which begins with `08`.
    #[must_use]
    pub fn iso_dep(uid: [u8; 4], card: impl VirtualCard + 'static) -> Self {
        Self::type_a(TypeACard::iso_dep(&uid, [0x00, 0x04], Box::new(card)))
    }

    /// Creates a card of ISO/IEC 14443-4 type A with a UID of 7 bytes, as a MIFARE DESFire has:
    /// ATQA 0344, SAK 20.
    #[must_use]
    pub fn desfire(uid: [u8; 7], card: impl VirtualCard + 'static) -> Self {
        Self::type_a(TypeACard::iso_dep(&uid, [0x03, 0x44], Box::new(card)))
    }

    /// Creates a card of ISO/IEC 14443-4 type B.
    #[must_use]
    pub fn type_b(pupi: [u8; 4], card: impl VirtualCard + 'static) -> Self {
        Self::of(Kind::TypeB(TypeBCard::new(pupi, Box::new(card))))
    }

    /// Creates a type 2 tag: ATQA 0044, SAK 00.
    #[must_use]
    pub fn type2(tag: Type2Tag) -> Self {
        Self::type_a(TypeACard::type2(tag))
    }

    /// Creates a MIFARE Classic: SAK 08 or 18.
    #[must_use]
    pub fn mifare_classic(card: MifareClassic) -> Self {
        Self::type_a(TypeACard::mifare_classic(card))
    }

    /// Creates a type 3 tag.
    #[must_use]
    pub fn felica(tag: FelicaTag) -> Self {
        Self::of(Kind::Felica(tag))
    }

    /// Creates a type 1 tag.
    #[must_use]
    pub fn topaz(tag: TopazTag) -> Self {
        Self::of(Kind::Topaz(tag))
    }

    fn type_a(card: TypeACard) -> Self {
        Self::of(Kind::TypeA(card))
    }

    fn of(kind: Kind) -> Self {
        Self { kind, faults: FaultState::default() }
    }

    /// Gives it a fault. Its count of commands begins anew.
    #[must_use]
    pub fn with_fault(mut self, fault: TargetFault) -> Self {
        self.faults = FaultState::new(fault);
        self
    }

    /// Takes its fault away: one that had left can be held to the antenna again.
    #[must_use]
    pub fn healed(mut self) -> Self {
        self.faults = FaultState::default();
        self
    }

    /// Returns how many commands it has heard since it was made, or got its fault.
    #[must_use]
    pub fn commands(&self) -> usize {
        self.faults.commands()
    }

    /// Returns the type 2 tag, if it is one: what was written to it can be read there.
    #[must_use]
    pub fn as_type2(&self) -> Option<&Type2Tag> {
        match &self.kind {
            Kind::TypeA(card) => card.as_type2(),
            _ => None,
        }
    }

    /// Returns the MIFARE Classic, if it is one.
    #[must_use]
    pub fn as_mifare_classic(&self) -> Option<&MifareClassic> {
        match &self.kind {
            Kind::TypeA(card) => card.as_mifare_classic(),
            _ => None,
        }
    }

    /// Returns the type 3 tag, if it is one.
    #[must_use]
    pub fn as_felica(&self) -> Option<&FelicaTag> {
        match &self.kind {
            Kind::Felica(tag) => Some(tag),
            _ => None,
        }
    }

    /// Returns the type 1 tag, if it is one.
    #[must_use]
    pub fn as_topaz(&self) -> Option<&TopazTag> {
        match &self.kind {
            Kind::Topaz(tag) => Some(tag),
            _ => None,
        }
    }

    /// The field came, or went.
    pub(in crate::pn532) fn power(&mut self, on: bool) {
        match &mut self.kind {
            Kind::TypeA(card) => card.power(on),
            Kind::TypeB(card) => card.power(on),
            Kind::Felica(tag) => tag.power(on),
            Kind::Topaz(tag) => tag.power(on),
        }
    }

    /// Returns the answer and how long it takes.
    pub(in crate::pn532) fn hear(
        &mut self,
        frame: RadioFrame<'_>,
    ) -> Option<(RadioAnswer, Duration)> {
        if self.faults.is_gone() {
            return None;
        }
        let fate = if self.is_command(frame) { self.faults.next() } else { Fate::Normal };
        if fate == Fate::Lost {
            return None;
        }
        if let Fate::Torn(seed) = fate {
            self.tear(frame, seed);
            return None;
        }
        let answer = self.answer(frame)?;
        let delay = self.faults.delay() + self.delay();
        match fate {
            Fate::Normal => Some((answer, delay)),
            Fate::AnswerGarbled => Some((answer.garbled(), delay)),
            Fate::Lost | Fate::AnswerLost | Fate::Torn(_) => None,
        }
    }

    /// Carries a command out by half.
    fn tear(&mut self, frame: RadioFrame<'_>, seed: u64) {
        let before = self.memory().to_vec();
        // Nobody hears its answer.
        let _ = self.answer(frame);
        tear(self.memory(), &before, seed);
    }

    /// Returns the memory of a tag that can be torn.
    fn memory(&mut self) -> &mut [u8] {
        match &mut self.kind {
            Kind::TypeA(card) => card.memory(),
            _ => &mut [],
        }
    }

    fn answer(&mut self, frame: RadioFrame<'_>) -> Option<RadioAnswer> {
        match &mut self.kind {
            Kind::TypeA(card) => card.hear(frame),
            Kind::TypeB(card) => card.hear(frame),
            Kind::Felica(tag) => tag.hear(frame),
            Kind::Topaz(tag) => tag.hear(frame),
        }
    }

    fn delay(&self) -> Duration {
        match &self.kind {
            Kind::TypeA(card) => card.delay(),
            Kind::TypeB(card) => card.delay(),
            Kind::Felica(_) | Kind::Topaz(_) => Duration::ZERO,
        }
    }

    /// Tells whether a frame is a command of the target's own protocol.
    fn is_command(&self, frame: RadioFrame<'_>) -> bool {
        match (&self.kind, frame) {
            (Kind::TypeA(card), RadioFrame::Bytes(_) | RadioFrame::MifareAuthentication(_)) => {
                card.is_active()
            }
            (Kind::TypeB(card), RadioFrame::TypeB(_)) => card.is_active(),
            (Kind::Felica(tag), RadioFrame::Felica(frame)) => tag.is_command(frame),
            (Kind::Topaz(tag), RadioFrame::Topaz(_)) => tag.is_active(),
            _ => false,
        }
    }
}
