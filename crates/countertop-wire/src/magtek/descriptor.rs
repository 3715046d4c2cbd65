//! Usages and report descriptors.

use crate::hid::{DescriptorBuilder, Usage, VENDOR};

/// Usage page 0xFF00, "Magnetic Stripe Reader" (D99875191, section 4, "HID usages"; D998200115,
/// table 6-1). The usages of tracks 2 and 3 follow that of track 1.
pub(super) const DECODING_READER: u16 = 0x01;
pub(super) const DECODE_STATUS: u16 = 0x20;
pub(super) const COMMAND: u16 = 0x20;
pub(super) const MAGNEPRINT_STATUS: u16 = 0x23;
pub(super) const DATA_LENGTH: u16 = 0x28;
pub(super) const MAGNEPRINT_LENGTH: u16 = 0x2B;
pub(super) const DATA: u16 = 0x30;
pub(super) const MAGNEPRINT: u16 = 0x33;
pub(super) const ENCODE_TYPE: u16 = 0x38;
pub(super) const CARD_STATUS: u16 = 0x39;
pub(super) const DEVICE_SERIAL_NUMBER: u16 = 0x40;
pub(super) const ENCRYPTION_STATUS: u16 = 0x42;
pub(super) const KEY_SERIAL_NUMBER: u16 = 0x46;
pub(super) const MASKED_LENGTH: u16 = 0x47;
pub(super) const MASKED_DATA: u16 = 0x4A;
pub(super) const SESSION_ID: u16 = 0x50;
pub(super) const ABSOLUTE_LENGTH: u16 = 0x51;
const REMAINING_TRANSACTIONS: u16 = 0x55;
const MAGNESAFE_VERSION: u16 = 0x56;
const HASHED_TRACK_2: u16 = 0x57;

pub(super) fn usage(id: u16) -> Usage {
    Usage::new(VENDOR, id)
}

/// Returns the report descriptor of a reader that sends tracks as they are: input reports of 337
/// bytes, feature reports of 24 (D99875191, section 4, "Report descriptor").
#[must_use]
pub fn swipe_reader_descriptor() -> Vec<u8> {
    let descriptor = bytes(tracks(start(), 110), COMMAND, 24, false);
    descriptor.end_collection().build()
}

/// Returns the report descriptor of a MagneSafe V5 reader: input reports of 887 bytes, feature
/// reports of 62 (99875475, section 2, "Report descriptor (HID)" and "Commands"; D998200115, table
/// 6-1).
#[must_use]
pub fn magnesafe_descriptor() -> Vec<u8> {
    let mut descriptor = tracks(start(), 112)
        .usage(CARD_STATUS)
        .report_count(1)
        .input(DescriptorBuilder::VARIABLE)
        .report_size(32)
        .usage(MAGNEPRINT_STATUS)
        .input(DescriptorBuilder::VARIABLE)
        .report_size(8);
    for (id, length) in [
        (MAGNEPRINT_LENGTH, 1),
        (MAGNEPRINT, 128),
        (DEVICE_SERIAL_NUMBER, 16),
        (ENCRYPTION_STATUS, 2),
        (KEY_SERIAL_NUMBER, 10),
    ] {
        descriptor = bytes(descriptor, id, length, true);
    }
    descriptor = descriptor
        .usages(MASKED_LENGTH..MASKED_LENGTH + 3)
        .report_count(3)
        .input(DescriptorBuilder::VARIABLE);
    for id in MASKED_DATA..MASKED_DATA + 3 {
        descriptor = bytes(descriptor, id, 112, true);
    }
    // Of the four absolute lengths, the last is MagnePrint's.
    descriptor = bytes(descriptor, SESSION_ID, 8, true)
        .usages(ABSOLUTE_LENGTH..ABSOLUTE_LENGTH + 4)
        .report_count(4)
        .input(DescriptorBuilder::VARIABLE);
    for (id, length) in [(REMAINING_TRANSACTIONS, 3), (MAGNESAFE_VERSION, 8), (HASHED_TRACK_2, 20)]
    {
        descriptor = bytes(descriptor, id, length, true);
    }
    bytes(descriptor, COMMAND, 62, false).end_collection().build()
}

fn start() -> DescriptorBuilder {
    DescriptorBuilder::new().usage_page(VENDOR).usage(DECODING_READER).application().bytes()
}

/// Status and length of the three tracks, the encode type, and the tracks' data.
fn tracks(descriptor: DescriptorBuilder, length: u16) -> DescriptorBuilder {
    let descriptor = descriptor
        .usages(DECODE_STATUS..DECODE_STATUS + 3)
        .usages(DATA_LENGTH..DATA_LENGTH + 3)
        .usage(ENCODE_TYPE)
        .report_count(7)
        .input(DescriptorBuilder::VARIABLE);
    (DATA..DATA + 3).fold(descriptor, |descriptor, id| bytes(descriptor, id, length, true))
}

fn bytes(descriptor: DescriptorBuilder, id: u16, length: u16, input: bool) -> DescriptorBuilder {
    let descriptor = descriptor.usage(id).report_count(length);
    if input {
        descriptor.input(DescriptorBuilder::BUFFERED)
    } else {
        descriptor.feature(DescriptorBuilder::BUFFERED)
    }
}
