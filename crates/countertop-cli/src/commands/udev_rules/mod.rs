//! `countertop udev-rules`: the udev rules and modprobe's list, printed, installed, taken away.

mod install;

use std::process::ExitCode;

use serde_json::json;

use crate::args::UdevRulesArguments;
use crate::failure::Failure;
use crate::system::{System, User};

pub(crate) use install::{MODPROBE, apply_steps};

/// Prints what is generated, or installs it.
pub(crate) fn run(arguments: &UdevRulesArguments, json: bool) -> Result<ExitCode, Failure> {
    if arguments.install || arguments.uninstall {
        return change(arguments, json);
    }
    let registry = countertop::registry();
    let text = if arguments.modprobe {
        countertop::udev::modprobe(registry.models())
    } else {
        countertop::udev::rules(registry.models())
    };
    if json {
        outln!("{}", json!({ "text": text }));
    } else {
        outln!("{}", text.trim_end());
    }
    Ok(ExitCode::SUCCESS)
}

fn change(arguments: &UdevRulesArguments, json: bool) -> Result<ExitCode, Failure> {
    let system = System::this();
    if !User::current(&system).is_some_and(|user| user.is_root()) {
        return Err(Failure::new("only root can change the computer's udev rules")
            .with_help("put `sudo` in front of the command"));
    }
    let done = if arguments.install {
        let user = arguments.user.clone().or_else(|| std::env::var("SUDO_USER").ok());
        install::install(&system, user.as_deref().filter(|name| *name != "root"))
    } else {
        install::uninstall(&system)
    };
    let done = done.map_err(|error| Failure::io("udev rules", &error))?;
    if json {
        outln!("{}", json!({ "done": done }));
    } else {
        done.iter().for_each(|line| outln!("{line}"));
    }
    Ok(ExitCode::SUCCESS)
}
