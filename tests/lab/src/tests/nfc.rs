//! NFC modules under libnfc.

mod cable;
mod holders;
mod payment;
mod station;
mod strangers;

use crate::lab_test::{LabTest, MINUTE};

const PN533: &str = "NFC reader PN533 04cc:2533";
const PN532: &str = "NFC module PN532 on FT232R 0403:6001";

/// The tests of this area.
pub(crate) const TESTS: &[LabTest] = &[
    LabTest {
        name: "strangers_see_a_card_on_pn533",
        device: "NFC readers PN533 04cc:2533, SCL3711 04e6:5591",
        kernel_driver: "-",
        driver: "nfc-list over libnfc",
        pulled: "-",
        short: false,
        limit: MINUTE.saturating_mul(2),
        run: || Box::pin(strangers::pn533()),
    },
    LabTest {
        name: "strangers_see_a_card_on_pn532",
        device: PN532,
        kernel_driver: "ftdi_sio",
        driver: "nfc-list over libnfc",
        pulled: "-",
        short: false,
        limit: MINUTE,
        run: || Box::pin(strangers::pn532()),
    },
    LabTest {
        name: "pn533_unplugged",
        device: PN533,
        kernel_driver: "-",
        driver: "libnfc",
        pulled: "cable, waiting and in a command",
        short: false,
        limit: MINUTE,
        run: || Box::pin(cable::pn533()),
    },
    LabTest {
        name: "pn532_unplugged",
        device: PN532,
        kernel_driver: "ftdi_sio",
        driver: "libnfc",
        pulled: "cable, waiting and in a command",
        short: false,
        limit: MINUTE,
        run: || Box::pin(cable::pn532()),
    },
    LabTest {
        name: "held_by_the_kernels_driver",
        device: "NFC reader SCL3711 04e6:5591",
        kernel_driver: "pn533_usb",
        driver: "libnfc",
        pulled: "-",
        short: false,
        limit: MINUTE,
        run: || Box::pin(holders::kernel_driver()),
    },
    LabTest {
        name: "held_by_a_program",
        device: PN533,
        kernel_driver: "-",
        driver: "libnfc",
        pulled: "-",
        short: false,
        limit: MINUTE,
        run: || Box::pin(holders::program()),
    },
    LabTest {
        name: "payment_on_pn533",
        device: PN533,
        kernel_driver: "-",
        driver: "libnfc",
        pulled: "-",
        short: false,
        limit: MINUTE.saturating_mul(2),
        run: || Box::pin(payment::pn533()),
    },
    LabTest {
        name: "payment_on_pn532",
        device: PN532,
        kernel_driver: "ftdi_sio",
        driver: "libnfc and pn532",
        pulled: "-",
        short: false,
        limit: MINUTE.saturating_mul(2),
        run: || Box::pin(payment::pn532()),
    },
];
