//! Configuration of devices.

use super::*;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    devices: DevicesConfig,
}

fn parse(text: &str) -> Result<File, ConfigError> {
    parse_config("countertop.toml", text)
}

#[test]
fn settings_follow_driver_and_selector() {
    let file = parse(
        "[devices.receipt-printer]\ndriver = \"escpos\"\nat = \"tcp:printer:9100\"\n\
         columns = 48\nchinese = true\nflow = \"none\"\n",
    )
    .unwrap();
    let printer = file.devices.get(Role::ReceiptPrinter).unwrap();
    assert_eq!(printer.name(), "tcp:printer:9100");
    assert_eq!(printer.settings.text("columns"), Some("48"));
    assert_eq!(printer.settings.text("chinese"), Some("true"));
}

#[test]
fn an_identity_stands_in_for_an_address() {
    let file = parse("[devices.chip]\ndriver = \"pcsc\"\nidentity = \"name-0123\"\n").unwrap();
    let chip = file.devices.get(Role::Chip).unwrap();
    assert_eq!(chip.identity.as_ref().unwrap().to_string(), "name-0123");
    assert_eq!((chip.at.as_ref(), chip.name().as_str()), (None, "name-0123"));
    assert_eq!(chip.settings.keys().count(), 0);
}

#[test]
fn errors_name_file_line_and_key() {
    for (text, shown) in [
        (
            "[devices.chip]\ndriver = \"pcsc\"\nat = \"usb\"\n",
            "countertop.toml: line 3: devices.chip.at: `usb` is no selector",
        ),
        (
            "[devices.chip]\ndriver = \"pcsc\"\nidentity = \"pcsc:ACS\"\n",
            "countertop.toml: line 3: devices.chip.identity: `pcsc:ACS` is a selector: write it as",
        ),
        (
            "[devices.chip]\ndriver = \"pcsc\"\nidentity = \"\"\n",
            "countertop.toml: line 3: devices.chip.identity: the identity is empty",
        ),
        (
            "\n[devices.chip]\ndriver = \"pcsc\"\n",
            "countertop.toml: line 2: devices.chip: `at` or `identity` has to say which device",
        ),
        (
            "\n[devices.toaster]\ndriver = \"x\"\nat = \"virtual:x\"\n",
            "countertop.toml: line 2: devices: there is no role `toaster`; the roles are ",
        ),
        ("a = [\n", "countertop.toml: line 1: (file): "),
        ("[device]\n", "countertop.toml: line 1: device: unknown field `device`"),
        (
            "[devices.chip]\ndriver = 4\n",
            "countertop.toml: line 2: devices.chip.driver: invalid type: integer `4`",
        ),
    ] {
        let error = parse(text).unwrap_err().to_string();
        assert!(error.starts_with(shown), "{text}\n{error}");
    }
}
