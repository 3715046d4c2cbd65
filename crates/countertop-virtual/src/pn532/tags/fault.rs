//! What can go wrong with a card or tag itself.

use core::time::Duration;

/// Is a fault of a target. Commands count from 1, from when the fault was set; requests, anticollision and
/// selection do not count, RATS does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TargetFault {
    /// The answer to this command, and to every later one, is garbled.
    GarblesFrom(usize),
    /// It leaves before it hears this command.
    LeavesBefore(usize),
    /// It carries this command out, and leaves before it answers.
    LeavesAfter(usize),
    /// It carries this command out and stays, and its answer is lost in the air.
    Unheard(usize),
    /// It leaves while it carries this command out: of the bytes that a type 2 tag or a MIFARE Classic was
    /// about to change some are new and the others old, as the seed has it.
    TearsIn {
        /// The command.
        command: usize,
        /// Which bytes.
        seed: u64,
    },
    /// It takes so long for each answer.
    Slow(Duration),
}

/// Puts some of the bytes back that changed since `before`, one by one as the seed has it (SplitMix64).
pub(super) fn tear(memory: &mut [u8], before: &[u8], mut seed: u64) {
    for (byte, old) in memory.iter_mut().zip(before) {
        seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        if (mixed ^ (mixed >> 31)) & 1 == 0 {
            *byte = *old;
        }
    }
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
    Torn(u64),
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
            Some(TargetFault::TearsIn { command, .. }) => self.commands >= command,
            _ => false,
        }
    }

    pub(super) fn next(&mut self) -> Fate {
        self.commands += 1;
        match self.fault {
            Some(TargetFault::LeavesBefore(last)) if self.commands >= last => Fate::Lost,
            Some(TargetFault::LeavesAfter(last)) if self.commands >= last => Fate::AnswerLost,
            Some(TargetFault::Unheard(lost)) if self.commands == lost => Fate::AnswerLost,
            Some(TargetFault::TearsIn { command, seed }) if self.commands >= command => {
                Fate::Torn(seed)
            }
            Some(TargetFault::GarblesFrom(first)) if self.commands >= first => Fate::AnswerGarbled,
            _ => Fate::Normal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_torn_memory_is_of_both() {
        let mut memory = [1; 64];
        tear(&mut memory, &[0; 64], 1);
        assert!((1..64).contains(&memory.iter().filter(|byte| **byte == 1).count()));
        let mut again = [1; 64];
        tear(&mut again, &[0; 64], 1);
        assert_eq!(memory, again);
    }

    #[test]
    fn counts_to_the_command_of_the_fault() {
        let mut leaves = FaultState::new(TargetFault::LeavesBefore(2));
        assert_eq!((leaves.next(), leaves.is_gone()), (Fate::Normal, false));
        assert_eq!((leaves.next(), leaves.is_gone()), (Fate::Lost, true));
        let mut after = FaultState::new(TargetFault::LeavesAfter(1));
        assert_eq!((after.next(), after.is_gone()), (Fate::AnswerLost, true));
        let mut unheard = FaultState::new(TargetFault::Unheard(1));
        assert_eq!((unheard.next(), unheard.is_gone()), (Fate::AnswerLost, false));
        assert_eq!(unheard.next(), Fate::Normal);
        let mut tears = FaultState::new(TargetFault::TearsIn { command: 1, seed: 7 });
        assert_eq!((tears.next(), tears.is_gone()), (Fate::Torn(7), true));
        let mut garbles = FaultState::new(TargetFault::GarblesFrom(2));
        assert_eq!([garbles.next(), garbles.next()], [Fate::Normal, Fate::AnswerGarbled]);
        assert_eq!((FaultState::default().next(), garbles.commands()), (Fate::Normal, 2));
    }
}
