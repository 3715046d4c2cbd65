//! Risk management, action analysis and the first cryptogram (EMV Book 3, clauses 10.6 to 10.8).

use emv::contact::card_action_analysis::CardAction;
use emv::core::application_cryptogram_type::ApplicationCryptogramType as Kind;
use emv::core::dol::Dol;
use emv::core::generate_ac::{GenerateAcResponse, SignatureRequest};
use emv::core::{oda, tags};
use emv::de::cryptogram_information_data::ApplicationCryptogramType as Given;

use super::bridge::Stop;
use super::kernel::Kernel;
use super::{Decision, Outcome, Termination, issuer};
use crate::EmvError;

/// Is the card's answer to GENERATE AC, and what its signature says.
#[derive(Debug, Clone)]
pub(super) struct Generated {
    pub(super) answer: GenerateAcResponse,
    pub(super) signature: Signature,
}

/// Is what a CDA or XDA signature says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signature {
    /// None was asked for, or nobody looks at it, as at a refusal's.
    Absent,
    /// It is not genuine.
    Bad,
    /// It is genuine, over this cryptogram.
    Good([u8; 8]),
}

impl Signature {
    /// Returns the cryptogram that the signature is over.
    pub(super) fn cryptogram(self) -> Option<[u8; 8]> {
        match self {
            Self::Good(cryptogram) => Some(cryptogram),
            Self::Absent | Self::Bad => None,
        }
    }
}

impl Kernel<'_> {
    /// Asks the card for its first cryptogram and follows it.
    pub(super) async fn decide(&mut self) -> Result<Outcome, Stop> {
        let wanted = self.tx.ctx.terminal_action_analysis(false)?;
        let first = self.generate(wanted, Round::First).await?;
        let action = self.tx.ctx.card_action_analysis(&first.answer).action;
        let genuine = first.signature != Signature::Bad;
        if exceeds(first.answer.cid.cryptogram_type, wanted) {
            return self.end(Decision::Terminated(Termination::InvalidCryptogram), &first);
        }
        match action {
            CardAction::Approve | CardAction::GoOnline if self.extended_has_failed() => {
                self.after_extended_failure(action, &first).await
            }
            CardAction::Approve if genuine => self.end(Decision::Approved, &first),
            CardAction::Approve | CardAction::Decline => self.end(Decision::Declined, &first),
            CardAction::GoOnline if genuine => self.go_online(&first).await,
            // EMV Book 4, clause 6.3.2.1: an ARQC with a bad signature is declined at once.
            CardAction::GoOnline => {
                self.complete(Kind::Aac, &issuer::DECLINED_OFFLINE.to_bytes()).await
            }
            CardAction::ServiceNotAllowed => {
                self.end(Decision::Terminated(Termination::ServiceNotAllowed), &first)
            }
            CardAction::InvalidCryptogramType => {
                self.end(Decision::Terminated(Termination::InvalidCryptogram), &first)
            }
        }
    }

    /// Ends the transaction with a cryptogram.
    pub(super) fn end(&self, decision: Decision, generated: &Generated) -> Result<Outcome, Stop> {
        let signed = generated.signature.cryptogram();
        self.outcome(decision, self.cryptogram(&generated.answer, signed))
    }

    /// Asks the card for a cryptogram, with a signature where both sides can.
    pub(super) async fn generate(&mut self, kind: Kind, round: Round) -> Result<Generated, Stop> {
        let list = self.of_card(round.list()).ok_or(EmvError::Missing(round.list()))?.to_vec();
        self.tx.prepare_tc_hash_for_dol(&Dol::parse(&list)?);
        let data = self.resolve(&list)?;
        let request = self.signature_request(kind);
        let answer = self
            .with_card(|tx| match round {
                Round::First => tx.first_generate_ac(kind, request, data.clone()),
                Round::Second => tx.second_generate_ac(kind, request, data.clone()),
            })
            .await?;
        let signature = match (request, answer.cid.cryptogram_type) {
            (SignatureRequest::Xda, _) => self.extended_signature(&answer, &data, round),
            (SignatureRequest::None, _) | (SignatureRequest::Cda, Given::Aac) => Signature::Absent,
            (SignatureRequest::Cda, _) => self.combined_signature(&answer, round)?,
        };
        // A combined signature hides the cryptogram.
        let hidden = request == SignatureRequest::Cda && signature != Signature::Absent;
        if answer.ac.is_none() && !hidden {
            return Err(
                EmvError::Missing(countertop_wire::tlv::tags::APPLICATION_CRYPTOGRAM).into()
            );
        }
        Ok(Generated { answer, signature })
    }

    /// Returns the signature to ask for: XDA with every cryptogram (EMV Book 2, clause 12.5.1), CDA with
    /// every one but a decline.
    fn signature_request(&self, kind: Kind) -> SignatureRequest {
        if self.extended.is_some() {
            SignatureRequest::Xda
        } else if self.tx.ctx.cda.is_some() && matches!(kind, Kind::Tc | Kind::Arqc) {
            SignatureRequest::Cda
        } else {
            SignatureRequest::None
        }
    }

    fn combined_signature(
        &mut self,
        answer: &GenerateAcResponse,
        round: Round,
    ) -> Result<Signature, Stop> {
        let signature = self.signature(answer, round)?;
        self.tx.ctx.tvr.cda_failed |= signature == Signature::Bad;
        self.tx.ctx.tsi.offline_data_authentication_was_performed = true;
        Ok(signature)
    }

    /// Verifies a CDA signature (EMV Book 2, clause 6.6.2).
    ///
    /// The crate's own function cannot verify a second one: it insists on keeping `9F26` and `9F4C`
    /// a second time and takes its own refusal for a bad signature.
    fn signature(&mut self, answer: &GenerateAcResponse, round: Round) -> Result<Signature, Stop> {
        let context = &self.tx.ctx;
        let (Some(cda), Some(sdad)) = (&context.cda, &answer.sdad) else {
            return Ok(Signature::Bad);
        };
        let mut covered = [context.gpo_pdol_data.as_slice(), &cda.cdol1_data].concat();
        if round == Round::Second {
            covered.extend_from_slice(&cda.cdol2_data);
        }
        for object in &answer.children_in_order {
            if object.tag() != tags::SIGNED_DYNAMIC_APPLICATION_DATA {
                covered.extend(object.encode());
            }
        }
        let number = self.values.data.unpredictable_number;
        let information = answer.cid.to_byte();
        let key = &cda.icc_public_key;
        let Ok(verified) = oda::verify_cda(key, sdad, number, &covered, information) else {
            return Ok(Signature::Bad);
        };
        // CDOL2 may ask for it.
        self.remember(tags::ICC_DYNAMIC_NUMBER, &verified.icc_dynamic_number)?;
        Ok(Signature::Good(verified.application_cryptogram))
    }
}

/// Tells whether the card went beyond what was asked for (EMV Book 3, clause 10.8).
pub(super) fn exceeds(given: Given, wanted: Kind) -> bool {
    match wanted {
        Kind::Aac => !matches!(given, Given::Aac),
        Kind::Arqc => matches!(given, Given::Tc),
        _ => false,
    }
}

/// Says which GENERATE AC of a transaction it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Round {
    First,
    Second,
}

impl Round {
    fn list(self) -> countertop_wire::tlv::Tag {
        match self {
            Self::First => countertop_wire::tlv::tags::CDOL1,
            Self::Second => countertop_wire::tlv::tags::CDOL2,
        }
    }
}
