//! The slip of a settlement.

use countertop_acquirer::{SettlementFlag, SideTotals};
use countertop_device::document::{Document, Style};
use countertop_device::{Currency, Money};

use super::{Layout, amount};
use crate::journal::{SettlementReport, TransactionRecord, TransactionState};

/// Builds the slip of a settlement (结算总计单): the totals by domestic and foreign cards with the
/// host's verdict on each, and every transaction whose end nobody knows.
#[must_use]
pub fn settlement(layout: &Layout, report: &SettlementReport) -> Document {
    let mut document = layout.head("结算总计单", "SETTLEMENT TOTALS");
    layout.merchant(&mut document);
    let operator = format!("操作员号:{}", report.operator);
    layout.pair(&mut document, &operator, &format!("批次号:{}", report.batch));
    layout.field(&mut document, "日期/时间", &report.started.to_string());
    if let Some(rrn) = report.answer.as_ref().and_then(|answer| answer.rrn.as_deref()) {
        layout.field(&mut document, "参考号", rrn);
    }
    let flags = report.answer.as_ref().map(|answer| (answer.domestic, answer.foreign));
    let (domestic, foreign) = flags.unzip();
    layout.side(
        &mut document,
        "内卡(DOMESTIC)",
        domestic,
        &report.totals.domestic,
        report.currency,
    );
    layout.side(&mut document, "外卡(FOREIGN)", foreign, &report.totals.foreign, report.currency);
    layout.unresolved(&mut document, report);
    layout.foot(document)
}

/// Builds the list of the transactions that a settlement counted (结算明细单).
#[must_use]
pub fn settlement_details(layout: &Layout, report: &SettlementReport) -> Document {
    let mut document = layout.head("结算明细单", "TRANSACTION LIST");
    layout.merchant(&mut document);
    document.line(format!("批次号:{}", report.batch)).rule();
    document.columns("凭证/类型/卡号", "金额/授权码");
    document.columns("VOUCHER/TYPE/CARD", "AMOUNT/AUTH");
    for record in report.transactions.iter().filter(|record| counts(record)) {
        list(&mut document, record);
        document.columns("", record.authorization_code.as_deref().unwrap_or_default());
    }
    document.rule();
    layout.foot(document)
}

fn counts(record: &TransactionRecord) -> bool {
    matches!(record.state, TransactionState::Approved | TransactionState::Voided)
}

/// Adds the line of one transaction: number, type, card and amount.
fn list(document: &mut Document, record: &TransactionRecord) {
    let card = record.card.as_ref().map_or("", |card| card.as_str());
    let left = format!("{} {} {card}", record.stan, amount::letter(record.kind));
    let sign = if amount::is_credit(record.kind) { "-" } else { "" };
    document.columns(left, format!("{sign}{}", record.amount.decimal()));
}

impl Layout {
    fn side(
        &self,
        document: &mut Document,
        name: &str,
        flag: Option<SettlementFlag>,
        totals: &SideTotals,
        currency: Currency,
    ) {
        document.rule();
        document.columns(name, verdict(flag));
        document.columns("类型/笔数", "金额").columns("TYPE/COUNT", "AMOUNT");
        let sum = |name: &str, count: u32, sign: &str, minor: u64| {
            let amount = Money::from_minor(minor, currency).decimal();
            let sign = if minor == 0 { "" } else { sign };
            (format!("{name} {count}"), format!("{} {sign}{amount}", amount::currency(currency)))
        };
        let (left, right) = sum("消费(SALE)", totals.debit_count, "", totals.debit_amount);
        self.pair(document, &left, &right);
        let (left, right) = sum("消费撤销(VOID)", totals.credit_count, "-", totals.credit_amount);
        self.pair(document, &left, &right);
    }

    fn unresolved(&self, document: &mut Document, report: &SettlementReport) {
        let unresolved: Vec<_> = report.unresolved().collect();
        document.rule();
        if unresolved.is_empty() {
            return;
        }
        document
            .styled("未决交易(UNRESOLVED):", Default::default(), Style::BOLD)
            .line("请联系收单行核实")
            .line("CALL THE ACQUIRER");
        for record in unresolved {
            list(document, record);
            if let Some(code) = record.reversal.and_then(|reversal| reversal.last_code) {
                self.field(document, "  最后应答码(LAST CODE)", code.as_str());
            }
        }
        document.rule();
    }
}

fn verdict(flag: Option<SettlementFlag>) -> &'static str {
    match flag {
        Some(SettlementFlag::Balanced) => "对账平 BALANCED",
        Some(SettlementFlag::Unbalanced) => "对账不平 UNBALANCED",
        Some(SettlementFlag::Error) => "对账错误 ERROR",
        None => "未对账 NOT SENT",
    }
}
