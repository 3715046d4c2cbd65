//! Writing report descriptors.

use super::item;

/// Writes a report descriptor item by item, each in its shortest form.
///
/// ```
/// use countertop_wire::hid::DescriptorBuilder;
///
/// let descriptor = DescriptorBuilder::new()
///     .usage_page(0xFF00)
///     .usage(0x01)
///     .application()
///     .bytes()
///     .usage(0x20)
///     .report_count(24)
///     .feature(DescriptorBuilder::BUFFERED)
///     .end_collection()
///     .build();
/// assert_eq!(descriptor[..5], [0x06, 0x00, 0xFF, 0x09, 0x01]);
/// ```
#[derive(Debug, Clone, Default)]
pub struct DescriptorBuilder {
    bytes: Vec<u8>,
}

impl DescriptorBuilder {
    /// Data, array, absolute (section 6.2.2.5).
    pub const ARRAY: u32 = 0x000;
    /// Constant: padding.
    pub const CONSTANT: u32 = 0x003;
    /// Data, variable, absolute.
    pub const VARIABLE: u32 = 0x002;
    /// Data, variable, absolute, a stream of bytes.
    pub const BUFFERED: u32 = 0x102;

    /// Creates an empty descriptor.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn item(mut self, tag: u8, data: u32) -> Self {
        item::push(&mut self.bytes, tag, data);
        self
    }

    /// Adds a usage page.
    #[must_use]
    pub fn usage_page(self, page: u16) -> Self {
        self.item(item::USAGE_PAGE, page.into())
    }

    /// Adds a usage of the page.
    #[must_use]
    pub fn usage(self, id: u16) -> Self {
        self.item(item::USAGE, id.into())
    }

    /// Adds usages of the page, one after the other.
    #[must_use]
    pub fn usages(self, ids: impl IntoIterator<Item = u16>) -> Self {
        ids.into_iter().fold(self, Self::usage)
    }

    /// Adds a range of usages of the page.
    #[must_use]
    pub fn usage_range(self, minimum: u16, maximum: u16) -> Self {
        self.item(item::USAGE_MINIMUM, minimum.into()).item(item::USAGE_MAXIMUM, maximum.into())
    }

    /// Begins an application collection (section 6.2.2.6).
    #[must_use]
    pub fn application(self) -> Self {
        self.item(item::COLLECTION, 0x01)
    }

    /// Begins a logical collection.
    #[must_use]
    pub fn logical(self) -> Self {
        self.item(item::COLLECTION, 0x02)
    }

    /// Ends the collection.
    #[must_use]
    pub fn end_collection(mut self) -> Self {
        self.bytes.push(item::END_COLLECTION);
        self
    }

    /// Sets the number of the reports that follow.
    #[must_use]
    pub fn report_id(self, number: u8) -> Self {
        self.item(item::REPORT_ID, number.into())
    }

    /// Sets the values that fields can have, from 0 to `maximum`.
    #[must_use]
    pub fn logical_range(mut self, maximum: u16) -> Self {
        self = self.item(item::LOGICAL_MINIMUM, 0);
        // Data are signed: 255 in one byte would be -1 (section 6.2.2.7).
        if (0x80..=0xFF).contains(&maximum) {
            let [low, high] = maximum.to_le_bytes();
            self.bytes.extend([item::LOGICAL_MAXIMUM | 0x02, low, high]);
            return self;
        }
        self.item(item::LOGICAL_MAXIMUM, maximum.into())
    }

    /// Sets the bits of a field.
    #[must_use]
    pub fn report_size(self, bits: u8) -> Self {
        self.item(item::REPORT_SIZE, bits.into())
    }

    /// Sets the fields to bytes of any value.
    #[must_use]
    pub fn bytes(self) -> Self {
        self.logical_range(0xFF).report_size(8)
    }

    /// Sets how many fields follow.
    #[must_use]
    pub fn report_count(self, fields: u16) -> Self {
        self.item(item::REPORT_COUNT, fields.into())
    }

    /// Adds fields to the input report.
    #[must_use]
    pub fn input(self, flags: u32) -> Self {
        self.item(item::INPUT, flags)
    }

    /// Adds fields to the output report.
    #[must_use]
    pub fn output(self, flags: u32) -> Self {
        self.item(item::OUTPUT, flags)
    }

    /// Adds fields to the feature report.
    #[must_use]
    pub fn feature(self, flags: u32) -> Self {
        self.item(item::FEATURE, flags)
    }

    /// Returns the descriptor.
    #[must_use]
    pub fn build(self) -> Vec<u8> {
        self.bytes
    }
}
