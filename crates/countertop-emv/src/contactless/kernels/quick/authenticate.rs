//! Offline data authentication: fDDA and signed static data (clause 5.6, annex C).

use countertop_wire::tlv::tags;

use super::{Stop, Taken};
use crate::CryptogramKind;
use crate::contactless::outcome::AuthenticationResult;
use crate::contactless::primitives::{CardKey, IssuerKey, Tvr, TvrBit};
use crate::contactless::qualifiers::{CardQualifiers, TerminalQualifiers};
use crate::contactless::{AlternateInterface, Outcome, Reason};

/// Bits of Application Interchange Profile, byte 1.
const STATIC_FOR_ONLINE: u8 = 0x40;
const DYNAMIC: u8 = 0x20;

/// The one version of fDDA (`9F69`, byte 1) that is taken. Version 00 signs the unpredictable number
/// alone, so that amount and qualifiers could be changed on the way; the books have dropped it.
const FDDA_VERSION: u8 = 0x01;

/// How a card is authenticated.
enum Method {
    Dynamic,
    Static,
}

impl Taken<'_> {
    /// Authenticates the card: before an offline approval, and for online transactions where both
    /// sides want it.
    pub(super) fn authenticate(&mut self) -> Result<(), Stop> {
        if self.is_offline() {
            self.authenticate_offline()
        } else {
            self.authenticate_online();
            Ok(())
        }
    }

    /// Requirement 5.6.1.2: the card's qualifiers say what follows from a failure.
    fn authenticate_offline(&mut self) -> Result<(), Stop> {
        if self.is_genuine(&Method::Dynamic) {
            self.authentication = AuthenticationResult::Passed;
            return Ok(());
        }
        self.authentication = AuthenticationResult::Failed;
        self.tvr.set(TvrBit::DDA_FAILED);
        if self.card_has(CardQualifiers::ONLINE_IF_NOT_GENUINE) && self.can_go_online() {
            self.go_online();
        } else if self.card_has(CardQualifiers::SWITCH_IF_NOT_GENUINE)
            && self.ttq().has(TerminalQualifiers::CONTACT_CHIP)
        {
            let contact = Some(AlternateInterface::Contact);
            return Err(Outcome::try_another_interface(Reason::NotGenuine, contact).into());
        } else {
            self.decline = Some(Reason::NotGenuine);
        }
        Ok(())
    }

    /// Clause 5.6.2: the host is told in the results; it decides.
    fn authenticate_online(&mut self) {
        let wanted = self.decline.is_none()
            && self.cryptogram.kind == CryptogramKind::Arqc
            && self.ttq().has(TerminalQualifiers::AUTHENTICATION_ONLINE);
        if !wanted {
            return;
        }
        let Some(method) = self.method() else {
            self.tvr.set(TvrBit::AUTHENTICATION_NOT_PERFORMED);
            return;
        };
        if self.is_genuine(&method) {
            self.authentication = AuthenticationResult::Passed;
            return;
        }
        self.authentication = AuthenticationResult::Failed;
        self.tvr.set(match method {
            Method::Dynamic => TvrBit::DDA_FAILED,
            Method::Static => TvrBit::SDA_FAILED,
        });
    }

    /// Returns the best method that the card has.
    fn method(&self) -> Option<Method> {
        let [profile, _] = self.objects.sized(tags::APPLICATION_INTERCHANGE_PROFILE)?;
        let has = |tag| self.objects.get(tag).is_some();
        if profile & DYNAMIC != 0 && has(tags::SIGNED_DYNAMIC_APPLICATION_DATA) {
            Some(Method::Dynamic)
        } else if self.rules.signed_static
            && profile & STATIC_FOR_ONLINE != 0
            && has(tags::SIGNED_STATIC_APPLICATION_DATA)
        {
            Some(Method::Static)
        } else {
            None
        }
    }

    fn is_genuine(&self, method: &Method) -> bool {
        match method {
            Method::Dynamic => self.is_dynamically_genuine().is_some(),
            Method::Static => self.is_statically_genuine().is_some(),
        }
    }

    fn is_statically_genuine(&self) -> Option<()> {
        let data = self.signed.input(&self.objects)?;
        self.issuer_key()?.signed_static(&self.objects, &data).then_some(())
    }

    /// Annex C: the signature is over the unpredictable number, amount, currency and Card
    /// Authentication Related Data (`9F69`).
    fn is_dynamically_genuine(&self) -> Option<()> {
        let related = self.objects.get(tags::CARD_AUTHENTICATION_RELATED_DATA)?;
        if related.first() != Some(&FDDA_VERSION) {
            return None;
        }
        let date = self.activation.data.date;
        let data = self.signed.input(&self.objects)?;
        let key = CardKey::recover(&self.issuer_key()?, &self.objects, &data, date)?;
        let terminal_data = [
            &self.terminal(tags::UNPREDICTABLE_NUMBER),
            &self.terminal(tags::AMOUNT_AUTHORISED),
            &self.terminal(tags::TRANSACTION_CURRENCY_CODE),
            related,
        ]
        .concat();
        let signature = self.objects.get(tags::SIGNED_DYNAMIC_APPLICATION_DATA)?;
        key.signed_dynamic(signature, &terminal_data).then_some(())
    }

    fn issuer_key(&self) -> Option<IssuerKey> {
        let activation = self.activation;
        let aid = &activation.entry.aid;
        IssuerKey::recover(activation.parameters, aid, &self.objects, activation.data.date)
    }
}
