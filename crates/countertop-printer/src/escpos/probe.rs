//! How a printer confirms what it has printed.

use std::time::{SystemTime, UNIX_EPOCH};

use countertop_device::{DeviceError, DeviceErrorKind};
use countertop_wire::escpos::{ProcessId, Reply};
use tokio::time::Instant;

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
    /// nothing to print answers both questions at once, the process ID first.
    pub(super) async fn find_barrier(
        &mut self,
        action: &'static str,
    ) -> Result<Barrier, DeviceError> {
        if self.settings.confirmation == Confirmation::None {
            return Ok(Barrier::None);
        }
        if let Some(barrier) = self.barrier {
            return Ok(barrier);
        }
        let mark = self.next_mark();
        let marked = self.settings.confirmation == Confirmation::ProcessId;
        let mut question = if marked { commands::process_id(mark) } else { Vec::new() };
        question.extend(commands::status());
        self.write(&question, action).await?;
        self.owed += 1;
        let barrier = self.answer_to(marked.then_some(mark), action).await?;
        self.barrier = (barrier != Barrier::None).then_some(barrier);
        Ok(barrier)
    }

    async fn answer_to(
        &mut self,
        mark: Option<ProcessId>,
        action: &'static str,
    ) -> Result<Barrier, DeviceError> {
        let mut end = Instant::now() + self.settings.process_id_timeout;
        let mut barrier = Barrier::None;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.next_reply(left, action).await {
                Ok(Reply::ProcessId(id)) if Some(id) == mark => return Ok(Barrier::ProcessId),
                Ok(Reply::Status(_)) if self.owed == 1 => {
                    self.owed = 0;
                    barrier = Barrier::Status;
                    if mark.is_none() {
                        return Ok(barrier);
                    }
                    end = end.min(Instant::now() + self.settings.status_timeout);
                }
                Ok(Reply::Status(_)) => self.owed = self.owed.saturating_sub(1),
                Ok(_) => {}
                Err(error) if error.kind() == DeviceErrorKind::TimedOut => return Ok(barrier),
                Err(error) => return Err(error),
            }
        }
    }
}
