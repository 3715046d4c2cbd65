//! Where in its reports a model puts what, by its report descriptor.

use zeroize::Zeroizing;

use crate::hid::{DescriptorError, Field, ReportDescriptor, ReportKind};

use super::descriptor as usages;
use super::{CardReport, EncodeType, EncryptionStatus, MagneSafe, TrackData};

/// Knows where in its reports a model puts what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardLayout {
    descriptor: ReportDescriptor,
    report_id: Option<u8>,
    command: Field,
}

/// Says why a HID device is no stripe reader of this family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum LayoutError {
    /// The report descriptor itself is wrong.
    #[error(transparent)]
    Descriptor(#[from] DescriptorError),
    /// A usage is missing, as in keyboard emulation.
    #[error("the report descriptor lacks usage 0x{0:02x} of a stripe reader in HID mode")]
    Missing(u16),
}

/// Says why a report is no swipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// The report is shorter than its descriptor says.
    #[error("the report has {0} bytes, too few")]
    TooShort(usize),
    /// It is a report of another number.
    #[error("the report has another number than that of card data")]
    OtherReport,
    /// The length of a field is more than there is room for.
    #[error("usage 0x{0:02x} gives a length that is too long")]
    Length(u16),
}

impl CardLayout {
    /// Takes the layout from a device's report descriptor.
    ///
    /// # Errors
    ///
    /// As [`LayoutError`] says.
    pub fn of(descriptor: &[u8]) -> Result<Self, LayoutError> {
        let descriptor = ReportDescriptor::parse(descriptor)?;
        let find = |kind, id| {
            descriptor.find(kind, usages::usage(id)).cloned().ok_or(LayoutError::Missing(id))
        };
        // A reader of two heads has no usages for the third track.
        for track in 0..2 {
            for id in [usages::DECODE_STATUS, usages::DATA_LENGTH, usages::DATA] {
                find(ReportKind::Input, id + track)?;
            }
        }
        let report_id = find(ReportKind::Input, usages::DATA)?.report_id;
        let command = find(ReportKind::Feature, usages::COMMAND)?;
        Ok(Self { descriptor, report_id, command })
    }

    /// Returns the number of the feature report for commands, 0x00 where reports have none.
    #[must_use]
    pub fn command_report(&self) -> u8 {
        self.command.report_id.unwrap_or_default()
    }

    /// Returns the length of a command and its response, in bytes.
    #[must_use]
    pub fn command_length(&self) -> usize {
        self.command.count
    }

    /// Returns the length of a card's report, in bytes.
    #[must_use]
    pub fn report_length(&self) -> usize {
        self.descriptor.length(ReportKind::Input, self.report_id)
    }

    /// Tells whether the reports have what MagneSafe adds.
    #[must_use]
    pub fn is_magnesafe(&self) -> bool {
        self.field(usages::ENCRYPTION_STATUS).is_some()
    }

    fn field(&self, id: u16) -> Option<&Field> {
        self.descriptor.find(ReportKind::Input, usages::usage(id))
    }

    fn bytes<'a>(&self, report: &'a [u8], id: u16) -> Option<&'a [u8]> {
        self.field(id)?.bytes(report)
    }

    fn byte(&self, report: &[u8], id: u16) -> Option<u8> {
        self.bytes(report, id)?.first().copied()
    }

    /// Parses the report of a swipe, which begins with its number if it has one.
    ///
    /// # Errors
    ///
    /// As [`ReportError`] says.
    pub fn parse(&self, report: &[u8]) -> Result<CardReport, ReportError> {
        if self.report_id.is_some() && report.first().copied() != self.report_id {
            return Err(ReportError::OtherReport);
        }
        if report.len() < self.report_length() {
            return Err(ReportError::TooShort(report.len()));
        }
        let magnesafe = if self.is_magnesafe() { Some(self.magnesafe(report)?) } else { None };
        let encrypted = magnesafe.as_ref().is_some_and(|it| it.status.encrypts());
        let track = |index| self.track(report, index, encrypted);
        let encode_type = self.byte(report, usages::ENCODE_TYPE).map(EncodeType::from_byte);
        Ok(CardReport {
            tracks: [track(0)?, track(1)?, track(2)?],
            encode_type: encode_type.unwrap_or_default(),
            magnesafe,
        })
    }

    fn track(&self, report: &[u8], index: u16, encrypted: bool) -> Result<TrackData, ReportError> {
        /// Bit 0: a decoding error; no data is valid then.
        const ERROR: u8 = 0x01;
        let status = self.byte(report, usages::DECODE_STATUS + index).unwrap_or_default();
        if status & ERROR != 0 {
            return Ok(TrackData::Unreadable);
        }
        let data = self.counted(report, usages::DATA_LENGTH + index, usages::DATA + index)?;
        Ok(match data {
            [] => TrackData::Absent,
            data if encrypted => TrackData::Encrypted(data.to_vec()),
            text => TrackData::Clear(Zeroizing::new(text.to_vec())),
        })
    }

    /// Returns as much of field `data` as field `length` says.
    fn counted<'a>(
        &self,
        report: &'a [u8],
        length: u16,
        data: u16,
    ) -> Result<&'a [u8], ReportError> {
        let count = self.byte(report, length).unwrap_or_default();
        let field = self.bytes(report, data).unwrap_or_default();
        field.get(..count.into()).ok_or(ReportError::Length(length))
    }

    fn magnesafe(&self, report: &[u8]) -> Result<MagneSafe, ReportError> {
        let masked = |track| {
            let (length, data) = (usages::MASKED_LENGTH + track, usages::MASKED_DATA + track);
            self.counted(report, length, data).map(|text| Zeroizing::new(text.to_vec()))
        };
        let serial = self.bytes(report, usages::DEVICE_SERIAL_NUMBER).unwrap_or_default();
        let serial = serial.split(|byte| *byte == 0).next().unwrap_or_default();
        let absolute = |track| self.byte(report, usages::ABSOLUTE_LENGTH + track);
        let magneprint =
            self.counted(report, usages::MAGNEPRINT_LENGTH, usages::MAGNEPRINT)?.to_vec();
        let status = self.array(report, usages::ENCRYPTION_STATUS);
        Ok(MagneSafe {
            status: EncryptionStatus(u16::from_be_bytes(status)),
            serial_number: String::from_utf8_lossy(serial).into_owned(),
            key_serial_number: self.array(report, usages::KEY_SERIAL_NUMBER),
            masked: [masked(0)?, masked(1)?, masked(2)?],
            absolute_lengths: [0, 1, 2].map(|track| absolute(track).unwrap_or_default()),
            session_id: self.array(report, usages::SESSION_ID),
            magneprint_status: u32::from_le_bytes(self.array(report, usages::MAGNEPRINT_STATUS)),
            magneprint,
        })
    }

    /// Returns a field of fixed length; zeros where the model has none.
    fn array<const N: usize>(&self, report: &[u8], id: u16) -> [u8; N] {
        self.bytes(report, id).and_then(|bytes| bytes.try_into().ok()).unwrap_or([0; N])
    }

    /// Encodes the report of a swipe. What the model has no field for is left out, and what is
    /// longer than its field is cut off.
    #[must_use]
    pub fn encode(&self, card: &CardReport) -> Zeroizing<Vec<u8>> {
        let mut report = Zeroizing::new(vec![0; self.report_length()]);
        if let (Some(id), Some(first)) = (self.report_id, report.first_mut()) {
            *first = id;
        }
        self.put(&mut report, usages::ENCODE_TYPE, &[card.encode_type.byte()]);
        for (index, track) in (0..).zip(&card.tracks) {
            match track {
                TrackData::Absent => {}
                TrackData::Unreadable => self.put(&mut report, usages::DECODE_STATUS + index, &[1]),
                TrackData::Clear(data) => self.put_track(&mut report, index, data),
                TrackData::Encrypted(data) => self.put_track(&mut report, index, data),
            }
        }
        if let Some(magnesafe) = &card.magnesafe {
            self.put_magnesafe(&mut report, magnesafe);
        }
        report
    }

    fn put(&self, report: &mut [u8], id: u16, bytes: &[u8]) {
        let room = self.field(id).and_then(|field| field.bytes_mut(report));
        for (place, byte) in room.into_iter().flatten().zip(bytes) {
            *place = *byte;
        }
    }

    fn put_counted(&self, report: &mut [u8], length: u16, data: u16, bytes: &[u8]) {
        let room = self.field(data).map_or(0, |field| field.count);
        let bytes = bytes.get(..room.min(bytes.len())).unwrap_or_default();
        self.put(report, length, &[u8::try_from(bytes.len()).unwrap_or(u8::MAX)]);
        self.put(report, data, bytes);
    }

    fn put_track(&self, report: &mut [u8], index: u16, data: &[u8]) {
        self.put_counted(report, usages::DATA_LENGTH + index, usages::DATA + index, data);
    }

    fn put_magnesafe(&self, report: &mut [u8], magnesafe: &MagneSafe) {
        self.put(report, usages::ENCRYPTION_STATUS, &magnesafe.status.0.to_be_bytes());
        self.put(report, usages::DEVICE_SERIAL_NUMBER, magnesafe.serial_number.as_bytes());
        self.put(report, usages::KEY_SERIAL_NUMBER, &magnesafe.key_serial_number);
        self.put(report, usages::SESSION_ID, &magnesafe.session_id);
        self.put(report, usages::MAGNEPRINT_STATUS, &magnesafe.magneprint_status.to_le_bytes());
        let magneprint = &magnesafe.magneprint;
        self.put_counted(report, usages::MAGNEPRINT_LENGTH, usages::MAGNEPRINT, magneprint);
        for (index, masked) in (0..).zip(&magnesafe.masked) {
            let (length, data) = (usages::MASKED_LENGTH + index, usages::MASKED_DATA + index);
            self.put_counted(report, length, data, masked);
        }
        for (index, length) in (0..).zip(magnesafe.absolute_lengths) {
            self.put(report, usages::ABSOLUTE_LENGTH + index, &[length]);
        }
    }
}
