use countertop_device::{DeviceErrorKind, Settings};
use evdev::{EventType, InputEvent};

use super::stream::kind_of;
use crate::input::{Axis, InputKind, Key, KeyAction};

use super::*;

/// Makes a device such as the kernel and udev would.
fn add(root: &Path, entry: &str, files: &[(&str, &str)]) {
    let device = root.join("class").join(entry).join("device");
    for folder in ["id", "capabilities"] {
        fs::create_dir_all(device.join(folder)).unwrap();
    }
    for (file, text) in files {
        fs::write(device.join(file), format!("{text}\n")).unwrap();
    }
    fs::create_dir_all(root.join("dev")).unwrap();
    fs::write(root.join("dev").join(entry), "").unwrap();
}

fn listed(root: &Path) -> Vec<EvdevDevice> {
    list_in(&root.join("class"), &root.join("dev")).unwrap()
}

const SCANNER: [(&str, &str); 6] = [
    ("name", "Honeywell Imaging & Mobility 1900"),
    ("phys", "usb-0000:00:14.0-3/input0"),
    ("uniq", "13215B1034"),
    ("id/vendor", "0c2e"),
    ("id/product", "0901"),
    ("capabilities/ev", "120013"),
];

#[test]
fn lists_what_the_kernel_shows() {
    let root = tempfile::tempdir().unwrap();
    add(root.path(), "event10", &SCANNER);
    let lid = [("name", "Lid Switch"), ("uniq", ""), ("phys", ""), ("capabilities/ev", "21")];
    add(root.path(), "event2", &lid);
    add(root.path(), "event2", &[("id/vendor", "0000"), ("id/product", "0005")]);
    add(root.path(), "mouse0", &SCANNER);
    let devices = listed(root.path());
    assert_eq!(devices.len(), 2);
    assert_eq!((devices[0].name.as_str(), devices[0].has_keys), ("Lid Switch", false));
    assert_eq!(devices[0].identity, None);
    let scanner = &devices[1];
    let node = root.path().join("dev/event10").display().to_string();
    assert_eq!(scanner.selector, Selector::Evdev(node));
    assert_eq!((scanner.vendor, scanner.product), (0x0c2e, 0x0901));
    let identity = Identity::from_serial_number(0x0c2e, 0x0901, "13215B1034");
    assert_eq!(scanner.identity, Some(identity));
    let place = Identity::from_place(0x0c2e, 0x0901, "usb-0000:00:14.0-3/input0");
    assert_eq!(scanner.place, Some(place));
    assert_eq!(scanner.listing("wedge-scanner", "Xenon").info.place, scanner.place);
    assert_eq!((scanner.has_keys, scanner.access), (true, Access::Accessible));
}

#[test]
fn passes_over_what_is_half_there() {
    let whole = tempfile::tempdir().unwrap();
    add(whole.path(), "event0", &SCANNER);
    assert_eq!(listed(whole.path()).len(), 1);
    for missing in ["name", "id/vendor", "id/product", "capabilities/ev"] {
        let root = tempfile::tempdir().unwrap();
        let files: Vec<_> = SCANNER.into_iter().filter(|(file, _)| *file != missing).collect();
        add(root.path(), "event0", &files);
        assert_eq!(listed(root.path()), [], "without {missing}");
    }
    fs::remove_file(whole.path().join("dev/event0")).unwrap();
    assert_eq!(listed(whole.path()), []);
    list().unwrap();
}

#[test]
fn types_are_bits_of_the_lowest_word() {
    for (types, keys) in [("3", true), ("1 0", false), ("0 2", true), ("", false), ("x", false)] {
        assert_eq!(has_type(types, EventType::KEY), keys, "{types}");
    }
    assert!(has_type("b", EventType::ABSOLUTE));
}

#[test]
fn events_have_kinds() {
    let kind = |kind: EventType, code, value| kind_of(InputEvent::new(kind.0, code, value));
    for (value, action) in
        [(0, KeyAction::Released), (1, KeyAction::Pressed), (2, KeyAction::Repeated)]
    {
        let key = InputKind::Key(Key { code: 2, action });
        assert_eq!(kind(EventType::KEY, 2, value), Some(key));
    }
    assert_eq!(kind(EventType::KEY, 2, 3), None);
    assert_eq!(kind(EventType::RELATIVE, 2, 1), None);
    let axis = InputKind::Axis(Axis { code: 1, value: -4 });
    assert_eq!(kind(EventType::ABSOLUTE, 1, -4), Some(axis));
    assert_eq!(kind(EventType::SYNCHRONIZATION, 0, 0), Some(InputKind::Report));
    assert_eq!(kind(EventType::SYNCHRONIZATION, 3, 0), Some(InputKind::Dropped));
}

#[tokio::test]
async fn says_what_cannot_be_opened() {
    let settings = Settings::new();
    let error = open("/dev/input/none", &settings).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::NotFound);
    assert!(error.to_string().starts_with("evdev:/dev/input/none: open: "), "{error}");
    let error = open("/dev/null", &settings).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::InvalidInput);
    let error = open("/dev/null", &settings.with("grab_ms", "soon")).await.unwrap_err();
    assert!(error.to_string().contains("grab_ms"), "{error}");
}

#[test]
fn selectors_of_other_kinds_are_refused() {
    let kind = |text: &str| find(&text.parse().unwrap(), |_| true).unwrap_err().kind();
    assert_eq!(kind("tcp:localhost:1"), DeviceErrorKind::InvalidInput);
    assert_eq!(kind("usb:0000:0000:none"), DeviceErrorKind::NotFound);
    assert_eq!(kind("evdev:/dev/input/none"), DeviceErrorKind::NotFound);
}
