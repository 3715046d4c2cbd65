//! The customer's signature, and the vouchers after it.

use countertop_device::{SignatureImage, SignatureRequest};
use countertop_wire::unionpay;

use super::core::Core;
use super::{Attendant, Authorised, Ending, Prompt, Ready};
use crate::journal::SignatureState;

/// Is an approved transaction that is signed, or needs no signature.
#[derive(Debug)]
pub struct Signed(Authorised);

/// How often a customer may try before the voucher is signed with a pen.
const ATTEMPTS: usize = 3;

impl Authorised {
    /// Takes the customer's signature where one is needed and a pad is there. Without a pad, or when
    /// the pad yields none, the merchant's copy has a line for the pen.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: the terminal is consumed. The transaction is in the journal.
    pub async fn sign(mut self, attendant: &mut dyn Attendant) -> Signed {
        let core = &mut self.ready.duty.core;
        let wanted = core.parts.journal.by_stan(self.approved.stan());
        let wanted = wanted.is_ok_and(|record| record.signature == SignatureState::Required);
        if wanted && core.parts.devices.signature.assigned() {
            self.take_signature(attendant).await;
        }
        Signed(self)
    }

    async fn take_signature(&mut self, attendant: &mut dyn Attendant) {
        attendant.show(&Prompt::Sign);
        let core = &mut self.ready.duty.core;
        let Some(feature_code) = self.feature_code.clone() else { return };
        for _ in 0..ATTEMPTS {
            let Some(image) = core.capture(&feature_code).await else { continue };
            if let Err(error) = core.parts.journal.signed(&self.approved, &image) {
                tracing::error!(%error, "signature not stored; the voucher is signed with a pen");
            }
            return;
        }
    }
}

impl Core {
    async fn capture(&mut self, feature_code: &str) -> Option<SignatureImage> {
        let timeout = self.parts.settings.prompt_timeout();
        let request = SignatureRequest { feature_code: feature_code.to_owned(), timeout };
        let slot = &mut self.parts.devices.signature;
        let captured = match slot.open().await {
            Ok(pad) => pad.capture(&request).await,
            Err(error) => Err(error),
        };
        captured
            .inspect_err(|error| {
                tracing::warn!(%error, "no signature from the pad");
                slot.note(error);
            })
            .ok()
            .flatten()
            .filter(|image| image.black_dots() > 0)
    }
}

impl Signed {
    /// Prints both copies, waits until a chip card is taken, and ends the transaction.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: the terminal is consumed. What was not printed stays in the queue.
    pub async fn print(self, attendant: &mut dyn Attendant) -> (Ready, Ending) {
        let Authorised { mut ready, approved, .. } = self.0;
        ready.print_copies(&approved, attendant).await;
        ready.duty.core.await_card_taken(attendant).await;
        attendant.show(&Prompt::Ready);
        (ready, Ending::Completed(approved.stan()))
    }
}

/// Binds a signature to its transaction; `None` when the host gave no reference number.
pub(super) fn feature_code(answer: &countertop_acquirer::HostAnswer) -> Option<String> {
    unionpay::feature_code(answer.settlement_date.as_deref(), answer.rrn.as_deref()?).ok()
}
