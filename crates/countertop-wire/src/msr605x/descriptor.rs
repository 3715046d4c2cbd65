//! The report descriptor.

use super::PACKET_LEN;
use crate::hid::{DescriptorBuilder, GENERIC_DESKTOP, ReportDescriptor, ReportKind, VENDOR};

/// Usage of the feature report, on the vendor's page.
const COMMAND: u16 = 0x20;

/// Returns a report descriptor with the reader's capabilities: one application of the generic desktop
/// without a name, input and output reports of 64 usages, a feature report of 64 bytes.
///
/// Windows tells a descriptor's capabilities, not its bytes; these are another way to say the same.
#[must_use]
pub fn report_descriptor() -> Vec<u8> {
    DescriptorBuilder::new()
        .usage_page(GENERIC_DESKTOP)
        .usage(0x00)
        .application()
        .bytes()
        .report_count(64)
        .usage_range(0x00, 0x3f)
        .input(DescriptorBuilder::VARIABLE)
        .usage_range(0x00, 0x3f)
        .output(DescriptorBuilder::VARIABLE)
        .usage_page(VENDOR)
        .usage(COMMAND)
        .feature(DescriptorBuilder::BUFFERED)
        .end_collection()
        .build()
}

/// Tells whether reports go in and out as an MSR605X's do: 64 bytes without a number.
#[must_use]
pub fn is_msr605x(descriptor: &[u8]) -> bool {
    ReportDescriptor::parse(descriptor).is_ok_and(|parsed| {
        let length = |kind| parsed.length(kind, None);
        let both = [ReportKind::Input, ReportKind::Feature];
        !parsed.is_numbered() && both.map(length) == [PACKET_LEN; 2]
    })
}
