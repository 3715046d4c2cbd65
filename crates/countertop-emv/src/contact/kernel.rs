//! The kernel: EMV Book 3, clause 8, from top to bottom.
//!
//! The crate `emv` computes the functions; their order and the data object lists are ours. The
//! lists, because its own resolver knows the terminal's data only and would fill what the issuer
//! sent (`8A`, `91`) or an earlier function left (`9F34`, `9F4C`) with zeros.

use core::convert::Infallible;
use std::sync::Arc;

use countertop_device::Sensitive;
use countertop_wire::tlv::{Dol, Tag, tags};
use emv::contact::processing_restrictions::TransactionCategory;
use emv::contact::transaction_driver::{DriverError, Transaction};
use emv::core::generate_ac::GenerateAcResponse;
use emv::core::oda::CaPublicKey;
use emv::core::tag_store::Source;

use super::bridge::{Bridge, NoHost, Replies, Stop};
use super::extended::Extended;
use super::risk::History;
use super::{Decision, Outcome, terminal};
use crate::parameters::{ApplicationParameters, EmvParameters};
use crate::values::TerminalValues;
use crate::{
    ApplicationCryptogram, Candidate, CardData, CryptogramKind, CvmResults, EmvError,
    TerminalVerificationResults, TransactionData, field55,
};

/// CVM Results when nothing was asked for (EMV Book 4, clause 6.3.4.5).
pub(super) const NO_CVM: [u8; 3] = [0x3F, 0x00, 0x00];

/// What is done with the card from the first cryptogram on.
pub(super) const FIRST_GENERATE_AC: &str = "GENERATE AC (first)";

/// Runs one transaction.
pub(super) async fn run(
    bridge: Bridge,
    parameters: Arc<EmvParameters>,
    data: TransactionData,
    history: History,
) -> Result<Box<Outcome>, EmvError> {
    let values = TerminalValues { parameters: &parameters, data: &data };
    let terminal = terminal::terminal(&values)?;
    let mut kernel = Kernel {
        bridge,
        tx: Transaction::new(Replies::default(), &terminal, terminal::inputs(&data), NoHost),
        values,
        keys: terminal::keys(&parameters, data.date),
        history,
        application: None,
        pdol: None,
        extended: None,
        records: Vec::new(),
        record_without_template: false,
        online: false,
        function: "SELECT",
    };
    match kernel.transact().await {
        Ok(outcome) => Ok(Box::new(outcome)),
        Err(Stop::Failed(error)) => Err(error.during(kernel.function)),
        // A function of the crate was called without the card.
        Err(Stop::Awaits(_)) => Err(EmvError::KernelLost),
    }
}

/// Is what a function of the crate returns.
pub(super) type Driven<T> = Result<T, DriverError<Stop, Infallible>>;

/// Is the state of a transaction.
pub(super) struct Kernel<'t> {
    pub(super) bridge: Bridge,
    pub(super) tx: Transaction<'t, Replies, NoHost>,
    pub(super) values: TerminalValues<'t>,
    pub(super) keys: Vec<CaPublicKey>,
    pub(super) history: History,
    pub(super) application: Option<Candidate>,
    /// The list (`9F38`) that the application was selected with.
    pub(super) pdol: Option<Vec<u8>>,
    /// How far extended data authentication has come, if that is the method.
    pub(super) extended: Option<Extended>,
    /// What offline data authentication signs, for the PIN encipherment key.
    pub(super) records: Vec<u8>,
    /// Whether a record that is to be signed is in no template `70`.
    pub(super) record_without_template: bool,
    pub(super) online: bool,
    /// What is done with the card, for errors.
    pub(super) function: &'static str,
}

impl<'t> Kernel<'t> {
    async fn transact(&mut self) -> Result<Outcome, Stop> {
        self.remember(
            emv::core::tags::UNPREDICTABLE_NUMBER,
            &self.values.data.unpredictable_number,
        )?;
        self.select().await?;
        self.function = "READ RECORD";
        self.read_records().await?;
        self.function = "INTERNAL AUTHENTICATE";
        self.authenticate().await?;
        self.function = "its data";
        self.restrict()?;
        self.function = "VERIFY";
        self.verify_cardholder().await?;
        self.function = "GET DATA";
        self.manage_risk().await?;
        self.function = FIRST_GENERATE_AC;
        self.decide().await
    }

    /// Calls a function of the crate that talks to the card: again with each answer that it turns out
    /// to need, as it changes nothing for good before it has them all.
    pub(super) async fn with_card<T>(
        &mut self,
        call: impl Fn(&mut Transaction<'t, Replies, NoHost>) -> Driven<T>,
    ) -> Driven<T> {
        self.tx.card.forget();
        loop {
            match call(&mut self.tx) {
                Err(DriverError::Transport(Stop::Awaits(command))) => {
                    let answer = self.bridge.transmit(&command).await;
                    self.tx.card.add(answer.map_err(DriverError::Transport)?);
                }
                result => return result,
            }
        }
    }

    /// Checks version, usage control and dates (EMV Book 3, clause 10.4).
    fn restrict(&mut self) -> Result<(), Stop> {
        let data = self.values.data;
        let category = TransactionCategory::from_transaction_type(data.transaction_type.0);
        self.tx.ctx.process_restrictions(category, data.amount_other > 0)?;
        Ok(())
    }

    /// Keeps a data object for the lists that ask for it.
    pub(super) fn remember(&mut self, tag: emv::Tag, value: &[u8]) -> Result<(), Stop> {
        if self.tx.ctx.tag_store.get(tag).is_none() {
            self.tx.ctx.tag_store.insert_primitive(
                tag,
                value.to_vec(),
                Source::TerminalGenerated,
            )?;
        }
        Ok(())
    }

    /// Returns the value of a data object, of the terminal, the card or the issuer.
    pub(super) fn value(&self, tag: Tag) -> Option<Vec<u8>> {
        let context = &self.tx.ctx;
        match tag {
            tags::TERMINAL_VERIFICATION_RESULTS => Some(context.tvr.to_bytes().to_vec()),
            tags::TRANSACTION_STATUS_INFORMATION => Some(context.tsi.to_bytes().to_vec()),
            tags::TC_HASH_VALUE => context.tc_hash_value.map(|hash| hash.to_vec()),
            tags::APPLICATION_INTERCHANGE_PROFILE => {
                context.aip.as_ref().map(|profile| profile.to_bytes().to_vec())
            }
            tags::TERMINAL_CAPABILITIES => Some(self.capabilities().to_vec()),
            tags::CVM_RESULTS => self.cvm_results().map(Vec::from),
            // The two are one (EMV Book 1, clause 12.4).
            tags::DEDICATED_FILE_NAME | tags::APPLICATION_IDENTIFIER_TERMINAL => {
                self.application.as_ref().map(|application| application.aid.clone())
            }
            _ => self
                .values
                .get(tag, self.parameters())
                .or_else(|| self.of_card(tag).map(<[u8]>::to_vec)),
        }
    }

    /// Returns a data object that the card or the issuer gave.
    pub(super) fn of_card(&self, tag: Tag) -> Option<&[u8]> {
        self.tx.ctx.tag_store.get(emv::Tag(tag.number()))
    }

    /// Answers a data object list.
    pub(super) fn resolve(&self, list: &[u8]) -> Result<Vec<u8>, Stop> {
        let list = Dol::parse(list).map_err(EmvError::from)?;
        Ok(list.answer(|tag| self.value(tag)))
    }

    /// Returns what the terminal knows of the chosen application.
    pub(super) fn parameters(&self) -> Option<&'t ApplicationParameters> {
        self.values.parameters.application(&self.application.as_ref()?.aid)
    }

    /// Returns what the card says of itself.
    pub(super) fn card(&self) -> Result<CardData, EmvError> {
        let application = self.application.clone().ok_or(EmvError::NoApplication)?;
        CardData::read(application, |tag| self.of_card(tag))
    }

    pub(super) fn cvm(&self) -> CvmResults {
        CvmResults(self.cvm_results().unwrap_or(NO_CVM))
    }

    /// Returns CVM Results (`9F34`) once there are any. Those that a card gives are none: whether the
    /// cardholder was verified the terminal says.
    fn cvm_results(&self) -> Option<[u8; 3]> {
        let known = self.tx.ctx.tag_store.get_with_source(emv::core::tags::CVM_RESULTS)?;
        match known {
            (results, Source::TerminalGenerated) => results.try_into().ok(),
            _ => Some(NO_CVM),
        }
    }

    /// Writes field 55 with `cryptogram`.
    pub(super) fn field55(&self, cryptogram: Option<&ApplicationCryptogram>) -> Sensitive {
        field55::build(|tag| match tag {
            tags::APPLICATION_CRYPTOGRAM => cryptogram.map(|given| given.value.to_vec()),
            tags::CRYPTOGRAM_INFORMATION_DATA => cryptogram.map(|given| vec![given.information]),
            tags::APPLICATION_TRANSACTION_COUNTER => {
                cryptogram.map(|given| given.counter.to_be_bytes().to_vec())
            }
            tags::ISSUER_APPLICATION_DATA => cryptogram
                .map(|given| given.issuer_application_data.clone())
                .filter(|data| !data.is_empty()),
            _ => self.value(tag),
        })
    }

    /// Reads the card's answer to GENERATE AC; a CDA answer hides the cryptogram in its signature,
    /// where verification has found it.
    pub(super) fn cryptogram(
        &self,
        answer: &GenerateAcResponse,
        signed: Option<[u8; 8]>,
    ) -> Option<ApplicationCryptogram> {
        let information = answer.cid.to_byte();
        Some(ApplicationCryptogram {
            kind: CryptogramKind::from_information(information)?,
            information,
            value: answer.ac.or(signed).unwrap_or_default(),
            counter: u16::from_be_bytes(answer.atc),
            issuer_application_data: answer.iad.clone().unwrap_or_default(),
        })
    }

    /// Puts the end of the transaction together.
    pub(super) fn outcome(
        &self,
        decision: Decision,
        cryptogram: Option<ApplicationCryptogram>,
    ) -> Result<Outcome, Stop> {
        let context = &self.tx.ctx;
        let scripts = context.issuer_script_results.iter().flat_map(|script| script.to_bytes());
        Ok(Outcome {
            decision,
            online: self.online,
            tvr: TerminalVerificationResults(context.tvr.to_bytes()),
            tsi: context.tsi.to_bytes(),
            cvm: self.cvm(),
            script_results: scripts.collect(),
            field55: self.field55(cryptogram.as_ref()),
            card: self.card()?,
            cryptogram,
        })
    }
}
