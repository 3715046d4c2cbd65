//! Our parameters in the form of the crate `emv`.

use emv::contact::terminal::{Terminal, TerminalApplication};
use emv::contact::transaction::TransactionInputs;
use emv::core::oda::CaPublicKey;
use emv::de::additional_terminal_capabilities::AdditionalTerminalCapabilities;
use emv::de::terminal_capabilities::TerminalCapabilities;
use emv::de::terminal_type::TerminalType;

use crate::parameters::{ApplicationParameters, EmvParameters};
use crate::values::{TerminalValues, text};
use crate::{EmvError, TransactionData};

/// Converts what the terminal is.
pub(super) fn terminal(values: &TerminalValues<'_>) -> Result<Terminal, EmvError> {
    let TerminalValues { parameters, data } = values;
    let terminal = &parameters.terminal;
    let wrong = |_| EmvError::InvalidInput("the terminal capabilities cannot be understood");
    Ok(Terminal {
        terminal_type: TerminalType(terminal.terminal_type),
        terminal_capabilities: TerminalCapabilities::parse(&values.capabilities())
            .map_err(wrong)?,
        additional_terminal_capabilities: AdditionalTerminalCapabilities::parse(
            &terminal.additional_capabilities,
        )
        .map_err(wrong)?,
        terminal_country_code: terminal.country_code,
        terminal_identification: text(&data.terminal_id),
        ifd_serial_number: text(&terminal.serial_number),
        merchant_category_code: terminal.merchant_category_code,
        merchant_identifier: text(&data.merchant_id),
        merchant_name_and_location: data.merchant_name.clone().into_bytes(),
        acquirer_identifier: None,
        cardholder_selection_and_confirmation_supported: terminal.cardholder_selection,
        applications: parameters.applications.iter().map(application).collect(),
    })
}

fn application(application: &ApplicationParameters) -> TerminalApplication {
    let random = application.random_selection;
    TerminalApplication {
        aid: application.aid.clone(),
        partial_match_allowed: application.partial_match,
        application_version_number: application.version,
        terminal_floor_limit: application.floor_limit,
        terminal_risk_management_data: None,
        default_ddol: Some(application.default_ddol.clone()),
        default_tdol: application.default_tdol.clone(),
        tac_denial: Some(application.tac_denial),
        tac_online: Some(application.tac_online),
        tac_default: Some(application.tac_default),
        rts_target_percentage: random.map(|random| random.target),
        rts_max_target_percentage: random.map(|random| random.maximum),
        rts_threshold_value: random.map(|random| random.threshold),
    }
}

/// Converts what the transaction is.
pub(super) fn inputs(data: &TransactionData) -> TransactionInputs {
    TransactionInputs {
        amount_authorised: data.amount.minor(),
        amount_other: data.amount_other,
        transaction_currency_code: data.amount.currency().numeric(),
        transaction_currency_exponent: data.amount.currency().exponent(),
        transaction_date: data.date,
        transaction_time: data.time,
        transaction_type: data.transaction_type.0,
        transaction_sequence_counter: data.sequence_counter,
        unpredictable_number: data.unpredictable_number,
    }
}

/// Converts the keys of certification authorities whose time is not over.
pub(super) fn keys(parameters: &EmvParameters, date: [u8; 3]) -> Vec<CaPublicKey> {
    let convert = |key: &crate::parameters::CaPublicKey| CaPublicKey {
        rid: key.rid,
        index: key.index,
        modulus: key.modulus.clone(),
        exponent: key.exponent.clone(),
    };
    parameters.keys.iter().filter(|key| !key.has_expired(date)).map(convert).collect()
}
