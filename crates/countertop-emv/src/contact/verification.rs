//! What comes of working through the card's list of methods (EMV Book 3, clause 10.5; EMV Book 4,
//! table 2).

use emv::contact::cardholder_verification::{
    CvmContext, CvmExecutionResult as Verified, CvmTerminalSupport, process_cvm_list,
};
use emv::contact::processing_restrictions::TransactionCategory;
use emv::core::tag_store::Source;
use emv::core::tags;
use emv::de::cardholder_verification_method_list::{
    CardholderVerificationMethod as Method, CardholderVerificationMethodList as List,
    CardholderVerificationMethodRule as Rule,
};
use emv::de::terminal_type::Environment;

use super::bridge::Stop;
use super::kernel::{Kernel, NO_CVM};

/// Results of CVM Results' third byte.
const UNKNOWN: u8 = 0x00;
const FAILED: u8 = 0x01;
/// No method was performed, and that is a failure.
const NONE_PERFORMED: [u8; 3] = [0x3F, 0x00, FAILED];

impl Kernel<'_> {
    /// Works through the list; `perform` answers each method that is to be performed. Nothing has
    /// changed when it answers nothing, which is for what has to be asked first.
    ///
    /// The crate names the last rule that was met in the results, performed or not; table 2 wants
    /// the last method that was performed.
    pub(super) fn work_through(
        &mut self,
        mut perform: impl FnMut(Method) -> Option<Verified>,
    ) -> Result<bool, Stop> {
        let context = self.cvm_context();
        let store = &mut self.tx.ctx.tag_store;
        let list = store.get(tags::CVM_LIST).map(List::parse).transpose()?;
        let mut unanswered = false;
        let mut performed: Option<Rule> = None;
        let outcome = process_cvm_list(list.as_ref(), &context, |rule| {
            performed = Some(*rule);
            let answer = perform(rule.method());
            unanswered |= answer.is_none();
            answer.unwrap_or(Verified::Failed)
        });
        if unanswered {
            return Ok(false);
        }
        let results = results(outcome.cvm_results, performed);
        store.insert_primitive(tags::CVM_RESULTS, results.to_vec(), Source::TerminalGenerated)?;
        let (tvr, found) = (&mut self.tx.ctx.tvr, outcome.tvr_updates);
        // Table 35: the card says that it has a list.
        tvr.icc_data_missing |= list.is_none();
        tvr.cardholder_verification_was_not_successful |=
            found.cardholder_verification_was_not_successful;
        tvr.unrecognised_cvm |= found.unrecognised_cvm;
        tvr.pin_try_limit_exceeded |= found.pin_try_limit_exceeded;
        tvr.pin_entry_required_and_pin_pad_not_present_or_not_working |=
            found.pin_entry_required_and_pin_pad_not_present_or_not_working;
        tvr.pin_entry_required_pin_pad_present_but_pin_was_not_entered |=
            found.pin_entry_required_pin_pad_present_but_pin_was_not_entered;
        tvr.online_cvm_captured |= found.online_cvm_captured;
        tvr.a_selected_biometric_type_not_supported |=
            found.a_selected_biometric_type_not_supported;
        self.tx.ctx.tsi.cardholder_verification_was_performed |=
            outcome.tsi_cardholder_verification_was_performed;
        Ok(true)
    }

    fn cvm_context(&self) -> CvmContext {
        let data = self.values.data;
        let terminal = self.tx.ctx.terminal;
        let unattended = matches!(terminal.terminal_type.environment(), Environment::Unattended);
        let category = TransactionCategory::from_transaction_type(data.transaction_type.0);
        let cash = matches!(category, TransactionCategory::Cash);
        let purchase = matches!(category, TransactionCategory::Purchase);
        let currency =
            self.value(countertop_wire::tlv::tags::TRANSACTION_CURRENCY_CODE).unwrap_or_default();
        let cards = self.tx.ctx.tag_store.get(tags::APPLICATION_CURRENCY_CODE);
        CvmContext {
            support: self.support(),
            transaction_in_application_currency: cards == Some(currency.as_slice()),
            amount_authorised: u32::try_from(data.amount.minor()).unwrap_or(u32::MAX),
            transaction_is_unattended_cash: unattended && cash,
            transaction_is_manual_cash: !unattended && cash,
            transaction_is_purchase_with_cashback: purchase && data.amount_other > 0,
        }
    }

    fn support(&self) -> CvmTerminalSupport {
        let can = &self.tx.ctx.terminal.terminal_capabilities;
        let plaintext = can.plaintext_pin_for_icc_verification;
        let enciphered = can.enciphered_pin_for_offline_verification_rsa_ode;
        CvmTerminalSupport {
            plaintext_offline_pin_by_icc: plaintext,
            plaintext_offline_pin_by_icc_and_signature: plaintext && can.signature,
            enciphered_pin_verified_online: can.enciphered_pin_for_online_verification,
            enciphered_offline_pin_by_icc: enciphered,
            enciphered_offline_pin_by_icc_and_signature: enciphered && can.signature,
            signature: can.signature,
            no_cvm_required: can.no_cvm_required,
            ..CvmTerminalSupport::default()
        }
    }
}

/// Brings the crate's results to table 2.
fn results(found: [u8; 3], performed: Option<Rule>) -> [u8; 3] {
    let [method, _, result] = found;
    let is_fail = method & 0x3F == 0x00;
    match performed {
        _ if found == NO_CVM => found,
        // Whether the cardholder signs well nobody knows yet.
        Some(rule) if result != FAILED && is_with_signature(rule.method()) => {
            [rule.cvm, rule.condition, UNKNOWN]
        }
        _ if result != FAILED || is_fail => found,
        Some(rule) => [rule.cvm, rule.condition, FAILED],
        None => NONE_PERFORMED,
    }
}

fn is_with_signature(method: Method) -> bool {
    matches!(
        method,
        Method::PlaintextPinVerificationPerformedByIccAndSignature
            | Method::EncipheredPinVerificationPerformedByIccAndSignature
    )
}
