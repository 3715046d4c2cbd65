//! Offline data authentication (EMV Book 3, clause 10.3; EMV Book 2, clauses 5 and 6).

use emv::core::crl::{CrlEntry, is_revoked};
use emv::core::iso9796_2::rsa_recover;
use emv::core::oda::{self, CaPublicKey, OdaOutcome};
use emv::core::tags;

use super::bridge::Stop;
use super::kernel::Kernel;

/// How many bytes of a recovered certificate are no digits of the key (EMV Book 2, tables 6 and 14),
/// and where it tells the length of the key.
const ISSUER_OVERHEAD: usize = 36;
const ISSUER_KEY_LENGTH_AT: usize = 13;
const ICC_OVERHEAD: usize = 42;
const ICC_KEY_LENGTH_AT: usize = 19;

impl Kernel<'_> {
    /// Authenticates the records and, where it can, the card.
    pub(super) async fn authenticate(&mut self) -> Result<(), Stop> {
        if self.does_extended() {
            self.start_extended();
            return Ok(());
        }
        if self.record_without_template {
            self.fail_authentication();
            return Ok(());
        }
        let outcome = if self.does_dda() {
            self.authenticate_dynamically().await?
        } else {
            let revoked = self.revoked();
            self.tx.perform_offline_data_authentication(&self.keys, &[], &revoked, &self.records)?
        };
        let failed = match outcome {
            OdaOutcome::CdaFailed => {
                // The crate sets the bit only where a signature was looked at.
                self.tx.ctx.tsi.offline_data_authentication_was_performed = true;
                true
            }
            OdaOutcome::SdaFailed | OdaOutcome::DdaFailed => true,
            _ => false,
        };
        if failed && self.misses_remainder() {
            self.tx.ctx.tvr.icc_data_missing = true;
        }
        Ok(())
    }

    pub(super) fn revoked(&self) -> Vec<CrlEntry> {
        let entry = |known: &crate::parameters::RevokedCertificate| CrlEntry {
            rid: known.rid,
            ca_pk_index: known.index,
            cert_serial: known.serial,
        };
        self.values.parameters.revoked.iter().map(entry).collect()
    }

    /// Lets the method that would have been used fail: a signed record is in no template `70`.
    fn fail_authentication(&mut self) {
        let context = &mut self.tx.ctx;
        let can = &context.terminal.terminal_capabilities;
        let Some(profile) = &context.aip else { return };
        let tvr = &mut context.tvr;
        if profile.cda_supported && can.cda {
            tvr.cda_failed = true;
        } else if profile.dda_supported && can.dda {
            tvr.dda_failed = true;
        } else if profile.sda_supported && can.sda {
            tvr.sda_failed = true;
            tvr.sda_selected = true;
        } else {
            tvr.offline_data_authentication_was_not_performed = true;
            return;
        }
        context.tsi.offline_data_authentication_was_performed = true;
    }

    /// Tells whether a certificate has no room for the whole key, and the card does not have the
    /// rest (EMV Book 3, table 35).
    fn misses_remainder(&self) -> bool {
        let store = |tag| self.tx.ctx.tag_store.get(tag);
        let Some(authority) = self.authority() else { return false };
        let lacks = |signer: &[u8], exponent: &[u8], tag, at: usize, overhead: usize| {
            let recovered = rsa_recover(store(tag)?, exponent, signer).ok()?;
            let length = recovered.get(at).copied().map(usize::from)?;
            Some(length > recovered.len().saturating_sub(overhead))
        };
        if store(tags::ISSUER_PUBLIC_KEY_REMAINDER).is_none() {
            let (tag, at) = (tags::ISSUER_PUBLIC_KEY_CERTIFICATE, ISSUER_KEY_LENGTH_AT);
            let (modulus, exponent) = (&authority.modulus, &authority.exponent);
            if lacks(modulus, exponent, tag, at, ISSUER_OVERHEAD) == Some(true) {
                return true;
            }
        }
        if store(tags::ICC_PUBLIC_KEY_REMAINDER).is_some() {
            return false;
        }
        let Some(issuer) = self.issuer_key() else { return false };
        let (tag, at) = (tags::ICC_PUBLIC_KEY_CERTIFICATE, ICC_KEY_LENGTH_AT);
        lacks(&issuer.modulus, &issuer.exponent, tag, at, ICC_OVERHEAD) == Some(true)
    }

    /// Returns the key of the certification authority that the card names.
    pub(super) fn authority(&self) -> Option<&CaPublicKey> {
        let context = &self.tx.ctx;
        let rid = context.selected.as_ref()?.df_name.get(..5)?;
        let [index] = context.tag_store.get(tags::CA_PUBLIC_KEY_INDEX_ICC)? else { return None };
        self.keys.iter().find(|key| key.rid == *rid && key.index == *index)
    }

    /// Tells whether the issuer's certificate is revoked; the crate asks for signatures only.
    pub(super) fn issuer_is_revoked(&self) -> bool {
        let (Some(authority), Some(issuer)) = (self.authority(), self.issuer_key()) else {
            return false;
        };
        let revoked = self.revoked();
        is_revoked(&revoked, &authority.rid, authority.index, &issuer.serial_number)
    }

    /// Recovers the issuer's key.
    pub(super) fn issuer_key(&self) -> Option<oda::IssuerPublicKey> {
        let store = |tag| self.tx.ctx.tag_store.get(tag);
        let [year, month, _] = self.values.data.date;
        oda::recover_issuer_public_key(
            self.authority()?,
            store(tags::ISSUER_PUBLIC_KEY_CERTIFICATE)?,
            store(tags::ISSUER_PUBLIC_KEY_REMAINDER),
            store(tags::ISSUER_PUBLIC_KEY_EXPONENT)?,
            store(tags::PAN)?,
            [month, year],
        )
        .ok()
    }
}
