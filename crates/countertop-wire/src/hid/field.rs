//! Where a usage lies in a report.

/// Is a usage: page and number in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Usage {
    /// The usage page.
    pub page: u16,
    /// The usage's number in the page.
    pub id: u16,
}

impl Usage {
    /// Creates the usage `id` of `page`.
    #[must_use]
    pub const fn new(page: u16, id: u16) -> Self {
        Self { page, id }
    }
}

/// Is one of the three kinds of report, with the numbers of GET_REPORT (HID 1.11, section 7.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReportKind {
    /// From the device, by itself.
    Input = 1,
    /// To the device.
    Output = 2,
    /// Both ways, when the host asks.
    Feature = 3,
}

/// Is a run of equal elements in a report that mean one usage, or of an array one of a range.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Field {
    /// The kind of the report.
    pub kind: ReportKind,
    /// The report's number, which is its first byte then.
    pub report_id: Option<u8>,
    /// The usage; of an array the first of its range.
    pub usage: Usage,
    /// The last usage of an array's range; the usage itself else.
    pub usage_maximum: u16,
    /// The place of the first element, in bits from the start of the report, its number included.
    pub offset: usize,
    /// The bits of an element.
    pub size: usize,
    /// How many elements there are.
    pub count: usize,
}

impl Field {
    /// Returns the bytes of the field in `report`, which begins with its number if it has one.
    /// `None` when the field is not made of whole bytes, or the report ends before it does.
    #[must_use]
    pub fn bytes<'a>(&self, report: &'a [u8]) -> Option<&'a [u8]> {
        report.get(self.byte_range()?)
    }

    /// Returns the bytes of the field in `report`, to be written.
    #[must_use]
    pub fn bytes_mut<'a>(&self, report: &'a mut [u8]) -> Option<&'a mut [u8]> {
        report.get_mut(self.byte_range()?)
    }

    /// Returns element `index` of the field in `report` as a number. `None` past the end, and for
    /// elements of more than 32 bits.
    #[must_use]
    pub fn value(&self, report: &[u8], index: usize) -> Option<u32> {
        if index >= self.count || self.size > 32 {
            return None;
        }
        let first = self.offset + index * self.size;
        let bit = |at: usize| Some(u32::from(report.get(at / 8)? >> (at % 8) & 1));
        (0..self.size).try_fold(0, |sum, place| Some(sum | bit(first + place)? << place))
    }

    fn byte_range(&self) -> Option<core::ops::Range<usize>> {
        let bits = self.size * self.count;
        let whole = self.offset.is_multiple_of(8) && bits.is_multiple_of(8);
        whole.then(|| self.offset / 8..(self.offset + bits) / 8)
    }
}
