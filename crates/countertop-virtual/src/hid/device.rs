use core::fmt;

use countertop_wire::hid::{DescriptorError, ReportDescriptor, ReportKind};

use super::{HidAnswer, HidDescriptors, HidFunction, HidInput, InputReports};

/// Is a HID device made in software, not plugged in.
pub struct HidDevice {
    pub(crate) descriptors: HidDescriptors,
    pub(crate) inputs: InputReports,
    parsed: ReportDescriptor,
    function: Box<dyn HidFunction>,
}

impl HidDevice {
    /// Creates a device, and what sends its input reports.
    ///
    /// # Errors
    ///
    /// When the report descriptor is wrong.
    pub fn new(
        descriptors: HidDescriptors,
        function: impl HidFunction,
    ) -> Result<(Self, HidInput), DescriptorError> {
        let parsed = ReportDescriptor::parse(&descriptors.report_descriptor)?;
        let (input, inputs) = HidInput::new();
        let function = Box::new(function);
        Ok((Self { descriptors, inputs, parsed, function }, input))
    }

    /// Returns what the device says of itself.
    #[must_use]
    pub fn descriptors(&self) -> &HidDescriptors {
        &self.descriptors
    }

    /// Asks the device for a report, as a host does; the answer comes without its number.
    pub fn get_report(&mut self, kind: ReportKind, number: u8) -> HidAnswer {
        if !self.knows(kind, number) {
            return HidAnswer::Refused;
        }
        self.function.get_report(kind, number)
    }

    /// Sends the device a report, as a host does, without its number.
    pub fn set_report(&mut self, kind: ReportKind, number: u8, data: &[u8]) -> HidAnswer {
        if !self.knows(kind, number) {
            return HidAnswer::Refused;
        }
        self.function.set_report(kind, number, data)
    }

    /// Waits for the next input report that the device sends; `None` when it never will again.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    pub async fn next_input(&mut self) -> Option<Vec<u8>> {
        loop {
            let report = self.inputs.recv().await?;
            if !report.is_withdrawn() {
                let bytes = report.bytes.clone();
                report.was_fetched();
                return Some(bytes);
            }
        }
    }

    /// Tells whether reports begin with their number.
    pub(crate) fn is_numbered(&self) -> bool {
        self.parsed.is_numbered()
    }

    /// Returns the length of a report, its number included where it has one.
    pub(crate) fn length(&self, kind: ReportKind, number: u8) -> usize {
        self.parsed.length(kind, self.is_numbered().then_some(number))
    }

    fn knows(&self, kind: ReportKind, number: u8) -> bool {
        (self.is_numbered() || number == 0) && self.length(kind, number) != 0
    }
}

impl fmt::Debug for HidDevice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HidDevice").field("descriptors", &self.descriptors).finish_non_exhaustive()
    }
}
