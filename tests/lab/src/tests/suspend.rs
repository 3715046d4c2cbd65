//! Computers that sleep and wake up. These tests run in a guest that lives in memory.

use crate::lab_test::LabTest;

/// The tests of this area.
pub(crate) const TESTS: &[LabTest] = &[];
