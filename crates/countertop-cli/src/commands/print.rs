//! `countertop print`: one text, one printer.

use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

use countertop_device::PrintOutcome;
use countertop_device::document::{Block, Document};
use countertop_hub::{DeviceConfig, Devices, DevicesConfig, Role};

use crate::args::PrintArguments;
use crate::failure::Failure;

/// Prints the text and cuts.
pub(crate) async fn run(arguments: &PrintArguments, json: bool) -> Result<ExitCode, Failure> {
    let text = read(&arguments.file)?;
    let device = DeviceConfig::new("escpos", arguments.to.clone())
        .with("columns", arguments.columns)
        .with("dots", u32::from(arguments.columns) * 12);
    let config = DevicesConfig::default().with(Role::ReceiptPrinter, device);
    let mut devices = Devices::from_config(&countertop::registry(), &config);
    let printer = &mut devices.printer.open().await?.printer;
    let outcome = printer.print(&document(&text)).await?;
    let (word, code) = match outcome {
        PrintOutcome::Confirmed => ("confirmed", ExitCode::SUCCESS),
        PrintOutcome::Processed => ("processed", ExitCode::SUCCESS),
        PrintOutcome::Unknown => ("unknown", ExitCode::SUCCESS),
        PrintOutcome::NotStarted => ("not-started", ExitCode::FAILURE),
        _ => ("partial", ExitCode::FAILURE),
    };
    if json {
        outln!("{}", serde_json::json!({ "outcome": word }));
    } else {
        outln!("{word}");
    }
    Ok(code)
}

fn read(file: &Path) -> Result<String, Failure> {
    if file == Path::new("-") {
        let mut text = String::new();
        std::io::stdin()
            .read_to_string(&mut text)
            .map_err(|error| Failure::io("standard input", &error))?;
        return Ok(text);
    }
    std::fs::read_to_string(file).map_err(|error| Failure::io(file.display(), &error))
}

/// Control characters other than line ends would be commands; they are left out.
fn document(text: &str) -> Document {
    let mut document = Document::new();
    for line in text.lines() {
        let clean: String = line.chars().filter(|c| !c.is_control()).collect();
        if clean.is_empty() {
            document.push(Block::Feed(1));
        } else {
            document.line(clean);
        }
    }
    document.cut();
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_left_out() {
        let document = document("a\u{1b}pb\n\nc");
        assert_eq!(document.blocks.len(), 4);
        assert!(matches!(&document.blocks[0], Block::Text { text, .. } if text == "apb"));
    }
}
