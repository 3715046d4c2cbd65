//! What the journal tells about a transaction.

use countertop_acquirer::{BatchNumber, ResponseCode, ReversalReason, Stan, TransactionKind};
use countertop_device::{Currency, Money};
use rusqlite::Row;

use super::column::{Json, Number, Text, moment};
use super::{EmvVoucher, EntryMode, ReversalState, SignatureState, TransactionState};
use crate::vault::MaskedPan;
use crate::{OperatorNumber, Timestamp};

/// Is everything about a transaction that may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TransactionRecord {
    /// The row, for [`Journal::signature`](super::Journal::signature).
    pub id: i64,
    /// Its batch.
    pub batch: BatchNumber,
    /// Its number.
    pub stan: Stan,
    /// Sale or void.
    pub kind: TransactionKind,
    /// Its amount; of a void, that of its sale.
    pub amount: Money,
    /// How the card came in.
    pub entry: EntryMode,
    /// The card's number, masked; `None` for the void of a code.
    pub card: Option<MaskedPan>,
    /// Card scheme, such as `CUP`.
    pub scheme: Option<String>,
    /// Whether the card is from another country.
    pub foreign: bool,
    /// What became of it.
    pub state: TransactionState,
    /// The host's response code.
    pub response_code: Option<ResponseCode>,
    /// The host's local date, `MMDD`.
    pub host_date: Option<String>,
    /// The host's local time, `hhmmss`.
    pub host_time: Option<String>,
    /// Settlement date, `MMDD`.
    pub settlement_date: Option<String>,
    /// Retrieval reference number.
    pub rrn: Option<String>,
    /// Authorisation code.
    pub authorization_code: Option<String>,
    /// Issuer's number or name.
    pub issuer: Option<String>,
    /// Acquirer's number or name.
    pub acquirer: Option<String>,
    /// What the chip said.
    pub emv: Option<EmvVoucher>,
    /// Whether the customer has to sign, and has.
    pub signature: SignatureState,
    /// Who was signed in.
    pub operator: OperatorNumber,
    /// Who allowed a void.
    pub authorised_by: Option<OperatorNumber>,
    /// The number of the sale that a void undoes.
    pub original: Option<Stan>,
    /// When it was begun, by the terminal's clock.
    pub started: Timestamp,
    /// Its reversal, where there is one.
    pub reversal: Option<RecordedReversal>,
}

/// Is what the journal tells about a reversal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedReversal {
    /// What became of it.
    pub state: ReversalState,
    /// Why the transaction is reversed.
    pub reason: ReversalReason,
    /// How often it was sent.
    pub attempts: u32,
    /// The host's last answer to it.
    pub last_code: Option<ResponseCode>,
}

/// Selects what [`TransactionRecord::from_row`] reads; conditions and order follow it.
pub(super) const SELECT: &str = "
    SELECT t.*, b.number AS batch_number, o.stan AS original_stan, r.state AS reversal_state,
        r.reason AS reversal_reason, r.attempts, r.last_code
    FROM transactions t
    JOIN batches b ON b.id = t.batch_id
    LEFT JOIN transactions o ON o.id = t.original_id
    LEFT JOIN reversals r ON r.transaction_id = t.id ";

impl TransactionRecord {
    pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let Number(batch) = row.get("batch_number")?;
        let Number(stan) = row.get("stan")?;
        let Text(kind) = row.get("kind")?;
        let Text(entry) = row.get("entry")?;
        let Text(state) = row.get("state")?;
        let Json(signature) = row.get("signature")?;
        let Number(operator) = row.get("operator")?;
        let card: Option<Text<MaskedPan>> = row.get("masked_pan")?;
        let code: Option<Text<ResponseCode>> = row.get("response_code")?;
        let emv: Option<Json<EmvVoucher>> = row.get("emv")?;
        let authorised_by: Option<Number<OperatorNumber>> = row.get("authorised_by")?;
        let original: Option<Number<Stan>> = row.get("original_stan")?;
        Ok(Self {
            id: row.get("id")?,
            batch,
            stan,
            kind,
            amount: amount(row)?,
            entry,
            card: card.map(|Text(card)| card),
            scheme: row.get("scheme")?,
            foreign: row.get("foreign_card")?,
            state,
            response_code: code.map(|Text(code)| code),
            host_date: row.get("host_date")?,
            host_time: row.get("host_time")?,
            settlement_date: row.get("settlement_date")?,
            rrn: row.get("rrn")?,
            authorization_code: row.get("authorization_code")?,
            issuer: row.get("issuer")?,
            acquirer: row.get("acquirer")?,
            emv: emv.map(|Json(emv)| emv),
            signature,
            operator,
            authorised_by: authorised_by.map(|Number(operator)| operator),
            original: original.map(|Number(stan)| stan),
            started: moment(row, "started")?,
            reversal: RecordedReversal::from_row(row)?,
        })
    }

    /// Tells whether money may have moved without the terminal knowing: the result is unknown, or
    /// the host approved what was not completed, and the host has not undone it.
    #[must_use]
    pub fn unresolved(&self) -> bool {
        matches!(self.state, TransactionState::Unknown | TransactionState::NotCompleted)
    }
}

pub(super) fn amount(row: &Row<'_>) -> rusqlite::Result<Money> {
    let Text(currency): Text<Currency> = row.get("currency")?;
    Ok(Money::from_minor(row.get("amount")?, currency))
}

impl RecordedReversal {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Option<Self>> {
        let Some(Text(state)) = row.get("reversal_state")? else { return Ok(None) };
        let Text(reason) = row.get("reversal_reason")?;
        let last_code: Option<Text<ResponseCode>> = row.get("last_code")?;
        let last_code = last_code.map(|Text(code)| code);
        Ok(Some(Self { state, reason, attempts: row.get("attempts")?, last_code }))
    }
}
