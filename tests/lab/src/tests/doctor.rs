//! Faults that `countertop doctor` names and cures: each is planted, named, cured, and gone.

mod access;
mod bench;
mod kernel_side;
mod lines;
mod listing;
mod rivals;
mod service;

use std::time::Duration;

use crate::lab_test::{LabTest, Run};

/// The tests of this area.
pub(crate) const TESTS: &[LabTest] = &[
    test("rules_missing", ADAPTER, "ftdi_sio", true, || Box::pin(access::rules_missing())),
    test("rules_not_applied", ADAPTER, "ftdi_sio", false, || Box::pin(access::rules_not_applied())),
    test("user_outside_the_group", "-", "-", false, || Box::pin(access::user_outside_the_group())),
    test("group_missing", "-", "-", false, || Box::pin(access::group_missing())),
    test("installed_and_taken_away", "-", "-", false, || {
        Box::pin(access::installed_and_taken_away())
    }),
    test("pn533_holds_the_reader", "SCM SCL3711 04e6:5591", "pn533_usb", false, || {
        Box::pin(kernel_side::pn533_holds_the_reader())
    }),
    test("program_holds_the_printer", "USB receipt printer 04b8:0e15", "usblp", false, || {
        Box::pin(kernel_side::program_holds_the_printer())
    }),
    test("module_blacklisted", ADAPTER, "ftdi_sio", false, || {
        Box::pin(kernel_side::module_blacklisted())
    }),
    test("pcscd_absent", "-", "-", false, || Box::pin(service::absent())),
    test("pcscd_not_running", "-", "-", false, || Box::pin(service::not_running())),
    test("pcscd_twice", "-", "-", false, || Box::pin(service::twice())),
    test("reader_library_missing", "CCID reader 08e6:3437", "-", false, || {
        Box::pin(service::reader_library_missing())
    }),
    test("modem_manager", ADAPTER, "ftdi_sio", false, || Box::pin(lines::modem_manager())),
    test("name_changed", ADAPTER, "ftdi_sio", false, || Box::pin(lines::name_changed())),
    test("program_holds_the_line", ADAPTER, "ftdi_sio", false, || {
        Box::pin(lines::program_holds_the_line())
    }),
    test("lock_left", "-", "-", false, || Box::pin(lines::lock_left())),
    test("pcscd_holds_the_module", "SCM SCL3711 04e6:5591", "-", false, || {
        Box::pin(rivals::pcscd_holds_the_module())
    }),
    test("ifdnfc", "-", "-", false, || Box::pin(rivals::ifdnfc())),
    test("cups_prints_there", "network printer", "-", false, || {
        Box::pin(rivals::cups_prints_there())
    }),
    test("encrypted_head", "MagTek HID stripe readers", "uhid, hidraw", false, || {
        Box::pin(listing::encrypted_head())
    }),
    test("rights_are_told", ADAPTER, "ftdi_sio", false, || Box::pin(listing::rights_are_told())),
    test("watch_follows_the_plug", ADAPTER, "ftdi_sio", false, || {
        Box::pin(listing::watch_follows_the_plug())
    }),
];

/// A doctor looks three times, and programs of the system are slow under emulation.
const LIMIT: Duration = Duration::from_secs(180);

const ADAPTER: &str = "USB serial adapter 0403:6001";

const fn test(
    name: &'static str,
    device: &'static str,
    kernel_driver: &'static str,
    short: bool,
    run: fn() -> Run,
) -> LabTest {
    LabTest {
        name,
        device,
        kernel_driver,
        driver: "countertop doctor",
        pulled: "-",
        short,
        limit: LIMIT,
        run,
    }
}
