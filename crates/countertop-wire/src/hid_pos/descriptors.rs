//! Report descriptors of the two kinds of scanner in the field, for virtual ones.

use super::layout::{BYTE_COUNT, CONTINUED, DECODED_DATA, SYMBOLOGY};
use crate::hid::{BAR_CODE_SCANNER, DescriptorBuilder, VENDOR};

/// Bar Code Scanner, the application.
const SCANNER: u16 = 0x02;
/// Scanned Data Report.
const SCANNED_DATA: u16 = 0x12;
/// The number of the report.
const REPORT_ID: u8 = 0x02;
/// Bytes of data in a report of 64 bytes.
const DATA: u16 = 56;

/// Returns the report descriptor of a scanner that sends AIM identifiers, as Honeywell, Zebra and
/// Datalogic have it: report 0x02, count, `]Q1`, 56 bytes of data, two of the maker, and the flag; 64
/// bytes.
#[must_use]
pub fn scanner_descriptor() -> Vec<u8> {
    let counted = begin().usage_page(BAR_CODE_SCANNER);
    let identified = counted
        .report_count(3)
        .usages(SYMBOLOGY.map(|usage| usage.id))
        .input(DescriptorBuilder::VARIABLE);
    end(decoded(identified)
        .usage_page(VENDOR)
        .report_count(2)
        .usages([0x04, 0x05])
        .input(DescriptorBuilder::VARIABLE))
}

/// Returns the report descriptor of a scanner without AIM identifiers, as Newland and relatives have
/// it (NLS-FM420 Integration Guide, "HID-POS", and others'): report 0x02, count, 56 bytes of data, four
/// reserved, one of the maker, and the flag; 64 bytes.
#[must_use]
pub fn plain_descriptor() -> Vec<u8> {
    let reserved = decoded(begin()).report_count(4).input(DescriptorBuilder::CONSTANT);
    let maker = reserved.usage_page(VENDOR).report_count(1).usage(0x04);
    end(maker.input(DescriptorBuilder::VARIABLE))
}

fn begin() -> DescriptorBuilder {
    let report = DescriptorBuilder::new()
        .usage_page(BAR_CODE_SCANNER)
        .usage(SCANNER)
        .application()
        .report_id(REPORT_ID)
        .usage(SCANNED_DATA)
        .logical();
    let count = report.bytes().report_count(1).usage_page(BYTE_COUNT.page).usage(BYTE_COUNT.id);
    count.input(DescriptorBuilder::VARIABLE)
}

fn decoded(builder: DescriptorBuilder) -> DescriptorBuilder {
    let data = builder.usage_page(BAR_CODE_SCANNER).report_count(DATA).usage(DECODED_DATA.id);
    data.input(DescriptorBuilder::BUFFERED)
}

fn end(builder: DescriptorBuilder) -> Vec<u8> {
    let flag = builder.usage_page(BAR_CODE_SCANNER).logical_range(1).report_size(1).report_count(1);
    let flag = flag.usage(CONTINUED.id).input(DescriptorBuilder::VARIABLE);
    let padded = flag.report_size(7).report_count(1).input(DescriptorBuilder::CONSTANT);
    padded.end_collection().end_collection().build()
}
