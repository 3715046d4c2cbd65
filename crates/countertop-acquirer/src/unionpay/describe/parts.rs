//! Pieces of the header and of numeric private fields.

use countertop_wire::iso8583::Mti;
use countertop_wire::unionpay::{
    Header, Original, SettlementSide, SettlementTotals, TransactionInformation, management_name,
    parse_batch, split_additional_amounts, transaction_type_name,
};

use super::{Part, mask};

impl Part {
    pub(super) fn new(
        tag: impl Into<String>,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        let (tag, name, value) = (tag.into(), name.into(), value.into());
        Self { tag, name, value, meaning: None, parts: Vec::new() }
    }

    pub(super) fn meaning(mut self, meaning: Option<impl Into<String>>) -> Self {
        self.meaning = meaning.map(Into::into);
        self
    }
}

pub(super) fn header(header: Header, digits: &str) -> Vec<Part> {
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default().to_owned();
    let class = (part(0, 2) == "60").then_some("financial payment");
    let state = match header.state() {
        0 => Some("normal"),
        1 => Some("test or training"),
        _ => None,
    };
    let task = header.task().to_string();
    vec![
        Part::new("1-2", "application class", part(0, 2)).meaning(class),
        Part::new("3-4", "software general version", part(2, 4)),
        Part::new("5", "terminal state", part(4, 5)).meaning(state),
        Part::new("6", "processing requirement", part(5, 6)).meaning(Some(task)),
        Part::new("7-12", "software version", part(6, 12)),
    ]
}

/// Cuts field 60.
pub(super) fn information(digits: &str) -> Option<Vec<Part>> {
    let read: TransactionInformation = digits.parse().ok()?;
    let TransactionInformation { transaction_type, batch, management, rest } = read;
    let mut parts = vec![
        Part::new("60.1", "transaction type", format!("{transaction_type:02}"))
            .meaning(transaction_type_name(transaction_type)),
        Part::new("60.2", "batch number", format!("{batch:06}")),
    ];
    if digits.len() >= 11 {
        let name = management_name(management).filter(|_| management != 0);
        let code = Part::new("60.3", "network management code", format!("{management:03}"));
        parts.push(code.meaning(name));
    }
    parts.extend(condition(&rest));
    Some(parts)
}

/// Cuts what follows 60.3.
fn condition(rest: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let names = ["reading capability", "chip condition", "partial approval"];
    for ((index, name), digit) in (4..).zip(names).zip(rest.chars()) {
        let meaning = digit_meaning(index, digit);
        parts.push(Part::new(format!("60.{index}"), name, digit).meaning(meaning));
    }
    if let Some(account) = rest.get(3..).filter(|account| !account.is_empty()) {
        parts.push(Part::new("60.7", "account type and further", account));
    }
    parts
}

fn digit_meaning(index: u8, digit: char) -> Option<&'static str> {
    Some(match (index, digit) {
        (4, '2') => "stripe",
        (4, '5') => "stripe and chip",
        (4, '6') => "stripe, chip and contactless",
        (5, '0') => "normal",
        (5, '1') => "chip card swiped, last chip read well",
        (5, '2') => "fallback, chip could not be read",
        (6, '0') => "not supported",
        (6, '1') => "supported",
        _ => return None,
    })
}

/// Cuts field 61.
pub(super) fn original(digits: &str) -> Option<Vec<Part>> {
    let Original { batch, stan, date, rest } = digits.parse().ok()?;
    let mut parts = vec![
        Part::new("61.1", "original batch number", format!("{batch:06}")),
        Part::new("61.2", "original trace number", format!("{stan:06}")),
    ];
    parts.extend(date.map(|date| Part::new("61.3", "original date", date)));
    if !rest.is_empty() {
        parts.push(Part::new("61.4", "authorization mode and organization", rest));
    }
    Some(parts)
}

/// Cuts field 48 of settlements and batch uploads.
pub(super) fn settlement(mti: Mti, digits: &str) -> Option<Vec<Part>> {
    match mti.to_bytes() {
        [0x05, _] => totals(digits),
        [0x03, _] if digits.len() == 4 => Some(vec![Part::new("48", "number uploaded", digits)]),
        [0x03, _] => batch(digits),
        _ => None,
    }
}

fn totals(digits: &str) -> Option<Vec<Part>> {
    let totals: SettlementTotals = digits.parse().ok()?;
    Some(vec![side("domestic cards", &totals.domestic), side("foreign cards", &totals.foreign)])
}

fn side(name: &str, side: &SettlementSide) -> Part {
    let flag = match side.flag {
        0 => "as the terminal counts",
        1 => "balanced",
        2 => "unbalanced",
        3 => "error",
        _ => "not known",
    };
    let sums = |sum: u64, count: u16| format!("{} in {count}", money(sum));
    let debits = sums(side.debit_amount, side.debit_count);
    let credits = sums(side.credit_amount, side.credit_count);
    let value = format!("debits {debits}, credits {credits}, flag {}", side.flag);
    Part::new("48", name, value).meaning(Some(flag))
}

fn batch(digits: &str) -> Option<Vec<Part>> {
    let entries = parse_batch(digits).ok()?.into_iter();
    let part = entries.map(|entry| {
        let kind = if entry.foreign { "foreign" } else { "domestic" };
        let amount = money(entry.amount);
        let value = format!("{:06} {} {amount}", entry.stan, mask::pan(&entry.pan));
        Part::new("48", format!("{kind} transaction"), value)
    });
    Some(part.collect())
}

/// Cuts field 54.
pub(super) fn amounts(field: &str) -> Option<Vec<Part>> {
    let amounts = split_additional_amounts(field)?.into_iter();
    let part = amounts.map(|amount| {
        let side = if amount.credit { "credit" } else { "debit" };
        let value = format!("{} {side}, currency {:03}", money(amount.amount), amount.currency);
        let tag = format!("{:02}{:02}", amount.account, amount.kind);
        Part::new(tag, "amount of account", value)
    });
    Some(part.collect())
}

/// Returns an amount with two decimals.
pub(super) fn money(minor: u64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}
