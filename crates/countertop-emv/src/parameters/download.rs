//! The records of UnionPay's parameter download (Q/CUP 009; as hosts and terminals exchange them in
//! field 62): BER-TLV with tags of UnionPay's own beside EMV's.

use countertop_wire::tlv::{Tag, Tlv, numeric, tags, tlvs};

use super::{ApplicationParameters, CaPublicKey, ContactlessParameters, RandomSelection};
use super::{EmvParameters, ParametersError, check::Checked as _};

/// Tags of UnionPay's records.
const PARTIAL_MATCH: u32 = 0xDF01;
const KEY_MODULUS: u32 = 0xDF02;
const KEY_CHECKSUM: u32 = 0xDF03;
const KEY_EXPONENT: u32 = 0xDF04;
const KEY_EXPIRY: u32 = 0xDF05;
const TAC_DEFAULT: u32 = 0xDF11;
const TAC_ONLINE: u32 = 0xDF12;
const TAC_DENIAL: u32 = 0xDF13;
const DEFAULT_DDOL: u32 = 0xDF14;
const THRESHOLD: u32 = 0xDF15;
const MAXIMUM: u32 = 0xDF16;
const TARGET: u32 = 0xDF17;
const CONTACTLESS_FLOOR_LIMIT: u32 = 0xDF19;
const CONTACTLESS_TRANSACTION_LIMIT: u32 = 0xDF20;
const CONTACTLESS_CVM_LIMIT: u32 = 0xDF21;

/// Contact chip, online PIN, signature, confirmation on devices and fDDA version 01: what a record
/// does not say of contactless terminals.
const QUALIFIERS: [u8; 4] = [0x36, 0x00, 0x40, 0x80];

/// Is a record, taken apart.
struct Record<'a>(Vec<Tlv<'a>>);

impl<'a> Record<'a> {
    fn parse(bytes: &'a [u8]) -> Result<Self, ParametersError> {
        let objects: Result<Vec<_>, _> = tlvs(bytes).collect();
        objects.map(Self).map_err(|error| ParametersError(format!("a downloaded record: {error}")))
    }

    fn get(&self, tag: u32) -> Option<&'a [u8]> {
        self.0.iter().find(|object| object.tag.number() == tag).map(|object| object.value)
    }

    fn want(&self, tag: u32) -> Result<&'a [u8], ParametersError> {
        self.get(tag)
            .ok_or_else(|| ParametersError(format!("a downloaded record has no {tag:04X}")))
    }

    fn sized<const N: usize>(&self, tag: u32) -> Result<[u8; N], ParametersError> {
        let value = self.want(tag)?;
        value.try_into().map_err(|_| {
            let length = value.len();
            ParametersError(format!("a downloaded record: {tag:04X} has {length} bytes, not {N}"))
        })
    }

    fn optional<const N: usize>(&self, tag: u32) -> Result<Option<[u8; N]>, ParametersError> {
        self.get(tag).map(|_| self.sized(tag)).transpose()
    }

    /// Returns a number in digits, two to a byte.
    fn number(&self, tag: u32) -> Result<Option<u64>, ParametersError> {
        let Some(value) = self.get(tag) else { return Ok(None) };
        let wrong = || ParametersError(format!("a downloaded record: {tag:04X} is no number"));
        numeric::decode(value).map(Some).ok_or_else(wrong)
    }
}

impl ApplicationParameters {
    /// Reads a record of an application. What it does not say of contactless terminals is left to
    /// [`ContactlessParameters::ttq`].
    ///
    /// # Errors
    ///
    /// [`ParametersError`] when a mandatory data object is missing or cannot be.
    pub fn from_download(record: &[u8]) -> Result<Self, ParametersError> {
        let record = Record::parse(record)?;
        let aid = record.want(tags::APPLICATION_IDENTIFIER_TERMINAL.number())?;
        let mut parameters =
            Self::new(aid, record.sized(tags::APPLICATION_VERSION_NUMBER.number())?);
        // 00: a part of the card's identifier is enough.
        parameters.partial_match = record.get(PARTIAL_MATCH).is_none_or(|value| value == [0x00]);
        parameters.tac_default = record.sized(TAC_DEFAULT)?;
        parameters.tac_online = record.sized(TAC_ONLINE)?;
        parameters.tac_denial = record.sized(TAC_DENIAL)?;
        let floor_limit = record.optional(tags::TERMINAL_FLOOR_LIMIT.number())?;
        parameters.floor_limit = floor_limit.map_or(0, u32::from_be_bytes);
        if let Some(list) = record.get(DEFAULT_DDOL) {
            parameters.default_ddol = list.to_vec();
        }
        parameters.random_selection = random_selection(&record, parameters.floor_limit)?;
        parameters.contactless = contactless(&record)?;
        parameters.check()?;
        Ok(parameters)
    }
}

fn random_selection(
    record: &Record<'_>,
    floor_limit: u32,
) -> Result<Option<RandomSelection>, ParametersError> {
    let percentage = |tag| {
        let number = record.number(tag)?;
        let wrong = |_| ParametersError(format!("a downloaded record: {tag:04X} is over 99"));
        number.map(u8::try_from).transpose().map_err(wrong)
    };
    let (Some(target), Some(maximum)) = (percentage(TARGET)?, percentage(MAXIMUM)?) else {
        return Ok(None);
    };
    let threshold = record.optional(THRESHOLD)?.map_or(0, u32::from_be_bytes);
    // A floor limit of nought sends everything online anyhow.
    if floor_limit == 0 || maximum == 0 {
        return Ok(None);
    }
    Ok(Some(RandomSelection { target, maximum, threshold: threshold.into() }))
}

fn contactless(record: &Record<'_>) -> Result<Option<ContactlessParameters>, ParametersError> {
    let transaction_limit = record.number(CONTACTLESS_TRANSACTION_LIMIT)?;
    let cvm_limit = record.number(CONTACTLESS_CVM_LIMIT)?;
    let (Some(transaction_limit), Some(cvm_limit)) = (transaction_limit, cvm_limit) else {
        return Ok(None);
    };
    let mut limits = ContactlessParameters::new(transaction_limit, cvm_limit, QUALIFIERS);
    limits.floor_limit = record.number(CONTACTLESS_FLOOR_LIMIT)?.unwrap_or(0);
    Ok(Some(limits))
}

impl CaPublicKey {
    /// Reads a record of a certification authority's key.
    ///
    /// # Errors
    ///
    /// [`ParametersError`] when a mandatory data object is missing or cannot be, and when the
    /// checksum does not fit.
    pub fn from_download(record: &[u8]) -> Result<Self, ParametersError> {
        let record = Record::parse(record)?;
        let rid = record.sized(tags::APPLICATION_IDENTIFIER_TERMINAL.number())?;
        let [index] = record.sized(CA_PUBLIC_KEY_INDEX.number())?;
        let mut key = Self::new(rid, index, record.want(KEY_MODULUS)?, record.want(KEY_EXPONENT)?);
        key.checksum = record.optional(KEY_CHECKSUM)?;
        key.expiry = record.get(KEY_EXPIRY).map(expiry).transpose()?;
        key.check()?;
        Ok(key)
    }
}

const CA_PUBLIC_KEY_INDEX: Tag = tags::CA_PUBLIC_KEY_INDEX_TERMINAL;

/// Reads a date of eight digits, in characters or two to a byte, or of six.
fn expiry(value: &[u8]) -> Result<[u8; 3], ParametersError> {
    let wrong = || ParametersError("a downloaded record: DF05 is no date".into());
    let packed = match value.len() {
        8 => numeric::encode_compressed(core::str::from_utf8(value).map_err(|_| wrong())?),
        _ => Some(value.to_vec()),
    };
    match packed.ok_or_else(wrong)?.as_slice() {
        [0x20, date @ ..] | date if date.len() == 3 => date.try_into().map_err(|_| wrong()),
        _ => Err(wrong()),
    }
}

impl EmvParameters {
    /// Replaces all applications by those of a download. What its records do not say of a contactless
    /// application is kept where the identifier was known before.
    ///
    /// # Errors
    ///
    /// [`ParametersError`] for a record that cannot be, and for none; then nothing has changed.
    pub fn download_applications<R: AsRef<[u8]>>(
        &mut self,
        records: &[R],
    ) -> Result<(), ParametersError> {
        let read = |record: &R| {
            let application = ApplicationParameters::from_download(record.as_ref())?;
            Ok(self.keep_unsaid(application))
        };
        self.applications = all(records, read)?;
        Ok(())
    }

    /// Replaces all public keys of certification authorities by those of a download.
    ///
    /// # Errors
    ///
    /// As [`download_applications`](Self::download_applications).
    pub fn download_keys<R: AsRef<[u8]>>(&mut self, records: &[R]) -> Result<(), ParametersError> {
        self.keys = all(records, |record| CaPublicKey::from_download(record.as_ref()))?;
        Ok(())
    }

    fn keep_unsaid(&self, mut application: ApplicationParameters) -> ApplicationParameters {
        let before = self.applications.iter().find(|known| known.aid == application.aid);
        let before = before.and_then(|known| known.contactless);
        if let (Some(limits), Some(before)) = (&mut application.contactless, before) {
            *limits = ContactlessParameters {
                transaction_limit: limits.transaction_limit,
                cvm_limit: limits.cvm_limit,
                floor_limit: limits.floor_limit,
                ..before
            };
        }
        application
    }
}

/// Reads all records; a table without any would leave a terminal that takes no card.
fn all<R, T>(
    records: &[R],
    read: impl Fn(&R) -> Result<T, ParametersError>,
) -> Result<Vec<T>, ParametersError> {
    if records.is_empty() {
        return Err(ParametersError("a download without records".into()));
    }
    records.iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use countertop_wire::tlv::TlvWriter;

    use super::*;

    fn tag(number: u32) -> Tag {
        Tag::try_from(number).unwrap()
    }

    fn application() -> TlvWriter {
        TlvWriter::new()
            .put(tags::APPLICATION_IDENTIFIER_TERMINAL, [0xA0, 0, 0, 3, 0x33, 1, 1, 1])
            .put(tag(PARTIAL_MATCH), [0x00])
            .put(tags::APPLICATION_VERSION_NUMBER, [0x00, 0x20])
            .put(tag(TAC_DEFAULT), [0xD8, 0x40, 0x00, 0xA8, 0x00])
            .put(tag(TAC_ONLINE), [0xD8, 0x40, 0x04, 0xF8, 0x00])
            .put(tag(TAC_DENIAL), [0x00, 0x10, 0x00, 0x00, 0x00])
            .put(tags::TERMINAL_FLOOR_LIMIT, [0x00, 0x00, 0x27, 0x10])
            .put(tag(THRESHOLD), [0x00, 0x00, 0x13, 0x88])
            .put(tag(MAXIMUM), [0x50])
            .put(tag(TARGET), [0x10])
            .put(tag(DEFAULT_DDOL), [0x9F, 0x37, 0x04])
            .put(tag(CONTACTLESS_FLOOR_LIMIT), [0, 0, 0, 0, 0, 0])
            .put(tag(CONTACTLESS_TRANSACTION_LIMIT), [0, 0, 0, 0x10, 0, 0])
            .put(tag(CONTACTLESS_CVM_LIMIT), [0, 0, 0, 0x03, 0, 0])
    }

    #[test]
    fn an_application_is_taken_over() {
        let record = application().finish();
        let read = ApplicationParameters::from_download(&record).unwrap();
        assert_eq!((read.version, read.floor_limit), ([0x00, 0x20], 10_000));
        assert!(read.partial_match);
        let random = RandomSelection { target: 10, maximum: 50, threshold: 5_000 };
        assert_eq!(read.random_selection, Some(random));
        let limits = read.contactless.unwrap();
        assert_eq!((limits.transaction_limit, limits.cvm_limit), (100_000, 30_000));
    }

    #[test]
    fn a_table_replaces_the_one_before_as_a_whole() {
        let mut parameters = EmvParameters::default();
        let before = parameters.clone();
        let good = application().finish();
        assert!(parameters.download_applications(&[&good[..], &good[..9]]).is_err());
        assert!(parameters.download_applications::<&[u8]>(&[]).is_err());
        assert!(parameters.download_keys(&[&good]).is_err());
        assert_eq!(parameters, before);
        parameters.download_applications(&[good]).unwrap();
        assert_eq!((parameters.applications.len(), &parameters.keys), (1, &before.keys));
        let limits = parameters.applications[0].contactless.unwrap();
        assert_eq!((limits.cvm_limit, limits.ttq), (30_000, [0x36, 0x00, 0x40, 0x80]));
    }

    #[test]
    fn what_a_record_does_not_say_is_kept() {
        let mut parameters = EmvParameters::default();
        let known = parameters.applications.iter_mut().find(|known| known.aid.ends_with(&[1, 1]));
        let limits = known.unwrap().contactless.as_mut().unwrap();
        (limits.ttq, limits.kernel) = ([0x26, 0, 0, 0], Some(7));
        parameters.download_applications(&[application().finish()]).unwrap();
        let limits = parameters.applications[0].contactless.unwrap();
        assert_eq!((limits.ttq, limits.kernel), ([0x26, 0, 0, 0], Some(7)));
        assert_eq!((limits.transaction_limit, limits.cvm_limit), (100_000, 30_000));
    }

    #[test]
    fn every_truncation_is_told() {
        let record = application().finish();
        for length in 0..record.len() {
            // A record may end after any optional object; it never panics.
            if let Ok(read) = ApplicationParameters::from_download(&record[..length]) {
                assert_eq!(read.aid.len(), 8, "{length}");
            }
        }
        let error = ApplicationParameters::from_download(&[]).unwrap_err().to_string();
        assert!(error.contains("has no 9F06"), "{error}");
    }

    #[test]
    fn a_key_is_taken_over_with_its_date() {
        let known = EmvParameters::default().keys.remove(0);
        for date in [&b"20301231"[..], &[0x20, 0x30, 0x12, 0x31], &[0x30, 0x12, 0x31]] {
            let record = TlvWriter::new()
                .put(tags::APPLICATION_IDENTIFIER_TERMINAL, known.rid)
                .put(CA_PUBLIC_KEY_INDEX, [known.index])
                .put(tag(KEY_EXPIRY), date)
                .put(tag(KEY_MODULUS), &known.modulus)
                .put(tag(KEY_EXPONENT), &known.exponent)
                .put(tag(KEY_CHECKSUM), known.checksum.unwrap());
            let read = CaPublicKey::from_download(&record.clone().finish()).unwrap();
            assert_eq!(read.expiry, Some([0x30, 0x12, 0x31]));
            assert_eq!(CaPublicKey { expiry: None, ..read }, known);
            let wrong = record.put(tag(0xDF7F), [0]).finish();
            let at = wrong.iter().position(|byte| *byte == known.modulus[0]).unwrap();
            let mut wrong = wrong;
            wrong[at + 1] ^= 1;
            assert!(CaPublicKey::from_download(&wrong).is_err());
        }
        assert!(expiry(b"2030123x").is_err());
        assert!(expiry(&[0x30]).is_err());
    }
}
