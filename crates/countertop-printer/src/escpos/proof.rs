//! Proving what a printer has of a job that broke off; the table is in the module `job`.

use countertop_device::{Attention, DeviceError, DeviceErrorKind};
use countertop_wire::escpos::Reply;
use tokio::time::Instant;

use super::commands;
use super::held::{Answered, Held};
use super::job::ACTION;
use super::run::{CONCERN, needs_person};
use super::transport::Session;

impl Session {
    /// Tells whether the job can go on; `false` when only a copy is right.
    ///
    /// # Errors
    ///
    /// When the printer needs a person, or is not there.
    pub(super) async fn proves(&mut self, held: &mut Held) -> Result<bool, DeviceError> {
        if held.is_untouched() {
            // Nothing to prove: it begins.
            return Ok(false);
        }
        if held.is_quiet() {
            return self.goes_on_with_the_next(held).await;
        }
        if self.is_lost() || !held.is_provable(self.link) {
            return Ok(false);
        }
        let proven = if held.waits_within_a_block() {
            self.stayed_on(held)?
        } else {
            self.ready_again().await?;
            // It may have been called again.
            held.is_provable(self.link) && self.all_come_back(held).await?
        };
        if proven {
            held.go_on(self.link, held.barrier);
        }
        Ok(proven)
    }

    /// Goes on behind what is on paper, whatever became of the printer.
    async fn goes_on_with_the_next(&mut self, held: &mut Held) -> Result<bool, DeviceError> {
        if held.barrier != super::probe::Barrier::ProcessId {
            return Ok(false);
        }
        self.ready_again().await?;
        held.go_on(self.link, held.barrier);
        Ok(true)
    }

    /// Makes sure that the printer prints, and lets one go on whose cutter was cleared.
    async fn ready_again(&mut self) -> Result<(), DeviceError> {
        const JAMMED: DeviceErrorKind = DeviceErrorKind::NeedsAttention(Attention::CutterJammed);
        if self.out_of_paper().await {
            // Asked past the data, which may wait in the link.
            return Err(self.error(DeviceErrorKind::NeedsAttention(Attention::PaperOut), ACTION));
        }
        match self.ready(ACTION).await {
            Err(error) if error.kind() == JAMMED => {
                self.write(&commands::restart(), ACTION).await?;
                self.ready(ACTION).await.map(drop)
            }
            Ok(false) => Err(self.error(DeviceErrorKind::TimedOut, ACTION)),
            other => other.map(drop),
        }
    }

    /// Tells whether the printer said by itself that the trouble is over.
    fn stayed_on(&self, held: &Held) -> Result<bool, DeviceError> {
        let automatic = self.ear.automatic.borrow();
        match automatic.status.attention {
            Some(attention) if needs_person(&automatic.status) && held.told_at(automatic.count) => {
                Err(self.error(DeviceErrorKind::NeedsAttention(attention), ACTION))
            }
            _ => Ok(held.has_recovered(automatic.count)),
        }
    }

    /// Waits until all barriers are answered, in order; `false` when a later one is and they are not.
    async fn all_come_back(&mut self, held: &mut Held) -> Result<bool, DeviceError> {
        for mark in core::mem::take(&mut self.came_back) {
            if held.marked(mark) == Answered::Gap {
                return Ok(false);
            }
        }
        self.record_confirmed(held.last_block());
        let last = self.next_mark();
        self.write(&commands::process_id(last), ACTION).await?;
        let mut progress = Instant::now();
        while held.in_flight() > 0 {
            match self.next_reply(CONCERN, ACTION).await {
                Ok(Reply::ProcessId(mark)) if mark == last => return Ok(false),
                Ok(Reply::ProcessId(mark)) => match held.marked(mark) {
                    Answered::Next => {
                        self.record_confirmed(held.last_block());
                        progress = Instant::now();
                    }
                    Answered::Stale => {}
                    Answered::Gap => return Ok(false),
                },
                Ok(Reply::Status(_)) => self.owed = self.owed.saturating_sub(1),
                Ok(_) => {}
                Err(error) if error.kind() == DeviceErrorKind::TimedOut => {
                    if progress.elapsed() >= self.settings.confirm_timeout {
                        return Ok(false);
                    }
                    self.still_well().await?;
                }
                Err(_) => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Asks whether a printer that says nothing needs a person again.
    pub(super) async fn still_well(&mut self) -> Result<(), DeviceError> {
        let Some(state) = self.state_once(ACTION).await? else {
            return Err(self.error(DeviceErrorKind::TimedOut, ACTION));
        };
        match state.attention.filter(|_| needs_person(&state)) {
            Some(attention) => Err(self.error(DeviceErrorKind::NeedsAttention(attention), ACTION)),
            None => Ok(()),
        }
    }
}
