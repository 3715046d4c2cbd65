//! Receipt printers on USB: over libusb and over `usblp`.

use crate::lab_test::LabTest;

/// The tests of this area.
pub(crate) const TESTS: &[LabTest] = &[];
