//! The outcome (S910.70 to S910.81).

use countertop_device::Sensitive;
use countertop_wire::tlv::tags;

use super::{Stop, THIRD_PARTY_DATA, Transaction};
use crate::contactless::outcome::{DataRecord, UserInterface};
use crate::contactless::primitives::{Tvr, TvrBit};
use crate::contactless::{
    AuthenticationResult, ContactlessCvm, KernelId, MessageIdentifier, Outcome, OutcomeStatus,
    Reason, Start, UiRequest, UiStatus,
};
use crate::{
    ApplicationCryptogram, Candidate, CardData, CryptogramKind, EmvError, TransactionType, field55,
};

/// Bits of POS Cardholder Interaction Information (`DF4B`) for which the cardholder has to do
/// something on the device and tap again.
const SECOND_TAP: [u8; 3] = [0x00, 0x03, 0x0F];
/// Bit of Terminal Capabilities, byte 1: chip with contacts.
const CAPABILITY_CONTACTS: u8 = 0x20;
/// Third Party Data: the unique identifier says that a device type follows; a card.
const NO_DEVICE_TYPE: u8 = 0x80;
const DEVICE_TYPE_CARD: [u8; 2] = *b"00";

impl Transaction<'_> {
    /// Ends the transaction as card and reader decided.
    pub(super) fn conclude(
        self,
        cryptogram: ApplicationCryptogram,
        ui: &mut dyn UserInterface,
    ) -> Result<Outcome, Stop> {
        let outcome = match cryptogram.kind {
            _ if self.wants_second_tap() => self.see_phone(ui),
            CryptogramKind::Tc => self.approved(),
            CryptogramKind::Arqc => self.online(),
            CryptogramKind::Aac => self.refused(),
        };
        let receipt = self.receipt;
        let cvm = Some(self.cvm);
        let record = Some(Box::new(self.record(cryptogram)?));
        Ok(Outcome { record, receipt, cvm, ..outcome })
    }

    fn message(&self, message: MessageIdentifier) -> UiRequest {
        UiRequest::new(message, UiStatus::NotReady)
            .held(self.configuration().message_hold_time())
            .in_languages(self.objects.get(tags::LANGUAGE_PREFERENCE))
    }

    /// S910.71.
    fn wants_second_tap(&self) -> bool {
        let information = self.objects.get(tags::POS_CARDHOLDER_INTERACTION_INFORMATION);
        let mut bytes = information.unwrap_or_default().iter().zip(SECOND_TAP);
        bytes.any(|(byte, bits)| byte & bits != 0)
    }

    /// S910.72 and S910.78.
    fn see_phone(&self, ui: &mut dyn UserInterface) -> Outcome {
        let phone = MessageIdentifier::SeePhone;
        ui.request(&self.message(phone));
        Outcome {
            start: Some(Start::B),
            ui_on_restart: Some(UiRequest::new(phone, UiStatus::ReadyToRead)),
            ..Outcome::new(OutcomeStatus::EndApplication).because(Reason::SeePhone)
        }
    }

    fn approved(&self) -> Outcome {
        let message = match self.cvm {
            ContactlessCvm::Signature => MessageIdentifier::ApprovedPleaseSign,
            _ => MessageIdentifier::Approved,
        };
        let ui_on_outcome = Some(self.message(message));
        Outcome { ui_on_outcome, ..Outcome::new(OutcomeStatus::Approved) }
    }

    fn online(&self) -> Outcome {
        let request = UiRequest::new(MessageIdentifier::Authorising, UiStatus::NotReady)
            .in_languages(self.objects.get(tags::LANGUAGE_PREFERENCE));
        Outcome { ui_on_outcome: Some(request), ..Outcome::new(OutcomeStatus::OnlineRequest) }
    }

    /// S910.74 and S910.75: a card may do better in the slot; a phone has no contacts.
    fn refused(&self) -> Outcome {
        let payment = matches!(
            self.activation.data.transaction_type,
            TransactionType::PURCHASE
                | TransactionType::CASH
                | TransactionType::CASHBACK
                | TransactionType(0x17)
        );
        if !payment {
            let clear = UiRequest::new(MessageIdentifier::ClearDisplay, UiStatus::NotReady);
            return Outcome {
                ui_on_outcome: Some(clear),
                ..Outcome::new(OutcomeStatus::EndApplication).because(Reason::CardDeclines)
            };
        }
        let (status, message) = if self.has_no_contacts() {
            (OutcomeStatus::Declined, MessageIdentifier::NotAuthorised)
        } else {
            (OutcomeStatus::TryAnotherInterface, MessageIdentifier::InsertCard)
        };
        let ui_on_outcome = Some(self.message(message));
        Outcome { ui_on_outcome, ..Outcome::new(status).because(Reason::CardDeclines) }
    }

    /// Tells whether the slot is no help: the reader has none, or what was tapped is no card.
    fn has_no_contacts(&self) -> bool {
        let slot = self.capabilities[0] & CAPABILITY_CONTACTS != 0;
        !slot || self.objects.get(THIRD_PARTY_DATA).is_some_and(is_no_card)
    }

    fn record(self, cryptogram: ApplicationCryptogram) -> Result<DataRecord, EmvError> {
        let application = self.activation.application()?;
        let field55 = self.field55(&application, &cryptogram);
        let card = CardData::read(application, |tag| self.objects.get(tag))?;
        let authentication = if self.tvr.has(TvrBit::CDA_FAILED) {
            AuthenticationResult::Failed
        } else if self.objects.get(tags::SIGNED_DYNAMIC_APPLICATION_DATA).is_some() {
            AuthenticationResult::Passed
        } else {
            AuthenticationResult::NotPerformed
        };
        Ok(DataRecord {
            kernel: KernelId::MASTERCARD,
            card,
            field55,
            cryptogram,
            tvr: self.tvr,
            cvm_results: Some(self.cvm_results),
            authentication,
        })
    }

    fn field55(&self, application: &Candidate, cryptogram: &ApplicationCryptogram) -> Sensitive {
        field55::build(|tag| match tag {
            tags::APPLICATION_CRYPTOGRAM => Some(cryptogram.value.to_vec()),
            tags::DEDICATED_FILE_NAME => Some(application.aid.clone()),
            _ => self.value(tag),
        })
    }
}

/// Third Party Data (`9F6E`): country, unique identifier, and the device type unless the identifier
/// says that there is none.
fn is_no_card(data: &[u8]) -> bool {
    match data {
        [_, _, unique, _, first, second, ..] if unique & NO_DEVICE_TYPE == 0 => {
            [*first, *second] != DEVICE_TYPE_CARD
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_type_tells_phones_from_cards() {
        assert!(is_no_card(&[0x08, 0x40, 0x00, 0x00, b'0', b'1']));
        assert!(!is_no_card(&[0x08, 0x40, 0x00, 0x00, b'0', b'0']));
        assert!(!is_no_card(&[0x08, 0x40, 0x80, 0x00, b'0', b'1']));
        assert!(!is_no_card(&[0x08, 0x40]));
    }
}
