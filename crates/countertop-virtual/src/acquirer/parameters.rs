//! The download of chip parameters.

use countertop_wire::iso8583::Message;
use countertop_wire::tlv::{Tag, TlvWriter, tags, tlvs};
use countertop_wire::unionpay::{
    ParameterList, ParameterName, parameter_record, parse_parameter_query,
};

use super::clock::Moment;
use super::host::{Host, Refusal};
use crate::card::{CaPublicKey, TestCa};

/// How many names go into one answer.
const PAGE: usize = 2;

/// Holds the records that a host hands out, in BER-TLV (`9F06` first).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HostParameters {
    /// Public keys of certification authorities.
    pub keys: Vec<Vec<u8>>,
    /// Chip applications.
    pub applications: Vec<Vec<u8>>,
}

impl Default for HostParameters {
    /// The keys of the test authority, and UnionPay's applications with limits of 1,000.00 without a
    /// PIN.
    fn default() -> Self {
        let applications = (1..=3).map(|last| application(&[0xA0, 0, 0, 3, 0x33, 1, 1, last]));
        Self {
            keys: TestCa::capks().iter().map(key_record).collect(),
            applications: applications.collect(),
        }
    }
}

/// Returns the record of a public key, which never ends.
#[must_use]
pub fn key_record(key: &CaPublicKey) -> Vec<u8> {
    TlvWriter::new()
        .put(tags::APPLICATION_IDENTIFIER_TERMINAL, key.rid)
        .put(tags::CA_PUBLIC_KEY_INDEX_TERMINAL, [key.index])
        .raw(&private(0x05, b"20491231"))
        // SHA-1, RSA.
        .raw(&private(0x06, &[0x01]))
        .raw(&private(0x07, &[0x01]))
        .raw(&private(0x02, &key.modulus))
        .raw(&private(0x04, &key.exponent))
        .raw(&private(0x03, &key.checksum))
        .finish()
}

fn application(identifier: &[u8]) -> Vec<u8> {
    TlvWriter::new()
        .put(tags::APPLICATION_IDENTIFIER_TERMINAL, identifier)
        .raw(&private(0x01, &[0x00]))
        .put(tags::APPLICATION_VERSION_NUMBER, [0x00, 0x20])
        .raw(&private(0x11, &[0xD8, 0x40, 0x00, 0xA8, 0x00]))
        .raw(&private(0x12, &[0xD8, 0x40, 0x04, 0xF8, 0x00]))
        .raw(&private(0x13, &[0x00, 0x10, 0x00, 0x00, 0x00]))
        .put(tags::TERMINAL_FLOOR_LIMIT, [0x00; 4])
        .raw(&private(0x14, &[0x9F, 0x37, 0x04]))
        .raw(&private(0x19, &[0x00; 6]))
        .raw(&private(0x20, &[0x00, 0x00, 0x99, 0x99, 0x99, 0x99]))
        .raw(&private(0x21, &[0x00, 0x00, 0x00, 0x10, 0x00, 0x00]))
        .finish()
}

/// Writes a data object of UnionPay's own, `DF…`.
fn private(tag: u8, value: &[u8]) -> Vec<u8> {
    let length = match value.len() {
        short @ 0..0x80 => vec![short.to_le_bytes()[0]],
        long => [&[0x82][..], &long.to_be_bytes()[size_of::<usize>() - 2..]].concat(),
    };
    [&[0xDF, tag][..], &length, value].concat()
}

/// Returns the name of a record.
fn name(record: &[u8]) -> Option<ParameterName> {
    let value = |tag: Tag| {
        let found = tlvs(record).filter_map(Result::ok).find(|object| object.tag == tag);
        found.map(|object| object.value)
    };
    let identifier = value(tags::APPLICATION_IDENTIFIER_TERMINAL)?.to_vec();
    let index = value(tags::CA_PUBLIC_KEY_INDEX_TERMINAL).and_then(<[u8]>::first);
    Some(ParameterName { identifier, key_index: index.copied() })
}

impl Host {
    /// Answers a query with the names that the terminal does not know yet, some at a time.
    pub(super) fn names(
        &mut self,
        message: &Message,
        records: impl Fn(&HostParameters) -> &Vec<Vec<u8>>,
        now: &Moment,
    ) -> Result<Message, Refusal> {
        let known = message.get(62).map(parse_parameter_query).ok_or(Refusal::FORMAT)?;
        let known = known.map_err(|_| Refusal::FORMAT)?;
        let names = records(&self.config.parameters).iter().filter_map(|record| name(record));
        let left: Vec<_> = names.skip(known).collect();
        let more = left.len() > PAGE;
        let list = ParameterList { names: left.into_iter().take(PAGE).collect(), more };
        Ok(self.done(message, now)?.with(62, list.to_bytes(known == 0))?)
    }

    /// Answers with the record that is asked for.
    pub(super) fn record(
        &mut self,
        message: &Message,
        records: impl Fn(&HostParameters) -> &Vec<Vec<u8>>,
        now: &Moment,
    ) -> Result<Message, Refusal> {
        let wanted = message.get(62).map(ParameterName::parse).ok_or(Refusal::FORMAT)?;
        let wanted = wanted.map_err(|_| Refusal::FORMAT)?;
        let records = records(&self.config.parameters).iter();
        let found = records.clone().find(|record| name(record).as_ref() == Some(&wanted));
        let field = parameter_record(found.map(Vec::as_slice));
        Ok(self.done(message, now)?.with(62, field)?)
    }
}
