//! The slip of a reversal that the host never acknowledged.

use countertop_device::document::{Document, Style};

use super::{Layout, amount, moment};
use crate::journal::TransactionRecord;

/// Builds the slip of a transaction whose reversal was sent as often as it may, without success
/// (冲正失败单). It stays in the list of unresolved transactions.
#[must_use]
pub fn reversal_failure(layout: &Layout, record: &TransactionRecord) -> Document {
    let mut document = layout.head("冲正失败单", "REVERSAL FAILED");
    document.centred("非交易凭证 THIS IS NOT A VOUCHER", Style::BOLD);
    layout.merchant(&mut document);
    document.line(format!("操作员号(OPERATOR):{}", record.operator));
    layout.card(&mut document, record);
    layout.field(&mut document, "原交易类型(ORIGINAL TYPE)", amount::kind(record.kind));
    layout.numbers(&mut document, record);
    layout.field(&mut document, "日期/时间", &moment::of(record));
    let printed = amount::printed(record.amount, record.kind);
    layout.field(&mut document, "金额(AMOUNT)", &printed);
    document.rule();
    if let Some(reversal) = record.reversal {
        let code = reversal.last_code.as_ref().map_or("无应答 NONE", |code| code.as_str());
        layout.field(&mut document, "冲正次数(ATTEMPTS)", &reversal.attempts.to_string());
        layout.field(&mut document, "最后应答码(LAST CODE)", code);
    }
    document
        .line("交易结果不明,请联系收单行核实")
        .line("RESULT UNKNOWN. CALL THE")
        .line("ACQUIRER BEFORE YOU HAND OUT")
        .line("GOODS.");
    layout.foot(document)
}
