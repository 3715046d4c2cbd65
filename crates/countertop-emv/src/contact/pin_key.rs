//! The key with which a PIN is enciphered for the card (EMV Book 2, clause 7.1).

use emv::contact::cardholder_verification::recover_pin_encipherment_public_key;
use emv::contact::oda_input::sda_static_data_input;
use emv::core::oda::{self, IccPublicKey, IssuerPublicKey};
use emv::core::tags;

use super::kernel::Kernel;

impl Kernel<'_> {
    /// Returns modulus and exponent of the card's PIN encipherment key, else of its own key; `None`
    /// when neither can be recovered.
    pub(super) fn pin_key(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        if self.issuer_is_revoked() {
            return None;
        }
        let key = recover_pin_encipherment_public_key(&self.tx.ctx, &self.keys)
            .or_else(|| self.card_key(&self.issuer_key()?))?;
        Some((key.modulus, key.exponent))
    }

    /// Recovers the card's own key, which the crate `emv` keeps for CDA only.
    pub(super) fn card_key(&self, issuer: &IssuerPublicKey) -> Option<IccPublicKey> {
        let context = &self.tx.ctx;
        let store = |tag| context.tag_store.get(tag);
        let [year, month, _] = self.values.data.date;
        let profile = context.aip.as_ref()?.to_bytes();
        let signed =
            sda_static_data_input(&self.records, store(tags::SDA_TAG_LIST), &profile).ok()?;
        oda::recover_icc_public_key(
            issuer,
            store(tags::ICC_PUBLIC_KEY_CERTIFICATE)?,
            store(tags::ICC_PUBLIC_KEY_REMAINDER),
            store(tags::ICC_PUBLIC_KEY_EXPONENT)?,
            &signed,
            store(tags::PAN)?,
            [month, year],
        )
        .ok()
    }
}
