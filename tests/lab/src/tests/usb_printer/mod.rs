//! Receipt printers on USB: over libusb and over `usblp`.

mod bench;
mod faults;
mod gadget;
mod held;
mod one_way;
mod paper;
mod pulled;
mod resumed;
mod traffic;
mod works;

use std::time::Duration;

use self::bench::{USB, USBLP};
use crate::lab_test::{LabTest, MINUTE, Run};

const BY_LIBUSB: &str = "escpos over libusb";
const BY_USBLP: &str = "escpos over usblp";
const BY_BOTH: &str = "escpos over libusb and usblp";

/// The tests of this area.
pub(crate) const TESTS: &[LabTest] = &[
    short(row("voucher_usb", BY_LIBUSB, "-", || Box::pin(works::voucher_and_status(USB)))),
    short(row("pulled_idle_usb", BY_LIBUSB, "cable, open and idle; plugged in again", || {
        Box::pin(pulled::idle(USB))
    })),
    row("pulled_blocked_read_usb", BY_LIBUSB, "cable, while an answer is awaited", || {
        Box::pin(pulled::blocked_read(USB))
    }),
    row("pulled_blocked_write_usb", BY_LIBUSB, "cable, in the middle of 3 MB", || {
        Box::pin(pulled::blocked_write(USB))
    }),
    row("pulled_mid_receipt_usb", BY_LIBUSB, "cable, in a receipt; plugged in again", || {
        Box::pin(pulled::mid_receipt(USB))
    }),
    long(row(
        "resumed_after_the_cable_usb",
        BY_LIBUSB,
        "cable, in a receipt; plugged in again",
        || Box::pin(resumed::after_the_cable(USB)),
    )),
    long(row("faults_at_boundaries_usb", BY_LIBUSB, "-", || Box::pin(faults::at_boundaries(USB)))),
    long(row("resumed_after_paper_usb", BY_LIBUSB, "-", || Box::pin(resumed::after_paper(USB)))),
    row("pulled_during_status_usb", BY_LIBUSB, "cable, while a status is awaited", || {
        Box::pin(pulled::during_status(USB))
    }),
    row("out_of_paper_usb", BY_LIBUSB, "-", || Box::pin(held::out_of_paper(USB))),
    short(row("voucher_usblp", BY_USBLP, "-", || Box::pin(works::voucher_and_status(USBLP)))),
    short(row("pulled_idle_usblp", BY_USBLP, "cable, open and idle; plugged in again", || {
        Box::pin(pulled::idle(USBLP))
    })),
    row("pulled_blocked_read_usblp", BY_USBLP, "cable, while an answer is awaited", || {
        Box::pin(pulled::blocked_read(USBLP))
    }),
    row("pulled_blocked_write_usblp", BY_USBLP, "cable, in the middle of 3 MB", || {
        Box::pin(pulled::blocked_write(USBLP))
    }),
    row("pulled_mid_receipt_usblp", BY_USBLP, "cable, in a receipt; plugged in again", || {
        Box::pin(pulled::mid_receipt(USBLP))
    }),
    long(row(
        "resumed_after_the_cable_usblp",
        BY_USBLP,
        "cable, in a receipt; plugged in again",
        || Box::pin(resumed::after_the_cable(USBLP)),
    )),
    long(row("faults_at_boundaries_usblp", BY_USBLP, "-", || {
        Box::pin(faults::at_boundaries(USBLP))
    })),
    long(row("resumed_after_paper_usblp", BY_USBLP, "-", || Box::pin(resumed::after_paper(USBLP)))),
    row("pulled_during_status_usblp", BY_USBLP, "cable, while a status is awaited", || {
        Box::pin(pulled::during_status(USBLP))
    }),
    row("out_of_paper_usblp", BY_USBLP, "-", || Box::pin(held::out_of_paper(USBLP))),
    row("pulled_before_opening", BY_BOTH, "cable, before it is opened", || {
        Box::pin(pulled::before_opening())
    }),
    long(row(
        "pulled_at_random",
        BY_BOTH,
        "cable, at ten random instants of mixed traffic",
        || Box::pin(traffic::pulled_at_random(10)),
    )),
    row("three_megabytes", BY_BOTH, "-", || Box::pin(one_way::three_megabytes())),
    row("class_requests", BY_BOTH, "-", || Box::pin(works::class_requests())),
    row("one_way", BY_BOTH, "cable, idle", || Box::pin(one_way::port_status_tells())),
    row("twins_by_port_and_place", BY_LIBUSB, "-", || Box::pin(works::twins_by_port_and_place())),
    row("idle_wakes_nobody", BY_LIBUSB, "-", || Box::pin(works::idle_wakes_nobody())),
    row("usblp_comes_back", BY_LIBUSB, "-", || Box::pin(works::usblp_comes_back())),
    row("busy_by_usblp", BY_BOTH, "-", || Box::pin(held::busy_by_usblp())),
    row("busy_by_libusb", BY_LIBUSB, "-", || Box::pin(held::busy_by_libusb())),
    row("left_to_the_kernel", BY_LIBUSB, "-", || Box::pin(held::left_to_the_kernel())),
    row("strangers_print", "sh by usblp; python3-usb by libusb", "-", || {
        Box::pin(held::strangers())
    }),
    row("gadget_prints", BY_BOTH, "cable, idle", || Box::pin(gadget::prints_by_both_ways())),
    row("gadget_serial_line", "serial", "-", || Box::pin(gadget::is_a_serial_line())),
];

const fn row(
    name: &'static str,
    driver: &'static str,
    pulled: &'static str,
    run: fn() -> Run,
) -> LabTest {
    LabTest {
        name,
        device: "USB receipt printer 04b8:0e15",
        kernel_driver: "usblp",
        driver,
        pulled,
        short: false,
        limit: MINUTE,
        run,
    }
}

const fn long(mut test: LabTest) -> LabTest {
    test.limit = Duration::from_secs(300);
    test
}

const fn short(mut test: LabTest) -> LabTest {
    test.short = true;
    test
}
