//! The outcome (clauses 4.3 and 5.8 to 5.10).

use countertop_device::{Money, Sensitive};
use countertop_wire::tlv::{numeric, tags};

use super::Taken;
use crate::contactless::outcome::{DataRecord, ErrorIndication, Level2Error};
use crate::contactless::{
    AuthenticationResult, ContactlessCvm, MessageIdentifier, Outcome, OutcomeStatus, Reason,
    UiRequest, UiStatus, UiValue,
};
use crate::{Candidate, CardData, EmvError, field55};

impl Taken<'_> {
    /// Ends the transaction as it was decided.
    pub(super) fn conclude(self, cvm: Option<ContactlessCvm>) -> Result<Outcome, EmvError> {
        match self.decline.clone() {
            Some(reason) => Ok(self.declined(reason)),
            None => self.accepted(cvm),
        }
    }

    fn declined(&self, reason: Reason) -> Outcome {
        let mut error = ErrorIndication::default();
        if self.authentication == AuthenticationResult::Failed {
            error = ErrorIndication::level_2(Level2Error::CamFailed);
        }
        Outcome {
            ui_on_outcome: Some(self.message(MessageIdentifier::NotAuthorised)),
            error,
            ..Outcome::new(OutcomeStatus::Declined).because(reason)
        }
    }

    fn accepted(self, cvm: Option<ContactlessCvm>) -> Result<Outcome, EmvError> {
        let (status, message) = match (self.online, cvm) {
            (true, _) => (OutcomeStatus::OnlineRequest, MessageIdentifier::Authorising),
            (false, Some(ContactlessCvm::Signature)) => {
                (OutcomeStatus::Approved, MessageIdentifier::ApprovedPleaseSign)
            }
            (false, _) => (OutcomeStatus::Approved, MessageIdentifier::Approved),
        };
        let ui_on_outcome = Some(self.message(message));
        let receipt = cvm == Some(ContactlessCvm::Signature);
        let record = Some(Box::new(self.record()?));
        Ok(Outcome { cvm, ui_on_outcome, receipt, record, ..Outcome::new(status) })
    }

    /// Requirement 4.3.1.1: with what is left to spend offline (`9F5D`), where the card tells.
    fn message(&self, message: MessageIdentifier) -> UiRequest {
        let currency = self.activation.data.amount.currency();
        let balance = self
            .objects
            .sized::<6>(tags::AVAILABLE_OFFLINE_SPENDING_AMOUNT)
            .and_then(|value| numeric::decode(&value))
            .map(|minor| UiValue::Balance(Money::from_minor(minor, currency)));
        UiRequest::new(message, UiStatus::NotReady)
            .in_languages(self.objects.get(tags::LANGUAGE_PREFERENCE))
            .with_value(balance)
    }

    fn record(self) -> Result<DataRecord, EmvError> {
        let application = self.activation.application()?;
        let field55 = self.field55(&application);
        let card = CardData::read(application, |tag| self.objects.get(tag))?;
        Ok(DataRecord {
            kernel: self.rules.kernel,
            card,
            field55,
            cryptogram: self.cryptogram,
            tvr: self.tvr,
            cvm_results: None,
            authentication: self.authentication,
        })
    }

    fn field55(&self, application: &Candidate) -> Sensitive {
        field55::build(|tag| match tag {
            // What the card was told, and made its cryptogram over.
            tags::TERMINAL_VERIFICATION_RESULTS => Some(vec![0; 5]),
            tags::CRYPTOGRAM_INFORMATION_DATA => Some(vec![self.cryptogram.information]),
            tags::DEDICATED_FILE_NAME => Some(application.aid.clone()),
            // These kernels have none, whatever a card says.
            tags::CVM_RESULTS => None,
            // What the terminal has said the host learns from the terminal: a card that answered with data of
            // another transaction would make an old cryptogram look like this one's.
            _ => {
                self.activation.terminal(tag).or_else(|| self.objects.get(tag).map(<[u8]>::to_vec))
            }
        })
    }
}
