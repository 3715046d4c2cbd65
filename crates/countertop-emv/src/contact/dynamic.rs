//! Dynamic data authentication (EMV Book 2, clauses 6.1 to 6.5).
//!
//! The crate has it as one function, which would recover both certificates a second time once the card's
//! answer is there.

use emv::Tlv;
use emv::contact::dol_resolve::DolResolveExt as _;
use emv::core::apdu::sw;
use emv::core::crl::is_revoked;
use emv::core::dol::Dol;
use emv::core::oda::{self, IccPublicKey, OdaOutcome};
use emv::core::tag_store::Source;
use emv::core::{internal_authenticate, tags};

use super::bridge::Stop;
use super::kernel::Kernel;

/// What the card has to have for it (EMV Book 2, table 5).
const MANDATORY: [emv::Tag; 5] = [
    tags::ISSUER_PUBLIC_KEY_CERTIFICATE,
    tags::ISSUER_PUBLIC_KEY_EXPONENT,
    tags::ICC_PUBLIC_KEY_CERTIFICATE,
    tags::ICC_PUBLIC_KEY_EXPONENT,
    tags::PAN,
];

impl Kernel<'_> {
    /// Tells whether DDA is the best that card and terminal have in common (EMV Book 3, clause 10.3).
    pub(super) fn does_dda(&self) -> bool {
        let can = &self.tx.ctx.terminal.terminal_capabilities;
        self.tx.ctx.aip.as_ref().is_some_and(|profile| {
            let better = profile.xda_supported && can.xda || profile.cda_supported && can.cda;
            !better && profile.dda_supported && can.dda
        })
    }

    /// Lets the card sign a number of ours.
    pub(super) async fn authenticate_dynamically(&mut self) -> Result<OdaOutcome, Stop> {
        let verified = match self.genuine_key().zip(self.dynamic_data()) {
            Some((key, data)) => self.signed(&key, data).await?,
            None => None,
        };
        self.tx.ctx.tsi.offline_data_authentication_was_performed = true;
        let Some(icc_dynamic_number) = verified else {
            self.tx.ctx.tvr.icc_data_missing |= self.lacks_mandatory();
            self.tx.ctx.tvr.dda_failed = true;
            return Ok(OdaOutcome::DdaFailed);
        };
        self.tx.ctx.tag_store.insert_primitive(
            tags::ICC_DYNAMIC_NUMBER,
            icc_dynamic_number.clone(),
            Source::TerminalGenerated,
        )?;
        Ok(OdaOutcome::DdaSuccess { icc_dynamic_number })
    }

    fn lacks_mandatory(&self) -> bool {
        let store = &self.tx.ctx.tag_store;
        let index = store.get(tags::CA_PUBLIC_KEY_INDEX_ICC);
        !matches!(index, Some([_])) || MANDATORY.into_iter().any(|tag| !store.contains(tag))
    }

    /// Recovers the card's key; `None` when a certificate is not genuine, or revoked.
    fn genuine_key(&self) -> Option<IccPublicKey> {
        let (authority, issuer) = (self.authority()?, self.issuer_key()?);
        let serial = &issuer.serial_number;
        if is_revoked(&self.revoked(), &authority.rid, authority.index, serial) {
            return None;
        }
        self.card_key(&issuer)
    }

    /// Returns what the card is to sign: by its own list, else by the terminal's; `None` for a list
    /// without our number (EMV Book 2, clause 6.5.1).
    fn dynamic_data(&self) -> Option<Vec<u8>> {
        let context = &self.tx.ctx;
        let selected = context.selected.as_ref()?;
        let list = context.tag_store.get(tags::DDOL).or(selected.config.default_ddol.as_deref())?;
        let list = Dol::parse(list).ok()?;
        let fresh = list.0.iter().any(|entry| entry.tag == tags::UNPREDICTABLE_NUMBER);
        fresh.then(|| list.resolve(context))
    }

    /// Has the card sign `data`; returns its ICC Dynamic Number when the signature is genuine.
    async fn signed(&self, key: &IccPublicKey, data: Vec<u8>) -> Result<Option<Vec<u8>>, Stop> {
        let command = internal_authenticate::command(data.clone());
        let answer = self.bridge.transmit(&command).await?;
        let signature = (answer.status_word() == sw::OK).then(|| signature(answer.data()));
        let verified = signature.flatten().map(|signature| oda::verify_dda(key, &signature, &data));
        Ok(verified.and_then(Result::ok))
    }
}

/// Returns the signature in an answer to INTERNAL AUTHENTICATE (EMV Book 3, clause 6.5.9.4).
fn signature(answer: &[u8]) -> Option<Vec<u8>> {
    let template = Tlv::from_bytes(answer).ok()?;
    let value = template.value();
    let signature = match template.tag() {
        tags::RESPONSE_MESSAGE_TEMPLATE_FORMAT_1 => value.as_primitive(),
        tags::RESPONSE_MESSAGE_TEMPLATE_FORMAT_2 => value
            .as_constructed()?
            .iter()
            .find(|object| object.tag() == tags::SIGNED_DYNAMIC_APPLICATION_DATA)
            .and_then(|object| object.value().as_primitive()),
        _ => None,
    };
    signature.map(<[u8]>::to_vec)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_in_either_format() {
        assert_eq!(signature(&[0x80, 0x02, 1, 2]), Some(vec![1, 2]));
        assert_eq!(signature(&[0x77, 0x05, 0x9F, 0x4B, 0x02, 1, 2]), Some(vec![1, 2]));
        let other = [0x77, 0x08, 0x9F, 0x4C, 0x00, 0x9F, 0x4B, 0x02, 1, 2];
        assert_eq!(signature(&other), Some(vec![1, 2]));
    }

    #[test]
    fn what_is_no_answer_holds_none() {
        let whole = [0x77, 0x05, 0x9F, 0x4B, 0x02, 1, 2];
        for length in 0..whole.len() {
            assert_eq!(signature(&whole[..length]), None, "{length}");
        }
        assert_eq!(signature(&[0x70, 0x02, 1, 2]), None);
        assert_eq!(signature(&[0x77, 0x03, 0x9F, 0x4C, 0x00]), None);
    }
}
