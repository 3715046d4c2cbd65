//! Following what comes and goes.

use std::process::ExitCode;

use countertop_device::{DeviceEvent, DeviceInfo, SequencedEvent};
use countertop_hub::{Hub, HubEvent, Role, Subscription};

use crate::commands::printable;
use crate::failure::Failure;

/// Prints each event as it comes, until interrupted. It sleeps meanwhile.
pub(super) async fn run(hub: &Hub, json: bool) -> Result<ExitCode, Failure> {
    tokio::select! {
        ended = follow(hub.events().subscribe(0), json) => ended,
        ended = hub.watch() => match ended { Err(error) => Err(error.into()) },
        _ = tokio::signal::ctrl_c() => Ok(ExitCode::SUCCESS),
    }
}

async fn follow(mut events: Subscription<HubEvent>, json: bool) -> Result<ExitCode, Failure> {
    loop {
        match events.next().await {
            Ok(event) => print(&event, json)?,
            Err(missed) => tracing::warn!("{missed}"),
        }
    }
}

fn print(event: &SequencedEvent<HubEvent>, json: bool) -> Result<(), Failure> {
    if json {
        let text = serde_json::to_string(event).map_err(|error| Failure::new(error.to_string()))?;
        outln!("{text}");
    } else {
        outln!("{}", printable(&line(&event.event)));
    }
    Ok(())
}

fn line(event: &HubEvent) -> String {
    let of = |mark: &str, info: &DeviceInfo| {
        let role = event.role.map_or_else(String::new, |role: Role| format!("  ({role})"));
        format!("{mark} {}  {}  {}{role}", info.driver, info.selector, info.model)
    };
    match &event.event {
        DeviceEvent::Arrived(info) => of("+", info),
        DeviceEvent::Departed(info) => of("-", info),
        DeviceEvent::Resumed => "* the computer woke up".to_owned(),
        other => match other.info() {
            Some(info) => of("*", info),
            None => format!("* {other:?}"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_event_is_a_line() {
        let info = DeviceInfo::new("hidraw:/dev/hidraw0".parse().unwrap(), "magtek", "MagTek");
        let arrived = HubEvent::new(Some(Role::Stripe), DeviceEvent::Arrived(info.clone()));
        assert_eq!(line(&arrived), "+ magtek  hidraw:/dev/hidraw0  MagTek  (stripe)");
        let departed = HubEvent::new(None, DeviceEvent::Departed(info));
        assert_eq!(line(&departed), "- magtek  hidraw:/dev/hidraw0  MagTek");
        let resumed = HubEvent::new(None, DeviceEvent::Resumed);
        assert_eq!(line(&resumed), "* the computer woke up");
    }
}
