//! Flow control by DSR, which the kernel leaves to programs.

use core::time::Duration;

/// Bytes that may be in the kernel when DSR goes off: they leave all the same, and a printer that says
/// busy still takes some 128 (Epson, TM-T88 specification, "Switching between BUSY and READY").
const SLACK: usize = 64;

/// Bytes that are handed to the kernel at once.
const PIECE: usize = 32;

/// How often to look whether DSR is on again: about the time in which a printer prints a row of dots.
const LOOK: Duration = Duration::from_millis(4);

/// Says what may be written now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pass {
    /// So many bytes.
    Bytes(usize),
    /// None; look again after so long.
    Wait(Duration),
}

/// Tells what may be written, when DSR is `ready` and `unsent` bytes are in the kernel, on a line of
/// `baud` bits a second.
pub(super) fn pass(ready: bool, unsent: usize, baud: u32) -> Pass {
    if !ready {
        return Pass::Wait(LOOK);
    }
    let room = SLACK.saturating_sub(unsent).min(PIECE);
    if room > 0 { Pass::Bytes(room) } else { Pass::Wait(time_of(PIECE, baud)) }
}

/// Returns the time that bytes take on the line, of ten bits each.
fn time_of(bytes: usize, baud: u32) -> Duration {
    let bits = u64::try_from(bytes).unwrap_or(u64::MAX).saturating_mul(10);
    let micros = bits.saturating_mul(1_000_000) / u64::from(baud.max(1));
    Duration::from_micros(micros).max(Duration::from_millis(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_passes_while_dsr_is_off() {
        assert_eq!(pass(false, 0, 115_200), Pass::Wait(LOOK));
        assert_eq!(pass(true, 0, 115_200), Pass::Bytes(32));
    }

    #[test]
    fn the_line_is_kept_busy_with_little_ahead() {
        assert_eq!(pass(true, 40, 115_200), Pass::Bytes(24));
        assert_eq!(pass(true, 64, 9600), Pass::Wait(Duration::from_micros(33_333)));
        // Half of what is ahead is still to leave after the wait.
        assert!(time_of(PIECE, 9600) < time_of(SLACK, 9600));
        assert_eq!(pass(true, 500, 0), Pass::Wait(Duration::from_secs(320)));
    }
}
