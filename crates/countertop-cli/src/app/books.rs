//! What the page shows of the journal.

use countertop_terminal::journal::{Journal, TransactionRecord};

use super::view::{TransactionLine, View};

/// Shows the open batch.
pub(super) fn show_books(view: &mut View, journal: &Journal) {
    let books = journal.batch().and_then(|batch| Ok((batch, journal.transactions()?)));
    match books {
        Ok((batch, transactions)) => {
            view.batch = batch.to_string();
            view.transactions = transactions.iter().map(line).collect();
        }
        Err(error) => tracing::error!(%error, "books cannot be read"),
    }
}

fn line(record: &TransactionRecord) -> TransactionLine {
    TransactionLine {
        stan: record.stan.to_string(),
        kind: name(&record.kind),
        amount: record.amount.to_string(),
        card: record.card.as_ref().map(|card| card.as_str().to_owned()).unwrap_or_default(),
        state: name(&record.state),
    }
}

/// Returns the name that a value has in JSON.
fn name(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}
