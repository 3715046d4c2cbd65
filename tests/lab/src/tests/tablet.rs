//! Pen tablets as signature pads.

use crate::lab_test::LabTest;

/// The tests of this area.
pub(crate) const TESTS: &[LabTest] = &[];
