//! Silence between two exchanges, since a real-time status does not say which question it answers.

use core::time::Duration;

use tokio::time::Instant;

/// Time in which bytes that have arrived are seen; without any, the runtime would not look.
const LOOK: Duration = Duration::from_millis(1);

/// Holds what is known of the silence on a line.
#[derive(Debug, Default)]
pub(super) struct Silence {
    /// When bytes last went either way; `None` on a line that was just opened.
    last: Option<Instant>,
    /// Questions whose answers may still be on their way.
    unanswered: u32,
}

impl Silence {
    /// Notes that bytes went either way.
    pub(super) fn broken(&mut self) {
        self.last = Some(Instant::now());
    }

    /// Notes a question.
    pub(super) fn asked(&mut self) {
        self.unanswered += 1;
    }

    /// Notes an answer, which is that to the oldest question.
    pub(super) fn answered(&mut self) {
        self.unanswered = self.unanswered.saturating_sub(1);
    }

    /// Notes that the answers which did not come were waited for, and come no more.
    pub(super) fn given_up(&mut self) {
        self.unanswered = 0;
    }

    /// Tells whether an answer may still be on its way.
    pub(super) fn is_owed(&self) -> bool {
        self.unanswered > 0
    }

    /// Returns how long to listen so that the line has been silent for `quiet`, when something was
    /// last heard at `heard`.
    pub(super) fn missing(&self, quiet: Duration, heard: Option<Instant>) -> Duration {
        match self.last.max(heard) {
            Some(last) if !self.is_owed() => quiet.saturating_sub(last.elapsed()).max(LOOK),
            _ => quiet.max(LOOK),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUIET: Duration = Duration::from_millis(20);

    #[tokio::test(start_paused = true)]
    async fn what_was_silent_long_enough_is_only_looked_at() {
        let mut silence = Silence::default();
        assert_eq!(silence.missing(QUIET, None), QUIET);
        silence.broken();
        tokio::time::advance(QUIET / 2).await;
        assert_eq!(silence.missing(QUIET, None), QUIET / 2);
        tokio::time::advance(QUIET).await;
        assert_eq!(silence.missing(QUIET, None), LOOK);
        assert_eq!(silence.missing(QUIET, Some(Instant::now())), QUIET);
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_is_missing_may_always_come() {
        let mut silence = Silence::default();
        silence.asked();
        silence.broken();
        tokio::time::advance(10 * QUIET).await;
        assert_eq!(silence.missing(QUIET, None), QUIET);
        silence.asked();
        silence.answered();
        assert_eq!(silence.missing(QUIET, None), QUIET);
        silence.answered();
        assert_eq!(silence.missing(QUIET, None), LOOK);
        silence.answered();
        silence.asked();
        assert!(silence.is_owed());
        silence.given_up();
        assert_eq!(silence.missing(QUIET, None), LOOK);
    }
}
