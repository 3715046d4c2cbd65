//! How the printer is.

use std::process::ExitCode;

use countertop_device::{DeviceErrorKind, PrinterStatus, ReceiptPrinter as _};
use countertop_printer::EscPosPrinter;
use serde_json::json;

use crate::failure::Failure;

/// Shows the printer's state once; success when it could print.
pub(super) async fn show(mut printer: EscPosPrinter, json: bool) -> Result<ExitCode, Failure> {
    let status = printer.status().await?;
    tell(&status, json);
    Ok(if status.attention.is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Shows the printer's state whenever it changes, until the program is interrupted.
pub(super) async fn watch(mut printer: EscPosPrinter, json: bool) -> Result<ExitCode, Failure> {
    tell(&printer.status().await?, json);
    loop {
        let changed = tokio::select! {
            changed = printer.status_changed() => changed,
            end = tokio::signal::ctrl_c() => {
                end.map_err(|error| Failure::io("wait for an interrupt", &error))?;
                return Ok(ExitCode::SUCCESS);
            }
        };
        match changed {
            Ok(status) => tell(&status, json),
            Err(error) if error.kind() == DeviceErrorKind::Disconnected => {
                if json {
                    outln!("{}", json!({ "gone": true }));
                } else {
                    outln!("gone");
                }
                return Err(error.into());
            }
            Err(error) => return Err(error.into()),
        }
    }
}

fn tell(status: &PrinterStatus, json: bool) {
    if json {
        outln!(
            "{}",
            json!({
                "ready": status.attention.is_none(),
                "attention": status.attention.map(|attention| format!("{attention:?}")),
                "paper_near_end": status.paper_near_end,
                "drawer_open": status.drawer_open,
            })
        );
    } else {
        outln!("{}", words(status));
    }
}

fn words(status: &PrinterStatus) -> String {
    let mut words = match status.attention {
        None => "ready".to_owned(),
        Some(attention) => attention.to_string(),
    };
    if status.paper_near_end {
        words.push_str(", the roll will end soon");
    }
    match status.drawer_open {
        Some(true) => words.push_str(", drawer open"),
        Some(false) => words.push_str(", drawer closed"),
        None => {}
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_told_in_one_line() {
        let mut status = PrinterStatus::default();
        assert_eq!(words(&status), "ready");
        status.paper_near_end = true;
        status.drawer_open = Some(true);
        assert_eq!(words(&status), "ready, the roll will end soon, drawer open");
    }
}
