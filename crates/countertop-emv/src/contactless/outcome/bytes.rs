//! The outcome as the eight bytes of Outcome Parameter Set (`DF8129`, EMV Book C-2, annex A.1.117).

use core::time::Duration;

use super::{ContactlessCvm, Outcome, OutcomeStatus, Start};

const NOT_APPLICABLE: u8 = 0xF0;

impl Outcome {
    /// Returns Outcome Parameter Set (`DF8129`): status, start, online response data, CVM, what is
    /// present, alternate interface, field off and removal time-out, the latter two in units of
    /// 100 ms.
    #[must_use]
    pub fn parameter_set(&self) -> [u8; 8] {
        [
            status(self.status),
            self.start.map_or(NOT_APPLICABLE, start),
            NOT_APPLICABLE,
            self.cvm.map_or(NOT_APPLICABLE, cvm),
            self.presence(),
            self.alternate_interface.map_or(NOT_APPLICABLE, |interface| (interface as u8) << 4),
            self.field_off.map_or(0xFF, tenths),
            self.removal_timeout.map_or(0x00, tenths),
        ]
    }

    fn presence(&self) -> u8 {
        let discretionary = !self.error.is_clear();
        [
            (self.ui_on_outcome.is_some(), 0x80),
            (self.ui_on_restart.is_some(), 0x40),
            (self.record.is_some(), 0x20),
            (discretionary, 0x10),
            (self.receipt, 0x08),
        ]
        .into_iter()
        .filter_map(|(present, bit)| present.then_some(bit))
        .sum()
    }
}

fn status(status: OutcomeStatus) -> u8 {
    match status {
        OutcomeStatus::Approved => 0x10,
        OutcomeStatus::Declined => 0x20,
        OutcomeStatus::OnlineRequest => 0x30,
        OutcomeStatus::EndApplication => 0x40,
        OutcomeStatus::SelectNext => 0x50,
        OutcomeStatus::TryAnotherInterface => 0x60,
        OutcomeStatus::TryAgain => 0x70,
    }
}

fn start(start: Start) -> u8 {
    match start {
        Start::A => 0x00,
        Start::B => 0x10,
        Start::C => 0x20,
        Start::D => 0x30,
    }
}

fn cvm(cvm: ContactlessCvm) -> u8 {
    match cvm {
        ContactlessCvm::None => 0x00,
        ContactlessCvm::Signature => 0x10,
        ContactlessCvm::OnlinePin => 0x20,
        ContactlessCvm::ConsumerDevice => 0x30,
    }
}

fn tenths(time: Duration) -> u8 {
    u8::try_from(time.as_millis() / 100).unwrap_or(0xFE).min(0xFE)
}

#[cfg(test)]
mod tests {
    use super::super::{AlternateInterface, Level1Error, Reason};
    use super::*;

    #[test]
    fn parameters_have_their_bits() {
        for (outcome, expected) in [
            (
                Outcome::new(OutcomeStatus::Approved),
                [0x10, 0xF0, 0xF0, 0xF0, 0x00, 0xF0, 0xFF, 0x00],
            ),
            (Outcome::see_phone(), [0x40, 0x10, 0xF0, 0xF0, 0xC0, 0xF0, 0x0D, 0x00]),
            (
                Outcome::communication_error(OutcomeStatus::TryAgain, Level1Error::TimeOut),
                [0x70, 0x10, 0xF0, 0xF0, 0x50, 0xF0, 0xFF, 0x00],
            ),
            (
                Outcome::try_another_interface(Reason::CardAsks, Some(AlternateInterface::Contact)),
                [0x60, 0xF0, 0xF0, 0xF0, 0x80, 0x00, 0xFF, 0x00],
            ),
        ] {
            assert_eq!(outcome.parameter_set(), expected, "{outcome:?}");
        }
    }

    #[test]
    fn a_long_time_is_the_longest_that_fits() {
        assert_eq!(tenths(Duration::from_secs(3600)), 0xFE);
        assert_eq!(tenths(Duration::ZERO), 0x00);
    }
}
