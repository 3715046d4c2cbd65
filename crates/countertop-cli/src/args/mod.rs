//! The command line.

mod print;
mod virtual_devices;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::commands::card::CardCommand;
use crate::commands::devices::Assignment;
use crate::commands::tag::TagCommand;

pub(crate) use print::*;
pub(crate) use virtual_devices::*;

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
}
