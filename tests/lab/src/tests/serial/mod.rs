//! Devices on USB serial lines: `cdc_acm`, `ftdi_sio`.

mod bench;
mod line;
mod pulled;
mod strangers;
mod works;

use std::time::Duration;

use crate::lab_test::{LabTest, MINUTE};

const SCANNER: &str = "CDC scanner 05e0:1701";
const ADAPTER: &str = "FT232R 0403:6001";

/// Fills in what most tests of this area share.
const ROW: LabTest = LabTest {
    name: "",
    device: ADAPTER,
    kernel_driver: "ftdi_sio",
    driver: "serial",
    pulled: "-",
    short: false,
    limit: MINUTE,
    run: || Box::pin(async { Err("a row without a test".into()) }),
};

/// The tests of this area.
pub(crate) const TESTS: &[LabTest] = &[
    LabTest {
        name: "scanner_reads_and_returns",
        device: SCANNER,
        kernel_driver: "cdc_acm",
        driver: "serial-scanner",
        pulled: "cable, while waiting for a code, 5 times",
        short: true,
        run: || Box::pin(works::scanner()),
        ..ROW
    },
    LabTest {
        name: "stripe_reader_behind_adapter",
        device: "MSR605 behind FT232R 0403:6001",
        driver: "msr605 over serial",
        pulled: "cable, while waiting for a card, 5 times",
        run: || Box::pin(works::stripe()),
        ..ROW
    },
    LabTest {
        name: "printer_behind_adapter",
        device: "serial receipt printer behind FT232R 0403:6001",
        driver: "escpos over serial",
        pulled: "cable, while the printer holds the line, 5 times",
        run: || Box::pin(works::printer()),
        ..ROW
    },
    LabTest { name: "line_settings_arrive", run: || Box::pin(line::settings_arrive()), ..ROW },
    LabTest { name: "cts_holds_the_host", run: || Box::pin(line::cts_holds_the_host()), ..ROW },
    LabTest { name: "dsr_holds_the_host", run: || Box::pin(line::dsr_holds_the_host()), ..ROW },
    LabTest { name: "xoff_holds_the_host", run: || Box::pin(line::xoff_holds_the_host()), ..ROW },
    LabTest { name: "modem_lines_both_ways", run: || Box::pin(line::modem_lines()), ..ROW },
    LabTest {
        name: "pulled_while_reading",
        pulled: "cable, while blocked in read, 5 times",
        run: || Box::pin(pulled::while_reading()),
        ..ROW
    },
    LabTest {
        name: "pulled_while_writing",
        pulled: "cable, while blocked in write, 5 times",
        run: || Box::pin(pulled::while_writing()),
        ..ROW
    },
    LabTest {
        name: "pulled_at_random",
        pulled: "cable, in mixed traffic, at 30 random instants",
        limit: Duration::from_secs(240),
        run: || Box::pin(pulled::at_random()),
        ..ROW
    },
    LabTest {
        name: "same_names_at_same_ports",
        device: "two scanners without serial numbers",
        kernel_driver: "cdc_acm",
        driver: "serial",
        pulled: "cable, idle, both, put back in the other order",
        run: || Box::pin(strangers::same_names_at_same_ports()),
        ..ROW
    },
    LabTest {
        name: "lsusb_finds_nothing_wrong",
        device: "receipt printer, CDC scanner, FT232R",
        kernel_driver: "usblp, cdc_acm, ftdi_sio",
        driver: "-",
        run: || Box::pin(strangers::lsusb()),
        ..ROW
    },
    LabTest {
        name: "usbip_attaches_over_tcp",
        device: SCANNER,
        kernel_driver: "vhci_hcd, cdc_acm",
        driver: "serial-scanner",
        pulled: "usbip detach, idle",
        run: || Box::pin(strangers::usbip_attach()),
        ..ROW
    },
    LabTest {
        name: "program_puts_scanner_on_usb",
        device: SCANNER,
        kernel_driver: "vhci_hcd, cdc_acm",
        driver: "countertop virtual scanner --usb; serial-scanner",
        pulled: "the program killed, idle",
        run: || Box::pin(strangers::programs_scanner()),
        ..ROW
    },
    LabTest {
        name: "adapter_of_qemu",
        device: "MSR605 behind QEMU's usb-serial",
        driver: "msr605 over serial",
        pulled: "cable, while waiting for a card, twice",
        run: || Box::pin(strangers::qemus_adapter()),
        ..ROW
    },
];
