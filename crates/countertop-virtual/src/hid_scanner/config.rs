use core::time::Duration;

use countertop_wire::hid::ReportKind;
use countertop_wire::hid_pos::{LayoutError, ScanLayout, plain_descriptor, scanner_descriptor};

use super::HidScannerControl;
use crate::hid::{HidAnswer, HidDescriptors, HidDevice, HidFunction};

/// Says what kind of scanner it is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HidScannerConfig {
    /// Vendor, product, names, serial number, report descriptor, and the time between two reports.
    pub descriptors: HidDescriptors,
}

impl HidScannerConfig {
    /// Creates a scanner that sends AIM identifiers, as Honeywell, Zebra and Datalogic make them.
    #[must_use]
    pub fn with_symbology() -> Self {
        let descriptors = HidDescriptors::new(0x067e, 0x0809, scanner_descriptor());
        Self::new(descriptors.names("Intermec", "SG20"))
    }

    /// Creates a scanner that sends none, as Newland and relatives make them.
    #[must_use]
    pub fn plain() -> Self {
        let descriptors = HidDescriptors::new(0x1eab, 0x0d10, plain_descriptor());
        Self::new(descriptors.names("Newland", "NLS-FM420"))
    }

    fn new(descriptors: HidDescriptors) -> Self {
        Self { descriptors: descriptors.interval(Duration::from_millis(1)) }
    }

    /// Sets the serial number.
    #[must_use]
    pub fn serial_number(mut self, serial: &str) -> Self {
        self.descriptors = self.descriptors.serial_number(serial);
        self
    }

    /// Makes the scanner, not plugged in, and the hand that holds up codes.
    ///
    /// # Errors
    ///
    /// When the report descriptor was changed into one that is no scanner's.
    pub fn build(self) -> Result<(HidDevice, HidScannerControl), LayoutError> {
        let layout = ScanLayout::of(&self.descriptors.report_descriptor)?;
        let (device, input) = HidDevice::new(self.descriptors, Mute)?;
        Ok((device, HidScannerControl::new(layout, input)))
    }
}

/// Answers nothing: a scanner tells of codes by itself.
struct Mute;

impl HidFunction for Mute {
    fn get_report(&mut self, _kind: ReportKind, _number: u8) -> HidAnswer {
        HidAnswer::Refused
    }

    fn set_report(&mut self, _kind: ReportKind, _number: u8, _data: &[u8]) -> HidAnswer {
        HidAnswer::Refused
    }
}
