//! Scanners with HID point-of-sale reports, on hidraw.

use crate::lab_test::LabTest;

/// The tests of this area.
pub(crate) const TESTS: &[LabTest] = &[];
