//! Online processing, scripts and the second cryptogram (EMV Book 3, clauses 10.9 to 10.11).

use countertop_device::Sensitive;
use emv::Tlv;
use emv::contact::issuer_script::ScriptTag;
use emv::core::application_cryptogram_type::ApplicationCryptogramType as Kind;
use emv::core::tags;
use emv::de::cryptogram_information_data::ApplicationCryptogramType as Given;

use super::action::{Generated, Round, Signature, exceeds};
use super::bridge::Stop;
use super::kernel::Kernel;
use super::run::{Answer, Prompt};
use super::{Decision, Outcome, Termination, issuer};
use crate::EmvError;

/// How long Issuer Authentication Data (`91`) are (EMV Book 3, annex A1).
const ISSUER_AUTHENTICATION_DATA: core::ops::RangeInclusive<usize> = 8..=16;

impl Kernel<'_> {
    /// Asks the host through the caller, and brings its answer to the card.
    pub(super) async fn go_online(&mut self, first: &Generated) -> Result<Outcome, Stop> {
        let cryptogram = self.cryptogram(&first.answer, first.signature.cryptogram());
        let prompt = Prompt::Online {
            card: self.card()?,
            field55: self.field55(cryptogram.as_ref()),
            cvm: self.cvm(),
        };
        match self.bridge.ask(prompt).await? {
            Answer::Host { approved, code, field55 } => {
                self.host_said(first, approved, code, &field55).await
            }
            Answer::NoHost => self.without_host(first).await,
            _ => Err(EmvError::KernelLost.into()),
        }
    }

    async fn host_said(
        &mut self,
        first: &Generated,
        approved: bool,
        code: [u8; 2],
        field55: &Sensitive,
    ) -> Result<Outcome, Stop> {
        self.online = true;
        let response = issuer::parse(code, field55.expose())?;
        self.function = "EXTERNAL AUTHENTICATE";
        match &response.issuer_authentication_data {
            Some(data) if ISSUER_AUTHENTICATION_DATA.contains(&data.len()) => {
                self.remember(tags::ISSUER_AUTHENTICATION_DATA, data)?;
                self.with_card(|tx| tx.online_card_authentication(&response)).await?;
            }
            // What no card can take proves nothing.
            Some(_) => self.tx.ctx.tvr.issuer_authentication_failed = true,
            None => {}
        }
        self.function = "an issuer script";
        let scripts = &response.issuer_scripts;
        self.scripts(scripts, ScriptTag::BeforeFinalGenerateAc).await?;
        let kind = if approved { Kind::Tc } else { Kind::Aac };
        let code = response.authorisation_response_code.to_bytes();
        let (decision, last) = match first.answer.cid.cryptogram_type {
            // The card has given its last cryptogram (EMV Book 4, clause 6.3.2.2.4).
            Given::Tc => {
                let decision = if approved { Decision::Approved } else { Decision::Declined };
                (decision, first.clone())
            }
            _ => self.second(kind, &code).await?,
        };
        self.function = "an issuer script";
        self.scripts(scripts, ScriptTag::AfterFinalGenerateAc).await?;
        self.end(decision, &last)
    }

    /// Hands the issuer's commands to the card.
    async fn scripts(&mut self, scripts: &[Tlv], position: ScriptTag) -> Result<(), Stop> {
        self.with_card(|tx| tx.process_issuer_scripts(scripts, position)).await?;
        Ok(())
    }

    async fn without_host(&mut self, first: &Generated) -> Result<Outcome, Stop> {
        if self.extended_has_failed() {
            // EMV Book 4, clause 6.3.2.2.4.
            return match first.answer.cid.cryptogram_type {
                Given::Tc => self.end(Decision::Declined, first),
                _ => self.complete(Kind::Aac, &issuer::UNABLE_DECLINED.to_bytes()).await,
            };
        }
        let kind = self.tx.ctx.unable_to_go_online_decision()?;
        let code = match kind {
            Kind::Tc => issuer::UNABLE_APPROVED,
            _ => issuer::UNABLE_DECLINED,
        };
        self.complete(kind, &code.to_bytes()).await
    }

    /// Asks for the second cryptogram and ends the transaction with it.
    pub(super) async fn complete(&mut self, kind: Kind, code: &[u8; 2]) -> Result<Outcome, Stop> {
        let (decision, second) = self.second(kind, code).await?;
        self.end(decision, &second)
    }

    async fn second(&mut self, kind: Kind, code: &[u8; 2]) -> Result<(Decision, Generated), Stop> {
        self.function = "GENERATE AC (second)";
        self.remember(tags::AUTHORISATION_RESPONSE_CODE, code)?;
        let second = self.generate(kind, Round::Second).await?;
        let decision = match second.answer.cid.cryptogram_type {
            given if exceeds(given, kind) => Decision::Terminated(Termination::InvalidCryptogram),
            Given::Tc if second.signature != Signature::Bad => Decision::Approved,
            Given::Tc | Given::Aac => Decision::Declined,
            // There is no third cryptogram.
            _ => Decision::Terminated(Termination::InvalidCryptogram),
        };
        Ok((decision, second))
    }
}
