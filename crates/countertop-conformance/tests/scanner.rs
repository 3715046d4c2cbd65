//! Our driver of code scanners.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use core::time::Duration;

use countertop_conformance::{EventFixture, Fixture, Tap, scanner};
use countertop_device::{
    CodeScanner, DeviceError, Scan, Sensitive, Settings, Symbology, async_trait,
};
use countertop_input::scanner::SerialScanner;
use countertop_virtual::scanner::{ScannerControl, VirtualScanner};
use countertop_wire::scanner::{ScanFormat, Suffix};
use support::Transport;

struct Scanner {
    transport: Transport,
    format: ScanFormat,
    settings: Settings,
    control: Option<ScannerControl>,
}

fn code(number: usize) -> String {
    format!("62000000000000{number:05}")
}

#[async_trait]
impl Fixture for Scanner {
    type Function = dyn CodeScanner;

    async fn open(&mut self, tap: &Tap) -> Result<Box<dyn CodeScanner>, DeviceError> {
        let (selector, host, device) = support::connect(self.transport, tap).await?;
        let (scanner, control) = VirtualScanner::new(self.format.clone());
        tokio::spawn(scanner.serve(device));
        self.control = Some(control);
        Ok(Box::new(SerialScanner::new(host, selector, &self.settings)?))
    }

    fn silence(&self) -> Duration {
        Duration::from_millis(150)
    }

    /// Without a prefix any byte may be part of a code; only ends without a code mean nothing.
    fn noise(&self) -> Vec<u8> {
        match self.format.prefix.is_empty() {
            true => b"\r\n".to_vec(),
            false => vec![0x00, 0xff, 0x7e, 0x02, 0x55],
        }
    }

    fn secrets(&self) -> Vec<Vec<u8>> {
        vec![b"62000000000000".to_vec()]
    }
}

#[async_trait]
impl EventFixture for Scanner {
    type Event = Scan;

    async fn present(&mut self, number: usize) {
        self.control.as_ref().unwrap().scan(&code(number));
    }

    fn expected(&self, number: usize) -> Scan {
        let data = Sensitive::new(code(number).into_bytes());
        Scan { data, symbology: self.format.aim.then_some(Symbology::QrCode) }
    }
}

async fn examine(transport: Transport, format: ScanFormat, settings: Settings) {
    let settings = settings.with("gap_ms", 50);
    let mut fixture = Scanner { transport, format, settings, control: None };
    scanner::run(&mut fixture).await.assert_passed();
}

#[tokio::test(start_paused = true)]
async fn serial_scanner_in_memory() {
    examine(Transport::Memory, ScanFormat::default(), Settings::new()).await;
}

#[tokio::test(start_paused = true)]
async fn serial_scanner_with_prefix_and_suffix() {
    let format = ScanFormat { prefix: vec![2], suffix: Suffix::Bytes(vec![3]), aim: true };
    let settings = Settings::new().with("prefix", "hex:02").with("suffix", "hex:03");
    examine(Transport::Memory, format, settings).await;
}

#[tokio::test]
async fn serial_scanner_on_a_serial_line() {
    let format = ScanFormat { aim: true, ..ScanFormat::default() };
    examine(Transport::Pty, format, Settings::new()).await;
}

#[tokio::test]
async fn serial_scanner_over_tcp() {
    examine(Transport::Tcp, ScanFormat::default(), Settings::new()).await;
}
