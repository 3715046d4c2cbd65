//! Sending the blocks of a job while their confirmations come back.

use core::time::Duration;

use countertop_device::{Attention, DeviceError, PrintOutcome, PrinterStatus};
use countertop_wire::escpos::Reply;
use tokio::time::{Instant, sleep_until, timeout};

use super::Confirmation;
use super::blocks::JobBlock;
use super::held::{Answered, Held};
use super::job::ACTION;
use super::probe::Barrier;
use super::reader::Ear;
use super::transport::Session;

/// How long a printing printer may be silent before it is asked whether all is well.
pub(super) const CONCERN: Duration = Duration::from_secs(1);

/// Is what a job waits for.
enum Event {
    /// The printer said something by itself.
    Automatic,
    /// None of it.
    Quiet,
    /// An answer; `None` when the link has ended.
    Reply(Option<Reply>),
    /// The link took bytes, or failed.
    Taken(Result<usize, DeviceError>),
}

/// Is when a job last came further.
#[derive(Debug, Clone, Copy)]
struct Pace {
    /// When the link took bytes or a block was confirmed.
    progress: Instant,
    /// When the printer was last heard or asked.
    look: Instant,
    /// Since when the printer needs a person.
    trouble: Option<Instant>,
}

/// Says that a job does not come to its end by itself.
struct Stopped;

impl Session {
    /// Sends the blocks from where `held` is, until all are confirmed or it breaks off.
    pub(super) async fn run(&mut self, blocks: &[&JobBlock], mut held: Held) -> PrintOutcome {
        let now = Instant::now();
        let mut pace = Pace { progress: now, look: now, trouble: None };
        self.ear.automatic.mark_unchanged();
        let outcome = loop {
            if pace.trouble.is_none() {
                self.begin_block(blocks, &mut held);
            }
            if is_over(blocks, &held) {
                break self.judge(&held).await;
            }
            let event = self.next_event(&held, pace).await;
            if let Err(Stopped) = self.take_event(event, &mut held, &mut pace).await {
                break self.break_off(&mut held);
            }
        };
        self.record_end(outcome);
        self.held = is_open(outcome).then_some(held);
        outcome
    }

    fn begin_block(&mut self, blocks: &[&JobBlock], held: &mut Held) {
        let Some(block) = blocks.get(held.next) else { return };
        let buffer = self.settings.job.receive_buffer;
        if held.is_between_blocks() && held.has_room(block, buffer) {
            // ESC @ sets the printer back, perhaps in this too: it is said again.
            let asb = self.settings.job.asb && (held.begins_with_initialize() || !self.asb);
            let asb = asb && held.barrier != Barrier::None;
            self.asb |= asb;
            let mark = self.next_mark();
            self.owed += u32::from(held.barrier == Barrier::Status);
            held.begin(block, mark, asb);
        }
    }

    /// Ends a job that has not come to its end. A block that was begun, but of which nothing has left, is as
    /// if it were not: nobody will answer its barrier.
    fn break_off(&mut self, held: &mut Held) -> PrintOutcome {
        if held.withdraw() && held.barrier == Barrier::Status {
            self.owed = self.owed.saturating_sub(1);
        }
        broken_off(held)
    }

    async fn next_event(&mut self, held: &Held, pace: Pace) -> Event {
        if let Some(reply) = self.waiting.pop_front() {
            return Event::Reply(Some(reply));
        }
        self.ear.listen();
        let sending = !held.is_between_blocks();
        let until = self.patience(pace, sending);
        let Ear { replies, automatic, .. } = &mut self.ear;
        tokio::select! {
            biased;
            reply = replies.recv() => Event::Reply(reply),
            Ok(()) = automatic.changed() => Event::Automatic,
            taken = self.writer.write_some(held.rest(), ACTION), if sending => Event::Taken(taken),
            () = sleep_until(until) => Event::Quiet,
        }
    }

    fn patience(&self, pace: Pace, sending: bool) -> Instant {
        match pace.trouble {
            // What the printer had printed before is still told.
            Some(since) => since + self.settings.status_timeout,
            None if sending => {
                (pace.progress + self.settings.write_timeout).min(pace.look + CONCERN)
            }
            None => (pace.progress + self.settings.confirm_timeout).min(pace.look + CONCERN),
        }
    }

    async fn take_event(
        &mut self,
        event: Event,
        held: &mut Held,
        pace: &mut Pace,
    ) -> Result<(), Stopped> {
        match event {
            Event::Reply(Some(reply)) => {
                self.heard();
                pace.look = Instant::now();
                self.take_reply(&reply, held, pace)
            }
            Event::Reply(None) => {
                self.lost = true;
                Err(Stopped)
            }
            Event::Automatic => {
                self.take_automatic(held, pace);
                Ok(())
            }
            Event::Taken(taken) => self.take_count(taken, held, pace),
            Event::Quiet => self.take_quiet(held, pace).await,
        }
    }

    fn take_reply(
        &mut self,
        reply: &Reply,
        held: &mut Held,
        pace: &mut Pace,
    ) -> Result<(), Stopped> {
        let answered = match reply {
            Reply::ProcessId(mark) => held.marked(*mark),
            Reply::Status(_) => self.take_status(held),
            _ => Answered::Stale,
        };
        if matches!(reply, Reply::RealTimeStatus(_)) {
            self.silence.answered();
        }
        match answered {
            Answered::Next => {
                pace.progress = pace.look;
                self.backlog.at_most(held.unanswered());
                self.record_confirmed(held.last_block());
                Ok(())
            }
            Answered::Stale => Ok(()),
            Answered::Gap => Err(Stopped),
        }
    }

    /// Takes an answer to GS r: the oldest question is answered first, whichever job it was of.
    fn take_status(&mut self, held: &mut Held) -> Answered {
        let is_own = usize::try_from(self.owed).is_ok_and(|owed| owed <= held.in_flight());
        self.owed = self.owed.saturating_sub(1);
        if is_own { held.processed() } else { Answered::Stale }
    }

    fn take_automatic(&mut self, held: &mut Held, pace: &mut Pace) {
        let automatic = self.ear.automatic.borrow_and_update();
        self.answers = true;
        let now = Instant::now();
        pace.look = now;
        match needs_person(&automatic.status) {
            true => {
                held.troubled(automatic.count);
                pace.trouble.get_or_insert(now);
            }
            // It has told of both, so it was not off in between.
            false => {
                held.recovered();
                pace.trouble = None;
            }
        }
    }

    fn take_count(
        &mut self,
        taken: Result<usize, DeviceError>,
        held: &mut Held,
        pace: &mut Pace,
    ) -> Result<(), Stopped> {
        let Ok(count) = taken else {
            self.lost = true;
            return Err(Stopped);
        };
        held.took(count);
        self.backlog.sent(count);
        self.silence.broken();
        self.broken = !held.is_between_blocks();
        let now = Instant::now();
        (pace.progress, pace.look) = (now, now);
        Ok(())
    }

    async fn take_quiet(&mut self, held: &mut Held, pace: &mut Pace) -> Result<(), Stopped> {
        let now = Instant::now();
        if pace.trouble.is_some() {
            return Err(Stopped);
        }
        pace.look = now;
        if !held.is_between_blocks() {
            // It takes nothing; a question would not reach it either.
            if pace.progress + self.settings.write_timeout <= now {
                return Err(Stopped);
            }
            if self.out_of_paper().await {
                // The port may say so before the printer does.
                pace.trouble = Some(now);
            }
            return Ok(());
        }
        if self.out_of_paper().await {
            // A link that takes bytes in advance would keep the question behind them.
            return Err(Stopped);
        }
        match self.state_once(ACTION).await {
            Ok(Some(state)) if needs_person(&state) => Err(Stopped),
            Ok(Some(_)) if pace.progress + self.settings.confirm_timeout <= now => Err(Stopped),
            Ok(Some(_)) => Ok(()),
            // It has answered another question meanwhile.
            Ok(None) if !self.waiting.is_empty() => Ok(()),
            // It may be off.
            Ok(None) | Err(_) => {
                held.spoil();
                Err(Stopped)
            }
        }
    }

    /// Judges a job of which all is sent, and confirmed as far as the printer confirms.
    async fn judge(&mut self, held: &Held) -> PrintOutcome {
        match held.barrier {
            Barrier::ProcessId => PrintOutcome::Confirmed,
            Barrier::Status if self.is_well().await => PrintOutcome::Processed,
            Barrier::None if self.has_left().await && self.is_well().await => PrintOutcome::Unknown,
            _ => broken_off(held),
        }
    }

    /// Waits until the link has nothing left to send.
    async fn has_left(&mut self) -> bool {
        let flushed = timeout(self.settings.write_timeout, self.writer.flush(ACTION)).await;
        matches!(flushed, Ok(Ok(())))
    }

    /// Tells whether the printer says, as far as it says anything, that nobody needs to look.
    async fn is_well(&mut self) -> bool {
        if !self.answers || self.settings.confirmation == Confirmation::None {
            return !self.out_of_paper().await;
        }
        match self.state_once(ACTION).await {
            Ok(Some(state)) => !needs_person(&state),
            Ok(None) | Err(_) => false,
        }
    }
}

/// Tells whether somebody has to do something; a hot head cools down by itself.
pub(super) fn needs_person(state: &PrinterStatus) -> bool {
    !matches!(state.attention, None | Some(Attention::Overheated))
}

fn is_over(blocks: &[&JobBlock], held: &Held) -> bool {
    held.next >= blocks.len() && held.is_quiet()
}

fn broken_off(held: &Held) -> PrintOutcome {
    if held.is_untouched() {
        return PrintOutcome::NotStarted;
    }
    PrintOutcome::Partial { last_block: held.last_block() }
}

fn is_open(outcome: PrintOutcome) -> bool {
    !matches!(outcome, PrintOutcome::Confirmed | PrintOutcome::Processed)
}
