//! The targets that the chip has activated.

use countertop_wire::pn532::{
    FelicaTarget, JewelTarget, Status, TargetState, TypeATarget, TypeBTarget,
};

use super::anticollision::{self, Activation};
use super::field::Field;
use super::iso_dep::{self, IsoDepLink};
use super::other_types;
use super::radio::{HLTA, SAK_ISO_DEP};

/// Is the chip's list of targets, of which one at the most is selected.
#[derive(Debug, Default)]
pub(super) struct KnownTargets {
    targets: Vec<KnownTarget>,
    selected: Option<u8>,
}

/// Is a target that was activated.
#[derive(Debug)]
pub(super) struct KnownTarget {
    pub(super) description: Description,
    /// What the air carries: 0, 1 or 2 for 106, 212 or 424 kbit/s.
    rate: u8,
    /// The block protocol, when the chip has sent RATS.
    pub(super) link: Option<IsoDepLink>,
    /// What the host has sent with "more to come".
    pub(super) incoming: Vec<u8>,
    /// What is left of an answer that did not fit in a response.
    pub(super) outgoing: Vec<u8>,
}

/// Is what the chip tells of a target.
#[derive(Debug, Clone)]
pub(super) enum Description {
    TypeA(TypeATarget),
    TypeB(TypeBTarget),
    Felica(FelicaTarget),
    Jewel(JewelTarget),
}

impl Description {
    pub(super) fn number(&self) -> u8 {
        match self {
            Self::TypeA(target) => target.number,
            Self::TypeB(target) => target.number,
            Self::Felica(target) => target.number,
            Self::Jewel(target) => target.number,
        }
    }

    /// Returns the modulation as GetGeneralStatus tells it (UM0701-02, 7.2.3).
    fn modulation(&self) -> u8 {
        match self {
            Self::TypeA(_) | Self::TypeB(_) => 0x00,
            Self::Felica(_) => 0x10,
            Self::Jewel(_) => 0x02,
        }
    }

    pub(super) fn encode(&self, data: &mut Vec<u8>) {
        match self {
            Self::TypeA(target) => target.encode(data),
            Self::TypeB(target) => target.encode(data),
            Self::Felica(target) => target.encode(data),
            Self::Jewel(target) => target.encode(data),
        }
    }
}

impl KnownTargets {
    pub(super) fn clear(&mut self) {
        self.targets.clear();
        self.selected = None;
    }

    /// Returns the targets' rows in GetGeneralStatus (UM0701-02, 7.2.3).
    pub(super) fn states(&self) -> Vec<TargetState> {
        let state = |target: &KnownTarget| TargetState {
            number: target.description.number(),
            receive: target.rate,
            transmit: target.rate,
            modulation: target.description.modulation(),
        };
        self.targets.iter().map(state).collect()
    }

    pub(super) fn numbers(&self) -> impl Iterator<Item = u8> {
        self.targets.iter().map(|target| target.description.number())
    }

    /// Activates a target, any or the one of `uid`, and appends it to the list when its SAK is
    /// `wanted`. One that is not is left as it is; the next request sends it back.
    pub(super) fn find(
        &mut self,
        field: &mut Field,
        uid: &[u8],
        rats: bool,
        wanted: impl Fn(u8) -> bool,
    ) -> Option<&KnownTarget> {
        let activation = match uid {
            [] => anticollision::activate_any(field),
            uid => anticollision::activate(field, uid),
        }
        .filter(|activation| wanted(activation.sak))?;
        let (link, ats) = open_link(field, &activation, rats)?;
        let number = self.next_number();
        let Activation { atqa, sak, uid } = activation;
        Some(self.add(Description::TypeA(TypeATarget { number, atqa, sak, uid, ats }), link))
    }

    /// Activates a card of type B of an application family.
    pub(super) fn find_type_b(&mut self, field: &mut Field, family: u8) -> Option<&KnownTarget> {
        let (target, link) = other_types::activate_type_b(field, family, self.next_number())?;
        Some(self.add(Description::TypeB(target), Some(link)))
    }

    /// Polls for a FeliCa card at a `rate`: 1 or 2 for 212 or 424 kbit/s.
    pub(super) fn find_felica(
        &mut self,
        field: &mut Field,
        polling: &[u8],
        rate: u8,
    ) -> Option<&KnownTarget> {
        let target = other_types::poll_felica(field, polling, self.next_number())?;
        Some(self.add_at(rate, Description::Felica(target), None))
    }

    /// Asks for a Topaz tag.
    pub(super) fn find_jewel(&mut self, field: &mut Field) -> Option<&KnownTarget> {
        let target = other_types::identify_jewel(field, self.next_number())?;
        Some(self.add(Description::Jewel(target), None))
    }

    fn next_number(&self) -> u8 {
        u8::try_from(self.targets.len() + 1).unwrap_or(u8::MAX)
    }

    fn add(&mut self, description: Description, link: Option<IsoDepLink>) -> &KnownTarget {
        self.add_at(0, description, link)
    }

    fn add_at(
        &mut self,
        rate: u8,
        description: Description,
        link: Option<IsoDepLink>,
    ) -> &KnownTarget {
        self.selected = Some(description.number());
        let (incoming, outgoing) = (Vec::new(), Vec::new());
        self.targets.push_mut(KnownTarget { description, rate, link, incoming, outgoing })
    }

    /// Halts the selected target.
    pub(super) fn deselect(&mut self, field: &mut Field) {
        let Some(number) = self.selected.take() else { return };
        let Some(target) = self.get(number) else { return };
        match (&target.link, &target.description) {
            (Some(link), _) => link.deselect(field),
            // HLTA has no answer.
            (None, Description::TypeA(_)) => drop(iso_dep::send(field, &HLTA)),
            // The others have no such state.
            (None, _) => {}
        }
    }

    /// Halts a target, or with 0 whichever is selected. One that another was selected behind is halted already.
    pub(super) fn halt(&mut self, field: &mut Field, number: u8) {
        if number == 0 || self.selected == Some(number) {
            self.deselect(field);
        }
    }

    /// Makes `number` the selected target and returns it; wakes it when another was selected.
    pub(super) fn select(
        &mut self,
        field: &mut Field,
        number: u8,
    ) -> Result<&mut KnownTarget, Status> {
        let index = self.index(number).ok_or(Status::CONTEXT)?;
        if self.selected != Some(number) {
            self.deselect(field);
            self.wake(field, index).ok_or(Status::TIMEOUT)?;
            self.selected = Some(number);
        }
        self.targets.get_mut(index).ok_or(Status::CONTEXT)
    }

    /// Selects the last target again that was halted while the chip looked for another one.
    pub(super) fn settle(&mut self, field: &mut Field) {
        if let (None, Some(last)) = (self.selected, self.numbers().last()) {
            // One that has left meanwhile shows with the next exchange.
            let _ = self.select(field, last);
        }
    }

    fn wake(&mut self, field: &mut Field, index: usize) -> Option<()> {
        let target = self.targets.get_mut(index)?;
        match &target.description {
            Description::TypeA(description) => {
                let activation = anticollision::activate(field, &description.uid)?;
                (target.link, _) = open_link(field, &activation, target.link.is_some())?;
            }
            Description::TypeB(description) => {
                let (found, link) = other_types::activate_type_b(field, 0, description.number)?;
                target.link = (found.pupi == description.pupi).then_some(link);
                target.link.as_ref()?;
            }
            Description::Felica(_) | Description::Jewel(_) => {}
        }
        target.incoming.clear();
        target.outgoing.clear();
        Some(())
    }

    /// Deselects and forgets a target, or all with 0.
    pub(super) fn release(&mut self, field: &mut Field, number: u8) -> Status {
        if number != 0 && self.index(number).is_none() {
            return Status::CONTEXT;
        }
        self.halt(field, number);
        self.targets.retain(|target| number != 0 && target.description.number() != number);
        Status::OK
    }

    /// Asks the selected card of ISO/IEC 14443-4 for a sign of life.
    pub(super) fn is_present(&self, field: &mut Field) -> Result<(), Status> {
        let target = self.selected.and_then(|number| self.get(number));
        let link = target.and_then(|target| target.link.as_ref()).ok_or(Status::CONTEXT)?;
        link.is_present(field)
    }

    fn get(&self, number: u8) -> Option<&KnownTarget> {
        self.targets.get(self.index(number)?)
    }

    fn index(&self, number: u8) -> Option<usize> {
        self.targets.iter().position(|target| target.description.number() == number)
    }
}

/// Sends RATS where it belongs.
fn open_link(
    field: &mut Field,
    activation: &Activation,
    rats: bool,
) -> Option<(Option<IsoDepLink>, Vec<u8>)> {
    if !rats || activation.sak & SAK_ISO_DEP == 0 {
        return Some((None, Vec::new()));
    }
    IsoDepLink::open(field).map(|(link, ats)| (Some(link), ats))
}
