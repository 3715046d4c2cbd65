use countertop_wire::hid::ReportKind;

/// Is what a HID device answers.
///
/// The methods are called one at a time and must return at once. Numbers are 0x00 for devices
/// without numbered reports, and the data of a report comes and goes without its number.
pub trait HidFunction: Send + 'static {
    /// Answers GET_REPORT (HID 1.11, section 7.2.1).
    fn get_report(&mut self, kind: ReportKind, number: u8) -> HidAnswer;

    /// Takes SET_REPORT (HID 1.11, section 7.2.2), and output reports from wherever they come.
    fn set_report(&mut self, kind: ReportKind, number: u8, data: &[u8]) -> HidAnswer;
}

/// Is an answer to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum HidAnswer {
    /// The report that was asked for.
    Data(Vec<u8>),
    /// The report that came was taken.
    Accepted,
    /// There is no such report, or not now.
    Refused,
    /// None at all, as of a device that hangs.
    Silence,
}
