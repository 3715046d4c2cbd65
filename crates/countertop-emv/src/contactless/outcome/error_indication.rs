//! What went wrong in a tap (`DF8115`, EMV Book C-2, annex A.1.77).

use countertop_wire::apdu::StatusWord;

use super::MessageIdentifier;

/// Is Error Indication (`DF8115`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ErrorIndication {
    /// What went wrong on the air.
    pub level_1: Level1Error,
    /// What was wrong with the card's answers.
    pub level_2: Level2Error,
    /// What was wrong with the terminal's orders.
    pub level_3: Level3Error,
    /// The status word that ended the transaction, where one did.
    pub status: Option<StatusWord>,
    /// What is shown because of it.
    pub message: Option<MessageIdentifier>,
}

/// Names a fault on the air.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Level1Error {
    /// None.
    #[default]
    Ok,
    /// The card did not answer in time.
    TimeOut,
    /// What came could not be read.
    Transmission,
    /// The card spoke out of turn, or left.
    Protocol,
}

/// Names a fault of the card's answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Level2Error {
    /// None.
    #[default]
    Ok,
    /// Mandatory data are missing.
    CardDataMissing,
    /// The card could not prove that it is genuine.
    CamFailed,
    /// The card refused a command.
    StatusBytes,
    /// An answer is no BER-TLV, or not the right one.
    ParsingError,
    /// The amount is above the reader's limit.
    MaxLimitExceeded,
    /// The card's data contradict themselves or the book.
    CardDataError,
    /// The card wants magstripe mode, which is not there.
    MagStripeNotSupported,
    /// There is no directory.
    NoPpse,
    /// The directory is faulty.
    PpseFault,
    /// No application is left.
    EmptyCandidateList,
}

/// Names a fault of the terminal's orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Level3Error {
    /// None.
    #[default]
    Ok,
    /// The terminal took too long.
    TimeOut,
    /// The terminal stopped the transaction.
    Stop,
    /// There is no amount.
    AmountNotPresent,
}

impl ErrorIndication {
    pub(in crate::contactless) fn level_2(error: Level2Error) -> Self {
        Self { level_2: error, ..Self::default() }
    }

    pub(in crate::contactless) fn status(status: StatusWord) -> Self {
        Self { status: Some(status), ..Self::level_2(Level2Error::StatusBytes) }
    }

    #[must_use]
    pub(in crate::contactless) fn on_error(mut self, message: MessageIdentifier) -> Self {
        self.message = Some(message);
        self
    }

    /// Tells whether nothing went wrong.
    #[must_use]
    pub fn is_clear(&self) -> bool {
        *self == Self::default()
    }

    /// Returns the six bytes of `DF8115`.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 6] {
        let [high, low] = self.status.map_or([0, 0], |status| status.0.to_be_bytes());
        let message = self.message.map_or(0xFF, MessageIdentifier::code);
        [self.level_1 as u8, self.level_2 as u8, self.level_3 as u8, high, low, message]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_have_their_bytes() {
        assert_eq!(ErrorIndication::default().to_bytes(), [0, 0, 0, 0, 0, 0xFF]);
        let refused = ErrorIndication::status(StatusWord(0x6985))
            .on_error(MessageIdentifier::InsertSwipeOrTryAnotherCard);
        assert_eq!(refused.to_bytes(), [0, 3, 0, 0x69, 0x85, 0x1C]);
        let limit = ErrorIndication::level_2(Level2Error::MaxLimitExceeded);
        assert_eq!(limit.to_bytes(), [0, 5, 0, 0, 0, 0xFF]);
        assert_eq!(Level2Error::EmptyCandidateList as u8, 0x0A);
        assert!(!limit.is_clear());
    }
}
