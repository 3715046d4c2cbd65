//! Receipt printers on USB: over libusb and over `usblp`.

mod bench;
mod held;
mod pulled;
mod works;

use self::bench::{USB, USBLP};
use crate::lab_test::{LabTest, MINUTE, Run};

const BY_LIBUSB: &str = "escpos over libusb";
const BY_USBLP: &str = "escpos over usblp";

/// The tests of this area.
pub(crate) const TESTS: &[LabTest] = &[
    short(row("voucher_usb", BY_LIBUSB, "-", || Box::pin(works::voucher_and_status(USB)))),
    row("class_requests_usb", BY_LIBUSB, "-", || Box::pin(works::class_requests(USB))),
    row("pulled_before_opening_usb", BY_LIBUSB, "cable, before it is opened", || {
        Box::pin(pulled::before_opening(USB))
    }),
    short(row("pulled_idle_usb", BY_LIBUSB, "cable, open and idle; plugged in again", || {
        Box::pin(pulled::idle(USB))
    })),
    row("pulled_blocked_read_usb", BY_LIBUSB, "cable, while an answer is awaited", || {
        Box::pin(pulled::blocked_read(USB))
    }),
    row("pulled_blocked_write_usb", BY_LIBUSB, "cable, in the middle of 64 KiB", || {
        Box::pin(pulled::blocked_write(USB, 64 * 1024))
    }),
    row("pulled_big_write_usb", BY_LIBUSB, "cable, in the middle of 3 MB", || {
        Box::pin(pulled::blocked_write(USB, 3_000_000))
    }),
    row("pulled_mid_receipt_usb", BY_LIBUSB, "cable, in a receipt; plugged in again", || {
        Box::pin(pulled::mid_receipt(USB, 40))
    }),
    row(
        "pulled_mid_long_receipt_usb",
        BY_LIBUSB,
        "cable, in a long receipt; plugged in again",
        || Box::pin(pulled::mid_receipt(USB, 2000)),
    ),
    row("pulled_during_status_usb", BY_LIBUSB, "cable, while a status is awaited", || {
        Box::pin(pulled::during_status(USB))
    }),
    row("out_of_paper_usb", BY_LIBUSB, "-", || Box::pin(held::out_of_paper(USB))),
    row("paper_is_loaded_again_usb", BY_LIBUSB, "-", || Box::pin(held::paper_is_loaded_again(USB))),
    short(row("voucher_usblp", BY_USBLP, "-", || Box::pin(works::voucher_and_status(USBLP)))),
    row("class_requests_usblp", BY_USBLP, "-", || Box::pin(works::class_requests(USBLP))),
    row("pulled_before_opening_usblp", BY_USBLP, "cable, before it is opened", || {
        Box::pin(pulled::before_opening(USBLP))
    }),
    short(row("pulled_idle_usblp", BY_USBLP, "cable, open and idle; plugged in again", || {
        Box::pin(pulled::idle(USBLP))
    })),
    row("pulled_blocked_read_usblp", BY_USBLP, "cable, while an answer is awaited", || {
        Box::pin(pulled::blocked_read(USBLP))
    }),
    row("pulled_blocked_write_usblp", BY_USBLP, "cable, in the middle of 64 KiB", || {
        Box::pin(pulled::blocked_write(USBLP, 64 * 1024))
    }),
    row("pulled_big_write_usblp", BY_USBLP, "cable, in the middle of 3 MB", || {
        Box::pin(pulled::blocked_write(USBLP, 3_000_000))
    }),
    row("pulled_mid_receipt_usblp", BY_USBLP, "cable, in a receipt; plugged in again", || {
        Box::pin(pulled::mid_receipt(USBLP, 40))
    }),
    row(
        "pulled_mid_long_receipt_usblp",
        BY_USBLP,
        "cable, in a long receipt; plugged in again",
        || Box::pin(pulled::mid_receipt(USBLP, 2000)),
    ),
    row("pulled_during_status_usblp", BY_USBLP, "cable, while a status is awaited", || {
        Box::pin(pulled::during_status(USBLP))
    }),
    row("out_of_paper_usblp", BY_USBLP, "-", || Box::pin(held::out_of_paper(USBLP))),
    row("paper_is_loaded_again_usblp", BY_USBLP, "-", || {
        Box::pin(held::paper_is_loaded_again(USBLP))
    }),
    short(row("listed_once_with_identity", BY_LIBUSB, "cable, idle; plugged in again", || {
        Box::pin(works::listed_once_with_identity())
    })),
    row("twins_by_port_and_place", BY_LIBUSB, "-", || Box::pin(works::twins_by_port_and_place())),
    row("idle_wakes_nobody", BY_LIBUSB, "-", || Box::pin(works::idle_wakes_nobody())),
    row("usblp_comes_back", BY_LIBUSB, "-", || Box::pin(works::usblp_comes_back())),
    row("busy_by_usblp", BY_LIBUSB, "-", || Box::pin(held::busy_by_usblp())),
    row("busy_by_libusb", BY_LIBUSB, "-", || Box::pin(held::busy_by_libusb())),
    row("left_to_the_kernel", BY_LIBUSB, "-", || Box::pin(held::left_to_the_kernel())),
    row("strangers_print", "sh by usblp; python3-usb by libusb", "-", || {
        Box::pin(held::strangers())
    }),
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

const fn short(mut test: LabTest) -> LabTest {
    test.short = true;
    test
}
