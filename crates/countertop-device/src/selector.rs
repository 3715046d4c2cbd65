//! Selectors: which device is meant.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

/// Names a device in one line of text.
///
/// | form | means |
/// |---|---|
/// | `usb:VID:PID[:SERIAL]` | a USB device by hexadecimal vendor and product, optionally its serial number |
/// | `serial:/dev/ttyUSB0` | a serial line |
/// | `hidraw:/dev/hidraw0` | a HID device, raw reports |
/// | `evdev:/dev/input/event3` | an input device, key events |
/// | `pcsc:NAME` | the PC/SC reader whose name starts with NAME |
/// | `nfc:CONNSTRING` | a libnfc connection string |
/// | `tcp:HOST:PORT` | a TCP endpoint; IPv6 hosts in square brackets |
/// | `usblp:/dev/usb/lp0` | a USB printer through the kernel's driver |
/// | `file:/tmp/receipt.bin` | a file, to which is written and from which nothing comes |
/// | `virtual:NAME` | a virtual device in this process |
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[non_exhaustive]
pub enum Selector {
    /// An input device node of the kernel.
    Evdev(String),
    /// A file that takes what is printed.
    File(String),
    /// A raw HID device node of the kernel.
    Hidraw(String),
    /// A libnfc connection string, such as `pn532_uart:/dev/ttyUSB0:115200`.
    Nfc(String),
    /// A PC/SC reader by the beginning of its name.
    Pcsc(String),
    /// A serial line's device node.
    Serial(String),
    /// A TCP endpoint.
    Tcp {
        /// Host name or address, without brackets.
        host: String,
        /// Port.
        port: u16,
    },
    /// A USB device.
    Usb {
        /// Vendor (idVendor).
        vendor: u16,
        /// Product (idProduct).
        product: u16,
        /// Serial number (iSerialNumber), where it is needed to tell twins apart.
        serial: Option<String>,
    },
    /// A USB printer's node of the kernel's driver usblp.
    Usblp(String),
    /// A virtual device in this process.
    Virtual(String),
}

/// Says why a text is no selector.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no selector: {reason}")]
pub struct ParseSelectorError {
    text: String,
    reason: &'static str,
}

const KINDS: &str =
    "it starts with none of usb: serial: hidraw: evdev: pcsc: nfc: tcp: usblp: file: virtual:";

impl FromStr for Selector {
    type Err = ParseSelectorError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).map_err(|reason| ParseSelectorError { text: text.into(), reason })
    }
}

fn parse(text: &str) -> Result<Selector, &'static str> {
    let (kind, rest) = text.split_once(':').ok_or(KINDS)?;
    if rest.is_empty() {
        return Err("nothing follows the colon");
    }
    match kind {
        "evdev" => Ok(Selector::Evdev(rest.into())),
        "file" => Ok(Selector::File(rest.into())),
        "hidraw" => Ok(Selector::Hidraw(rest.into())),
        "nfc" => Ok(Selector::Nfc(rest.into())),
        "pcsc" => Ok(Selector::Pcsc(rest.into())),
        "serial" => Ok(Selector::Serial(rest.into())),
        "tcp" => parse_tcp(rest),
        "usb" => parse_usb(rest),
        "usblp" => Ok(Selector::Usblp(rest.into())),
        "virtual" => Ok(Selector::Virtual(rest.into())),
        _ => Err(KINDS),
    }
}

fn parse_tcp(rest: &str) -> Result<Selector, &'static str> {
    let (host, port) = rest.rsplit_once(':').ok_or("tcp: takes HOST:PORT")?;
    let port = port.parse().map_err(|_| "the port is no number from 0 to 65535")?;
    let bracketed = host.strip_prefix('[').and_then(|inner| inner.strip_suffix(']'));
    let host = match bracketed {
        Some(inner) => inner,
        None if host.contains(':') => return Err("an IPv6 host takes square brackets"),
        None => host,
    };
    if host.is_empty() {
        return Err("the host is missing");
    }
    Ok(Selector::Tcp { host: host.into(), port })
}

fn parse_usb(rest: &str) -> Result<Selector, &'static str> {
    let mut parts = rest.splitn(3, ':');
    let vendor = hex16(parts.next())?;
    let product = hex16(parts.next())?;
    let serial = parts.next().map(String::from);
    if serial.as_deref() == Some("") {
        return Err("the serial number is empty");
    }
    Ok(Selector::Usb { vendor, product, serial })
}

fn hex16(part: Option<&str>) -> Result<u16, &'static str> {
    const FORM: &str = "usb: takes VID:PID[:SERIAL] with four hexadecimal digits each";
    let digits = part.ok_or(FORM)?;
    if digits.len() != 4 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(FORM);
    }
    u16::from_str_radix(digits, 16).map_err(|_| FORM)
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Evdev(path) => write!(f, "evdev:{path}"),
            Self::File(path) => write!(f, "file:{path}"),
            Self::Hidraw(path) => write!(f, "hidraw:{path}"),
            Self::Nfc(connstring) => write!(f, "nfc:{connstring}"),
            Self::Pcsc(name) => write!(f, "pcsc:{name}"),
            Self::Serial(path) => write!(f, "serial:{path}"),
            Self::Tcp { host, port } if host.contains(':') => write!(f, "tcp:[{host}]:{port}"),
            Self::Tcp { host, port } => write!(f, "tcp:{host}:{port}"),
            Self::Usb { vendor, product, serial: None } => {
                write!(f, "usb:{vendor:04x}:{product:04x}")
            }
            Self::Usb { vendor, product, serial: Some(serial) } => {
                write!(f, "usb:{vendor:04x}:{product:04x}:{serial}")
            }
            Self::Usblp(path) => write!(f, "usblp:{path}"),
            Self::Virtual(name) => write!(f, "virtual:{name}"),
        }
    }
}

impl TryFrom<String> for Selector {
    type Error = ParseSelectorError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Selector> for String {
    fn from(selector: Selector) -> Self {
        selector.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_round_trips() {
        for text in [
            "usb:04b8:0202",
            "usb:0801:0011:B0:12",
            "serial:/dev/ttyUSB0",
            "file:/tmp/receipt.bin",
            "hidraw:/dev/hidraw3",
            "evdev:/dev/input/event7",
            "pcsc:ACS ACR39U ICC Reader 00 00",
            "nfc:pn532_uart:/dev/ttyUSB0:115200",
            "usblp:/dev/usb/lp0",
            "tcp:printer.local:9100",
            "tcp:[::1]:9100",
            "virtual:counter",
        ] {
            let selector: Selector = text.parse().unwrap();
            assert_eq!(selector.to_string(), text);
            let json = serde_json::to_string(&selector).unwrap();
            assert_eq!(serde_json::from_str::<Selector>(&json).unwrap(), selector);
        }
    }

    #[test]
    fn bad_text_names_the_fault() {
        for (text, reason) in [
            ("", KINDS),
            ("ttyUSB0", KINDS),
            ("bluetooth:1", KINDS),
            ("serial:", "nothing follows the colon"),
            ("usb:4b8:0202", "usb: takes VID:PID[:SERIAL] with four hexadecimal digits each"),
            ("usb:04b8", "usb: takes VID:PID[:SERIAL] with four hexadecimal digits each"),
            ("usb:+4b8:0202", "usb: takes VID:PID[:SERIAL] with four hexadecimal digits each"),
            ("usb:04b8:0202:", "the serial number is empty"),
            ("tcp:host", "tcp: takes HOST:PORT"),
            ("tcp:host:99999", "the port is no number from 0 to 65535"),
            ("tcp:::1:9100", "an IPv6 host takes square brackets"),
            ("tcp::9100", "the host is missing"),
        ] {
            let error = text.parse::<Selector>().unwrap_err();
            assert_eq!(error.to_string(), format!("`{text}` is no selector: {reason}"));
        }
    }
}
