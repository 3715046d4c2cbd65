//! How a printer confirms what it has printed.

use std::time::{SystemTime, UNIX_EPOCH};

use countertop_device::{DeviceError, DeviceErrorKind};
use countertop_wire::escpos::{ProcessId, Reply};
use tokio::time::Instant;

use super::run::CONCERN;
use super::transport::Session;
use super::{Confirmation, commands};

/// Is what is sent behind a block so that its end is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Barrier {
    /// GS ( H, function 48: answered when all before it is on paper.
    ProcessId,
    /// GS r: answered when all before it is processed.
    Status,
    /// Nothing: it answers neither.
    None,
}

impl Barrier {
    pub(super) fn bytes(self, mark: ProcessId) -> Vec<u8> {
        match self {
            Self::ProcessId => commands::process_id(mark),
            Self::Status => commands::status(),
            Self::None => Vec::new(),
        }
    }
}

/// Returns the number before the first process ID. It is another one each time, so that an answer to
/// a program that ended is not taken for one to this.
pub(super) fn first_mark() -> u32 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    now.subsec_micros().wrapping_add(std::process::id())
}

impl Session {
    pub(super) fn next_mark(&mut self) -> ProcessId {
        self.marks = self.marks.wrapping_add(1);
        ProcessId::from_number(self.marks)
    }

    /// Finds out how the printer confirms, on its first job; later it is known. A printer that has
    /// nothing to print answers both questions at once, the process ID first; one that is still busy
    /// is waited for.
    pub(super) async fn find_barrier(
        &mut self,
        action: &'static str,
    ) -> Result<Barrier, DeviceError> {
        if self.settings.confirmation == Confirmation::None {
            return Ok(Barrier::None);
        }
        self.take_late_answers(action).await?;
        if let Some(barrier) = self.barrier {
            return Ok(barrier);
        }
        let mark = self.next_mark();
        let marked = self.settings.confirmation == Confirmation::ProcessId;
        let mut question = if marked { commands::process_id(mark) } else { Vec::new() };
        question.extend(commands::status());
        self.write(&question, action).await?;
        self.owed += 1;
        let barrier = self.answer_to(mark, action).await?;
        self.barrier = Some(barrier);
        Ok(barrier)
    }

    /// Waits for the answers to GS r of an earlier job, so that none is taken for one of the next;
    /// those that do not come in the time of a confirmation come no more.
    async fn take_late_answers(&mut self, action: &'static str) -> Result<(), DeviceError> {
        while self.owed > 0 {
            match self.next_patiently(action).await? {
                Some(Reply::Status(_)) => self.owed -= 1,
                Some(_) => {}
                None => self.owed = 0,
            }
        }
        Ok(())
    }

    async fn answer_to(
        &mut self,
        mark: ProcessId,
        action: &'static str,
    ) -> Result<Barrier, DeviceError> {
        loop {
            match self.next_patiently(action).await? {
                Some(Reply::ProcessId(id)) if id == mark => return Ok(Barrier::ProcessId),
                Some(Reply::Status(_)) => break,
                Some(_) => {}
                None => return Ok(Barrier::None),
            }
        }
        self.owed = 0;
        let grace = self.settings.process_id_timeout;
        loop {
            match self.next_reply(grace, action).await {
                Ok(Reply::ProcessId(id)) if id == mark => return Ok(Barrier::ProcessId),
                Ok(_) => {}
                Err(error) if error.kind() == DeviceErrorKind::TimedOut => {
                    return Ok(Barrier::Status);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Waits for the next answer for as long as a confirmation may take and the printer needs nobody;
    /// `None` when none comes.
    async fn next_patiently(&mut self, action: &'static str) -> Result<Option<Reply>, DeviceError> {
        let end = Instant::now() + self.settings.confirm_timeout;
        while Instant::now() < end {
            match self.next_reply(CONCERN, action).await {
                Ok(reply) => return Ok(Some(reply)),
                Err(error) if error.kind() == DeviceErrorKind::TimedOut => {
                    self.still_well().await?
                }
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }
}
