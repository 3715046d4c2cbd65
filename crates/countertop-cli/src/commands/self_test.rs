//! `countertop self-test`: the health of every configured device.

use std::process::ExitCode;

use countertop_device::Health;
use countertop_hub::{Devices, SelfTestLine};

use crate::args::ConfigArguments;
use crate::config::Config;
use crate::counter::VirtualCounter;
use crate::failure::Failure;

/// Tests and prints a table; fails when a device is unwell.
pub(crate) async fn run(arguments: &ConfigArguments, json: bool) -> Result<ExitCode, Failure> {
    let counter = match &arguments.config {
        Some(_) => None,
        None => Some(VirtualCounter::raise(None).await?),
    };
    let config = match (&arguments.config, &counter) {
        (Some(path), _) => Config::read(path)?,
        (None, Some(counter)) => counter.config.clone(),
        (None, None) => Config::default(),
    };
    let mut devices = Devices::from_config(&countertop::registry(), &config.devices);
    let lines = devices.self_test().await;
    if json {
        let text =
            serde_json::to_string(&lines).map_err(|error| Failure::new(error.to_string()))?;
        outln!("{text}");
    } else {
        outln!("{}", table(&lines).trim_end());
    }
    let well = lines.iter().all(|line| line.report.health != Health::Bad);
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Returns the lines as a table.
pub(crate) fn table(lines: &[SelfTestLine]) -> String {
    let mut text = String::new();
    for line in lines {
        let verdict = match line.report.health {
            Health::Good => "good",
            Health::Warning => "look",
            Health::Bad => "BAD",
        };
        let model = line.model.as_deref().unwrap_or("-");
        let role = line.role.name();
        text.push_str(&format!("{role:<16} {verdict:<5} {model:<28} {}\n", line.report.text));
        if let Some(help) = &line.help {
            text.push_str(&format!("{:<22} cure: {help}\n", ""));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use countertop_device::HealthReport;
    use countertop_hub::Role;

    use super::*;

    #[test]
    fn a_device_that_is_unwell_stands_out_with_its_cure() {
        let lines = [SelfTestLine {
            role: Role::Chip,
            model: None,
            report: HealthReport::new(Health::Bad, "pcsc: open: service not running"),
            help: Some("start pcscd".into()),
        }];
        let table = table(&lines);
        assert!(table.contains("chip             BAD   -"), "{table}");
        assert!(table.contains("cure: start pcscd"), "{table}");
    }
}
