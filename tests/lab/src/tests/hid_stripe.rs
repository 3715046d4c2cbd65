//! Stripe readers with HID reports and feature reports, on hidraw.

use crate::lab_test::LabTest;

/// The tests of this area.
pub(crate) const TESTS: &[LabTest] = &[];
