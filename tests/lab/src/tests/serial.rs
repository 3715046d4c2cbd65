//! Devices on USB serial lines: `cdc_acm`, `ftdi_sio`.

use crate::lab_test::LabTest;

/// The tests of this area.
pub(crate) const TESTS: &[LabTest] = &[];
