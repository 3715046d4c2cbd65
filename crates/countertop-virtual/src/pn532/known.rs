//! The targets that the chip has activated.

use countertop_wire::pn532::{Status, TypeATarget};

use super::anticollision::{self, Activation};
use super::field::Field;
use super::iso_dep::{self, IsoDepLink};
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
    pub(super) description: TypeATarget,
    /// The block protocol, when the chip has sent RATS.
    pub(super) link: Option<IsoDepLink>,
    /// What the host has sent with "more to come".
    pub(super) incoming: Vec<u8>,
    /// What is left of an answer that did not fit in a response.
    pub(super) outgoing: Vec<u8>,
}

impl KnownTargets {
    pub(super) fn clear(&mut self) {
        self.targets.clear();
        self.selected = None;
    }

    pub(super) fn numbers(&self) -> impl Iterator<Item = u8> {
        self.targets.iter().map(|target| target.description.number)
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
        let number = u8::try_from(self.targets.len() + 1).ok()?;
        let Activation { atqa, sak, uid } = activation;
        let description = TypeATarget { number, atqa, sak, uid, ats };
        let (incoming, outgoing) = (Vec::new(), Vec::new());
        self.targets.push(KnownTarget { description, link, incoming, outgoing });
        self.selected = Some(number);
        self.targets.last()
    }

    /// Halts the selected target.
    pub(super) fn deselect(&mut self, field: &mut Field) {
        let Some(number) = self.selected.take() else { return };
        let Some(target) = self.get(number) else { return };
        if target.link.is_some() {
            IsoDepLink::deselect(field);
        } else {
            // HLTA has no answer.
            let _ = iso_dep::send(field, &HLTA);
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
        let activation = anticollision::activate(field, &target.description.uid)?;
        let (link, _) = open_link(field, &activation, target.link.is_some())?;
        target.link = link;
        target.incoming.clear();
        target.outgoing.clear();
        Some(())
    }

    /// Deselects and forgets a target, or all with 0.
    pub(super) fn release(&mut self, field: &mut Field, number: u8) -> Status {
        if number != 0 && self.index(number).is_none() {
            return Status::CONTEXT;
        }
        if number == 0 || self.selected == Some(number) {
            self.deselect(field);
        }
        self.targets.retain(|target| number != 0 && target.description.number != number);
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
        self.targets.iter().position(|target| target.description.number == number)
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
