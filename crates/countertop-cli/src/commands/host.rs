//! `countertop host decode`: a message field by field.

use std::process::ExitCode;

use countertop_acquirer::unionpay::{Description, MacKey, describe_with, frame_from_hex};
use countertop_wire::unionpay::MacAlgorithm;

use crate::args::DecodeArguments;
use crate::failure::Failure;

/// Prints the frame; fails on a bad frame or a bad code.
pub(crate) fn decode(arguments: &DecodeArguments, json: bool) -> Result<ExitCode, Failure> {
    let frame = frame_from_hex(&arguments.hex.concat()).map_err(|error| bad("frame", &error))?;
    let mak = arguments.mak.as_deref().map(frame_from_hex).transpose();
    let mak = mak.map_err(|error| bad("--mak", &error))?;
    let algorithm = if arguments.sm4 { MacAlgorithm::Sm4 } else { MacAlgorithm::UnionPayEcb };
    let key = mak.as_deref().map(|key| MacKey { algorithm, key });
    let description = describe_with(&frame, key).map_err(|error| bad("frame", &error))?;
    show(&description, json)?;
    verdict(&description, mak.is_some())
}

fn verdict(description: &Description, keyed: bool) -> Result<ExitCode, Failure> {
    let problems: Vec<_> =
        description.problems().map(|(field, what)| format!("field {field}: {what}")).collect();
    if !problems.is_empty() {
        return Err(Failure::new(problems.join("; ")));
    }
    match description.mac.as_ref().map(|mac| mac.verified) {
        Some(Some(false)) => Err(Failure::new("the message authentication code does not verify")),
        None if keyed => {
            eprintln!("countertop: this message has no authentication code (field 64)");
            Ok(ExitCode::SUCCESS)
        }
        _ => Ok(ExitCode::SUCCESS),
    }
}

fn show(description: &Description, json: bool) -> Result<(), Failure> {
    if json {
        let text = serde_json::to_string(description);
        outln!("{}", text.map_err(|error| Failure::new(error.to_string()))?);
    } else {
        outln!("{description}");
    }
    Ok(())
}

fn bad(what: &str, error: &dyn std::error::Error) -> Failure {
    Failure::new(format!("{what}: {error}"))
}
