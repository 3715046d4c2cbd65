//! What a printer's state means for its health.

use countertop_device::document::{Align, Document, Style};
use countertop_device::{Attention, Health, HealthReport, PrintOutcome, PrinterStatus};

/// Judges a state; `None` for a printer that does not answer.
pub(super) fn of_state(state: Option<PrinterStatus>) -> HealthReport {
    match state {
        None => HealthReport::new(Health::Warning, "answers no status request"),
        Some(PrinterStatus { attention: Some(attention), .. }) => of_attention(attention),
        Some(PrinterStatus { paper_near_end: true, .. }) => {
            HealthReport::new(Health::Warning, "paper near end")
        }
        Some(_) => HealthReport::good("ready"),
    }
}

pub(super) fn of_attention(attention: Attention) -> HealthReport {
    HealthReport::new(Health::Bad, format!("{attention}: {}", attention.help()))
}

pub(super) fn of_outcome(outcome: PrintOutcome) -> HealthReport {
    match outcome {
        PrintOutcome::Confirmed => HealthReport::good("printed, and the printer confirmed it"),
        PrintOutcome::Processed => HealthReport::good("printed, as far as the printer can say"),
        PrintOutcome::Partial { .. } | PrintOutcome::NotStarted => {
            HealthReport::new(Health::Bad, "broke off while printing")
        }
        _ => HealthReport::new(Health::Warning, "sent, and the printer confirmed nothing"),
    }
}

/// Returns one line, enough to see the head and the feed work.
pub(super) fn test_line() -> Document {
    let mut document = Document::new();
    document.line("Countertop: printer test");
    document
}

/// Returns a receipt for a person to look at.
pub(super) fn test_receipt() -> Document {
    let mut document = Document::new();
    document.centred("TEST 测试", Style::LARGE).rule();
    document.columns("Columns", "12,345.67").columns("金额", "￥12.00");
    document.styled("bold", Align::Left, Style::BOLD).rule();
    document.centred("Is the code below sharp?", Style::PLAIN).qr("countertop").cut();
    document
}
