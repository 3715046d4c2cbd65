//! The field and what is in it.

use super::control::TargetId;
use super::radio::{RadioAnswer, RadioFrame};
use super::target::Target;

/// Is the field of the antenna.
#[derive(Debug, Default)]
pub(super) struct Field {
    on: bool,
    targets: Vec<(TargetId, Target)>,
    last_id: u64,
}

/// Is what the reader hears after a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Heard {
    Nothing,
    /// One answer, or several that are the same.
    Answer(RadioAnswer),
    /// Answers that differ.
    Collision(Vec<RadioAnswer>),
}

impl Field {
    pub(super) fn is_on(&self) -> bool {
        self.on
    }

    pub(super) fn switch(&mut self, on: bool) {
        if self.on != on {
            self.on = on;
            self.targets.iter_mut().for_each(|(_, target)| target.power(on));
        }
    }

    pub(super) fn put(&mut self, mut target: Target) -> TargetId {
        self.last_id += 1;
        let id = TargetId(self.last_id);
        target.power(self.on);
        self.targets.push((id, target));
        id
    }

    pub(super) fn take(&mut self, id: TargetId) -> Option<Target> {
        let index = self.targets.iter().position(|(own, _)| *own == id)?;
        let (_, mut target) = self.targets.remove(index);
        target.power(false);
        Some(target)
    }

    pub(super) fn clear(&mut self) {
        self.targets.clear();
    }

    pub(super) fn send(&mut self, frame: RadioFrame<'_>) -> Heard {
        let mut answers: Vec<RadioAnswer> =
            self.targets.iter_mut().filter_map(|(_, target)| target.hear(frame)).collect();
        answers.dedup();
        match answers.len() {
            0 => Heard::Nothing,
            1 => answers.pop().map_or(Heard::Nothing, Heard::Answer),
            _ => Heard::Collision(answers),
        }
    }
}
