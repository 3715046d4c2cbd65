//! Where the fields lie in a scanner's report.

use core::fmt;

use zeroize::Zeroizing;

use crate::hid::{
    BAR_CODE_SCANNER, DescriptorError, Field, GENERIC_DESKTOP, ReportDescriptor, ReportKind, Usage,
};
use crate::scanner::AimIdentifier;

/// Byte Count (HID Usage Tables 1.5, page 0x01): bytes of data in this report.
pub(super) const BYTE_COUNT: Usage = Usage::new(GENERIC_DESKTOP, 0x3b);
/// Symbology Identifier 1 to 3: the characters of the AIM identifier.
pub(super) const SYMBOLOGY: [Usage; 3] = [
    Usage::new(BAR_CODE_SCANNER, 0xfb),
    Usage::new(BAR_CODE_SCANNER, 0xfc),
    Usage::new(BAR_CODE_SCANNER, 0xfd),
];
/// Decoded Data.
pub(super) const DECODED_DATA: Usage = Usage::new(BAR_CODE_SCANNER, 0xfe);
/// Decoded Data Continued.
pub(super) const CONTINUED: Usage = Usage::new(BAR_CODE_SCANNER, 0xff);

/// Says where the fields of the Scanned Data Report lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanLayout {
    report_id: Option<u8>,
    length: usize,
    data: Field,
    count: Option<Field>,
    symbology: Vec<Field>,
    continued: Option<Field>,
}

/// Says why a report descriptor is not that of a scanner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LayoutError {
    /// It cannot be read.
    #[error(transparent)]
    Descriptor(#[from] DescriptorError),
    /// No input report has decoded data.
    #[error("no report of the device carries decoded data of a bar code scanner")]
    NoData,
}

/// Says why a report is no part of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PartError {
    /// It ends before its fields do.
    #[error("the scanner's report has {0} bytes in place of {1}")]
    Length(usize, usize),
    /// It claims more data than it can hold.
    #[error("the scanner's report claims {0} bytes of data")]
    Count(u32),
}

/// Is what one report carries.
#[derive(Clone, PartialEq, Eq)]
pub struct ScanPart {
    /// The AIM identifier, where the scanner says it.
    pub aim: Option<AimIdentifier>,
    /// The data of this part.
    pub data: Zeroizing<Vec<u8>>,
    /// Whether the code goes on in the next report.
    pub continued: bool,
}

impl fmt::Debug for ScanPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScanPart")
            .field("aim", &self.aim)
            .field("data", &format_args!("{} bytes", self.data.len()))
            .field("continued", &self.continued)
            .finish()
    }
}

impl ScanLayout {
    /// Finds the fields by the report descriptor.
    ///
    /// # Errors
    ///
    /// A [`LayoutError`] that says why it is not a scanner's.
    pub fn of(descriptor: &[u8]) -> Result<Self, LayoutError> {
        let parsed = ReportDescriptor::parse(descriptor)?;
        let data = parsed.find(ReportKind::Input, DECODED_DATA).cloned();
        let data = data.filter(|field| field.size == 8).ok_or(LayoutError::NoData)?;
        let same_report =
            |field: &&Field| (field.kind, field.report_id) == (ReportKind::Input, data.report_id);
        let find = |usage: Usage| {
            let mut fields = parsed.fields().iter().filter(same_report);
            fields.find(|field| field.usage == usage).cloned()
        };
        Ok(Self {
            report_id: data.report_id,
            length: parsed.length(ReportKind::Input, data.report_id),
            count: find(BYTE_COUNT),
            symbology: symbology_fields(SYMBOLOGY.map(find)),
            continued: find(CONTINUED),
            data,
        })
    }

    /// Returns how much data fits a report.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.data.count
    }

    /// Tells whether reports say which symbology the code is of.
    #[must_use]
    pub fn has_symbology(&self) -> bool {
        !self.symbology.is_empty()
    }

    /// Reads a report, which begins with its number if it has one. `None` for another report.
    ///
    /// # Errors
    ///
    /// A [`PartError`] that says what is wrong with it.
    pub fn parse(&self, report: &[u8]) -> Result<Option<ScanPart>, PartError> {
        if self.report_id.is_some_and(|id| report.first() != Some(&id)) {
            return Ok(None);
        }
        let too_short = PartError::Length(report.len(), self.length);
        let data = self.data.bytes(report).ok_or(too_short)?;
        let data = data.get(..self.data_length(report, data)?).unwrap_or(data);
        let continued = self.continued.as_ref().map(|field| field.value(report, 0));
        let continued = continued.map_or(Ok(0), |flag| flag.ok_or(too_short))? != 0;
        let aim = self.aim(report);
        Ok(Some(ScanPart { aim, data: Zeroizing::new(data.to_vec()), continued }))
    }

    /// Without a count, data end where only zeros follow.
    fn data_length(&self, report: &[u8], data: &[u8]) -> Result<usize, PartError> {
        let Some(count) = &self.count else {
            return Ok(data.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1));
        };
        let count = count.value(report, 0).unwrap_or_default();
        let length = usize::try_from(count).unwrap_or(usize::MAX);
        if length <= data.len() { Ok(length) } else { Err(PartError::Count(count)) }
    }

    /// Reads the identifier, with its `]` or without.
    fn aim(&self, report: &[u8]) -> Option<AimIdentifier> {
        let characters = self.symbology.iter().map(|field| {
            u8::try_from(field.value(report, 0).unwrap_or_default()).unwrap_or_default()
        });
        let characters: Vec<u8> = characters.collect();
        let bare = characters.strip_prefix(b"]").unwrap_or(&characters);
        AimIdentifier::split(&[b"]", bare].concat()).map(|(aim, _)| aim)
    }

    /// Returns the reports of a code, the device's direction.
    #[must_use]
    pub fn encode(&self, aim: Option<AimIdentifier>, data: &[u8]) -> Vec<Zeroizing<Vec<u8>>> {
        let capacity = self.capacity().max(1);
        let last = data.len().saturating_sub(1) / capacity;
        let empty = data.is_empty().then_some(data);
        let parts = data.chunks(capacity).chain(empty).enumerate();
        parts
            .map(|(number, data)| {
                let data = Zeroizing::new(data.to_vec());
                self.encode_part(&ScanPart { aim, data, continued: number < last })
            })
            .collect()
    }

    /// Returns the report of one part; data beyond the capacity are left out.
    #[must_use]
    pub fn encode_part(&self, part: &ScanPart) -> Zeroizing<Vec<u8>> {
        let mut report = Zeroizing::new(vec![0; self.length]);
        if let (Some(id), Some(first)) = (self.report_id, report.first_mut()) {
            *first = id;
        }
        let length = part.data.len().min(self.capacity());
        put(&self.data, &mut report, &part.data);
        if let Some(count) = &self.count {
            put(count, &mut report, &[u8::try_from(length).unwrap_or(u8::MAX)]);
        }
        if let Some(aim) = part.aim {
            let bytes = aim.bytes();
            let from = bytes.len().saturating_sub(self.symbology.len());
            for (field, byte) in self.symbology.iter().zip(bytes.iter().skip(from)) {
                put(field, &mut report, &[*byte]);
            }
        }
        if let (true, Some(flag)) = (part.continued, &self.continued) {
            set_bit(flag, &mut report);
        }
        report
    }
}

/// Takes the three characters apart, be they three usages or one with three elements.
fn symbology_fields(found: [Option<Field>; 3]) -> Vec<Field> {
    let singles = found.into_iter().flatten().flat_map(|field| {
        (0..field.count).map(move |index| {
            let offset = field.offset + index * field.size;
            Field { offset, count: 1, ..field.clone() }
        })
    });
    singles.take(SYMBOLOGY.len()).collect()
}

/// Writes as many bytes as fit into a field of whole bytes.
fn put(field: &Field, report: &mut [u8], bytes: &[u8]) {
    if let Some(target) = field.bytes_mut(report) {
        let length = bytes.len().min(target.len());
        let (target, bytes) = (target.get_mut(..length), bytes.get(..length));
        if let (Some(target), Some(bytes)) = (target, bytes) {
            target.copy_from_slice(bytes);
        }
    }
}

/// Sets the lowest bit of a field.
fn set_bit(field: &Field, report: &mut [u8]) {
    if let Some(byte) = report.get_mut(field.offset / 8) {
        *byte |= 1 << (field.offset % 8);
    }
}
