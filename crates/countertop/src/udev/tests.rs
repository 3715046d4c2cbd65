use countertop_device::{NodeKind, UsbModel};

use super::{modprobe, rules};

const ADAPTER: UsbModel = UsbModel::new(0x0403, 0x6001, "FTDI", NodeKind::Serial);
const HEAD: UsbModel = UsbModel::new(0x0801, 0x000a, "MagTek", NodeKind::Hidraw);
const WEDGE: UsbModel = UsbModel::new(0x05e0, 0x1200, "Wedge", NodeKind::Evdev);
const NFC: UsbModel = UsbModel::new(0x04e6, 0x5591, "SCM", NodeKind::Usb).with_rival("pn533_usb");
const PRINTER: UsbModel = UsbModel::new(0x04b8, 0x0e15, "Epson", NodeKind::Usblp);
const ALL: [(&str, &UsbModel); 6] = [
    ("msr605", &ADAPTER),
    ("serial-scanner", &ADAPTER),
    ("magtek", &HEAD),
    ("wedge", &WEDGE),
    ("libnfc", &NFC),
    ("escpos", &PRINTER),
];

/// Returns the one rule that begins with `start`.
fn rule<'t>(text: &'t str, start: &str) -> &'t str {
    let mut found = text.lines().filter(|line| line.starts_with(start));
    let rule = found.next().unwrap_or_else(|| panic!("no rule {start} in\n{text}"));
    assert_eq!(found.next(), None);
    rule
}

#[test]
fn each_node_is_matched_by_what_the_kernel_shows_of_it() {
    let text = rules(ALL);
    for (start, link) in [
        (r#"KERNELS=="*:0801:000A.*", "#, "magtek"),
        (r#"ATTRS{id/vendor}=="05e0", ATTRS{id/product}=="1200", "#, "wedge"),
        (r#"ATTR{idVendor}=="04e6", ATTR{idProduct}=="5591", "#, "libnfc"),
        (r#"ATTRS{idVendor}=="04b8", ATTRS{idProduct}=="0e15", "#, "escpos-lp"),
    ] {
        let rest = rule(&text, start).strip_prefix(start).unwrap();
        let given = r#"GROUP="countertop", MODE="0660", TAG+="uaccess", ENV{.COUNTERTOP_LINK}="#;
        assert_eq!(rest, format!("{given}\"{link}\""));
    }
}

#[test]
fn a_serial_line_is_no_modem_and_belongs_to_no_driver_alone() {
    let text = rules(ALL);
    let line = rule(&text, r#"ATTRS{idVendor}=="0403", "#);
    assert!(line.contains(r#"ENV{.COUNTERTOP_LINK}="serial""#), "{line}");
    assert!(line.ends_with(r#"ENV{ID_MM_DEVICE_IGNORE}="1", ENV{ID_MM_PORT_IGNORE}="1""#));
    let device = rule(&text, r#"ATTR{idVendor}=="0403", "#);
    assert!(device.ends_with(r#", ENV{ID_MM_DEVICE_IGNORE}="1""#), "{device}");
    assert!(!device.contains("GROUP"), "the whole adapter is nobody's business: {device}");
}

#[test]
fn nothing_is_world_writable_and_no_rule_is_without_a_model() {
    let text = rules(ALL);
    for line in text.lines().filter(|line| line.contains("MODE=")) {
        assert!(line.contains(r#"MODE="0660""#), "{line}");
        let model = ["idVendor", "KERNELS", "id/vendor"].iter().any(|it| line.contains(it));
        assert!(model, "{line}");
    }
    assert_eq!(text.matches("MODE=").count(), 5);
}

#[test]
fn jumps_have_their_labels_further_down() {
    for models in [&ALL[..], &ALL[..1], &ALL[2..3], &[]] {
        let text = rules(models.iter().copied());
        for (at, _) in text.match_indices("GOTO=\"") {
            let label = text[at + 6..].split('"').next().unwrap();
            let place = text.find(&format!("LABEL=\"{label}\""));
            assert!(place.is_some_and(|place| place > at), "{label} in\n{text}");
        }
    }
}

#[test]
fn rivals_are_kept_away_with_what_they_stand_on() {
    let text = modprobe(ALL);
    let lines: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(lines, ["", "blacklist pn533_usb", "blacklist pn533"]);
    assert!(text.contains("# SCM\n"), "{text}");
}
