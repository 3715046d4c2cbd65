//! Arguments of the virtual devices.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use countertop_virtual::printer::Fault;

use super::ModelArguments;

#[derive(Debug, Subcommand)]
pub(crate) enum VirtualCommand {
    /// An acquirer's host over TCP.
    #[command(after_help = "Example: countertop virtual acquirer --tcp 8583")]
    Acquirer(AcquirerArguments),
    /// A payment card in the virtual reader vpcd.
    #[command(
        after_help = "Example: countertop virtual card --profile examples/cards/visa-offline.toml"
    )]
    Card(CardArguments),
    /// A PIN pad with test keys on a pty; type PINs on standard input.
    #[command(after_help = "Example: countertop virtual pinpad --link /tmp/pinpad")]
    Pinpad(PtyArguments),
    /// A PN532 on a pty, with a payment card or tags in its field.
    #[command(after_help = "Example: countertop virtual pn532 --link /tmp/pn532 --field tag")]
    Pn532(Pn532Arguments),
    /// An ESC/POS printer on TCP, a pty or USB that draws what it prints.
    #[command(after_help = FAULTS)]
    Printer(PrinterArguments),
    /// A code scanner on a pty or USB; type codes on standard input.
    #[command(after_help = "Example: countertop virtual scanner --link /tmp/scanner")]
    Scanner(SerialArguments),
    /// A signature pad on a pty that signs by itself.
    #[command(after_help = "Example: countertop virtual signature --link /tmp/signature")]
    Signature(PtyArguments),
    /// A stripe reader on a pty or USB; press enter on standard input to swipe.
    #[command(after_help = "Example: countertop virtual magstripe --link /tmp/magstripe")]
    Magstripe(SerialArguments),
}

#[derive(Debug, Args)]
pub(crate) struct PtyArguments {
    /// A symbolic link to the pty.
    #[arg(long, value_name = "PATH")]
    pub(crate) link: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct SerialArguments {
    #[command(flatten)]
    pub(crate) pty: PtyArguments,
    #[command(flatten)]
    pub(crate) usb: UsbArguments,
}

#[derive(Debug, Clone, Copy, Args)]
#[group(multiple = false, conflicts_with = "PtyArguments")]
pub(crate) struct UsbArguments {
    /// Plug it into this computer's USB; needs root and the kernel's module vhci_hcd.
    #[arg(long)]
    pub(crate) usb: bool,
    /// Hand it out by USB/IP, for `usbip attach`: port on loopback, or ADDRESS:PORT; 0 takes a free
    /// one.
    #[arg(long, value_name = "PORT", value_parser = listen_address)]
    pub(crate) usbip: Option<SocketAddr>,
}

impl UsbArguments {
    /// Tells whether the device goes to USB at all.
    pub(crate) fn wanted(&self) -> bool {
        self.usb || self.usbip.is_some()
    }
}

#[derive(Debug, Args)]
pub(crate) struct Pn532Arguments {
    #[command(flatten)]
    pub(crate) pty: PtyArguments,
    /// What is in the field.
    #[arg(long, value_enum, default_value_t = InField::Both)]
    pub(crate) field: InField,
    #[command(flatten)]
    pub(crate) profile: ProfileArguments,
}

/// What a virtual PN532 finds in its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum InField {
    /// Card and tag.
    Both,
    /// A payment card.
    Card,
    /// An NTAG213 with a web address.
    Tag,
    /// A MIFARE Classic 1K as it leaves the factory.
    Classic,
    /// A type 3 tag with a web address.
    Felica,
    /// A type 1 tag with a web address.
    Topaz,
    /// A type 4 tag of ISO/IEC 14443 type A with a web address.
    Type4,
    /// A type 4 tag of ISO/IEC 14443 type B with a web address.
    Type4b,
}

#[derive(Debug, Args)]
pub(crate) struct AcquirerArguments {
    /// Port on loopback, or ADDRESS:PORT; 0 takes a free one.
    #[arg(long, value_name = "PORT", value_parser = listen_address)]
    pub(crate) tcp: SocketAddr,
}

#[derive(Debug, Args)]
pub(crate) struct CardArguments {
    /// Where vpcd listens; the second slot is one port higher.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:35963")]
    pub(crate) vpcd: String,
    #[command(flatten)]
    pub(crate) profile: ProfileArguments,
}

#[derive(Debug, Args)]
pub(crate) struct ProfileArguments {
    /// What the card is personalised with (TOML; see examples/cards); a UnionPay debit card
    /// without it.
    #[arg(long, value_name = "FILE")]
    pub(crate) profile: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(crate) struct PrinterWhere {
    /// Port on loopback, or ADDRESS:PORT; 0 takes a free one.
    #[arg(long, value_name = "PORT", value_parser = listen_address)]
    pub(crate) tcp: Option<SocketAddr>,
    /// A symbolic link to a pty.
    #[arg(long, value_name = "PATH")]
    pub(crate) link: Option<PathBuf>,
    /// Plug it into this computer's USB; needs root and the kernel's module vhci_hcd.
    #[arg(long)]
    pub(crate) usb: bool,
    /// Hand it out by USB/IP, for `usbip attach`: port on loopback, or ADDRESS:PORT; 0 takes a free
    /// one.
    #[arg(long, value_name = "PORT", value_parser = listen_address)]
    pub(crate) usbip: Option<SocketAddr>,
}

impl PrinterWhere {
    /// Returns where on USB it goes.
    pub(crate) fn usb(&self) -> UsbArguments {
        UsbArguments { usb: self.usb, usbip: self.usbip }
    }

    /// Tells whether it goes to one place only.
    pub(crate) fn is_one(&self) -> bool {
        let places = [self.tcp.is_some(), self.link.is_some(), self.usb, self.usbip.is_some()];
        places.into_iter().filter(|named| *named).count() == 1
    }
}

/// Explains the faults of a virtual printer.
const FAULTS: &str = "\
Example: countertop virtual printer --tcp 9100 --out receipts
         countertop virtual printer --tcp 9100 --fault paper-out@rows=800 --fault mute@byte=4000,for=2s

A fault is KIND, or KIND@TRIGGER, and `,for=TIME` lets it pass by itself:
  KIND     cover-open, cutter-jam, garbled (wrong answers), mechanical, mute (no answers), offline,
           overheated, paper-near-end, paper-out, power-off (buffers are lost), slow, unplug
  TRIGGER  byte=N     when so many bytes have come
           command=N  when so many commands were executed
           rows=N     when so many rows of dots were fed, eight to a millimetre
  TIME     500ms, 2s

While it runs, requests are taken on standard input and on the port of --control, a line of JSON each:
{\"do\":\"fault\",\"fault\":\"cover-open\"}, {\"do\":\"mend\"}, {\"do\":\"state\"}. See docs/virtual-printer.md.";

#[derive(Debug, Args)]
pub(crate) struct PrinterArguments {
    #[command(flatten)]
    pub(crate) place: PrinterWhere,
    /// Where the receipts go, a PNG, a text file and a JSON file each.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) model: ModelArguments,
    /// What goes wrong, and when; may be given several times.
    #[arg(long, value_name = "FAULT")]
    pub(crate) fault: Vec<Fault>,
    /// A fault by chance within the first 4000 bytes or 2000 rows, the same for the same number.
    #[arg(long, value_name = "SEED")]
    pub(crate) random_fault: Option<u64>,
    /// Takes requests of other programs on this port of loopback; 0 takes a free one.
    #[arg(long, value_name = "PORT", value_parser = listen_address)]
    pub(crate) control: Option<SocketAddr>,
    /// Bytes that the receive buffer takes; 65536 without a profile.
    #[arg(long, value_name = "BYTES")]
    pub(crate) buffer: Option<usize>,
    /// Rows of dots printed in a second; at once without it.
    #[arg(long, value_name = "ROWS")]
    pub(crate) speed: Option<u32>,
    /// Rows of dots on a roll; without it the paper never ends.
    #[arg(long, value_name = "ROWS")]
    pub(crate) paper: Option<u32>,
    /// Seconds after which an idle TCP connection is closed; 0 never closes it.
    #[arg(long, value_name = "SECONDS", default_value_t = 90)]
    pub(crate) idle_close: u64,
    /// Stop the host of a pty by XOFF and XON in place of not reading.
    #[arg(long, requires = "link")]
    pub(crate) xon_xoff: bool,
    /// Do not know process IDs, as older and cheaper printers.
    #[arg(long)]
    pub(crate) no_process_ids: bool,
}

/// A bare port listens on loopback; anything beyond has to be written out.
fn listen_address(text: &str) -> Result<SocketAddr, String> {
    if let Ok(port) = text.parse::<u16>() {
        return Ok(SocketAddr::from(([127, 0, 0, 1], port)));
    }
    text.parse().map_err(|_| "write a port, or ADDRESS:PORT to listen beyond loopback".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_port_is_on_loopback() {
        assert_eq!(listen_address("9100").unwrap().to_string(), "127.0.0.1:9100");
        assert_eq!(listen_address("0.0.0.0:9100").unwrap().to_string(), "0.0.0.0:9100");
        assert!(listen_address("printer").is_err());
    }
}
