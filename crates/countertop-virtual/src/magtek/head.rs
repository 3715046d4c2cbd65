//! From a card to the report of its swipe.

use countertop_wire::iso7813::{TrackNumber, add_sentinels};
use countertop_wire::magtek::{CardReport, EncodeType, EncryptionStatus, MagneSafe, TrackData};
use countertop_wire::stripe::TrackField;
use zeroize::Zeroizing;

use super::dukpt::Dukpt;
use super::mask::mask;
use super::{MagtekConfig, MagtekModel};
use crate::stripe::{StripeCard, SwipeFault};

/// A product that makes MagnePrints, revision 1 (99875475, section 2, "MagnePrint status").
const MAGNEPRINT_STATUS: u32 = 0x0000_05A1;

/// Is the head, with keys or without.
#[derive(Debug)]
pub(super) struct Head {
    model: MagtekModel,
    serial_number: String,
    keys: Option<Dukpt>,
}

impl Head {
    pub(super) fn new(config: &MagtekConfig) -> Self {
        let keys = config.encrypts.then(Dukpt::test_keys);
        Self { model: config.model, serial_number: config.serial_number.clone(), keys }
    }

    pub(super) fn encrypts(&self) -> bool {
        self.keys.is_some()
    }

    /// Loads the test keys, or takes all keys out.
    pub(super) fn set_encrypting(&mut self, encrypting: bool) {
        self.keys = encrypting.then(Dukpt::test_keys);
    }

    pub(super) fn key_serial_number(&self) -> [u8; 10] {
        self.keys.as_ref().map(Dukpt::key_serial_number).unwrap_or_default()
    }

    /// Reads a card. Each encrypted swipe uses up a key.
    pub(super) fn read(&mut self, card: &StripeCard, fault: Option<SwipeFault>) -> CardReport {
        let fields = TrackNumber::ALL.map(|track| (track, card.field(track, fault)));
        let encode_type = encode_type(&fields);
        let clear = fields.map(|(track, field)| clear(track, field));
        match self.model {
            MagtekModel::SwipeReader => CardReport { tracks: clear, encode_type, magnesafe: None },
            MagtekModel::MagneSafe => self.secure(clear, encode_type),
        }
    }

    fn secure(&mut self, clear: [TrackData; 3], encode_type: EncodeType) -> CardReport {
        let masked =
            clear.each_ref().map(|track| Zeroizing::new(text(track).map_or_else(Vec::new, mask)));
        let lengths = clear.each_ref().map(|track| text(track).map_or(0, <[u8]>::len));
        let mut magnesafe = MagneSafe {
            serial_number: self.serial_number.clone(),
            masked,
            absolute_lengths: lengths.map(|length| u8::try_from(length).unwrap_or(u8::MAX)),
            magneprint_status: MAGNEPRINT_STATUS,
            ..MagneSafe::default()
        };
        let mut tracks = clear;
        if let Some(keys) = &mut self.keys {
            let key = keys.next_key();
            magnesafe.status =
                EncryptionStatus(EncryptionStatus::KEY_INJECTED | EncryptionStatus::ENABLED);
            magnesafe.key_serial_number = keys.key_serial_number();
            magnesafe.magneprint = key.encrypt(&[0; 54]);
            tracks = tracks.map(|track| match text(&track) {
                Some(text) => TrackData::Encrypted(key.encrypt(text)),
                None => track,
            });
        }
        CardReport { tracks, encode_type, magnesafe: Some(magnesafe) }
    }
}

fn clear(track: TrackNumber, field: TrackField) -> TrackData {
    match field {
        TrackField::Absent => TrackData::Absent,
        TrackField::Unreadable => TrackData::Unreadable,
        TrackField::Text(text) => TrackData::Clear(add_sentinels(track, &text)),
    }
}

fn text(track: &TrackData) -> Option<&[u8]> {
    match track {
        TrackData::Clear(text) => Some(text),
        _ => None,
    }
}

fn encode_type(fields: &[(TrackNumber, TrackField); 3]) -> EncodeType {
    let any = |wanted: fn(&TrackField) -> bool| fields.iter().any(|(_, field)| wanted(field));
    if any(|field| matches!(field, TrackField::Text(_))) {
        EncodeType::IsoAba
    } else if any(|field| matches!(field, TrackField::Unreadable)) {
        EncodeType::Undetermined
    } else {
        EncodeType::Blank
    }
}
