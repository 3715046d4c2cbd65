//! What is known of a job that has not come to its end.

use std::collections::VecDeque;

use countertop_wire::escpos::ProcessId;

use super::blocks::JobBlock;
use super::commands;
use super::probe::Barrier;
use crate::journal::JobDigest;

/// Is a job on its way: what the link has taken, and what the printer has confirmed of it.
#[derive(Debug)]
pub(super) struct Held {
    /// Which job it is.
    pub(super) digest: JobDigest,
    /// How it is confirmed.
    pub(super) barrier: Barrier,
    /// Number of the link on which it was sent.
    link: u32,
    /// Blocks of a mark before the job: it is a copy.
    pub(super) marks: usize,
    /// The next block to begin.
    pub(super) next: usize,
    /// The block that is being sent, with its barrier.
    wire: Vec<u8>,
    /// How many of its bytes the link has taken.
    at: usize,
    /// Whether the next block begins with the state of the job, because nobody knows the printer's.
    afresh: bool,
    /// Bytes that the link has taken, and those of them whose barrier was answered.
    sent: u64,
    answered: u64,
    /// The blocks that were sent and not answered, in order.
    flights: VecDeque<Flight>,
    /// Blocks that are known to be on paper, the mark's included.
    printed: usize,
    /// How many states had come by themselves when one of them told of trouble.
    trouble: Option<u64>,
    /// Whether something was written within a block, or nobody knows what the printer did meanwhile.
    spoilt: bool,
}

/// Is a block whose barrier is to be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Flight {
    mark: Option<ProcessId>,
    /// Blocks that are on paper when it is answered.
    blocks: usize,
    /// Bytes up to its barrier's end.
    end: u64,
}

/// Is what an answered barrier means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answered {
    /// One block more.
    Next,
    /// An answer of another time.
    Stale,
    /// The printer has forgotten blocks before it.
    Gap,
}

impl Held {
    pub(super) fn new(digest: JobDigest, marks: usize, barrier: Barrier, link: u32) -> Self {
        Self {
            digest,
            barrier,
            link,
            marks,
            next: 0,
            wire: Vec::new(),
            at: 0,
            afresh: false,
            sent: 0,
            answered: 0,
            flights: VecDeque::new(),
            printed: 0,
            trouble: None,
            spoilt: false,
        }
    }

    /// Tells whether the link has taken the whole of the last block that was begun.
    pub(super) fn is_between_blocks(&self) -> bool {
        self.at >= self.wire.len()
    }

    /// Tells whether the link has taken a part of a block, and the rest may still follow.
    pub(super) fn waits_within_a_block(&self) -> bool {
        self.at > 0 && !self.is_between_blocks() && !self.spoilt
    }

    /// Tells whether nothing of the job has left.
    pub(super) fn is_untouched(&self) -> bool {
        self.sent == 0
    }

    /// Tells whether all that has left is answered.
    pub(super) fn is_quiet(&self) -> bool {
        self.flights.is_empty() && self.is_between_blocks()
    }

    /// Returns how many barriers are to be answered.
    pub(super) fn in_flight(&self) -> usize {
        self.flights.len()
    }

    /// Returns how many bytes the link has taken that no answer has told of.
    pub(super) fn unanswered(&self) -> usize {
        usize::try_from(self.sent - self.answered).unwrap_or(usize::MAX)
    }

    /// Tells whether a block may be begun: two may always be on their way, so that the line does not
    /// fall silent, and more as long as they fit into the printer's buffer.
    pub(super) fn has_room(&self, block: &JobBlock, buffer: usize) -> bool {
        self.barrier == Barrier::None
            || self.flights.len() < 2
            || self.unanswered().saturating_add(block.bytes.len()) <= buffer
    }

    /// Tells whether ESC @ is in the next block.
    pub(super) fn begins_with_initialize(&self) -> bool {
        self.next == 0 || self.next == self.marks || self.afresh
    }

    /// Begins the next block; `mark` is its process ID, `asb` makes the printer send its status.
    pub(super) fn begin(&mut self, block: &JobBlock, mark: ProcessId, asb: bool) {
        let mut wire = core::mem::take(&mut self.wire);
        wire.clear();
        if core::mem::take(&mut self.afresh) {
            wire.extend(commands::initialize());
            wire.extend_from_slice(&block.restore);
        }
        wire.extend_from_slice(&block.bytes);
        wire.extend(self.barrier.bytes(mark));
        if asb {
            wire.extend(commands::automatic_status());
        }
        self.next += 1;
        (self.wire, self.at) = (wire, 0);
        let end = self.sent + self.wire.len() as u64;
        if self.barrier != Barrier::None {
            let mark = (self.barrier == Barrier::ProcessId).then_some(mark);
            self.flights.push_back(Flight { mark, blocks: self.next, end });
        }
    }

    /// Returns what is left to send of the block that was begun.
    pub(super) fn rest(&self) -> &[u8] {
        self.wire.get(self.at..).unwrap_or_default()
    }

    /// Notes that the link has taken so many bytes.
    pub(super) fn took(&mut self, count: usize) {
        self.at += count;
        self.sent += count as u64;
    }

    /// Takes back the block that was begun last, if the link has taken nothing of it; tells whether it has.
    pub(super) fn withdraw(&mut self) -> bool {
        let begun = self.at == 0 && !self.wire.is_empty();
        if begun {
            self.wire.clear();
            self.next -= 1;
            self.flights.pop_back_if(|flight| flight.end > self.sent);
        }
        begun
    }

    /// Notes the answer to a process ID.
    pub(super) fn marked(&mut self, mark: ProcessId) -> Answered {
        match self.flights.iter().position(|flight| flight.mark == Some(mark)) {
            None => Answered::Stale,
            Some(0) => self.answered(true),
            Some(_) => {
                self.spoilt = true;
                Answered::Gap
            }
        }
    }

    /// Notes an answer to GS r.
    pub(super) fn processed(&mut self) -> Answered {
        if self.barrier == Barrier::Status { self.answered(false) } else { Answered::Stale }
    }

    fn answered(&mut self, printed: bool) -> Answered {
        let Some(flight) = self.flights.pop_front() else { return Answered::Stale };
        self.answered = flight.end.min(self.sent);
        if printed {
            self.printed = flight.blocks;
        }
        Answered::Next
    }

    /// Returns how many blocks of the job are known to be on paper.
    pub(super) fn last_block(&self) -> u32 {
        u32::try_from(self.printed.saturating_sub(self.marks)).unwrap_or(u32::MAX)
    }

    /// Notes that other bytes were written.
    pub(super) fn interrupted(&mut self) {
        self.spoilt |= self.waits_within_a_block();
    }

    /// Notes that the printer was silent where it should have answered: it may have been off.
    pub(super) fn spoil(&mut self) {
        self.spoilt = true;
    }

    /// Notes that the printer told of trouble by itself, as its status number `count`.
    pub(super) fn troubled(&mut self, count: u64) {
        self.trouble.get_or_insert(count);
    }

    /// Notes that the printer told by itself that the trouble is over.
    pub(super) fn recovered(&mut self) {
        self.trouble = None;
    }

    /// Tells whether the printer tells its state by itself: it told of the trouble.
    pub(super) fn told_at(&self, count: u64) -> bool {
        self.trouble.is_some_and(|trouble| trouble <= count)
    }

    /// Tells whether the printer has told by itself that the trouble is over, so that it was not
    /// switched off in between: a printer that was says nothing by itself.
    pub(super) fn has_recovered(&self, count: u64) -> bool {
        self.trouble.is_some_and(|trouble| trouble < count)
    }

    /// Tells whether it may be proven what the printer has of this job.
    pub(super) fn is_provable(&self, link: u32) -> bool {
        self.barrier == Barrier::ProcessId && self.link == link && !self.spoilt
    }

    /// Goes on, perhaps on another link, with a printer whose settings nobody knows. Sent is what has
    /// been printed, or waits within a block that is finished first.
    pub(super) fn go_on(&mut self, link: u32, barrier: Barrier) {
        (self.link, self.barrier) = (link, barrier);
        self.afresh = true;
        self.trouble = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(barrier: Barrier) -> Held {
        Held::new(JobDigest::of([b"job".as_slice()]), 0, barrier, 0)
    }

    fn block(text: &str) -> JobBlock {
        JobBlock { restore: b"\x1Ba\x01".to_vec(), bytes: text.as_bytes().to_vec() }
    }

    fn mark(number: u32) -> ProcessId {
        ProcessId::from_number(number)
    }

    fn send(held: &mut Held, number: u32) {
        held.begin(&block("line\n"), mark(number), false);
        held.took(held.rest().len());
    }

    #[test]
    fn blocks_are_confirmed_in_order() {
        let mut held = held(Barrier::ProcessId);
        (0..3).for_each(|number| send(&mut held, number));
        assert_eq!(held.marked(mark(9)), Answered::Stale);
        assert_eq!(held.marked(mark(0)), Answered::Next);
        assert_eq!((held.last_block(), held.is_quiet()), (1, false));
        assert_eq!(held.marked(mark(2)), Answered::Gap);
        assert_eq!(held.last_block(), 1);
        assert!(!held.is_provable(0));
    }

    #[test]
    fn a_block_of_which_nothing_has_left_is_taken_back() {
        let mut held = held(Barrier::ProcessId);
        send(&mut held, 0);
        assert!(!held.withdraw());
        held.begin(&block("two\n"), mark(1), false);
        assert!(held.withdraw());
        assert_eq!((held.next, held.in_flight()), (1, 1));
        assert_eq!(held.marked(mark(0)), Answered::Next);
        assert!(held.is_quiet() && held.is_provable(0));
        held.begin(&block("two\n"), mark(2), false);
        held.took(1);
        assert!(!held.withdraw());
        assert!(held.waits_within_a_block());
    }

    #[test]
    fn two_blocks_are_on_their_way_and_more_where_they_fit() {
        let mut held = held(Barrier::ProcessId);
        let large = block(&"x".repeat(3000));
        assert!(held.has_room(&large, 4096));
        for number in 0..2 {
            held.begin(&large, mark(number), false);
            held.took(held.rest().len());
        }
        assert!(!held.has_room(&large, 4096));
        assert!(held.has_room(&large, 10_000));
        assert_eq!(held.marked(mark(0)), Answered::Next);
        assert!(held.has_room(&large, 4096));
    }

    #[test]
    fn what_goes_on_begins_in_the_state_of_its_block() {
        let mut held = held(Barrier::ProcessId);
        send(&mut held, 0);
        assert_eq!(held.marked(mark(0)), Answered::Next);
        assert!(held.is_quiet());
        held.go_on(1, Barrier::ProcessId);
        held.begin(&block("two\n"), mark(1), true);
        assert!(held.rest().starts_with(b"\x1B@\x1Ba\x01two\n\x1D(H"));
        assert!(held.rest().ends_with(b"\x1Da\x0F"));
    }

    #[test]
    fn bytes_within_a_block_end_what_is_provable() {
        let mut held = held(Barrier::ProcessId);
        held.begin(&block("line\n"), mark(0), false);
        held.interrupted();
        assert!(held.is_provable(0));
        held.took(2);
        assert!(held.waits_within_a_block());
        held.interrupted();
        assert!(!held.is_provable(0));
        assert!(!held.waits_within_a_block());
    }

    #[test]
    fn only_the_printers_own_word_tells_that_it_stayed_on() {
        let mut held = held(Barrier::ProcessId);
        assert!(!held.has_recovered(7));
        held.troubled(3);
        assert!(held.told_at(3));
        assert!(!held.has_recovered(3));
        assert!(held.has_recovered(4));
    }

    #[test]
    fn what_is_only_processed_is_not_known_to_be_on_paper() {
        let mut held = held(Barrier::Status);
        send(&mut held, 0);
        assert_eq!(held.processed(), Answered::Next);
        assert_eq!((held.last_block(), held.is_quiet()), (0, true));
        assert!(!held.is_provable(0));
    }
}
