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
    /// Whether the answer to a question may still be on its way.
    unanswered: bool,
}

impl Silence {
    /// Notes that bytes went either way.
    pub(super) fn broken(&mut self) {
        self.last = Some(Instant::now());
    }

    /// Notes a question; returns what to hand to [`answered`](Self::answered).
    pub(super) fn asked(&mut self) -> bool {
        core::mem::replace(&mut self.unanswered, true)
    }

    /// Notes the answer to a question; those before it may still be unanswered.
    pub(super) fn answered(&mut self, before: bool) {
        self.unanswered = before;
    }

    /// Notes that everything on its way was waited for.
    pub(super) fn reached(&mut self) {
        self.unanswered = false;
    }

    /// Returns how long to listen so that the line has been silent for `quiet`, when something was
    /// last heard at `heard`.
    pub(super) fn missing(&self, quiet: Duration, heard: Option<Instant>) -> Duration {
        match self.last.max(heard) {
            Some(last) if !self.unanswered => quiet.saturating_sub(last.elapsed()).max(LOOK),
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
        let before = silence.asked();
        silence.broken();
        tokio::time::advance(10 * QUIET).await;
        assert_eq!(silence.missing(QUIET, None), QUIET);
        let later = silence.asked();
        silence.answered(later);
        assert_eq!(silence.missing(QUIET, None), QUIET);
        silence.answered(before);
        assert_eq!(silence.missing(QUIET, None), LOOK);
        silence.asked();
        silence.reached();
        assert_eq!(silence.missing(QUIET, None), LOOK);
    }
}
