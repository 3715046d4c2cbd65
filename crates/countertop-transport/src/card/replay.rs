//! Playing a conversation again.

use std::collections::VecDeque;

use async_trait::async_trait;
use countertop_device::{CardProtocol, CardSession, DeviceError, DeviceErrorKind, Sensitive};
use countertop_wire::apdu_log::{Log, LogEntry, Octets};

use super::protocol::{from_log, kind};

/// What the errors of a replay call the device.
const DEVICE: &str = "replay";

/// Is a card that answers as one did when it was recorded.
///
/// It insists on the same commands in the same order; bytes that were withheld fit any.
#[derive(Debug)]
pub struct ReplaySession {
    protocol: CardProtocol,
    answer_to_reset: Vec<u8>,
    entries: VecDeque<LogEntry>,
    /// Commands so far.
    commands: usize,
    timed: bool,
}

/// Says where a conversation went another way than the recorded one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// Another command was sent.
    #[error("command {0} is not the one that was recorded")]
    AnotherCommand(usize),
    /// There are more commands than were recorded.
    #[error("the log ends before command {0}")]
    Ended(usize),
    /// The log has no answer at this place.
    #[error("the log has no answer to command {0}")]
    NoAnswer(usize),
    /// Commands that were recorded were not sent.
    #[error("{0} commands of the log were not sent")]
    Left(usize),
}

impl ReplaySession {
    /// Creates a card that plays `log`; where it does not say what is spoken, that is T=1.
    #[must_use]
    pub fn new(Log(entries): Log) -> Self {
        let mut entries: VecDeque<_> = entries.into();
        let is_comment = |entry: &mut LogEntry| matches!(entry, LogEntry::Comment(_));
        while entries.pop_front_if(is_comment).is_some() {}
        let reset = entries.pop_front_if(|entry| matches!(entry, LogEntry::Reset { .. }));
        let (protocol, answer_to_reset) = match reset {
            Some(LogEntry::Reset { protocol, answer }) => (from_log(protocol), answer.played()),
            _ => (CardProtocol::T1, Vec::new()),
        };
        Self { protocol, answer_to_reset, entries, commands: 0, timed: false }
    }

    /// Makes answers take as long as they took.
    #[must_use]
    pub fn with_timing(mut self) -> Self {
        self.timed = true;
        self
    }

    /// Ends the conversation.
    ///
    /// # Errors
    ///
    /// [`Left`](ReplayError::Left) when the log goes on.
    pub fn finish(self) -> Result<(), ReplayError> {
        let is_command = |entry: &&LogEntry| matches!(entry, LogEntry::Command(_));
        match self.entries.iter().filter(is_command).count() {
            0 => Ok(()),
            left => Err(ReplayError::Left(left)),
        }
    }

    /// Returns the next line that is no comment and no reset.
    fn next(&mut self) -> Option<LogEntry> {
        loop {
            match self.entries.pop_front()? {
                LogEntry::Comment(_) | LogEntry::Reset { .. } => {}
                entry => return Some(entry),
            }
        }
    }

    fn expect(&mut self, command: &[u8]) -> Result<(), ReplayError> {
        self.commands += 1;
        match self.next() {
            Some(LogEntry::Command(recorded)) if recorded.fits(command) => Ok(()),
            Some(_) => Err(ReplayError::AnotherCommand(self.commands)),
            None => Err(ReplayError::Ended(self.commands)),
        }
    }
}

fn played(answer: &Octets) -> Sensitive {
    Sensitive::new(answer.played())
}

fn error(kind: DeviceErrorKind) -> DeviceError {
    DeviceError::new(kind, DEVICE, "transmit")
}

#[async_trait]
impl CardSession for ReplaySession {
    fn protocol(&self) -> CardProtocol {
        self.protocol
    }

    fn answer_to_reset(&self) -> &[u8] {
        &self.answer_to_reset
    }

    /// Answers as recorded.
    ///
    /// # Errors
    ///
    /// The recorded one; [`InvalidInput`](DeviceErrorKind::InvalidInput) with a [`ReplayError`] as its
    /// source when the conversation goes another way.
    async fn transmit(&mut self, command: &[u8]) -> Result<Sensitive, DeviceError> {
        let astray = |reason: ReplayError| error(DeviceErrorKind::InvalidInput).with_source(reason);
        self.expect(command).map_err(astray)?;
        let (result, took) = match self.next() {
            Some(LogEntry::Answer { answer, took }) => (Ok(played(&answer)), took),
            Some(LogEntry::Failed { failure, took }) => (Err(error(kind(failure))), took),
            _ => (Err(astray(ReplayError::NoAnswer(self.commands))), None),
        };
        if let Some(took) = took.filter(|_| self.timed) {
            tokio::time::sleep(took).await;
        }
        result
    }

    async fn close(self: Box<Self>) -> Result<(), DeviceError> {
        Ok(())
    }
}
