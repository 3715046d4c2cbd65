//! The figures of `docs/performance.md` that need a kernel.

use crate::lab_test::LabTest;

/// The tests of this area.
pub(crate) const TESTS: &[LabTest] = &[];
