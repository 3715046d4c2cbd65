//! ISO/IEC 14443-3 type A, up to where a card's own protocol begins.

use core::time::Duration;

use countertop_wire::pn532::{with_crc_a, without_crc_a};

use super::iso_dep_card::IsoDepCard;
use super::mifare_classic::MifareClassic;
use super::type2::Type2Tag;
use crate::card::VirtualCard;
use crate::pn532::radio::{
    HLTA, NVB_SELECT, REQA, RadioAnswer, RadioFrame, SAK_CASCADE, SAK_ISO_DEP, SEL, WUPA,
    cascade_levels,
};

/// Is a card or tag of type A.
#[derive(Debug)]
pub(super) struct TypeACard {
    atqa: [u8; 2],
    sak: u8,
    levels: Vec<[u8; 5]>,
    state: State,
    /// Whether it was halted when it was last woken: an error sends it back there.
    from_halt: bool,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    IsoDep(IsoDepCard),
    MifareClassic(MifareClassic),
    Type2(Type2Tag),
}

/// The states of ISO/IEC 14443-3, 6.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    PowerOff,
    Idle,
    /// Anticollision on the cascade level of this index.
    Ready(usize),
    Active,
    Halt,
}

/// Is what a target's own protocol makes of a frame.
#[derive(Debug)]
pub(super) enum Reaction {
    Answer(RadioAnswer),
    /// It answers and is halted.
    AnswerAndHalt(RadioAnswer),
    /// It answers, or not, and falls back to where it was woken.
    Fail(Option<RadioAnswer>),
    Silence,
}

impl TypeACard {
    pub(super) fn iso_dep(uid: &[u8], atqa: [u8; 2], card: Box<dyn VirtualCard>) -> Self {
        Self::new(uid, atqa, SAK_ISO_DEP, Kind::IsoDep(IsoDepCard::new(card, with_crc_a)))
    }

    pub(super) fn type2(tag: Type2Tag) -> Self {
        Self::new(&tag.uid(), [0x00, 0x44], 0x00, Kind::Type2(tag))
    }

    pub(super) fn mifare_classic(card: MifareClassic) -> Self {
        let (atqa, sak) = (card.size().atqa(), card.size().sak());
        Self::new(&card.uid(), atqa, sak, Kind::MifareClassic(card))
    }

    fn new(uid: &[u8], atqa: [u8; 2], sak: u8, kind: Kind) -> Self {
        let levels = cascade_levels(uid);
        Self { atqa, sak, levels, state: State::PowerOff, from_halt: false, kind }
    }

    pub(super) fn as_type2(&self) -> Option<&Type2Tag> {
        match &self.kind {
            Kind::Type2(tag) => Some(tag),
            _ => None,
        }
    }

    pub(super) fn as_mifare_classic(&self) -> Option<&MifareClassic> {
        match &self.kind {
            Kind::MifareClassic(card) => Some(card),
            _ => None,
        }
    }

    /// Returns the memory of a storage card.
    pub(super) fn memory(&mut self) -> &mut [u8] {
        match &mut self.kind {
            Kind::IsoDep(_) => &mut [],
            Kind::MifareClassic(card) => card.memory(),
            Kind::Type2(tag) => tag.memory(),
        }
    }

    /// Returns how long the card takes for an answer.
    pub(super) fn delay(&self) -> Duration {
        match &self.kind {
            Kind::IsoDep(card) => card.delay(),
            _ => Duration::ZERO,
        }
    }

    /// Tells whether a frame that is no request and no anticollision reaches the card.
    pub(super) fn is_active(&self) -> bool {
        self.state == State::Active
    }

    /// The field came, or went.
    pub(super) fn power(&mut self, on: bool) {
        self.state = if on { State::Idle } else { State::PowerOff };
        self.from_halt = false;
        match &mut self.kind {
            Kind::IsoDep(card) => card.reset(),
            Kind::MifareClassic(card) => card.reset(),
            Kind::Type2(tag) => tag.reset(),
        }
    }

    pub(super) fn hear(&mut self, frame: RadioFrame<'_>) -> Option<RadioAnswer> {
        match (self.state, frame) {
            (State::PowerOff, _) => None,
            (State::Idle, RadioFrame::Short(REQA | WUPA)) => Some(self.wake(false)),
            (State::Halt, RadioFrame::Short(WUPA)) => Some(self.wake(true)),
            (State::Idle | State::Halt, _) => None,
            (State::Ready(level), RadioFrame::Bytes(bytes)) => self.anticollision(level, bytes),
            (State::Active, RadioFrame::Bytes(bytes)) => self.active(bytes),
            (State::Active, RadioFrame::Short(_)) if self.ignores_short_frames() => None,
            (State::Ready(_) | State::Active, RadioFrame::Short(_)) => self.fall_back(),
            (State::Active, RadioFrame::MifareAuthentication(command)) => {
                let Kind::MifareClassic(card) = &mut self.kind else { return None };
                let reaction = card.authenticate(command);
                self.react(reaction)
            }
            // Another modulation is noise to it.
            _ => None,
        }
    }

    /// In the protocol of ISO/IEC 14443-4 a frame that is no block is not heard.
    fn ignores_short_frames(&self) -> bool {
        matches!(&self.kind, Kind::IsoDep(card) if card.is_activated())
    }

    fn wake(&mut self, from_halt: bool) -> RadioAnswer {
        self.state = State::Ready(0);
        self.from_halt = from_halt;
        let [high, low] = self.atqa;
        RadioAnswer::bytes([low, high])
    }

    fn fall_back(&mut self) -> Option<RadioAnswer> {
        self.state = if self.from_halt { State::Halt } else { State::Idle };
        None
    }

    fn anticollision(&mut self, level: usize, bytes: &[u8]) -> Option<RadioAnswer> {
        let (Some(own), Some(own_sel)) = (self.levels.get(level).copied(), SEL.get(level)) else {
            return self.fall_back();
        };
        match bytes {
            [sel, NVB_SELECT, rest @ ..] if sel == own_sel => match without_crc_a(bytes) {
                Some(_) if rest.starts_with(&own) => Some(self.select(level)),
                _ => self.fall_back(),
            },
            [sel, nvb, known @ ..] if sel == own_sel && *nvb < NVB_SELECT => {
                remaining(&own, *nvb, known).map(RadioAnswer::bytes)
            }
            _ => self.fall_back(),
        }
    }

    fn select(&mut self, level: usize) -> RadioAnswer {
        let complete = level + 1 == self.levels.len();
        self.state = if complete { State::Active } else { State::Ready(level + 1) };
        RadioAnswer::bytes(with_crc_a(&[if complete { self.sak } else { SAK_CASCADE }]))
    }

    fn active(&mut self, bytes: &[u8]) -> Option<RadioAnswer> {
        let command = without_crc_a(bytes)?;
        if command == HLTA && !self.ignores_short_frames() {
            self.state = State::Halt;
            return None;
        }
        let reaction = match &mut self.kind {
            Kind::IsoDep(card) => card.hear(command),
            Kind::MifareClassic(card) => card.hear(command),
            Kind::Type2(tag) => tag.hear(command),
        };
        self.react(reaction)
    }

    fn react(&mut self, reaction: Reaction) -> Option<RadioAnswer> {
        match reaction {
            Reaction::Answer(answer) => Some(answer),
            Reaction::AnswerAndHalt(answer) => {
                self.state = State::Halt;
                Some(answer)
            }
            Reaction::Fail(answer) => {
                self.fall_back();
                answer
            }
            Reaction::Silence => None,
        }
    }
}

/// Returns what is left of a cascade level behind the bits that the reader knows, from the byte
/// that it knows a part of; nothing when its bits are not those of this target.
fn remaining(own: &[u8; 5], nvb: u8, known: &[u8]) -> Option<Vec<u8>> {
    // NVB counts SEL and itself as two whole bytes (ISO/IEC 14443-3, 6.5.3.3).
    let whole = usize::from(nvb >> 4).checked_sub(2)?;
    let mask = (1u8 << (nvb & 0x07)) - 1;
    let rest = own.get(whole..)?;
    let same = known.get(..whole)? == own.get(..whole)?
        && (mask == 0 || (known.get(whole)? ^ rest.first()?) & mask == 0);
    same.then(|| rest.to_vec())
}
