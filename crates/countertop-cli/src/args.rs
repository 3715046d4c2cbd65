//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand, ValueEnum};
use countertop_device::Selector;
use countertop_printer::profile::{Profile, Profiles};
use countertop_virtual::printer::Fault;
use countertop_wire::escpos::WideSet;

use crate::commands::card::CardCommand;
use crate::commands::devices::Assignment;
use crate::commands::tag::TagCommand;

/// Turns this PC with its readers into a payment terminal.
#[derive(Debug, Parser)]
#[command(
    name = "countertop",
    version,
    propagate_version = true,
    after_help = "\
Countertop is not certified (PCI PTS, EMVCo, UnionPay): test cards and test hosts only."
)]
pub(crate) struct Arguments {
    /// Print machine-readable JSON in place of text.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the terminal and serve its screen on loopback.
    #[command(after_help = "Example: countertop run --config countertop.toml --port 8077")]
    Run(RunArguments),
    /// Work a whole day on the virtual counter, unattended.
    #[command(after_help = "Example: countertop shift --out /tmp/shift")]
    Shift(ShiftArguments),
    /// Check the health of every configured device; moves no money.
    #[command(after_help = "Example: countertop self-test --config countertop.toml")]
    SelfTest(ConfigArguments),
    /// List what is attached, without sending a byte; follow it; give it a role.
    #[command(after_help = "\
Example: countertop devices --watch
Example: countertop devices --config countertop.toml --assign stripe=0801:0002-s-6e0b2d9f4c3a1180

Exit code: 0 when the list was printed or the file written, 1 when not, 2 for a wrong command line.
With --json, --watch prints an object a line.")]
    Devices(DevicesArguments),
    /// Find what stands in the way of the devices, and cure it.
    #[command(after_help = "\
Example: countertop doctor --config countertop.toml --fix

Sends nothing to a device that the configuration does not name. Run it by sudo to see what programs of
other users hold. Exit code: 0 when nothing stands in the way, 1 while there is a problem or when the
doctor itself fails, 2 for a wrong command line. Notices count as nothing.")]
    Doctor(DoctorArguments),
    /// Print a receipt, draw it, or tell how the printer is.
    #[command(after_help = "\
Example: countertop print receipt.md --to tcp:192.168.1.20:9100 --profile TM-T88VI
Example: countertop print receipt.md --preview receipt.png
Example: countertop print --status --to usb:04b8:0e15

Exit code: 0 when the printer has said that the receipt is printed (or, with --status, that it is ready), 1
when not or when nobody knows, 2 for a wrong command line. docs/receipts.md describes the files.")]
    Print(PrintArguments),
    /// Draw what a printer would print.
    #[command(after_help = "\
Example: countertop preview receipt.bin receipt.png --text
         countertop --json preview receipt.bin receipt.png

With --json the commands are listed, each with its place in the file.")]
    Preview(PreviewArguments),
    /// Read a host's messages.
    #[command(subcommand)]
    Host(HostCommand),
    /// Read a payment card, or pay with it at a virtual or a test host.
    #[command(after_help = "\
Example: countertop card
Example: countertop card --at pcsc:ACS --trace --record card.log
         countertop card --replay card.log --json
         countertop card sale --amount 12.34

Card numbers are masked; tracks, names, certificates and PINs are withheld, in recordings too. Reading a
card asks it to begin a transaction (its counter goes up by one), and ends there.

Exit code: 0 when the card was read, 1 when not, 2 for a wrong command line.")]
    Card(CardCommand),
    /// Read, write, format, lock or dump an NFC tag.
    #[command(subcommand)]
    Tag(TagCommand),
    /// Print or install the udev rules for all drivers' devices.
    #[command(after_help = "\
Example: countertop udev-rules --install

Installing writes /etc/udev/rules.d/70-countertop.rules and /etc/modprobe.d/countertop.conf, creates the
group `countertop` and makes the caller of sudo a member; what is there already stays.")]
    UdevRules(UdevRulesArguments),
    /// Run one virtual device on its own, for other programs.
    #[command(subcommand)]
    Virtual(VirtualCommand),
}

#[derive(Debug, Args)]
pub(crate) struct ConfigArguments {
    /// The configuration; without one the virtual counter is raised.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    #[command(flatten)]
    pub(crate) config: ConfigArguments,
    /// The page's port on loopback; 0 takes a free one.
    #[arg(long, default_value_t = 8077)]
    pub(crate) port: u16,
    /// Where the journal and its key are kept.
    #[arg(long, value_name = "DIR")]
    pub(crate) state: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ShiftArguments {
    /// Where journal and receipts go; a new folder in the temporary folder without it.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct DevicesArguments {
    /// The configuration, whose roles are shown and which --assign writes.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Go on and tell what comes and goes.
    #[arg(long)]
    pub(crate) watch: bool,
    /// Write a device into the configuration; may be given several times.
    #[arg(long, value_name = "ROLE=IDENTITY|SELECTOR", conflicts_with = "watch")]
    pub(crate) assign: Vec<Assignment>,
    /// The driver of the assigned device, where several could take it.
    #[arg(long, value_name = "NAME", requires = "assign")]
    pub(crate) driver: Option<String>,
    /// Assign also what no driver lists.
    #[arg(long, requires = "assign")]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DoctorArguments {
    #[command(flatten)]
    pub(crate) config: DoctorConfig,
    /// Apply the cures, each after a yes on the terminal.
    #[arg(long)]
    pub(crate) fix: bool,
    /// Say yes to every cure.
    #[arg(long, requires = "fix")]
    pub(crate) yes: bool,
    /// The user who is to open the devices; who calls without it.
    #[arg(long, value_name = "NAME")]
    pub(crate) user: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct DoctorConfig {
    /// The configuration; without one only what is attached is looked at.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct UdevRulesArguments {
    /// Print what modprobe is told in place of the rules.
    #[arg(long, conflicts_with_all = ["install", "uninstall"])]
    pub(crate) modprobe: bool,
    /// Install rules, modprobe's list and group; needs root.
    #[arg(long, conflicts_with = "uninstall")]
    pub(crate) install: bool,
    /// Remove rules and modprobe's list; needs root.
    #[arg(long)]
    pub(crate) uninstall: bool,
    /// The user to add to the group; who called sudo without it.
    #[arg(long, value_name = "NAME", requires = "install")]
    pub(crate) user: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct PrintArguments {
    /// The receipt: *.md, *.toml, *.txt, *.png or *.jpg; `-` for text on standard input.
    #[arg(
        required_unless_present_any = ["status", "watch", "profiles"],
        conflicts_with_all = ["status", "watch", "profiles"],
    )]
    pub(crate) file: Option<PathBuf>,
    /// The printer, such as tcp:HOST:9100, serial:/dev/ttyUSB0, usb:04b8:0e15 or file:OUT.bin.
    #[arg(
        long,
        value_name = "SELECTOR",
        required_unless_present_any = ["preview", "profiles"],
        conflicts_with_all = ["preview", "profiles"],
    )]
    pub(crate) to: Option<Selector>,
    /// The printer's model, as --profiles lists them; generic-58mm without it.
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// A TOML file with profiles of your own.
    #[arg(long, value_name = "FILE")]
    pub(crate) profile_file: Option<PathBuf>,
    /// Columns of the printer where they are others than the profile's: 32 on 58 mm paper, 48 on 80 mm.
    #[arg(long)]
    pub(crate) columns: Option<u16>,
    /// A setting of the printer or its line, as in a configuration; may be given several times.
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value)]
    pub(crate) set: Vec<(String, String)>,
    /// Draw the receipt into a *.png or *.svg in place of printing it; *.bin takes its bytes.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["status", "watch"])]
    pub(crate) preview: Option<PathBuf>,
    /// Remember the job in this file: the same receipt, printed again after it broke off, is brought to its
    /// end and no line of it is twice on paper without a mark.
    #[arg(long, value_name = "FILE", conflicts_with = "preview")]
    pub(crate) journal: Option<PathBuf>,
    /// Tell how the printer is; prints nothing.
    #[arg(long)]
    pub(crate) status: bool,
    /// Tell whenever the printer's state changes.
    #[arg(long, conflicts_with = "status")]
    pub(crate) watch: bool,
    /// List the printers that are known.
    #[arg(long)]
    pub(crate) profiles: bool,
}

#[derive(Debug, Args)]
pub(crate) struct PreviewArguments {
    /// Bytes as they are sent to a printer.
    pub(crate) input: PathBuf,
    /// The picture; further papers are numbered: OUT-2.png.
    pub(crate) output: PathBuf,
    #[command(flatten)]
    pub(crate) model: ModelArguments,
    /// Show the characters too.
    #[arg(long)]
    pub(crate) text: bool,
}

/// Which printer is played, by its model or by what counts of it.
#[derive(Debug, Args)]
pub(crate) struct ModelArguments {
    /// The model, such as TM-T88VI, from which what is not given follows.
    #[arg(long, value_name = "MODEL", value_parser = profile)]
    pub(crate) profile: Option<Arc<Profile>>,
    /// Dots in a line: 384 on 58 mm paper, 576 on 80 mm; 384 without a profile.
    #[arg(long)]
    dots: Option<u16>,
    /// Which wide characters Kanji mode has; gb18030 where no profile says.
    #[arg(long, value_enum)]
    kanji: Option<Kanji>,
}

impl ModelArguments {
    /// Returns the dots in a line.
    pub(crate) fn dots(&self) -> u16 {
        let of_profile = || self.profile.as_ref().map_or(384, |profile| profile.dots());
        self.dots.unwrap_or_else(of_profile)
    }

    /// Returns the wide characters.
    pub(crate) fn wide(&self) -> WideSet {
        let of_profile = || self.profile.as_ref().and_then(|profile| profile.kanji());
        self.kanji.map(Kanji::set).or_else(of_profile).unwrap_or(WideSet::Gb18030)
    }
}

fn profile(name: &str) -> Result<Arc<Profile>, String> {
    let profiles = Profiles::builtin();
    let known = || profiles.iter().map(Profile::name).collect::<Vec<_>>().join(", ");
    profiles.get(name).cloned().ok_or_else(|| format!("there are profiles of {}", known()))
}

/// Wide characters that a printer has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kanji {
    /// Simplified Chinese.
    Gb18030,
    /// Traditional Chinese.
    Big5,
    /// Japanese.
    ShiftJis,
    /// Korean.
    EucKr,
}

impl Kanji {
    /// Returns the set by the codec's name.
    pub(crate) fn set(self) -> WideSet {
        match self {
            Self::Gb18030 => WideSet::Gb18030,
            Self::Big5 => WideSet::Big5,
            Self::ShiftJis => WideSet::ShiftJis,
            Self::EucKr => WideSet::EucKr,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum HostCommand {
    /// Print a message field by field; fails on a bad frame or a bad code.
    #[command(
        after_help = "Example: countertop host decode 0036600003…3031 --mak 0F1E2D3C4B5A6978"
    )]
    Decode(DecodeArguments),
}

#[derive(Debug, Args)]
pub(crate) struct DecodeArguments {
    /// The frame in hexadecimal, from its length prefix on; blanks are ignored.
    #[arg(required = true, num_args = 1..)]
    pub(crate) hex: Vec<String>,
    /// The key of the message authentication code in hexadecimal: 8 or 16 bytes.
    #[arg(long, value_name = "HEX")]
    pub(crate) mak: Option<String>,
    /// Take a key of 16 bytes for SM4 in place of triple DES.
    #[arg(long, requires = "mak")]
    pub(crate) sm4: bool,
}

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

fn key_value(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write KEY=VALUE")?;
    Ok((key.to_owned(), value.to_owned()))
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
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_command_shows_an_example() {
        fn check(command: &clap::Command) {
            for inner in command.get_subcommands().filter(|it| it.get_name() != "help") {
                if inner.has_subcommands() {
                    check(inner);
                } else {
                    let help = inner.get_after_help().map(ToString::to_string).unwrap_or_default();
                    assert!(help.starts_with("Example: countertop "), "{}", inner.get_name());
                }
            }
        }
        check(&Arguments::command());
    }

    #[test]
    fn a_bare_port_is_on_loopback() {
        assert_eq!(listen_address("9100").unwrap().to_string(), "127.0.0.1:9100");
        assert_eq!(listen_address("0.0.0.0:9100").unwrap().to_string(), "0.0.0.0:9100");
        assert!(listen_address("printer").is_err());
    }
}
