//! The table of what a card does by radio.

use countertop_wire::tlv::Tag;
use serde::Deserialize;

use super::hex::{Array, Bytes, TagText};
use crate::card::RadioBehaviour;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RadioSection {
    generates: Option<bool>,
    qualifiers: Option<Array<2>>,
    has_qualifiers: Option<bool>,
    signed_qualifiers: Option<Array<2>>,
    fdda_version: Option<u8>,
    consumer_device: Option<bool>,
    has_information: Option<bool>,
    recovers: Option<bool>,
    #[serde(default)]
    selected: Vec<ObjectSection>,
    #[serde(default)]
    answered: Vec<ObjectSection>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ObjectSection {
    tag: TagText,
    value: Bytes,
}

impl RadioSection {
    pub(super) fn apply(&self, radio: &mut RadioBehaviour) {
        radio.generates = self.generates.unwrap_or(radio.generates);
        radio.has_qualifiers = self.has_qualifiers.unwrap_or(radio.has_qualifiers);
        radio.fdda_version = self.fdda_version.unwrap_or(radio.fdda_version);
        radio.consumer_device = self.consumer_device.unwrap_or(radio.consumer_device);
        radio.has_information = self.has_information.unwrap_or(radio.has_information);
        radio.recovers = self.recovers.unwrap_or(radio.recovers);
        if let Some(Array(qualifiers)) = &self.qualifiers {
            radio.qualifiers = *qualifiers;
        }
        if let Some(Array(qualifiers)) = &self.signed_qualifiers {
            radio.signed_qualifiers = Some(*qualifiers);
        }
        radio.selected.extend(self.selected.iter().map(ObjectSection::object));
        radio.answered.extend(self.answered.iter().map(ObjectSection::object));
    }
}

impl ObjectSection {
    fn object(&self) -> (Tag, Vec<u8>) {
        (self.tag.0, self.value.0.clone())
    }
}
