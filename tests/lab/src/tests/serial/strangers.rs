//! Strangers: lsusb, the usbip tools, QEMU's adapter, udev's names.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use countertop_device::{CodeScanner as _, DeviceErrorKind, Selector, Settings, StripeReader as _};
use countertop_input::scanner::SerialScanner;
use countertop_magstripe::msr605::Msr605;
use countertop_virtual::printer::{PrinterConfig, VirtualPrinter};
use countertop_virtual::stripe::{StripeCard, StripeConfig, VirtualStripe};
use countertop_virtual::usb::{UsbIdentity, UsbipServer, usb_printer};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::time::timeout;

use super::bench::{SCANNER, SOON, adapter};
use super::works::{cdc_scanner, scan};
use crate::kernel::{self, LONG, UsbSerial};
use crate::lab_test::{Skipped, TestResult, check};

/// What lsusb writes of descriptors that are wrong.
const COMPLAINTS: &[&str] = &[
    "warning",
    "incomplete",
    "junk",
    "invalid",
    "unrecognized",
    "error",
    "can't get",
    "too short",
];

pub(super) async fn lsusb() -> TestResult {
    let (mut cable, _line, _control) = adapter().await?;
    let identity = UsbIdentity::new(0x05e0, 0x1701, "Scanner").with_serial_number("S1");
    let scanner = cdc_scanner(&identity)?.0.plug().await?;
    let (printer, control) = VirtualPrinter::new(PrinterConfig::default());
    let (device, link) = usb_printer(&UsbIdentity::new(0x04b8, 0x0e15, "TM-T20II"), &control)?;
    tokio::spawn(printer.serve(link));
    let printer = device.plug().await?;
    tokio::try_join!(scanner.configured(), printer.configured())?;
    kernel::settle().await?;
    for (id, must) in [
        ("0403:6001", &["FT232R USB UART", "bcdDevice            6.00", "Vendor Specific"][..]),
        ("05e0:1701", &["CDC Union", "Abstract (modem)", "Interface Association", "S1"]),
        ("04b8:0e15", &["Printer", "Bidirectional", "EP 1 OUT", "EP 2 IN", "Self Powered"]),
    ] {
        let output = Command::new("lsusb").args(["-v", "-d", id]).output().await?;
        let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        let lower = text.to_lowercase();
        let complaint = COMPLAINTS.iter().find(|complaint| lower.contains(**complaint));
        check!(complaint.is_none(), "lsusb complains ({complaint:?}): {text}");
        let lacks = must.iter().find(|part| !text.contains(**part));
        check!(lacks.is_none(), "lsusb does not say {lacks:?}: {text}");
    }
    scanner.unplug().await?;
    printer.unplug().await?;
    cable.unplug().await
}

pub(super) async fn same_names_at_same_ports() -> TestResult {
    kernel::modprobe(&["vhci_hcd", "cdc_acm"]).await?;
    let mut plugged = Vec::new();
    let mut names = Vec::new();
    for _ in 0..2 {
        let (device, _hand) = cdc_scanner(&UsbIdentity::new(0x05e0, 0x1701, "Scanner"))?;
        let device = device.plug().await?;
        let path = device.configured().await?;
        let name = path.file_name().ok_or("no name")?.to_string_lossy().into_owned();
        names.push(by_path(&name).await?);
        plugged.push((device.port(), device));
    }
    let mut out = Vec::new();
    for (port, device) in plugged {
        out.push((port, device.unplug().await?));
    }
    let mut back = Vec::new();
    for (port, device) in out.into_iter().rev() {
        back.push(device.plug_at(port).await?);
    }
    for device in &back {
        device.configured().await?;
    }
    for name in &names {
        kernel::wait_node(name).await?;
    }
    for device in back {
        device.unplug().await?;
    }
    Ok(())
}

/// Waits for udev's name of the device at a topology path, as `1-2`.
async fn by_path(name: &str) -> TestResult<String> {
    let port = name.split_once('-').ok_or("no port")?.1;
    let ending = format!(":{port}:1.0");
    kernel::wait_for("a name by path", LONG, || {
        let entries = fs::read_dir("/dev/serial/by-path").ok()?.flatten();
        let mut names = entries.map(|entry| entry.path().display().to_string());
        names.find(|name| name.ends_with(&ending))
    })
    .await
}

pub(super) async fn usbip_attach() -> TestResult {
    if Command::new("usbip").arg("version").output().await.is_err() {
        return Err(Skipped("the program usbip is not installed".to_owned()).into());
    }
    kernel::modprobe(&["vhci_hcd", "cdc_acm"]).await?;
    let identity = UsbIdentity::new(0x05e0, 0x1701, "Scanner").with_serial_number("S1");
    let (device, hand) = cdc_scanner(&identity)?;
    let server = UsbipServer::default();
    let bus_id = server.export(device);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port().to_string();
    let serving = tokio::spawn(async move { server.serve(listener).await });
    let remote = ["--tcp-port", &port];
    let list = [&remote[..], &["list", "--remote", "127.0.0.1"]].concat();
    let list = kernel::run("usbip", &list).await?;
    check!(list.contains("05e0:1701"), "usbip lists {list}");
    let attach = ["attach", "--remote", "127.0.0.1", "--busid", &bus_id];
    kernel::run("usbip", &[&remote[..], &attach].concat()).await?;
    kernel::wait_node(SCANNER).await?;
    kernel::settle().await?;
    let selector: Selector = format!("serial:{SCANNER}").parse()?;
    let mut scanner = SerialScanner::open(&selector, &Settings::new()).await?;
    scan(&mut scanner, &hand).await?;
    drop(scanner);
    kernel::run("usbip", &["detach", "--port", "0"]).await?;
    serving.abort();
    kernel::wait_gone(SCANNER).await
}

/// The program plugs its own scanner, and takes it away when it ends.
pub(super) async fn programs_scanner() -> TestResult {
    const NODE: &str = "/dev/serial/by-id/usb-Countertop_Virtual_scanner_VIRTUAL1-if00";
    kernel::modprobe(&["vhci_hcd", "cdc_acm"]).await?;
    let mut command = Command::new("countertop");
    command.args(["virtual", "scanner", "--usb"]).stdin(Stdio::piped()).kill_on_drop(true);
    let mut program = command.spawn()?;
    let mut typed = program.stdin.take().ok_or("the program has no input")?;
    kernel::wait_node(NODE).await?;
    kernel::settle().await?;
    let selector: Selector = format!("serial:{NODE}").parse()?;
    let mut scanner = SerialScanner::open(&selector, &Settings::new()).await?;
    let typing = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        typed.write_all(b"6200000\n").await
    };
    let (code, typed) = timeout(SOON, async { tokio::join!(scanner.next_scan(), typing) }).await?;
    typed?;
    check!(code?.data.expose() == b"6200000", "another code was read");
    program.kill().await?;
    kernel::wait_gone(NODE).await
}

pub(super) async fn qemus_adapter() -> TestResult {
    let mut adapter = UsbSerial::new().await?;
    let (reader, mut hand) = VirtualStripe::new(StripeConfig::default());
    tokio::spawn(reader.serve(UsbSerial::far_end()?));
    let card = StripeCard::new([None, Some("6200000000000005=30122010000000000"), None])?;
    for _ in 0..2 {
        let node = adapter.plug().await?;
        let selector: Selector = format!("serial:{node}").parse()?;
        let mut reader = timeout(SOON, Msr605::open(&selector, &Settings::new())).await??;
        let swiping = async {
            hand.armed().await;
            hand.swipe(&card).await
        };
        let (swipe, _) =
            timeout(SOON, async { tokio::join!(reader.next_swipe(), swiping) }).await?;
        check!(swipe?.track(2).is_some(), "track 2 was not read");
        let waits = tokio::spawn(async move { reader.next_swipe().await });
        tokio::time::sleep(Duration::from_millis(100)).await;
        adapter.unplug().await?;
        let kind = timeout(SOON, waits).await??.err().map(|error| error.kind());
        check!(kind == Some(DeviceErrorKind::Disconnected), "the caller got {kind:?}");
    }
    Ok(())
}
