//! Whole drivers over serial lines; the plug is pulled while they wait, and they work again.

use std::time::Duration;

use countertop_device::document::Document;
use countertop_device::{
    CodeScanner as _, DeviceErrorKind, Driver as _, Functions, Selector, Settings,
    StripeReader as _,
};
use countertop_input::scanner::SerialScanner;
use countertop_magstripe::msr605::Msr605;
use countertop_printer::EscPosDriver;
use countertop_virtual::printer::{PrinterConfig, PrinterControl, VirtualPrinter};
use countertop_virtual::scanner::{ScannerControl, VirtualScanner};
use countertop_virtual::stripe::{StripeCard, StripeConfig, VirtualStripe};
use countertop_virtual::usb::{UsbDevice, UsbIdentity, cdc_acm};
use countertop_wire::scanner::ScanFormat;
use tokio::time::timeout;

use super::bench::{ADAPTER, Cable, SCANNER, SOON, adapter};
use crate::kernel::Delays;
use crate::lab_test::{TestResult, check};

const TRACK_2: &str = "6200000000000005=30122010000000000";

/// Makes a scanner on a CDC line.
pub(super) fn cdc_scanner(identity: &UsbIdentity) -> TestResult<(UsbDevice, ScannerControl)> {
    let (device, link, _line) = cdc_acm(identity)?;
    let (scanner, hand) = VirtualScanner::new(ScanFormat::default());
    tokio::spawn(scanner.serve(link));
    Ok((device, hand))
}

/// Scans a code, which the driver has to read.
pub(super) async fn scan(scanner: &mut SerialScanner, hand: &ScannerControl) -> TestResult {
    let later = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        hand.scan("6230000000000000001");
    };
    let (code, ()) = timeout(SOON, async { tokio::join!(scanner.next_scan(), later) }).await?;
    check!(code?.data.expose() == b"6230000000000000001", "another code was read");
    Ok(())
}

pub(super) async fn scanner() -> TestResult {
    let identity = UsbIdentity::new(0x05e0, 0x1701, "Scanner").with_serial_number("S1");
    let (device, hand) = cdc_scanner(&identity)?;
    let mut cable = Cable::plug(device, SCANNER).await?;
    let mut delays = Delays::default();
    for _ in 0..5 {
        let selector: Selector = format!("serial:{SCANNER}").parse()?;
        let mut scanner = SerialScanner::open(&selector, &Settings::new()).await?;
        scan(&mut scanner, &hand).await?;
        let waits = async move { scanner.next_scan().await.err() };
        delays.add(cable.pulled_while(waits).await?);
        let opened = SerialScanner::open(&selector, &Settings::new()).await;
        let kind = opened.err().map(|error| error.kind());
        check!(kind == Some(DeviceErrorKind::NotFound), "opening without a scanner gave {kind:?}");
        cable.plug_again().await?;
    }
    cable.unplug().await?;
    delays.check()
}

pub(super) async fn stripe() -> TestResult {
    let (mut cable, line, _control) = adapter().await?;
    let (reader, mut hand) = VirtualStripe::new(StripeConfig::default());
    tokio::spawn(reader.serve(line));
    let card = StripeCard::new([None, Some(TRACK_2), None])?;
    let mut delays = Delays::default();
    for _ in 0..5 {
        let selector: Selector = format!("serial:{ADAPTER}").parse()?;
        let mut reader = timeout(SOON, Msr605::open(&selector, &Settings::new())).await??;
        let swiping = async {
            hand.armed().await;
            hand.swipe(&card).await
        };
        let (swipe, _) =
            timeout(SOON, async { tokio::join!(reader.next_swipe(), swiping) }).await?;
        let swipe = swipe?;
        let track = swipe.track(2).ok_or("track 2 was not read")?;
        check!(track.expose() == TRACK_2.as_bytes(), "another track was read");
        let waits = async move { reader.next_swipe().await.err() };
        delays.add(cable.pulled_while(waits).await?);
        cable.plug_again().await?;
    }
    cable.unplug().await?;
    delays.check()
}

pub(super) async fn printer() -> TestResult {
    let (mut cable, line, lines) = adapter().await?;
    let (printer, control) = VirtualPrinter::new(PrinterConfig::default());
    tokio::spawn(printer.serve(line));
    let mut delays = Delays::default();
    for round in 1..=5 {
        lines.set_cts(true);
        let mut functions = open_printer().await?;
        print(&mut functions, &control, round).await?;
        lines.set_cts(false);
        let printing = async move {
            let printer = functions.printer.as_mut()?;
            printer.print(&receipt(0)).await.err()
        };
        delays.add(cable.pulled_while(printing).await?);
        control.power_cycle();
        cable.plug_again().await?;
    }
    cable.unplug().await?;
    delays.check()
}

async fn open_printer() -> TestResult<Functions> {
    let settings = Settings::new().with("baud", 19_200).with("flow", "rtscts");
    let selector = format!("serial:{ADAPTER}").parse()?;
    Ok(timeout(SOON, EscPosDriver.open(&selector, &settings)).await??)
}

async fn print(functions: &mut Functions, control: &PrinterControl, round: usize) -> TestResult {
    let printer = functions.printer.as_mut().ok_or("no printing")?;
    timeout(SOON, printer.print(&receipt(round))).await??;
    timeout(SOON, control.wait_for_pages(round)).await?;
    let page = control.pages().pop().ok_or("no page")?;
    check!(page.to_text().contains(&format!("round {round}")), "printed: {}", page.to_text());
    Ok(())
}

fn receipt(round: usize) -> Document {
    let mut document = Document::new();
    document.line(format!("round {round}"));
    document.cut();
    document
}
