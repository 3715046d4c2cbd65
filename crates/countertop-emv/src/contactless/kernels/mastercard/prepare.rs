//! From the records to the decision of the reader (S456).

use countertop_wire::tlv::tags;

use super::{Stop, Transaction};
use crate::contactless::Outcome;
use crate::contactless::outcome::{ErrorIndication, Level2Error};
use crate::contactless::primitives::{IssuerKey, Tvr, TvrBit};

/// CVM Capability – CVM Required (`DF8118`): online PIN and signature, as far as they are there;
/// CVM Capability – No CVM Required (`DF8119`): none.
const CVM_REQUIRED: u8 = 0x60;
const NO_CVM_REQUIRED: u8 = 0x08;

impl Transaction<'_> {
    /// Checks what was read, and decides what the card is asked for.
    pub(super) fn prepare(&mut self) -> Result<(), Stop> {
        self.check_limit()?;
        self.check_mandatory()?;
        self.prepare_authentication()?;
        self.limit_capabilities();
        self.restrict();
        let (cvm, results) = self.select_cvm()?;
        (self.cvm, self.cvm_results) = (cvm, results);
        self.receipt |= cvm == crate::contactless::ContactlessCvm::Signature;
        if self.amount() > self.activation.combination.limits.floor_limit {
            self.tvr.set(TvrBit::EXCEEDS_FLOOR_LIMIT);
        }
        let wanted = self.analyse_action();
        self.control = self.request(wanted);
        Ok(())
    }

    pub(super) fn amount(&self) -> u64 {
        self.activation.data.amount.minor()
    }

    /// S456.14: the limit depends on whether the device confirms.
    fn check_limit(&self) -> Result<(), Stop> {
        let limits = self.activation.combination.limits;
        let on_device = limits.kernel_2.transaction_limit_on_device;
        let limit = match on_device.filter(|_| self.on_device_cvm()) {
            Some(limit) => limit,
            None => limits.transaction_limit,
        };
        if self.amount() > limit {
            let error = ErrorIndication::level_2(Level2Error::MaxLimitExceeded);
            return Err(Outcome::select_next(error).into());
        }
        Ok(())
    }

    /// S456.16.
    fn check_mandatory(&self) -> Result<(), Stop> {
        for tag in [tags::APPLICATION_EXPIRATION_DATE, tags::APPLICATION_PAN, tags::CDOL1] {
            self.objects.mandatory(tag)?;
        }
        Ok(())
    }

    /// S456.24 to S456.28: whether a combined signature could be verified at all.
    fn prepare_authentication(&mut self) -> Result<(), Stop> {
        if !self.combined {
            return Ok(());
        }
        if !self.has_keys() {
            self.tvr.set(TvrBit::ICC_DATA_MISSING);
            self.tvr.set(TvrBit::CDA_FAILED);
        } else if !self.has_authority() {
            self.tvr.set(TvrBit::CDA_FAILED);
        }
        match self.objects.get(tags::SDA_TAG_LIST) {
            Some([0x82]) => {}
            _ => return Err(self.fault(Level2Error::CardDataError, "its list 9F4A")),
        }
        if self.signed.input(&self.objects).is_none() {
            self.tvr.set(TvrBit::CDA_FAILED);
        }
        Ok(())
    }

    fn has_keys(&self) -> bool {
        [
            tags::CA_PUBLIC_KEY_INDEX,
            tags::ISSUER_PUBLIC_KEY_CERTIFICATE,
            tags::ISSUER_PUBLIC_KEY_EXPONENT,
            tags::ICC_PUBLIC_KEY_CERTIFICATE,
            tags::ICC_PUBLIC_KEY_EXPONENT,
            tags::SDA_TAG_LIST,
        ]
        .into_iter()
        .all(|tag| self.objects.mandatory(tag).is_ok())
    }

    fn has_authority(&self) -> bool {
        let index = self.objects.sized(tags::CA_PUBLIC_KEY_INDEX);
        let aid = &self.activation.entry.aid;
        let mut keys = self.activation.parameters.keys.iter();
        let date = self.activation.data.date;
        keys.any(|key| {
            aid.starts_with(&key.rid) && index == Some([key.index]) && !key.has_expired(date)
        })
    }

    pub(super) fn issuer_key(&self) -> Option<IssuerKey> {
        let activation = self.activation;
        let aid = &activation.entry.aid;
        IssuerKey::recover(activation.parameters, aid, &self.objects, activation.data.date)
    }

    /// S456.30 to S456.33: above the limit the cardholder is verified, and gets a receipt.
    fn limit_capabilities(&mut self) {
        let required = self.amount() > self.activation.combination.limits.cvm_limit;
        self.receipt = required;
        let [_, verification, _] = &mut self.capabilities;
        *verification = if required { *verification & CVM_REQUIRED } else { NO_CVM_REQUIRED };
    }
}
