//! All tests, by area.

use std::fmt::Write as _;

use crate::lab_test::LabTest;
use crate::tests;

/// Which tests there are to choose from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Set {
    /// Those for an ordinary guest.
    Ordinary,
    /// Those that mostly wait, for a guest of their own beside the others.
    Idle,
    /// Those for a guest that lives in memory, and that they suspend.
    Suspend,
    /// Those that fail by design: `smoke::failures_are_told` runs them.
    Broken,
}

impl Set {
    fn areas(self) -> &'static [(&'static str, &'static [LabTest])] {
        match self {
            Self::Ordinary => AREAS,
            Self::Idle => &[
                ("wedge", tests::wedge::TESTS),
                ("hid_scanner", tests::hid_scanner::TESTS),
                ("tablet", tests::tablet::TESTS),
                ("figures", tests::figures::TESTS),
            ],
            Self::Suspend => &[("suspend", tests::suspend::TESTS)],
            Self::Broken => &[("broken", tests::broken::TESTS)],
        }
    }

    /// Returns the tests of this set.
    pub(crate) fn entries(self) -> impl Iterator<Item = Entry> {
        let areas = self.areas().iter();
        areas.flat_map(|(area, tests)| tests.iter().map(move |test| Entry { area, test }))
    }
}

/// The areas in the order in which they run: the longest test early, for at the end guests that share
/// their tests wait for each other.
const AREAS: &[(&str, &[LabTest])] = &[
    ("smoke", tests::smoke::TESTS),
    ("mixed", tests::mixed::TESTS),
    ("udev", tests::udev::TESTS),
    ("usb_printer", tests::usb_printer::TESTS),
    ("serial", tests::serial::TESTS),
    ("hid_stripe", tests::hid_stripe::TESTS),
    ("ccid", tests::ccid::TESTS),
    ("nfc", tests::nfc::TESTS),
    ("hub", tests::hub::TESTS),
    ("doctor", tests::doctor::TESTS),
];

/// A test and the area it belongs to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) area: &'static str,
    pub(crate) test: &'static LabTest,
}

impl Entry {
    /// Returns the name by which one test is asked for.
    pub(crate) fn full_name(self) -> String {
        format!("{}::{}", self.area, self.test.name)
    }
}

/// Returns every test of every set.
pub(crate) fn all() -> impl Iterator<Item = Entry> {
    [Set::Ordinary, Set::Idle, Set::Suspend, Set::Broken].into_iter().flat_map(Set::entries)
}

/// Returns the test of this full name.
pub(crate) fn named(name: &str) -> Option<Entry> {
    all().find(|entry| entry.full_name() == name)
}

/// Returns one line for each test; `s` marks those of the short form.
pub(crate) fn listing(entries: &[Entry]) -> String {
    let mut lines = String::new();
    for entry in entries {
        let mark = if entry.test.short { "s" } else { " " };
        // Writing to a string does not fail.
        let _ = writeln!(lines, "{mark} {}  ({})", entry.full_name(), entry.test.device);
    }
    lines
}

#[cfg(test)]
mod checks {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_unique_and_in_snake_case() {
        let mut names = BTreeSet::new();
        for entry in all() {
            let name = entry.test.name;
            let plain =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
            assert!(!name.is_empty() && name.bytes().all(plain), "{name}");
            assert!(names.insert(entry.full_name()), "{} is there twice", entry.full_name());
        }
    }

    #[test]
    fn each_row_of_the_table_is_filled() {
        for entry in all() {
            let LabTest { device, kernel_driver, driver, pulled, limit, .. } = entry.test;
            for cell in [device, kernel_driver, driver, pulled] {
                assert!(
                    !cell.is_empty(),
                    "{}: write `-` where there is nothing",
                    entry.full_name()
                );
                assert!(!cell.contains(['|', '\n']), "{}: {cell}", entry.full_name());
            }
            assert!(!limit.is_zero(), "{}", entry.full_name());
        }
    }

    #[test]
    fn each_test_is_found_by_its_full_name() {
        for entry in all() {
            assert_eq!(named(&entry.full_name()).map(|it| it.test.name), Some(entry.test.name));
        }
        assert!(named("smoke::no_such_test").is_none());
    }
}
