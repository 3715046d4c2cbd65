//! Keyboard wedges, on evdev.

use crate::lab_test::LabTest;

/// The tests of this area.
pub(crate) const TESTS: &[LabTest] = &[];
