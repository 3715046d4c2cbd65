//! The card's static data objects.

use countertop_wire::tlv::{numeric, tags};

use super::interface::{cdol1, cdol2};
use super::layout::Objects;
use crate::card::CardProfile;
use crate::card::commands::drdol;

/// Returns every data object but those of offline data authentication.
pub(super) fn static_objects(profile: &CardProfile) -> Objects {
    let pan = profile.pan.expose_str().unwrap_or_default();
    let [year, month] = profile.expiry;
    let data = &profile.static_data;
    let mut objects = Objects::from([
        (tags::TRACK_2_EQUIVALENT_DATA, track2(profile)),
        (tags::CARDHOLDER_NAME, profile.cardholder.clone().into_bytes()),
        (tags::APPLICATION_PAN, numeric::encode_compressed(pan).unwrap_or_default()),
        (tags::PAN_SEQUENCE_NUMBER, vec![profile.sequence]),
        (tags::APPLICATION_EXPIRATION_DATE, vec![year, month, last_day(month)]),
        (tags::APPLICATION_EFFECTIVE_DATE, data.effective.into()),
        (tags::ISSUER_COUNTRY_CODE, bcd(profile.country, 2)),
        (tags::APPLICATION_CURRENCY_CODE, bcd(profile.currency, 2)),
        (tags::APPLICATION_CURRENCY_EXPONENT, vec![0x02]),
        (tags::SERVICE_CODE, service_code(profile)),
        (tags::APPLICATION_USAGE_CONTROL, data.usage_control.into()),
        (tags::APPLICATION_VERSION_NUMBER, data.version.into()),
        (tags::ISSUER_ACTION_CODE_DEFAULT, data.action_code_default.into()),
        (tags::ISSUER_ACTION_CODE_DENIAL, data.action_code_denial.into()),
        (tags::ISSUER_ACTION_CODE_ONLINE, data.action_code_online.into()),
        (tags::CDOL1, cdol1().to_bytes()),
        (tags::CDOL2, cdol2(profile.issuer_authentication).to_bytes()),
        (tags::SDA_TAG_LIST, vec![0x82]),
    ]);
    if profile.radio.recovers {
        objects.insert(tags::UNIONPAY_APPLICATION_CURRENCY_CODE, drdol().to_bytes());
    }
    if !profile.cvm_rules.is_empty() {
        objects.insert(tags::CVM_LIST, cvm_list(profile));
    }
    let limits = [
        (tags::LOWER_CONSECUTIVE_OFFLINE_LIMIT, profile.risk.lower_limit),
        (tags::UPPER_CONSECUTIVE_OFFLINE_LIMIT, profile.risk.upper_limit),
    ];
    objects.extend(limits.into_iter().filter_map(|(tag, limit)| Some((tag, vec![limit?]))));
    objects
}

pub(super) fn track2(profile: &CardProfile) -> Vec<u8> {
    let track = profile.track2();
    let nibbles: Vec<u8> =
        track.expose().iter().map(|byte| if *byte == b'=' { 0x0d } else { byte & 0x0f }).collect();
    nibbles.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).unwrap_or(&0x0f)).collect()
}

fn cvm_list(profile: &CardProfile) -> Vec<u8> {
    let amounts = profile.static_data.cvm_amounts.map(u32::to_be_bytes);
    let mut list = amounts.concat();
    list.extend(profile.cvm_rules.iter().flat_map(|rule| rule.to_bytes()));
    list
}

fn service_code(profile: &CardProfile) -> Vec<u8> {
    profile.service_code.parse().map_or_else(|_| vec![0; 2], |code: u16| bcd(code, 2))
}

fn last_day(month: u8) -> u8 {
    match month {
        0x02 => 0x28,
        0x04 | 0x06 | 0x09 | 0x11 => 0x30,
        _ => 0x31,
    }
}

fn bcd(value: u16, length: usize) -> Vec<u8> {
    numeric::encode(value.into(), length).unwrap_or_else(|| vec![0; length])
}
