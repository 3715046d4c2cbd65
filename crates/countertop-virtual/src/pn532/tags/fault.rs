//! What can go wrong with a card or tag itself.

use core::time::Duration;

/// Is a fault of a target. Commands count from 1, from when the target was made; requests,
/// anticollision and activation do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TargetFault {
    /// The answer to this command, and to every later one, is garbled.
    GarblesFrom(usize),
    /// It leaves before it hears this command.
    LeavesBefore(usize),
    /// It carries this command out, and leaves before it answers.
    LeavesAfter(usize),
    /// It takes so long for each answer.
    Slow(Duration),
}

/// Counts commands and says what becomes of them.
#[derive(Debug, Default)]
pub(super) struct FaultState {
    fault: Option<TargetFault>,
    commands: usize,
}

/// Is what becomes of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Lost,
    Normal,
    AnswerGarbled,
    AnswerLost,
}

impl FaultState {
    pub(super) fn new(fault: TargetFault) -> Self {
        Self { fault: Some(fault), commands: 0 }
    }

    pub(super) fn commands(&self) -> usize {
        self.commands
    }

    pub(super) fn delay(&self) -> Duration {
        match self.fault {
            Some(TargetFault::Slow(delay)) => delay,
            _ => Duration::ZERO,
        }
    }

    /// Tells whether the target has left.
    pub(super) fn is_gone(&self) -> bool {
        match self.fault {
            Some(TargetFault::LeavesBefore(last)) => self.commands >= last,
            Some(TargetFault::LeavesAfter(last)) => self.commands >= last,
            _ => false,
        }
    }

    pub(super) fn next(&mut self) -> Fate {
        self.commands += 1;
        match self.fault {
            Some(TargetFault::LeavesBefore(last)) if self.commands >= last => Fate::Lost,
            Some(TargetFault::LeavesAfter(last)) if self.commands >= last => Fate::AnswerLost,
            Some(TargetFault::GarblesFrom(first)) if self.commands >= first => Fate::AnswerGarbled,
            _ => Fate::Normal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_to_the_command_of_the_fault() {
        let mut leaves = FaultState::new(TargetFault::LeavesBefore(2));
        assert_eq!((leaves.next(), leaves.is_gone()), (Fate::Normal, false));
        assert_eq!((leaves.next(), leaves.is_gone()), (Fate::Lost, true));
        let mut after = FaultState::new(TargetFault::LeavesAfter(1));
        assert_eq!((after.next(), after.is_gone()), (Fate::AnswerLost, true));
        let mut garbles = FaultState::new(TargetFault::GarblesFrom(2));
        assert_eq!([garbles.next(), garbles.next()], [Fate::Normal, Fate::AnswerGarbled]);
        assert_eq!((FaultState::default().next(), garbles.commands()), (Fate::Normal, 2));
    }
}
