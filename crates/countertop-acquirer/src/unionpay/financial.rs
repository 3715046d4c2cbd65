//! Sales and voids.

use core::fmt::Display;

use countertop_device::Sensitive;
use countertop_wire::iso8583::{Message, MessageError, Mti};
use countertop_wire::unionpay::{
    Original, PrivateTlv, TransactionInformation, emit_private_tlvs, request_icc_data,
};

use super::messages::identified;
use super::profile::Profile;
use crate::{CardEntry, FinancialRequest, HostError, OriginalTransaction, TransactionKind};

/// Reading capability (60.4): stripe and chip.
const READS_CHIP: u8 = 5;
/// Reading capability: contactless and codes too.
const READS_CONTACTLESS: u8 = 6;

/// Builds a financial request without its authentication code.
pub(super) fn request(
    profile: &Profile,
    request: &FinancialRequest,
    double_length: bool,
) -> Result<Message, HostError> {
    let mut message = match request.kind {
        TransactionKind::Sale => sale(profile, request)?,
        TransactionKind::Void => void(profile, request)?,
    };
    if let Some(block) = &request.pin_block {
        let algorithm = if double_length { '6' } else { '0' };
        set(&mut message, 26, format!("{:02}", profile.pin_length_max))?;
        set(&mut message, 52, block.expose())?;
        set(&mut message, 53, format!("2{algorithm}00000000000000"))?;
    }
    Ok(message)
}

fn sale(profile: &Profile, request: &FinancialRequest) -> Result<Message, HostError> {
    let mut message = common(profile, request, "000000", 22).map_err(bad_request)?;
    set(&mut message, 22, entry_mode(profile, request))?;
    set_card(&mut message, &request.entry)?;
    match &request.entry {
        CardEntry::Stripe { track2, .. } => set_track(&mut message, track2)?,
        CardEntry::Chip { track2, emv, .. } | CardEntry::Contactless { track2, emv, .. } => {
            set_track(&mut message, track2)?;
            set(&mut message, 55, request_icc_data(emv.expose()).map_err(bad_request)?)?;
        }
        CardEntry::Code { code } => {
            let code = PrivateTlv::new(PrivateTlv::PAYMENT_CODE, code.expose());
            let objects = emit_private_tlvs(&[code]).map_err(bad_request)?;
            set(&mut message, 59, objects.as_slice())?;
        }
    }
    Ok(message)
}

fn void(profile: &Profile, request: &FinancialRequest) -> Result<Message, HostError> {
    let original = request.original.as_ref();
    let original = original.ok_or_else(|| bad_request("a void needs its original"))?;
    let mut message = common(profile, request, "200000", 23).map_err(bad_request)?;
    let pin = pin_digit(request);
    // The card is not read again: its number counts as keyed.
    let mode = match &request.entry {
        CardEntry::Code { .. } => format!("{}{pin}", profile.qr_entry_mode),
        _ => format!("01{pin}"),
    };
    set(&mut message, 22, mode)?;
    if let Some(pan) = request.entry.pan() {
        set(&mut message, 2, pan.expose())?;
        set_expiry(&mut message, &request.entry)?;
    }
    set_original(&mut message, original)?;
    Ok(message)
}

fn common(
    profile: &Profile,
    request: &FinancialRequest,
    processing_code: &str,
    transaction_type: u8,
) -> Result<Message, MessageError> {
    let (reading, fallback) = match &request.entry {
        CardEntry::Stripe { fallback, .. } => (READS_CHIP, *fallback),
        CardEntry::Chip { .. } => (READS_CHIP, false),
        CardEntry::Contactless { .. } | CardEntry::Code { .. } => (READS_CONTACTLESS, false),
    };
    let fallback = fallback && request.kind == TransactionKind::Sale;
    let batch = request.batch.get();
    let information = TransactionInformation::financial(transaction_type, batch, reading, fallback);
    identified(profile, Mti::FINANCIAL)?
        .with(3, processing_code)?
        .with(4, format!("{:012}", request.amount.minor()))?
        .with(11, request.stan.to_string())?
        .with(25, "00")?
        .with(49, format!("{:03}", request.amount.currency().numeric()))?
        .with(60, information.to_string())
}

fn entry_mode(profile: &Profile, request: &FinancialRequest) -> String {
    let mode = match &request.entry {
        CardEntry::Stripe { fallback: true, .. } => "80",
        CardEntry::Stripe { .. } => "02",
        CardEntry::Chip { .. } => "05",
        CardEntry::Contactless { .. } => "07",
        CardEntry::Code { .. } => &profile.qr_entry_mode,
    };
    format!("{mode}{}", pin_digit(request))
}

/// Returns the third digit of field 22.
fn pin_digit(request: &FinancialRequest) -> char {
    if request.pin_block.is_some() { '1' } else { '2' }
}

fn set_card(message: &mut Message, entry: &CardEntry) -> Result<(), HostError> {
    let Some(pan) = entry.pan() else { return Ok(()) };
    set(message, 2, pan.expose())?;
    set_expiry(message, entry)?;
    match entry {
        CardEntry::Chip { sequence: Some(sequence), .. }
        | CardEntry::Contactless { sequence: Some(sequence), .. } => {
            set(message, 23, format!("{sequence:03}"))
        }
        _ => Ok(()),
    }
}

fn set_expiry(message: &mut Message, entry: &CardEntry) -> Result<(), HostError> {
    match entry {
        CardEntry::Stripe { expiry, .. }
        | CardEntry::Chip { expiry, .. }
        | CardEntry::Contactless { expiry, .. }
            if !expiry.is_empty() =>
        {
            set(message, 14, expiry)
        }
        _ => Ok(()),
    }
}

fn set_track(message: &mut Message, track: &Sensitive) -> Result<(), HostError> {
    if track.is_empty() { Ok(()) } else { set(message, 35, track.expose()) }
}

fn set_original(message: &mut Message, original: &OriginalTransaction) -> Result<(), HostError> {
    set(message, 37, format!("{:<12}", original.rrn))?;
    if let Some(code) = &original.authorization_code {
        set(message, 38, format!("{code:<6}"))?;
    }
    let (batch, stan) = (original.batch.get(), original.stan.get());
    let original = Original { batch, stan, date: None, rest: String::new() };
    set(message, 61, original.to_string())
}

fn set(message: &mut Message, number: u8, value: impl AsRef<[u8]>) -> Result<(), HostError> {
    message.set(number, value).map_err(bad_request)
}

/// Says that a request cannot be put into a message.
pub(super) fn bad_request(reason: impl Display) -> HostError {
    HostError::BadRequest(reason.to_string())
}
