//! Reading report descriptors.

use super::field::{Field, ReportKind, Usage};
use super::item::{self, Item};

/// The longest report that the kernel takes, in bits (`HID_MAX_BUFFER_SIZE`).
const LONGEST: usize = 16_384 * 8;

/// How many usages one main item can name here; the kernel stops at 12,288 for the whole device.
const MOST_USAGES: u32 = 1024;

/// Holds what a report descriptor says: which usages lie where.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReportDescriptor {
    applications: Vec<Usage>,
    fields: Vec<Field>,
    lengths: Vec<(ReportKind, Option<u8>, usize)>,
}

/// Says what is wrong with a report descriptor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum DescriptorError {
    /// It ends in the middle of an item.
    #[error("the report descriptor ends within an item")]
    CutOff,
    /// A report is longer than any host takes, or has too many fields.
    #[error("the report descriptor describes a report that is too long")]
    TooLong,
    /// Pop without push, or report number 0.
    #[error("the report descriptor uses item 0x{0:02x} where it makes no sense")]
    Misplaced(u8),
}

/// The global items (section 6.2.2.7).
#[derive(Debug, Clone, Copy, Default)]
struct Globals {
    page: u16,
    size: u32,
    count: u32,
    report_id: Option<u8>,
}

#[derive(Debug, Default)]
struct Parser {
    globals: Globals,
    stack: Vec<Globals>,
    usages: Vec<Usage>,
    minimum: Option<Usage>,
    range: Option<(Usage, u16)>,
    result: ReportDescriptor,
}

impl ReportDescriptor {
    /// Parses a report descriptor.
    ///
    /// # Errors
    ///
    /// As [`DescriptorError`] says.
    pub fn parse(descriptor: &[u8]) -> Result<Self, DescriptorError> {
        let mut rest = descriptor;
        let mut parser = Parser::default();
        while let Some(item) = item::next(&mut rest).map_err(|()| DescriptorError::CutOff)? {
            parser.take(item)?;
        }
        Ok(parser.result)
    }

    /// Returns the usages of the application collections: what kind of device it is.
    #[must_use]
    pub fn applications(&self) -> &[Usage] {
        &self.applications
    }

    /// Returns all fields in the order of the descriptor.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// Finds the first field of a usage in reports of a kind.
    #[must_use]
    pub fn find(&self, kind: ReportKind, usage: Usage) -> Option<&Field> {
        let found = |field: &&Field| {
            let range = field.usage.id..=field.usage_maximum;
            field.kind == kind && field.usage.page == usage.page && range.contains(&usage.id)
        };
        self.fields.iter().find(found)
    }

    /// Returns the length of a report in bytes, its number included where it has one; 0 when there
    /// is no such report.
    #[must_use]
    pub fn length(&self, kind: ReportKind, report_id: Option<u8>) -> usize {
        self.bits(kind, report_id).map_or(0, |bits| bits.div_ceil(8))
    }

    /// Tells whether reports begin with their number.
    #[must_use]
    pub fn is_numbered(&self) -> bool {
        self.lengths.iter().any(|(_, id, _)| id.is_some())
    }

    fn bits(&self, kind: ReportKind, report_id: Option<u8>) -> Option<usize> {
        let mut lengths = self.lengths.iter();
        lengths.find(|it| (it.0, it.1) == (kind, report_id)).map(|it| it.2)
    }

    fn set_bits(&mut self, kind: ReportKind, report_id: Option<u8>, bits: usize) {
        match self.lengths.iter_mut().find(|it| (it.0, it.1) == (kind, report_id)) {
            Some(known) => known.2 = bits,
            None => self.lengths.push((kind, report_id, bits)),
        }
    }
}

impl Parser {
    fn take(&mut self, item: Item) -> Result<(), DescriptorError> {
        let misplaced = DescriptorError::Misplaced(item.tag);
        match item.tag {
            item::INPUT => self.main(ReportKind::Input, item.data)?,
            item::OUTPUT => self.main(ReportKind::Output, item.data)?,
            item::FEATURE => self.main(ReportKind::Feature, item.data)?,
            item::COLLECTION => self.collection(item.data),
            item::END_COLLECTION => self.forget_locals(),
            item::USAGE_PAGE => self.globals.page = low_half(item.data),
            item::REPORT_SIZE => self.globals.size = item.data,
            item::REPORT_COUNT => self.globals.count = item.data,
            item::REPORT_ID => {
                let id = u8::try_from(item.data).ok().filter(|id| *id != 0);
                self.globals.report_id = Some(id.ok_or(misplaced)?);
            }
            item::PUSH => self.stack.push(self.globals),
            item::POP => self.globals = self.stack.pop().ok_or(misplaced)?,
            item::USAGE => self.usages.push(self.usage(item)),
            item::USAGE_MINIMUM => self.minimum = Some(self.usage(item)),
            item::USAGE_MAXIMUM => self.close_range(low_half(item.data)),
            _ => {}
        }
        if self.stack.len() > 16 || self.usages.len() > 4096 {
            return Err(DescriptorError::TooLong);
        }
        Ok(())
    }

    /// A usage of four bytes brings its page along (section 6.2.2.8).
    fn usage(&self, item: Item) -> Usage {
        let page = if item.width == 4 { low_half(item.data >> 16) } else { self.globals.page };
        Usage::new(page, low_half(item.data))
    }

    fn close_range(&mut self, maximum: u16) {
        if let Some(minimum) = self.minimum.take() {
            let last = u32::from(minimum.id).saturating_add(MOST_USAGES).min(maximum.into());
            let last = low_half(last);
            self.usages.extend((minimum.id..=last).map(|id| Usage::new(minimum.page, id)));
            self.range = Some((minimum, maximum));
        }
    }

    fn collection(&mut self, kind: u32) {
        const APPLICATION: u32 = 0x01;
        if kind == APPLICATION {
            self.result.applications.extend(self.usages.first());
        }
        self.forget_locals();
    }

    fn forget_locals(&mut self) {
        self.usages.clear();
        self.minimum = None;
        self.range = None;
    }

    fn main(&mut self, kind: ReportKind, flags: u32) -> Result<(), DescriptorError> {
        const CONSTANT: u32 = 0x01;
        const VARIABLE: u32 = 0x02;
        let Globals { size, count, report_id, .. } = self.globals;
        let number = |value: u32| usize::try_from(value).unwrap_or(usize::MAX);
        let (size, count) = (number(size), number(count));
        let start = self.result.bits(kind, report_id);
        let start = start.unwrap_or_else(|| if report_id.is_some() { 8 } else { 0 });
        let bits = size.checked_mul(count).filter(|bits| *bits <= LONGEST - start.min(LONGEST));
        let end = start + bits.ok_or(DescriptorError::TooLong)?;
        self.result.set_bits(kind, report_id, end);
        if flags & CONSTANT == 0 && size != 0 {
            let place = Place { kind, report_id, offset: start, size, count };
            if flags & VARIABLE == 0 { self.array(place) } else { self.variables(place) }
        }
        self.forget_locals();
        Ok(())
    }

    fn array(&mut self, place: Place) {
        let (usage, usage_maximum) = match (self.range, self.usages.first()) {
            (Some(range), _) => range,
            (None, Some(usage)) => (*usage, usage.id),
            (None, None) => return,
        };
        self.result.fields.push(place.field(usage, usage_maximum));
    }

    /// Gives each usage one element, and the last one all that are left (section 6.2.2.8).
    fn variables(&mut self, mut place: Place) {
        let left = place.count;
        for (index, usage) in self.usages.iter().enumerate().take(left) {
            let count = if index + 1 == self.usages.len() { left - index } else { 1 };
            let field = Place { count, ..place }.field(*usage, usage.id);
            self.result.fields.push(field);
            place.offset += place.size * count;
        }
    }
}

/// Is where the elements of one main item lie.
#[derive(Debug, Clone, Copy)]
struct Place {
    kind: ReportKind,
    report_id: Option<u8>,
    offset: usize,
    size: usize,
    count: usize,
}

impl Place {
    fn field(self, usage: Usage, usage_maximum: u16) -> Field {
        let Self { kind, report_id, offset, size, count } = self;
        Field { kind, report_id, usage, usage_maximum, offset, size, count }
    }
}

fn low_half(data: u32) -> u16 {
    let [low, high, ..] = data.to_le_bytes();
    u16::from_le_bytes([low, high])
}
