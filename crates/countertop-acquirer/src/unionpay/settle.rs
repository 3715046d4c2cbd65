//! Settlement and batch upload.

use countertop_wire::iso8583::Message;
use countertop_wire::unionpay::{self as wire, BATCH_ENTRIES_MAX, BatchEntry, emit_batch};
use zeroize::Zeroizing;

use super::financial::bad_request;
use super::{UnionPay, answer, messages};
use crate::{
    BatchNumber, BatchRecord, HostError, SettlementAnswer, SettlementFlag, SettlementTotals,
    SideTotals, Stan,
};

const SETTLE: &str = "settle";
const UPLOAD: &str = "upload batch";

impl UnionPay {
    pub(super) async fn do_settle(
        &mut self,
        stan: Stan,
        batch: BatchNumber,
        operator: u8,
        totals: &SettlementTotals,
    ) -> Result<SettlementAnswer, HostError> {
        let digits = totals_digits(totals)?;
        let message = messages::settlement(self.profile(), stan, batch, operator, &digits);
        let message = message.map_err(bad_request)?;
        let frame = self.frame(&message)?;
        let (answer, _) = self.exchange(&frame, &message, SETTLE).await?;
        let code = answer::code(&answer).map_err(|reason| self.bad(SETTLE, reason))?;
        let Some(flags) = answer.text(48) else {
            return Err(HostError::Refused {
                host: self.profile().host.clone(),
                action: SETTLE,
                code,
            });
        };
        let (domestic, foreign) = read_flags(flags).map_err(|reason| self.bad(SETTLE, reason))?;
        let rrn = answer.text(37).map(String::from);
        Ok(SettlementAnswer { code, domestic, foreign, rrn })
    }

    pub(super) async fn do_upload(
        &mut self,
        first: Stan,
        batch: BatchNumber,
        records: &[BatchRecord],
    ) -> Result<Stan, HostError> {
        let mut stan = first;
        for chunk in records.chunks(BATCH_ENTRIES_MAX) {
            let entries: Vec<BatchEntry> = chunk.iter().map(entry).collect::<Result<_, _>>()?;
            let detail = emit_batch(&entries).map_err(bad_request)?;
            self.upload_one(stan, batch, &detail, false).await?;
            stan = stan.next();
        }
        let count = format!("{:04}", records.len());
        self.upload_one(stan, batch, &count, true).await?;
        Ok(stan)
    }

    async fn upload_one(
        &mut self,
        stan: Stan,
        batch: BatchNumber,
        detail: &str,
        last: bool,
    ) -> Result<Message, HostError> {
        let message = messages::batch_upload(self.profile(), stan, batch, detail, last);
        self.manage(&message.map_err(bad_request)?, UPLOAD).await
    }
}

fn entry(record: &BatchRecord) -> Result<BatchEntry, HostError> {
    let pan = record.pan.as_ref().map(|pan| pan.expose_str().unwrap_or("?"));
    let pan = pan.unwrap_or_default();
    if !pan.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(bad_request("card number of a batch record is no digits"));
    }
    Ok(BatchEntry {
        foreign: record.foreign,
        stan: record.stan.get(),
        pan: Zeroizing::new(pan.into()),
        amount: record.amount.minor(),
    })
}

fn totals_digits(totals: &SettlementTotals) -> Result<String, HostError> {
    let (domestic, foreign) = (side(&totals.domestic)?, side(&totals.foreign)?);
    wire::SettlementTotals { domestic, foreign }.digits().map_err(bad_request)
}

fn side(totals: &SideTotals) -> Result<wire::SettlementSide, HostError> {
    let count = |count: u32| u16::try_from(count).map_err(bad_request);
    Ok(wire::SettlementSide {
        debit_amount: totals.debit_amount,
        debit_count: count(totals.debit_count)?,
        credit_amount: totals.credit_amount,
        credit_count: count(totals.credit_count)?,
        flag: 0,
    })
}

fn read_flags(digits: &str) -> Result<(SettlementFlag, SettlementFlag), String> {
    let totals: wire::SettlementTotals =
        digits.parse().map_err(|error: wire::BadSettlement| error.to_string())?;
    Ok((flag(totals.domestic.flag)?, flag(totals.foreign.flag)?))
}

fn flag(digit: u8) -> Result<SettlementFlag, String> {
    match digit {
        1 => Ok(SettlementFlag::Balanced),
        2 => Ok(SettlementFlag::Unbalanced),
        3 => Ok(SettlementFlag::Error),
        other => Err(format!("settlement flag {other} is none of 1, 2 and 3")),
    }
}
