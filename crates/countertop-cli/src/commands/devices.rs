//! `countertop devices`: what is attached, without sending a byte.

use std::process::ExitCode;

use countertop_device::Access;
use serde::Serialize;

use crate::failure::Failure;

#[derive(Serialize)]
struct Found {
    driver: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    devices: Option<Vec<countertop_device::Listing>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
}

/// Lists what each driver sees.
pub(crate) fn run(json: bool) -> Result<ExitCode, Failure> {
    let found: Vec<Found> = countertop::registry()
        .list()
        .into_iter()
        .map(|(driver, listed)| match listed {
            Ok(devices) => Found { driver, devices: Some(devices), error: None, help: None },
            Err(error) => Found {
                driver,
                devices: None,
                help: error.help().map(String::from),
                error: Some(error.to_string()),
            },
        })
        .collect();
    if json {
        let text =
            serde_json::to_string(&found).map_err(|error| Failure::new(error.to_string()))?;
        outln!("{text}");
    } else {
        show(&found);
    }
    Ok(ExitCode::SUCCESS)
}

fn show(found: &[Found]) {
    for found in found {
        for listing in found.devices.iter().flatten() {
            let access = match listing.access {
                Access::Accessible => "",
                Access::PermissionDenied => "  (permission denied: `make install-udev`)",
                _ => "  (held by a kernel driver)",
            };
            let info = &listing.info;
            outln!("{:<16} {}  {}{access}", found.driver, info.selector, info.model);
        }
        if let Some(error) = &found.error {
            outln!("{:<16} {error}", found.driver);
            if let Some(help) = &found.help {
                outln!("{:<16} cure: {help}", "");
            }
        }
    }
    outln!("serial lines and network printers are not probed: name them in the configuration");
}
