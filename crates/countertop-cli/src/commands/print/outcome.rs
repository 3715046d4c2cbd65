//! What became of a job, in words.

use std::process::ExitCode;

use countertop_device::PrintOutcome;
use countertop_printer::Layout;

/// Says what became of the job.
pub(super) fn tell(outcome: PrintOutcome, layout: &Layout, json: bool) {
    let blocks = layout.job.blocks.len();
    if json {
        let notes: Vec<String> = layout.notes.iter().map(ToString::to_string).collect();
        let mut line = serde_json::json!({
            "outcome": word(outcome), "blocks": blocks, "notes": notes,
        });
        if let PrintOutcome::Partial { last_block } = outcome {
            line["last_block"] = last_block.into();
        }
        outln!("{line}");
        return;
    }
    outln!("{}", word(outcome));
    match outcome {
        PrintOutcome::Partial { last_block } => {
            eprintln!("countertop: {last_block} of {blocks} blocks are known to be on paper");
        }
        PrintOutcome::Unknown => {
            eprintln!("countertop: the printer confirms nothing: look whether all is on paper");
        }
        _ => {}
    }
}

/// Returns success only when the printer has said that it is done.
pub(super) fn code(outcome: PrintOutcome) -> ExitCode {
    match outcome {
        PrintOutcome::Confirmed | PrintOutcome::Processed => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

fn word(outcome: PrintOutcome) -> &'static str {
    match outcome {
        PrintOutcome::Confirmed => "confirmed",
        PrintOutcome::Processed => "processed",
        PrintOutcome::NotStarted => "not-started",
        PrintOutcome::Partial { .. } => "partial",
        _ => "unknown",
    }
}
