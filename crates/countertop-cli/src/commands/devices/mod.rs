//! `countertop devices`: what is attached, who may open it and who has it, what it is for.

mod assign;
mod device;
mod lookalike;
mod show;
mod watch;

use std::process::ExitCode;

use countertop_hub::Hub;
use serde_json::json;

use crate::args::DevicesArguments;
use crate::config::Config;
use crate::failure::Failure;
use crate::system::System;

pub(crate) use assign::Assignment;

/// Lists, follows or assigns.
pub(crate) async fn run(arguments: &DevicesArguments, json: bool) -> Result<ExitCode, Failure> {
    if !arguments.assign.is_empty() {
        return assign::run(arguments, json);
    }
    let config = arguments.config.as_deref().map(Config::read).transpose()?.unwrap_or_default();
    let hub = Hub::new(countertop::registry(), config.devices);
    if arguments.watch { watch::run(&hub, json).await } else { Ok(list(&hub, json)) }
}

/// Lists what each driver sees, and what no driver does.
fn list(hub: &Hub, json: bool) -> ExitCode {
    let system = System::this();
    let (mut listings, mut failures) = (Vec::new(), Vec::new());
    for (driver, listed) in hub.registry().list() {
        match listed {
            Ok(found) => listings.extend(found),
            Err(error) => failures.push(device::Unlisted::new(driver, &error)),
        }
    }
    let devices = device::describe(&system, hub, &listings);
    let lookalikes = lookalike::find(&system, &listings);
    if json {
        let found = json!({ "devices": devices, "unknown": lookalikes, "errors": failures });
        outln!("{found}");
    } else {
        let text = show::text(&devices, &lookalikes, &failures);
        outln!("{}", super::printable(text.trim_end()));
    }
    ExitCode::SUCCESS
}
