//! A program written for the crate `escpos` prints through our link.

#![cfg(feature = "escpos-crate")]

use std::time::Duration;

use countertop_device::{DeviceErrorKind, Selector, Settings};
use countertop_printer::LinkDriver;
use countertop_virtual::printer::{PrinterConfig, VirtualPrinter};
use escpos::driver::Driver as _;
use escpos::printer::Printer;
use escpos::utils::Protocol;
use tokio::net::TcpListener;
use tokio::time::timeout;

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_program_prints_through_our_link() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let selector: Selector = format!("tcp:{}", listener.local_addr().unwrap()).parse().unwrap();
    let (device, control) = VirtualPrinter::new(PrinterConfig::default());
    tokio::spawn(device.serve_tcp(listener));
    let driver = LinkDriver::open(&selector, &Settings::new()).unwrap();
    assert_eq!(driver.name(), selector.to_string());
    driver.write(b"\x10\x04\x01").unwrap();
    let mut status = [0; 8];
    assert_eq!(driver.read(&mut status).unwrap(), 1);
    assert_eq!(status[0], 0x16);
    let mut printer = Printer::new(driver, Protocol::default(), None);
    printer.init().unwrap().bold(true).unwrap().writeln("from the crate escpos").unwrap();
    printer.feed().unwrap().print_cut().unwrap();
    timeout(Duration::from_secs(20), control.wait_for_pages(1)).await.unwrap();
    assert!(control.pages()[0].text().contains("from the crate escpos"));
}

#[test]
fn a_printer_that_is_not_there_is_told() {
    let selector = "serial:/dev/does-not-exist".parse().unwrap();
    let error = LinkDriver::open(&selector, &Settings::new()).unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::NotFound);
}

#[test]
fn a_printer_that_takes_a_part_is_told_of_to_the_byte() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let selector = format!("tcp:{}", listener.local_addr().unwrap()).parse().unwrap();
    let settings = Settings::new().with("write_timeout_ms", 300);
    let driver = LinkDriver::open(&selector, &settings).unwrap();
    let (_printer, _) = listener.accept().unwrap();
    let error = driver.write(&vec![0; 64 << 20]).unwrap_err().to_string();
    let words: Vec<&str> = error.split_whitespace().collect();
    let taken = words.windows(2).find(|two| two[1] == "of").unwrap()[0];
    assert!((1..64 << 20).contains(&taken.parse::<u64>().unwrap()), "{error}");
    assert!(error.contains("of 67108864 bytes were taken"), "{error}");
}
