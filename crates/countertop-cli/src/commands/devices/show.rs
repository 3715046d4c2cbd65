//! Devices as text for people.

use countertop_device::Access;

use super::device::{Device, Unlisted};
use super::lookalike::Lookalike;
use crate::system::{Node, Process, Right};

/// Returns a paragraph for each device, then what else is attached, then what could not be listed.
pub(super) fn text(devices: &[Device], unknown: &[Lookalike], errors: &[Unlisted]) -> String {
    let mut text = String::new();
    for device in devices {
        text.push_str(&paragraph(device));
        text.push('\n');
    }
    for it in unknown {
        text.push_str(&format!("{} (usb {}): no driver\n", it.name, it.id));
        text.push_str(&line("looks like", it.looks_like));
        text.push_str(&line("hint", &it.hint));
        text.push('\n');
    }
    for error in errors {
        text.push_str(&format!("driver {} cannot list: {}\n", error.driver, error.error));
        if let Some(help) = &error.help {
            text.push_str(&line("cure", help));
        }
        text.push('\n');
    }
    if devices.is_empty() {
        text.push_str("no driver sees a device\n");
    }
    text + "network printers and serial ports of the board are not listed: name them in the configuration\n"
}

fn paragraph(device: &Device) -> String {
    let mut text = format!("{}\n", device.model);
    text.push_str(&line("at", &device.selector.to_string()));
    if let Some(identity) = &device.identity {
        text.push_str(&line("identity", &identity.0));
    }
    if let Some(place) =
        device.place.as_ref().filter(|place| Some(*place) != device.identity.as_ref())
    {
        text.push_str(&line("place", &place.0));
    }
    text.push_str(&line("driver", &device.drivers.join(", ")));
    text.push_str(&line("role", device.role.map_or("none", |role| role.name())));
    if let Some(node) = &device.node {
        text.push_str(&line("node", &owners(node)));
    }
    text.push_str(&line("you", verdict(device)));
    if !device.held_by.is_empty() {
        let holders: Vec<_> = device.held_by.iter().map(Process::to_string).collect();
        text.push_str(&line("held by", &holders.join(", ")));
    }
    text
}

fn line(key: &str, value: &str) -> String {
    format!("    {key:<10} {value}\n")
}

fn owners(node: &Node) -> String {
    let also = match node.also.as_slice() {
        [] => String::new(),
        users => format!(", and {}", users.join(", ")),
    };
    format!("{}  {} {}:{}{also}", node.path, node.mode, node.owner, node.group)
}

fn verdict(device: &Device) -> &'static str {
    match (device.access, device.right) {
        (Access::TakenByKernelDriver, _) => {
            "may not: a driver of the kernel holds it; `countertop doctor` has the cure"
        }
        (Access::PermissionDenied, Some(Right::Group)) => {
            "may not yet: sign out and in again, so that the group counts"
        }
        (Access::PermissionDenied, _) | (_, Some(Right::None)) => {
            "may not: `countertop doctor` says why and has the cure"
        }
        (_, Some(Right::Root)) => "may open it, as root",
        (_, Some(Right::Owner)) => "may open it, as the owner",
        (_, Some(Right::Acl)) => "may open it, while you sit at the screen",
        (_, Some(Right::Group)) => "may open it, by the group",
        (_, Some(Right::Everybody)) => "may open it, as everybody: that is more than it should be",
        (_, None) => "may open it",
    }
}

#[cfg(test)]
mod tests {
    use countertop_device::Identity;
    use countertop_hub::Role;

    use super::*;

    fn device() -> Device {
        Device {
            model: "Epson TM-T20II".into(),
            selector: "usb:04b8:0e15".parse().unwrap(),
            identity: Some(Identity("04b8:0e15-s-1".into())),
            place: Some(Identity("04b8:0e15-p-2".into())),
            drivers: vec!["escpos".into()],
            role: Some(Role::ReceiptPrinter),
            access: Access::Accessible,
            node: None,
            right: Some(Right::Group),
            held_by: vec![Process { id: 7, name: "cupsd".into() }],
        }
    }

    #[test]
    fn a_device_is_a_paragraph() {
        let text = text(&[device()], &[], &[]);
        let expected = "Epson TM-T20II\n    at         usb:04b8:0e15\n    \
            identity   04b8:0e15-s-1\n    place      04b8:0e15-p-2\n    driver     escpos\n    \
            role       receipt-printer\n    you        may open it, by the group\n    \
            held by    cupsd (process 7)\n";
        assert!(text.starts_with(expected), "{text}");
    }

    #[test]
    fn who_may_not_is_told_the_cure() {
        let denied = |right| Device { access: Access::PermissionDenied, right, ..device() };
        assert!(verdict(&denied(Some(Right::None))).contains("countertop doctor"));
        assert!(verdict(&denied(Some(Right::Group))).contains("sign out"));
        let taken = Device { access: Access::TakenByKernelDriver, ..device() };
        assert!(verdict(&taken).contains("driver of the kernel"));
    }

    #[test]
    fn strangers_and_failures_follow() {
        let unknown = Lookalike {
            name: "ACME".into(),
            id: "1111:0001".into(),
            looks_like: "printer",
            hint: "try it".into(),
        };
        let error =
            Unlisted { driver: "pcsc", error: "gone".into(), help: Some("start it".into()) };
        let text = text(&[], &[unknown], &[error]);
        assert!(
            text.contains("ACME (usb 1111:0001): no driver\n    looks like printer\n"),
            "{text}"
        );
        assert!(
            text.contains("driver pcsc cannot list: gone\n    cure       start it\n"),
            "{text}"
        );
        assert!(text.contains("no driver sees a device"), "{text}");
    }
}
