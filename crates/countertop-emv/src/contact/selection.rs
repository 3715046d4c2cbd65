//! Application selection (EMV Book 1, clause 12) and initiation (EMV Book 3, clause 10.1).

use countertop_wire::apdu::StatusWord;
use emv::contact::application_selection::{
    Candidate as Listed, FinalSelectionOutcome, final_selection,
};
use emv::contact::transaction_driver::DriverError;
use emv::core::fci::AdfFci;
use emv::core::select::{SelectOccurrence, select_by_name};
use emv::de::issuer_code_table_index::IssuerCodeTableIndex;

use super::bridge::Stop;
use super::kernel::Kernel;
use super::run::{Answer, Prompt};
use crate::parameters::ApplicationParameters;
use crate::{Candidate, EmvError};

/// GET PROCESSING OPTIONS: conditions of use not satisfied, the application is out.
const CONDITIONS_NOT_SATISFIED: u16 = 0x6985;

/// SELECT: the card is blocked.
const FUNCTION_NOT_SUPPORTED: u16 = 0x6A81;

/// How many applications with one beginning a card may have; a card that never comes to an end has
/// more.
const MOST_OCCURRENCES: usize = 32;

impl Kernel<'_> {
    /// Selects the application, with the cardholder where one is to be asked, and initiates it.
    pub(super) async fn select(&mut self) -> Result<(), Stop> {
        let mut listed = self.candidates().await?;
        let mut asked = false;
        loop {
            let supported = self.values.parameters.terminal.cardholder_selection;
            let index = match final_selection(&listed, supported) {
                FinalSelectionOutcome::Terminate => return Err(EmvError::NoApplication.into()),
                FinalSelectionOutcome::Select(index) if !asked => index,
                // Once the cardholder has chosen, nothing is selected without the cardholder.
                FinalSelectionOutcome::Select(index)
                | FinalSelectionOutcome::ConfirmAndSelect(index) => {
                    self.ask(&listed, &[index]).await?
                }
                FinalSelectionOutcome::OfferToCardholder(order) => {
                    asked = true;
                    self.ask(&listed, &order).await?
                }
            };
            let chosen = listed.remove(index);
            if self.initiate(&chosen).await? {
                return Ok(());
            }
        }
    }

    /// Lists what card and terminal have in common: from the card's own directory, else by asking
    /// for each of ours (EMV Book 1, clauses 12.3.2 and 12.3.3).
    async fn candidates(&mut self) -> Result<Vec<Listed>, Stop> {
        let listed = self.with_card(|tx| tx.build_candidate_list_pse()).await?;
        match listed.filter(|listed| !listed.is_empty()) {
            Some(listed) => Ok(listed),
            None => self.by_identifiers().await,
        }
    }

    async fn by_identifiers(&self) -> Result<Vec<Listed>, Stop> {
        let mut listed = Vec::new();
        let known = &self.values.parameters.applications;
        for (number, application) in known.iter().enumerate() {
            self.by_identifier(application, number == 0, &mut listed).await?;
        }
        Ok(listed)
    }

    /// Selects one application after the other that begins with an identifier of ours.
    ///
    /// The crate asks for the first one only.
    async fn by_identifier(
        &self,
        application: &ApplicationParameters,
        first: bool,
        listed: &mut Vec<Listed>,
    ) -> Result<(), Stop> {
        let mut occurrence = SelectOccurrence::FirstOrOnly;
        for _ in 0..MOST_OCCURRENCES {
            let command = select_by_name(&application.aid, occurrence)?;
            let answer = self.bridge.transmit(&command).await?;
            let status = StatusWord(answer.status_word());
            let fci = match status {
                StatusWord::SUCCESS => AdfFci::parse(answer.data()).ok(),
                StatusWord(FUNCTION_NOT_SUPPORTED) if first => {
                    return Err(EmvError::CardBlocked.into());
                }
                // A blocked application; the next one may be good.
                StatusWord(0x6200..0x6400) => None,
                _ => return Ok(()),
            };
            let Some(fci) = fci else {
                if status == StatusWord::SUCCESS {
                    return Ok(());
                }
                occurrence = SelectOccurrence::NextOccurrence;
                continue;
            };
            let exact = fci.df_name == application.aid;
            let known = listed.iter().any(|other: &Listed| other.df_name == fci.df_name);
            if application.matches(&fci.df_name) && !known {
                listed.push(Listed::from_adf_fci(fci));
            }
            if exact {
                return Ok(());
            }
            occurrence = SelectOccurrence::NextOccurrence;
        }
        Ok(())
    }

    /// Lets the cardholder choose, and returns the place in `listed`.
    async fn ask(&self, listed: &[Listed], order: &[usize]) -> Result<usize, Stop> {
        let candidates = order.iter().filter_map(|index| listed.get(*index)).map(candidate);
        match self.bridge.ask(Prompt::Application(candidates.collect())).await? {
            Answer::Application(choice) => {
                order.get(choice).copied().ok_or(Stop::Failed(EmvError::KernelLost))
            }
            _ => Err(EmvError::KernelLost.into()),
        }
    }

    /// Selects and initiates an application; `false` when it is out and another one may be tried.
    async fn initiate(&mut self, chosen: &Listed) -> Result<bool, Stop> {
        let fci = match self.with_card(|tx| tx.select_application(&chosen.df_name)).await {
            Ok(fci) => fci,
            Err(DriverError::Transport(stop)) => return Err(stop),
            Err(_) => return Ok(false),
        };
        self.application = Some(selected(&fci, chosen));
        self.pdol = fci.pdol.as_ref().map(emv::core::dol::Dol::encode);
        let list = self.pdol.clone().unwrap_or_default();
        let answer = self.resolve(&list)?;
        self.function = "GET PROCESSING OPTIONS";
        match self.with_card(|tx| tx.initiate(&answer)).await {
            Ok(_) => Ok(true),
            Err(DriverError::StatusWord { sw: CONDITIONS_NOT_SATISFIED, .. }) => {
                self.function = "SELECT";
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }
}

fn candidate(listed: &Listed) -> Candidate {
    Candidate::new(
        listed.df_name.clone(),
        listed.application_label.as_deref(),
        listed.application_preferred_name.as_deref(),
        listed.issuer_code_table_index.as_ref().map(code_table),
    )
}

/// Takes the names from the application itself, else from the directory.
fn selected(fci: &AdfFci, listed: &Listed) -> Candidate {
    let own = &fci.application_label;
    let preferred = &fci.application_preferred_name;
    let table = fci.issuer_code_table_index.as_ref().or(listed.issuer_code_table_index.as_ref());
    Candidate::new(
        fci.df_name.clone(),
        own.as_deref().or(listed.application_label.as_deref()),
        preferred.as_deref().or(listed.application_preferred_name.as_deref()),
        table.map(code_table),
    )
}

fn code_table(index: &IssuerCodeTableIndex) -> u8 {
    let [number] = index.to_bytes();
    number
}
