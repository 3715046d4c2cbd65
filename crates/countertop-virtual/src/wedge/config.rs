use core::time::Duration;

use countertop_wire::hid::{DescriptorError, ReportKind};
use countertop_wire::keyboard::{BOOT_DESCRIPTOR, Layout, Mode, Typist};
use countertop_wire::scanner::ScanFormat;

use super::WedgeControl;
use crate::hid::{BootProtocol, HidAnswer, HidDescriptors, HidDevice, HidFunction};

/// Says what kind of device it is and how it types.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WedgeConfig {
    /// Vendor, product, names, serial number, and the time between two reports.
    pub descriptors: HidDescriptors,
    /// The keyboard layout that it is set to.
    pub layout: Layout,
    /// Whether it types by keys or by numbers.
    pub mode: Mode,
    /// What stands around a code.
    pub format: ScanFormat,
}

impl WedgeConfig {
    /// Creates a scanner that types `]Q1`, the code and Enter on an American keyboard, a report every
    /// 4 ms.
    #[must_use]
    pub fn scanner() -> Self {
        let format = ScanFormat { aim: true, ..ScanFormat::default() };
        Self::new(0x05e0, 0x1200, format).names("Symbol", "Bar Code Scanner")
    }

    /// Creates a stripe reader that types each swipe as `%…?;…?+…?` and Enter.
    #[must_use]
    pub fn stripe_reader() -> Self {
        Self::new(0x0801, 0x0001, ScanFormat::default()).names("Mag-Tek", "USB Swipe Reader")
    }

    fn new(vendor: u16, product: u16, format: ScanFormat) -> Self {
        let descriptors = HidDescriptors::new(vendor, product, BOOT_DESCRIPTOR.to_vec())
            .interval(Duration::from_millis(4))
            .boot(BootProtocol::Keyboard);
        Self { descriptors, layout: Layout::default(), mode: Mode::default(), format }
    }

    fn names(mut self, manufacturer: &str, name: &str) -> Self {
        self.descriptors = self.descriptors.names(manufacturer, name);
        self
    }

    /// Sets the serial number.
    #[must_use]
    pub fn serial_number(mut self, serial: &str) -> Self {
        self.descriptors = self.descriptors.serial_number(serial);
        self
    }

    /// Sets the keyboard layout.
    #[must_use]
    pub fn layout(mut self, layout: Layout) -> Self {
        self.layout = layout;
        self
    }

    /// Sets whether it types by keys or by numbers.
    #[must_use]
    pub fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// Sets what stands around a code.
    #[must_use]
    pub fn format(mut self, format: ScanFormat) -> Self {
        self.format = format;
        self
    }

    /// Makes the device, not plugged in, and the hand that uses it.
    ///
    /// # Errors
    ///
    /// When the report descriptor was changed into a wrong one.
    pub fn build(self) -> Result<(HidDevice, WedgeControl), DescriptorError> {
        let typist = Typist::new(self.layout, self.mode);
        let (device, input) = HidDevice::new(self.descriptors, Lights)?;
        Ok((device, WedgeControl::new(typist, self.format, input)))
    }
}

/// Takes the lights of a keyboard, and has none.
struct Lights;

impl HidFunction for Lights {
    fn get_report(&mut self, kind: ReportKind, _number: u8) -> HidAnswer {
        match kind {
            ReportKind::Input => HidAnswer::Data(vec![0; 8]),
            _ => HidAnswer::Refused,
        }
    }

    fn set_report(&mut self, kind: ReportKind, _number: u8, _data: &[u8]) -> HidAnswer {
        match kind {
            ReportKind::Output => HidAnswer::Accepted,
            _ => HidAnswer::Refused,
        }
    }
}
