//! Chip card readers under pcscd and libccid.

mod bench;
mod cable;
mod cards;
mod crash;
mod every_command;
mod key_pad;
pub(crate) mod service;
mod transaction;

use std::time::Duration;

use crate::lab_test::{LabTest, MINUTE};

const DEVICE: &str = "CCID reader 08e6:3437";
const KEY_PAD: &str = "CCID reader 08e6:3437 with a key pad";
const OURS: &str = "pcsc over pcscd and libccid";

/// Starting pcscd, and time for its own looks at readers and cards.
const LONG: Duration = Duration::from_secs(120);

/// Plugging a reader in so many times.
const LONGER: Duration = Duration::from_secs(600);

/// The tests of this area.
pub(crate) const TESTS: &[LabTest] = &[
    LabTest {
        name: "strangers_read_the_card",
        device: DEVICE,
        kernel_driver: "-",
        driver: "opensc-tool, pcsc_scan over libccid",
        pulled: "-",
        short: true,
        limit: MINUTE,
        run: || Box::pin(cards::strangers()),
    },
    LabTest {
        name: "whole_transaction",
        device: DEVICE,
        kernel_driver: "-",
        driver: OURS,
        pulled: "-",
        short: false,
        limit: LONG,
        run: || Box::pin(transaction::approved()),
    },
    LabTest {
        name: "levels_of_exchange",
        device: DEVICE,
        kernel_driver: "-",
        driver: OURS,
        pulled: "card, between two",
        short: false,
        limit: LONG,
        run: || Box::pin(cards::levels()),
    },
    LabTest {
        name: "slow_card",
        device: DEVICE,
        kernel_driver: "-",
        driver: OURS,
        pulled: "-",
        short: false,
        limit: LONG,
        run: || Box::pin(cards::slow_card()),
    },
    LabTest {
        name: "card_pulled",
        device: DEVICE,
        kernel_driver: "-",
        driver: OURS,
        pulled: "card, before, between and in commands",
        short: false,
        limit: LONG,
        run: || Box::pin(cards::pulled()),
    },
    LabTest {
        name: "unplugged",
        device: DEVICE,
        kernel_driver: "-",
        driver: OURS,
        pulled: "cable, before open, waiting and in a command",
        short: false,
        limit: LONG,
        run: || Box::pin(cable::unplugged()),
    },
    LabTest {
        name: "unplugged_at_every_command",
        device: DEVICE,
        kernel_driver: "-",
        driver: OURS,
        pulled: "cable, before and in each of 8 commands",
        short: false,
        limit: LONGER,
        run: || Box::pin(every_command::unplugged()),
    },
    LabTest {
        name: "pin_at_the_reader",
        device: KEY_PAD,
        kernel_driver: "-",
        driver: OURS,
        pulled: "card, while the reader asks",
        short: false,
        limit: LONG,
        run: || Box::pin(key_pad::entries()),
    },
    LabTest {
        name: "purchase_with_pin_at_the_reader",
        device: KEY_PAD,
        kernel_driver: "-",
        driver: OURS,
        pulled: "-",
        short: false,
        limit: LONG,
        run: || Box::pin(key_pad::purchase_with_pin()),
    },
    LabTest {
        name: "twins",
        device: "two CCID readers 08e6:3437",
        kernel_driver: "-",
        driver: OURS,
        pulled: "cable, both, plugged in again the other way",
        short: false,
        limit: LONG,
        run: || Box::pin(cable::twins()),
    },
    LabTest {
        name: "watched",
        device: DEVICE,
        kernel_driver: "-",
        driver: OURS,
        pulled: "cable, three times, watching the list",
        short: false,
        limit: LONG,
        run: || Box::pin(cable::watched()),
    },
    LabTest {
        name: "service_killed_while_waiting",
        device: DEVICE,
        kernel_driver: "-",
        driver: OURS,
        pulled: "pcscd, waiting for a card",
        short: false,
        limit: LONG,
        run: || Box::pin(crash::while_waiting()),
    },
    LabTest {
        name: "service_killed_in_a_command",
        device: DEVICE,
        kernel_driver: "-",
        driver: OURS,
        pulled: "pcscd, in a command",
        short: false,
        limit: LONG,
        run: || Box::pin(crash::while_transmitting()),
    },
    LabTest {
        name: "service_late",
        device: DEVICE,
        kernel_driver: "-",
        driver: OURS,
        pulled: "pcscd, not started yet",
        short: false,
        limit: LONG,
        run: || Box::pin(crash::late()),
    },
];
