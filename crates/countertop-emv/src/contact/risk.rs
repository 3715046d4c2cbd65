//! Terminal risk management (EMV Book 3, clause 10.6; EMV Book 4, clause 6.3.5).

use core::fmt;
use std::sync::Arc;

use emv::contact::terminal_risk_management::{
    RandomSelectionParameters, TerminalRiskManagementContext, evaluate,
};
use emv::core::tags;

use super::bridge::Stop;
use super::kernel::Kernel;
use crate::CardData;

/// Knows what other transactions and the acquirer say of a card. It is asked in the
/// middle of the dialogue with the card and must not take long.
pub trait CardHistory: Send + Sync + fmt::Debug {
    /// Tells whether the card is on the exception file.
    fn is_on_exception_file(&self, card: &CardData) -> bool;

    /// Returns the amount of the transactions with this card that the terminal has lately approved
    /// offline, in minor units: one purchase is not to be split in two under the floor limit.
    fn recent_amount(&self, card: &CardData) -> u64;
}

impl Kernel<'_> {
    pub(super) async fn manage_risk(&mut self) -> Result<(), Stop> {
        let history = self.history.clone();
        let card = self.card()?;
        let [atc, last_online] = self.counters().await?;
        let Some(application) = self.parameters() else {
            return Err(crate::EmvError::NoApplication.into());
        };
        let floor_limit = u64::from(application.floor_limit);
        let random = application.random_selection.filter(|random| random.threshold < floor_limit);
        let limit = |tag| self.tx.ctx.tag_store.get(tag).and_then(one_byte);
        let context = TerminalRiskManagementContext {
            amount_authorised: self.values.data.amount.minor(),
            floor_limit,
            prior_amount_for_pan: history.as_ref().map(|known| known.recent_amount(&card)),
            random_selection_parameters: RandomSelectionParameters {
                target_percentage: random.map_or(0, |random| random.target.min(99)),
                max_target_percentage: random.map_or(0, |random| random.maximum.min(99)),
                threshold_value: random.map_or(0, |random| random.threshold),
            },
            random_number: random
                .and(self.values.data.random_selection)
                .map(|number| number.clamp(1, 99)),
            lower_consecutive_offline_limit: limit(tags::LOWER_CONSECUTIVE_OFFLINE_LIMIT),
            upper_consecutive_offline_limit: limit(tags::UPPER_CONSECUTIVE_OFFLINE_LIMIT),
            atc,
            last_online_atc_register: last_online,
        };
        let outcome = evaluate(&context)?;
        let tvr = &mut self.tx.ctx.tvr;
        tvr.card_appears_on_terminal_exception_file |=
            history.is_some_and(|known| known.is_on_exception_file(&card));
        tvr.merchant_forced_transaction_online |= self.values.data.force_online;
        tvr.transaction_exceeds_floor_limit |= outcome.transaction_exceeds_floor_limit;
        tvr.transaction_selected_randomly_for_online_processing |=
            outcome.transaction_selected_randomly_for_online_processing;
        tvr.lower_consecutive_offline_limit_exceeded |=
            outcome.lower_consecutive_offline_limit_exceeded;
        tvr.upper_consecutive_offline_limit_exceeded |=
            outcome.upper_consecutive_offline_limit_exceeded;
        tvr.new_card |= outcome.new_card;
        self.tx.ctx.tsi.terminal_risk_management_was_performed = true;
        Ok(())
    }

    /// Asks the card for its counters, where it wants them to be looked at (clause 10.6.3); one that
    /// it does not tell is missing (table 35).
    async fn counters(&mut self) -> Result<[Option<u16>; 2], Stop> {
        let store = &self.tx.ctx.tag_store;
        let limits = [tags::LOWER_CONSECUTIVE_OFFLINE_LIMIT, tags::UPPER_CONSECUTIVE_OFFLINE_LIMIT];
        if !limits.into_iter().all(|tag| store.contains(tag)) {
            return Ok([None, None]);
        }
        let atc = self.with_card(|tx| tx.get_data(tags::APPLICATION_TRANSACTION_COUNTER)).await?;
        let last_online = self.with_card(|tx| tx.get_data(tags::LAST_ONLINE_ATC_REGISTER)).await?;
        let counters = [atc, last_online].map(|value| value.as_deref().and_then(counter));
        self.tx.ctx.tvr.icc_data_missing |= counters.contains(&None);
        Ok(counters)
    }
}

fn one_byte(value: &[u8]) -> Option<u8> {
    let [byte] = value else { return None };
    Some(*byte)
}

fn counter(value: &[u8]) -> Option<u16> {
    value.try_into().ok().map(u16::from_be_bytes)
}

/// What a kernel is given of a card's history.
pub(super) type History = Option<Arc<dyn CardHistory>>;
