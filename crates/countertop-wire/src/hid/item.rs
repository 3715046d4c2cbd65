//! Short items (HID 1.11, section 6.2.2.2): a byte of tag, type and size, and up to four of data.

/// Tags of the items, with the two bits of the size left out.
pub(super) const INPUT: u8 = 0x80;
pub(super) const OUTPUT: u8 = 0x90;
pub(super) const FEATURE: u8 = 0xB0;
pub(super) const COLLECTION: u8 = 0xA0;
pub(super) const END_COLLECTION: u8 = 0xC0;
pub(super) const USAGE_PAGE: u8 = 0x04;
pub(super) const LOGICAL_MINIMUM: u8 = 0x14;
pub(super) const LOGICAL_MAXIMUM: u8 = 0x24;
pub(super) const REPORT_SIZE: u8 = 0x74;
pub(super) const REPORT_ID: u8 = 0x84;
pub(super) const REPORT_COUNT: u8 = 0x94;
pub(super) const PUSH: u8 = 0xA4;
pub(super) const POP: u8 = 0xB4;
pub(super) const USAGE: u8 = 0x08;
pub(super) const USAGE_MINIMUM: u8 = 0x18;
pub(super) const USAGE_MAXIMUM: u8 = 0x28;

/// Begins a long item (section 6.2.2.3); its second byte is the length of its data.
const LONG: u8 = 0xFE;

/// Is one item: tag, data, and how many bytes the data took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) tag: u8,
    pub(super) data: u32,
    pub(super) width: usize,
}

/// Takes the next item off `bytes`, passing over long ones. `Ok(None)` at the end, `Err` in the
/// middle of an item.
pub(super) fn next(bytes: &mut &[u8]) -> Result<Option<Item>, ()> {
    loop {
        let Some((&prefix, rest)) = bytes.split_first() else { return Ok(None) };
        if prefix == LONG {
            let length = usize::from(*rest.first().ok_or(())?);
            *bytes = rest.get(2 + length..).ok_or(())?;
            continue;
        }
        let width = [0, 1, 2, 4][usize::from(prefix & 0x03)];
        let (data, rest) = rest.split_at_checked(width).ok_or(())?;
        let data = data.iter().rev().fold(0, |sum, &byte| sum << 8 | u32::from(byte));
        *bytes = rest;
        return Ok(Some(Item { tag: prefix & !0x03, data, width }));
    }
}

/// Appends an item with the fewest bytes that hold `data`.
pub(super) fn push(bytes: &mut Vec<u8>, tag: u8, data: u32) {
    let [a, b, c, d] = data.to_le_bytes();
    match data {
        0..=0xFF => bytes.extend([tag | 0x01, a]),
        0x100..=0xFFFF => bytes.extend([tag | 0x02, a, b]),
        _ => bytes.extend([tag | 0x03, a, b, c, d]),
    }
}
