//! Extended data authentication, XDA (EMV Book 2, clause 12; EMV Book 4, clause 6.3.2.2).
//!
//! It is ours from the certificates on: the crate leaves the PDOL out of what the card's certificate signs,
//! has the second signature over the lists of the first one too (table 37), sets "CA ECC key missing" behind
//! the terminal action analysis, and the bit of the TSI only where all is well.

use countertop_wire::tlv::{Tag, TlvWriter, tags};
use emv::contact::card_action_analysis::CardAction;
use emv::core::application_cryptogram_type::ApplicationCryptogramType as Kind;
use emv::core::crl::is_revoked;
use emv::core::generate_ac::GenerateAcResponse;
use emv::core::tags as theirs;
use emv::de::cryptogram_information_data::ApplicationCryptogramType as Given;

use super::action::{Generated, Round, Signature};
use super::bridge::Stop;
use super::ec_certificate::{self, EcKey, Moment};
use super::kernel::Kernel;
use super::{Decision, Outcome, issuer};
use crate::parameters::EcCaPublicKey;

/// Terminal Capabilities, byte 3: XDA (EMV Book 4, annex A2).
const XDA: u8 = 0x04;

/// The format of signed data (table 37).
const SIGNED_DATA_FORMAT: u8 = 0x15;

/// What the card has to have for it (EMV Book 3, table 35).
const MANDATORY: [Tag; 3] = [
    tags::CA_PUBLIC_KEY_INDEX,
    tags::ISSUER_PUBLIC_KEY_CERTIFICATE,
    tags::ICC_PUBLIC_KEY_CERTIFICATE,
];

/// Is how far extended data authentication has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Extended {
    /// The terminal does not have the authority's key.
    AuthorityMissing,
    /// A certificate is not genuine, or revoked.
    NotRecovered,
    /// This is the card's key.
    Recovered(EcKey),
    /// The first signature was not genuine.
    NotVerified,
}

impl Kernel<'_> {
    /// Returns Terminal Capabilities (`9F33`) with the chosen application: XDA where its provider has a key.
    pub(super) fn capabilities(&self) -> [u8; 3] {
        let [input, verification, security] = self.values.capabilities();
        let extended = if self.declares_extended() { XDA } else { 0 };
        [input, verification, security | extended]
    }

    fn declares_extended(&self) -> bool {
        let [_, _, security] = self.values.parameters.terminal.capabilities;
        security & XDA != 0 && self.ec_keys().next().is_some()
    }

    /// Returns the keys of the application's provider whose time is not over.
    fn ec_keys(&self) -> impl Iterator<Item = &EcCaPublicKey> {
        let date = self.values.data.date;
        let name = self.application.as_ref().map(|application| &application.aid[..]);
        let keys = self.values.parameters.ec_keys.iter();
        keys.filter(move |key| {
            !key.has_expired(date) && name.is_some_and(|name| name.starts_with(&key.rid))
        })
    }

    /// Tells whether it is the best that card and terminal have in common (EMV Book 3, clause 10.3).
    pub(super) fn does_extended(&self) -> bool {
        let profile = self.tx.ctx.aip.as_ref();
        profile.is_some_and(|profile| profile.xda_supported) && self.declares_extended()
    }

    /// Recovers the card's key. That the authority's is missing is told at once, that a certificate is not
    /// genuine behind the first cryptogram (EMV Book 4, clauses 6.3.2.2.1 and 6.3.2.2.2).
    pub(super) fn start_extended(&mut self) {
        let lacks = MANDATORY.into_iter().any(|tag| self.of_card(tag).is_none());
        let state = match self.ec_authority() {
            Some(authority) => {
                self.ec_card_key(authority).map_or(Extended::NotRecovered, Extended::Recovered)
            }
            None => Extended::AuthorityMissing,
        };
        let tvr = &mut self.tx.ctx.tvr;
        tvr.xda_selected = true;
        tvr.icc_data_missing |= lacks;
        tvr.ca_ecc_key_missing = state == Extended::AuthorityMissing;
        self.extended = Some(state);
    }

    /// Returns the key of the certification authority that the card names (clause 12.2).
    fn ec_authority(&self) -> Option<&EcCaPublicKey> {
        let [index] = self.of_card(tags::CA_PUBLIC_KEY_INDEX)? else { return None };
        self.ec_keys().find(|key| key.index == *index)
    }

    /// Recovers the card's key (clauses 12.3 and 12.4).
    fn ec_card_key(&self, authority: &EcCaPublicKey) -> Option<EcKey> {
        let now = self.now();
        let certificate = self.of_card(tags::ISSUER_PUBLIC_KEY_CERTIFICATE)?;
        let pan = self.of_card(tags::APPLICATION_PAN)?;
        let (issuer, serial) = ec_certificate::issuer_key(authority, certificate, pan, now)?;
        if is_revoked(&self.revoked(), &authority.rid, authority.index, &serial) {
            return None;
        }
        let certificate = self.of_card(tags::ICC_PUBLIC_KEY_CERTIFICATE)?;
        ec_certificate::card_key(&issuer, certificate, &self.certified_data()?, now)
    }

    /// Returns the Issuer Certified Card Data (EMV Book 3, clause 10.3); `None` for a record in another
    /// template than `70`.
    fn certified_data(&self) -> Option<Vec<u8>> {
        if self.record_without_template {
            return None;
        }
        let others = TlvWriter::new()
            .put(
                tags::APPLICATION_INTERCHANGE_PROFILE,
                self.value(tags::APPLICATION_INTERCHANGE_PROFILE)?,
            )
            .put(
                tags::APPLICATION_IDENTIFIER_TERMINAL,
                self.value(tags::APPLICATION_IDENTIFIER_TERMINAL)?,
            )
            .put_some(tags::PDOL, self.pdol.as_ref());
        Some([&self.records[..], &others.finish()].concat())
    }

    fn now(&self) -> Moment {
        let ([year, month, day], [hour, minute, _]) =
            (self.values.data.date, self.values.data.time);
        let century = if year < 0x50 { 0x20 } else { 0x19 };
        Moment { date: [century, year, month, day], time: [hour, minute] }
    }

    /// Looks at a card's answer to GENERATE AC with `data` (clause 12.5.3), and sets what the first one tells.
    ///
    /// A decline is signed but not looked at, nor is anything once authentication has failed.
    pub(super) fn extended_signature(
        &mut self,
        answer: &GenerateAcResponse,
        data: &[u8],
        round: Round,
    ) -> Signature {
        self.tx.ctx.tsi.offline_data_authentication_was_performed = true;
        let key = match &self.extended {
            Some(Extended::NotRecovered) => {
                self.tx.ctx.tvr.ecc_key_recovery_failed = true;
                return Signature::Absent;
            }
            Some(Extended::Recovered(key)) => key,
            Some(Extended::AuthorityMissing | Extended::NotVerified) | None => {
                return Signature::Absent;
            }
        };
        if !matches!(answer.cid.cryptogram_type, Given::Tc | Given::Arqc) {
            return Signature::Absent;
        }
        let message = self.signed_data(answer, data, round);
        let genuine = match answer.sdad.as_deref() {
            Some([SIGNED_DATA_FORMAT, signature @ ..]) => key.verifies(&message, signature),
            _ => false,
        };
        match answer.ac {
            Some(cryptogram) if genuine => Signature::Good(cryptogram),
            _ => {
                self.tx.ctx.tvr.xda_signature_verification_failed = true;
                self.extended = Some(Extended::NotVerified);
                Signature::Bad
            }
        }
    }

    /// Returns what the card signs (table 37).
    fn signed_data(&self, answer: &GenerateAcResponse, data: &[u8], round: Round) -> Vec<u8> {
        let mut signed = vec![SIGNED_DATA_FORMAT];
        if round == Round::First {
            signed.extend_from_slice(&self.tx.ctx.gpo_pdol_data);
        }
        signed.extend_from_slice(data);
        for object in &answer.children_in_order {
            if object.tag() != theirs::SIGNED_DYNAMIC_APPLICATION_DATA {
                signed.extend(object.encode());
            }
        }
        signed
    }

    /// Tells whether it was tried in vain.
    pub(super) fn extended_has_failed(&self) -> bool {
        !matches!(self.extended, None | Some(Extended::Recovered(_)))
    }

    /// Follows a TC or an ARQC when authentication has failed: it is declined where the action codes say so,
    /// and else the host is asked, about a TC too (EMV Book 4, clause 6.3.2.2.4).
    pub(super) async fn after_extended_failure(
        &mut self,
        action: CardAction,
        first: &Generated,
    ) -> Result<Outcome, Stop> {
        match action {
            _ if !self.tx.ctx.xda_failure_denial_decision()? => self.go_online(first).await,
            CardAction::Approve => self.end(Decision::Declined, first),
            _ => self.complete(Kind::Aac, &issuer::DECLINED_OFFLINE.to_bytes()).await,
        }
    }
}
