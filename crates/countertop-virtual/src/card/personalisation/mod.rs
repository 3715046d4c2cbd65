//! From a profile to the files of a card.

mod extended;
mod interface;
mod keys;
mod layout;
mod objects;

use countertop_wire::tlv::{Dol, TlvWriter, tags};

use self::keys::Keys;
use self::layout::{Objects, Records};
use super::crypto::{Key, PrivateKey, icc_master_key};
use super::{CardProfile, Fault, RecordLayout, issuer};

pub(super) use extended::Extended;
pub(super) use interface::InterfaceData;

/// Is the content of a card's memory that never changes.
#[derive(Debug, Clone)]
pub(super) struct Personalisation {
    pub(super) contact: InterfaceData,
    pub(super) contactless: InterfaceData,
    pub(super) cdol1: Dol,
    pub(super) cdol2: Dol,
    pub(super) track2: Vec<u8>,
    /// By the place of the application in the directory.
    pub(super) extended: Vec<Extended>,
    pub(super) icc_key: PrivateKey,
    pub(super) pin_key: PrivateKey,
    pub(super) master_key: Key,
}

impl Personalisation {
    pub(super) fn new(profile: &CardProfile) -> Self {
        let pan = profile.pan.expose_str().unwrap_or_default();
        let keys = Keys::new(profile);
        let layout = profile.layout.clone().unwrap_or_else(layout::contact);
        let contact = write(profile, &keys, &layout, interface::contact(profile));
        let extended = extended::applications(profile, &layout);
        let layout = layout::contactless(profile.radio.generates);
        let contactless = write(profile, &keys, &layout, interface::contactless(profile));
        Self {
            contact,
            contactless,
            cdol1: interface::cdol1(),
            cdol2: interface::cdol2(profile.issuer_authentication),
            track2: objects::track2(profile),
            extended,
            icc_key: keys.icc,
            pin_key: keys.pin,
            // A card number that no key can be derived from gives a card that no host accepts.
            master_key: icc_master_key(&issuer::master_key(), pan, profile.sequence)
                .unwrap_or_default(),
        }
    }
}

/// Writes the files of an interface.
fn write(
    profile: &CardProfile,
    keys: &Keys,
    layout: &[RecordLayout],
    mut interface: InterfaceData,
) -> InterfaceData {
    let mut objects = objects::static_objects(profile);
    leave_out(profile, &mut objects);
    let mut static_data = layout::signed_data(layout, &objects);
    if objects.contains_key(&tags::SDA_TAG_LIST) {
        static_data.extend_from_slice(&interface.interchange_profile);
    }
    keys.certify(profile, &static_data, &mut objects);
    leave_out(profile, &mut objects);
    interface.file_locator = layout::write(layout, &objects, &mut interface.records);
    spoil(profile, layout, &mut interface);
    interface
}

fn leave_out(profile: &CardProfile, objects: &mut Objects) {
    for fault in &profile.faults {
        if let Fault::Missing(tag) = fault {
            objects.remove(tag);
        }
    }
}

/// Puts the faults of the records and of the file locator in.
fn spoil(profile: &CardProfile, layout: &[RecordLayout], interface: &mut InterfaceData) {
    let InterfaceData { file_locator: locator, records, .. } = interface;
    let last = records.keys().next_back().copied();
    let signed = layout.iter().find(|record| record.signed).map(|record| (record.file, 1));
    let objects = objects::static_objects(profile);
    for fault in &profile.faults {
        match fault {
            Fault::DanglingLocator => locator.extend_from_slice(&[9 << 3, 1, 1, 0]),
            Fault::WrongLocator => locator.extend_from_slice(&[9 << 3, 2, 1, 0]),
            Fault::Duplicated(tag) => {
                let value = objects.get(tag).cloned().unwrap_or_else(|| vec![0x01]);
                let again = TlvWriter::new().put(*tag, value).finish();
                change(records, last, |record| repack(record, |content| content.extend(again)));
            }
            Fault::RecordTooLong => change(records, last, |record| record.extend([0x9f, 0x10])),
            Fault::RecordTruncated => change(records, last, |record| {
                record.pop();
            }),
            Fault::RecordNotTemplate => change(records, signed, |record| {
                if let Some(tag) = record.first_mut() {
                    *tag = 0x77;
                }
            }),
            _ => {}
        }
    }
}

fn change(records: &mut Records, at: Option<(u8, u8)>, with: impl FnOnce(&mut Vec<u8>)) {
    if let Some(record) = at.and_then(|at| records.get_mut(&at)) {
        with(record);
    }
}

/// Changes the content of a record's template.
fn repack(record: &mut Vec<u8>, with: impl FnOnce(&mut Vec<u8>)) {
    let mut content = match countertop_wire::tlv::Tlv::parse(record) {
        Ok((template, _)) => template.value.to_vec(),
        Err(_) => return,
    };
    with(&mut content);
    *record = TlvWriter::new().put(tags::READ_RECORD_TEMPLATE, content).finish();
}
