//! Writing a role's device into the configuration file.

use core::ops::Range;

use countertop_device::{Identity, Selector};
use toml_edit::{Document, DocumentMut, Item, Table, TableLike, TomlError, value};

use super::ConfigError;
use super::parse::line_of;
use crate::Role;

/// Says which device is assigned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// The device with this identity, or at this place.
    Identity(Identity),
    /// The device at this address: for what has no identity, such as a network printer.
    At(Selector),
}

/// Assigns a device to a role in the text of a configuration file, and returns the new text.
///
/// Comments, order, and the settings of the role's table stay as they are; `driver` and which device
/// it is are replaced. `file` is the file's name, for errors.
///
/// # Errors
///
/// When the text is no TOML, or `devices` in it is no table of tables.
pub fn assign(
    file: &str,
    text: &str,
    role: Role,
    driver: &str,
    which: &Which,
) -> Result<String, ConfigError> {
    let parsed = Document::parse(text).map_err(|error| no_toml(file, text, &error))?;
    check(&parsed, role).map_err(|(key, span)| no_table(file, text, key, span))?;
    let mut document = parsed.into_mut();
    let Some(device) = device_table(&mut document, role) else { return Ok(text.into()) };
    set(device, "driver", driver);
    let (key, other, text) = match which {
        Which::Identity(identity) => ("identity", "at", identity.to_string()),
        Which::At(selector) => ("at", "identity", selector.to_string()),
    };
    // The other one named the device that was here before.
    device.remove(other);
    set(device, key, &text);
    Ok(document.to_string())
}

type Span = Option<Range<usize>>;

/// Only what is parsed and not yet changed knows where it stands in the text.
fn check(document: &Document<&str>, role: Role) -> Result<(), (String, Span)> {
    let Some(devices) = document.get("devices") else { return Ok(()) };
    let tables = devices.as_table_like().ok_or_else(|| ("devices".to_owned(), devices.span()))?;
    match tables.get(role.name()) {
        Some(device) if !device.is_table_like() => Err((format!("devices.{role}"), device.span())),
        _ => Ok(()),
    }
}

fn device_table(document: &mut DocumentMut, role: Role) -> Option<&mut dyn TableLike> {
    let mut implicit = Table::new();
    implicit.set_implicit(true);
    let devices = document.entry("devices").or_insert(Item::Table(implicit)).as_table_like_mut()?;
    devices.entry(role.name()).or_insert_with(toml_edit::table).as_table_like_mut()
}

/// Replaces a value and keeps the comment behind it.
fn set(table: &mut dyn TableLike, key: &str, text: &str) {
    let mut new = value(text);
    if let (Some(old), Some(new)) = (table.get(key).and_then(Item::as_value), new.as_value_mut()) {
        *new.decor_mut() = old.decor().clone();
    }
    table.insert(key, new);
}

fn no_toml(file: &str, text: &str, error: &TomlError) -> ConfigError {
    ConfigError {
        file: file.into(),
        line: error.span().map_or(1, |span| line_of(text, span.start)),
        key: "(file)".into(),
        message: error.message().lines().next().unwrap_or("cannot be read").into(),
    }
}

fn no_table(file: &str, text: &str, key: String, span: Span) -> ConfigError {
    ConfigError {
        file: file.into(),
        line: span.map_or(1, |span| line_of(text, span.start)),
        key,
        message: "is no table of devices".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDENTITY: &str = "04b8:0e15-s-6e0b2d9f4c3a1180";

    fn printer(text: &str) -> String {
        let which = Which::Identity(Identity(IDENTITY.into()));
        assign("countertop.toml", text, Role::ReceiptPrinter, "escpos", &which).unwrap()
    }

    #[test]
    fn an_empty_file_gets_a_table() {
        let expected =
            format!("[devices.receipt-printer]\ndriver = \"escpos\"\nidentity = \"{IDENTITY}\"\n");
        assert_eq!(printer(""), expected);
    }

    #[test]
    fn comments_order_and_settings_stay() {
        let text = "# our shop\n[terminal]\nlines = 3 # three\n\n\
                    [devices.receipt-printer] # under the counter\nat = \"tcp:printer:9100\"\n\
                    driver = \"other\" # the old one\ncolumns = 48\n\n\
                    [devices.chip]\ndriver = \"pcsc\"\nat = \"pcsc:ACS\"\n";
        let expected = format!(
            "# our shop\n[terminal]\nlines = 3 # three\n\n\
             [devices.receipt-printer] # under the counter\n\
             driver = \"escpos\" # the old one\ncolumns = 48\nidentity = \"{IDENTITY}\"\n\n\
             [devices.chip]\ndriver = \"pcsc\"\nat = \"pcsc:ACS\"\n"
        );
        assert_eq!(printer(text), expected);
        assert_eq!(printer(&expected), expected, "a second time changes nothing");
    }

    #[test]
    fn inline_and_dotted_tables_are_understood() {
        for text in [
            "devices = { receipt-printer = { driver = \"x\", at = \"virtual:x\" } }\n",
            "[devices]\nreceipt-printer = { driver = \"x\", at = \"virtual:x\" }\n",
            "devices.receipt-printer.driver = \"x\"\ndevices.receipt-printer.at = \"virtual:x\"\n",
        ] {
            let text = printer(text);
            let parsed: toml::Table = text.parse().unwrap();
            let printer = parsed["devices"]["receipt-printer"].as_table().unwrap();
            assert_eq!(printer["identity"].as_str(), Some(IDENTITY), "{text}");
            assert!(!printer.contains_key("at"), "{text}");
        }
    }

    #[test]
    fn an_address_replaces_an_identity() {
        let which = Which::At("tcp:printer:9100".parse().unwrap());
        let text = printer("");
        let text = assign("x.toml", &text, Role::ReceiptPrinter, "escpos", &which).unwrap();
        assert_eq!(
            text,
            "[devices.receipt-printer]\ndriver = \"escpos\"\nat = \"tcp:printer:9100\"\n"
        );
    }

    #[test]
    fn errors_name_file_line_and_key() {
        let which = Which::Identity(Identity(IDENTITY.into()));
        for (text, shown) in [
            ("\na = [", "x.toml: line 2: (file): "),
            ("\ndevices = 3\n", "x.toml: line 2: devices: is no table of devices"),
            ("[devices]\nchip = 3\n", "x.toml: line 2: devices.chip: is no table of devices"),
        ] {
            let error = assign("x.toml", text, Role::Chip, "pcsc", &which).unwrap_err().to_string();
            assert!(error.starts_with(shown), "{error}");
        }
    }
}
