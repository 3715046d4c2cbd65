//! Messages of network management, settlement and batch upload.

use countertop_wire::iso8583::{Message, MessageError, Mti};
use countertop_wire::unionpay::TransactionInformation;

use super::profile::Profile;
use crate::{BatchNumber, ParameterTable, SignInRequest, Stan};

/// Network management code (60.3) of a sign-in with double-length keys.
const SIGN_IN: u16 = 3;
/// Network management code of a sign-out.
const SIGN_OUT: u16 = 2;
/// Network management code of a settlement, and of the messages of a batch upload.
const SETTLEMENT: u16 = 201;
/// Network management code of the last message of an upload after an imbalance.
const UPLOAD_END: u16 = 202;
/// Network management code of an echo test.
const ECHO_TEST: u16 = 301;

/// China's currency: settlements are in it.
const RENMINBI: &str = "156";

pub(super) fn echo_test(profile: &Profile, batch: BatchNumber) -> Result<Message, MessageError> {
    management(profile, Mti::NETWORK_ADVICE, batch, ECHO_TEST)
}

pub(super) fn sign_in(
    profile: &Profile,
    request: &SignInRequest,
    serial_number: &str,
) -> Result<Message, MessageError> {
    let sequence = format!("Sequence No{:02}{serial_number}", serial_number.len());
    management(profile, Mti::NETWORK_REQUEST, request.batch, SIGN_IN)?
        .with(11, request.stan.to_string())?
        .with(62, sequence)?
        .with(63, operator(request.operator))
}

pub(super) fn sign_out(
    profile: &Profile,
    stan: Stan,
    batch: BatchNumber,
) -> Result<Message, MessageError> {
    management(profile, Mti::NETWORK_ADVICE, batch, SIGN_OUT)?.with(11, stan.to_string())
}

pub(super) fn settlement(
    profile: &Profile,
    stan: Stan,
    batch: BatchNumber,
    by: u8,
    totals: &str,
) -> Result<Message, MessageError> {
    management(profile, Mti::RECONCILIATION, batch, SETTLEMENT)?
        .with(11, stan.to_string())?
        .with(48, totals)?
        .with(49, RENMINBI)?
        .with(63, operator(by))
}

/// Builds one message of a batch upload; `last` is the one that ends it.
pub(super) fn batch_upload(
    profile: &Profile,
    stan: Stan,
    batch: BatchNumber,
    detail: &str,
    last: bool,
) -> Result<Message, MessageError> {
    let code = if last { UPLOAD_END } else { SETTLEMENT };
    management(profile, Mti::BATCH_UPLOAD, batch, code)?
        .with(11, stan.to_string())?
        .with(48, detail)
}

/// Is a step of a download of chip parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Download {
    Query,
    Record,
    End,
}

impl Download {
    /// Returns the network management code.
    const fn code(self, table: ParameterTable) -> u16 {
        match (table, self) {
            (ParameterTable::CaPublicKeys, Self::Record) => 370,
            (ParameterTable::CaPublicKeys, Self::End) => 371,
            (ParameterTable::CaPublicKeys, Self::Query) => 372,
            (ParameterTable::Applications, Self::Record) => 380,
            (ParameterTable::Applications, Self::End) => 381,
            (ParameterTable::Applications, Self::Query) => 382,
        }
    }
}

pub(super) fn download(
    profile: &Profile,
    batch: BatchNumber,
    table: ParameterTable,
    step: Download,
    field_62: Option<&[u8]>,
) -> Result<Message, MessageError> {
    let query = step == Download::Query;
    let mti = if query { Mti::NETWORK_ADVICE } else { Mti::NETWORK_REQUEST };
    let message = management(profile, mti, batch, step.code(table))?;
    match field_62 {
        Some(field) => message.with(62, field),
        None => Ok(message),
    }
}

fn management(
    profile: &Profile,
    mti: Mti,
    batch: BatchNumber,
    code: u16,
) -> Result<Message, MessageError> {
    identified(profile, mti)?
        .with(60, TransactionInformation::management(batch.get(), code).to_string())
}

/// Starts a message with the terminal and the merchant.
pub(super) fn identified(profile: &Profile, mti: Mti) -> Result<Message, MessageError> {
    Message::new(mti).with(41, &profile.terminal_id)?.with(42, &profile.merchant_id)
}

/// Returns field 63 of a request: the operator, left-justified in three characters.
fn operator(number: u8) -> String {
    format!("{:<3}", format!("{number:02}"))
}
