//! The field and what is in it.

use core::time::Duration;

use tokio::time::Instant;

use super::control::TargetId;
use super::radio::{RadioAnswer, RadioFrame};
use super::tags::Target;

/// Is the field of the antenna.
#[derive(Debug, Default)]
pub(super) struct Field {
    on: bool,
    targets: Vec<(TargetId, Target)>,
    last_id: u64,
    /// Since when it is on.
    since: Option<Instant>,
    /// How long it was on before.
    before: Duration,
    /// How long a request takes that nobody answers; answers come at once without it.
    silence: Duration,
    /// Whether anybody answered the last request of type A.
    request_answered: bool,
    /// The time that frames took since it was asked last.
    late: Duration,
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
            let since = std::mem::replace(&mut self.since, on.then(Instant::now));
            self.before += since.map_or(Duration::ZERO, |since| since.elapsed());
            self.targets.iter_mut().for_each(|(_, target)| target.power(on));
        }
    }

    /// Returns how long it was on, all in all.
    pub(super) fn on_time(&self) -> Duration {
        self.before + self.since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    pub(super) fn was_request_answered(&self) -> bool {
        self.request_answered
    }

    /// Lets a request that nobody answers take so long.
    pub(super) fn set_silence(&mut self, silence: Duration) {
        self.silence = silence;
    }

    /// Returns how long the frames since the last call took.
    pub(super) fn take_late(&mut self) -> Duration {
        std::mem::take(&mut self.late)
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
        let mut answers = Vec::new();
        for (answer, delay) in self.targets.iter_mut().filter_map(|(_, it)| it.hear(frame)) {
            self.late += delay;
            answers.push(answer);
        }
        answers.dedup();
        if let RadioFrame::Short(_) = frame {
            self.request_answered = !answers.is_empty();
        }
        match answers.len() {
            0 => {
                self.late += self.silence;
                Heard::Nothing
            }
            1 => answers.pop().map_or(Heard::Nothing, Heard::Answer),
            _ => Heard::Collision(answers),
        }
    }
}
