//! Printing a job and finding out what became of it.

use core::time::Duration;

use countertop_device::{Attention, DeviceError, DeviceErrorKind, PrintOutcome};
use countertop_wire::escpos::{ProcessId, Reply};
use tokio::time::Instant;

use super::transport::Session;
use super::{Confirmation, commands};

const ACTION: &str = "print";

/// How long a printing printer may be silent before it is asked whether all is well.
const CONCERN: Duration = Duration::from_secs(1);

/// Is what is known while a job's confirmation is awaited.
struct Wait {
    id: Option<ProcessId>,
    /// When the wait ends.
    end: Instant,
    /// When GS r was answered.
    processed: Option<Instant>,
}

impl Session {
    /// Prints a job's bytes.
    ///
    /// # Errors
    ///
    /// Before the first byte only; from then on there is an outcome.
    pub(super) async fn print(&mut self, bytes: &[u8]) -> Result<PrintOutcome, DeviceError> {
        let answers = self.ready_to_print().await?;
        self.jobs = self.jobs.wrapping_add(1);
        let id = self.barrier_id(answers);
        if self.write(bytes, ACTION).await.is_err() {
            return Ok(PrintOutcome::Partial { last_block: 0 });
        }
        if !answers || self.settings.confirmation == Confirmation::None {
            return Ok(PrintOutcome::Unknown);
        }
        if self.write(&barrier(id), ACTION).await.is_err() {
            return Ok(PrintOutcome::Unknown);
        }
        self.owed += 1;
        let end = Instant::now() + self.settings.confirm_timeout;
        Ok(self.confirmed(Wait { id, end, processed: None }).await)
    }

    /// As [`ready`](Self::ready), but brings a printer back from an error that only waits for it.
    async fn ready_to_print(&mut self) -> Result<bool, DeviceError> {
        const JAMMED: DeviceErrorKind = DeviceErrorKind::NeedsAttention(Attention::CutterJammed);
        const FAULT: DeviceErrorKind = DeviceErrorKind::NeedsAttention(Attention::Fault);
        match self.ready(ACTION).await {
            Err(error) if matches!(error.kind(), JAMMED | FAULT) => {
                self.write(&commands::recover(), ACTION).await?;
                self.ready(ACTION).await
            }
            other => other,
        }
    }

    fn barrier_id(&self, answers: bool) -> Option<ProcessId> {
        let wanted = self.settings.confirmation == Confirmation::ProcessId;
        let known = self.process_ids != Some(false);
        (answers && wanted && known).then(|| ProcessId::from_number(self.jobs))
    }

    async fn confirmed(&mut self, mut wait: Wait) -> PrintOutcome {
        loop {
            let patience = self.patience(&wait);
            match self.next_reply(patience, ACTION).await {
                Ok(Reply::ProcessId(id)) if Some(id) == wait.id => {
                    self.process_ids = Some(true);
                    return PrintOutcome::Confirmed;
                }
                Ok(Reply::Status(_)) => {
                    self.owed = self.owed.saturating_sub(1);
                    if self.owed == 0 {
                        wait.processed = Some(Instant::now());
                    }
                }
                Ok(_) => {}
                Err(error) if error.kind() == DeviceErrorKind::TimedOut => {
                    if let Some(outcome) = self.silent(&wait).await {
                        return outcome;
                    }
                }
                // The link broke after everything was sent.
                Err(_) => return PrintOutcome::Unknown,
            }
        }
    }

    /// Returns how long to wait for the next reply.
    fn patience(&self, wait: &Wait) -> Duration {
        let now = Instant::now();
        let left = wait.end.saturating_duration_since(now).min(CONCERN);
        match wait.processed {
            Some(since) => left.min((since + self.grace(wait)).saturating_duration_since(now)),
            None => left,
        }
    }

    /// Returns how long after GS r a process ID is waited for.
    fn grace(&self, wait: &Wait) -> Duration {
        match (wait.id, self.process_ids) {
            (None, _) => Duration::ZERO,
            (Some(_), Some(true)) => self.settings.confirm_timeout,
            (Some(_), _) => self.settings.process_id_timeout,
        }
    }

    /// Judges a printer that said nothing for a while; `None` to wait on.
    async fn silent(&mut self, wait: &Wait) -> Option<PrintOutcome> {
        let Ok(Some(state)) = self.state_once(ACTION).await else {
            return Some(PrintOutcome::Unknown);
        };
        match state.attention {
            // It goes on by itself when it has cooled down.
            None | Some(Attention::Overheated) => {}
            Some(_) => return Some(PrintOutcome::Partial { last_block: 0 }),
        }
        let now = Instant::now();
        if wait.processed.is_some_and(|since| since + self.grace(wait) <= now) {
            if wait.id.is_some() {
                self.process_ids = self.process_ids.or(Some(false));
            }
            return Some(PrintOutcome::Processed);
        }
        (wait.end <= now).then_some(PrintOutcome::Unknown)
    }
}

fn barrier(id: Option<ProcessId>) -> Vec<u8> {
    let mut bytes = id.map(commands::process_id).unwrap_or_default();
    bytes.extend(commands::status());
    bytes
}
