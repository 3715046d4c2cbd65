//! Data objects inside fields 55, 59 and 62.

use countertop_wire::tlv::{Format, Tag, TlvError, tags, tlvs};
use countertop_wire::unionpay::{
    BadPrivateTlv, KeyBlock, PrivateTlv, WorkingKey, gbk, parse_private_tlvs,
};

use super::hex::hex;
use super::{Part, mask};

/// How deep templates are followed.
const DEEPEST: u8 = 6;

/// Tracks, cardholder name, PIN data and what else of a card is never shown.
const WITHHELD: &[u32] = &[0x56, 0x57, 0x5A, 0x5F20, 0x99, 0x9F0B, 0x9F1F, 0x9F20, 0x9F6B];

/// Lists BER-TLV; tells too whether anything was masked.
pub(super) fn ber(bytes: &[u8]) -> Result<(Vec<Part>, bool), TlvError> {
    ber_to(bytes, DEEPEST)
}

fn ber_to(bytes: &[u8], depth: u8) -> Result<(Vec<Part>, bool), TlvError> {
    let mut parts = Vec::new();
    let mut secret = false;
    for object in tlvs(bytes) {
        let object = object?;
        let tag = object.tag;
        let hidden = WITHHELD.contains(&tag.number());
        let slip = slip_name(tag);
        let name = slip.or_else(|| tag.name()).unwrap_or("not known");
        let mut part = Part::new(tag.to_string(), name, "");
        if slip.is_some() {
            part.value = hex(object.value);
            part.meaning = slip_text(tag).then(|| gbk(object.value));
        } else if tag.is_constructed() && depth > 0 {
            let (inner, inner_secret) = ber_to(object.value, depth - 1)?;
            part.parts = inner;
            secret |= inner_secret;
        } else {
            part.value = if hidden { masked(tag, object.value) } else { hex(object.value) };
            part.meaning = text_meaning(tag, object.value).filter(|_| !hidden);
        }
        secret |= hidden;
        parts.push(part);
    }
    Ok((parts, secret))
}

/// Returns the name of a data object of an electronic slip. Its tags look like templates and are
/// none.
fn slip_name(tag: Tag) -> Option<&'static str> {
    Some(match tag.number() {
        0xFF00 => "slip: merchant",
        0xFF01 => "slip: transaction",
        0xFF02 => "slip: operator",
        0xFF03 => "slip: acquirer",
        0xFF04 => "slip: issuer",
        0xFF05 => "slip: expiry",
        0xFF06 => "slip: date and time",
        0xFF07 => "slip: authorization code",
        0xFF08 => "slip: tip",
        0xFF09 => "slip: card scheme",
        0xFF0A => "slip: currency",
        0xFF0B => "slip: telephone",
        0xFF22..=0xFF2B => "slip: chip data",
        0xFF30 => "slip: application label",
        0xFF31 => "slip: application name",
        0xFF40 => "slip: remark",
        0xFF60..=0xFF65 => "slip: original transaction",
        0xFF70 => "slip: printed copies",
        0xFF71..=0xFF73 => "slip: notice",
        _ => return None,
    })
}

/// Tells whether a data object of an electronic slip is text in GBK.
fn slip_text(tag: Tag) -> bool {
    matches!(
        tag.number() & 0xFF,
        0x00 | 0x01 | 0x03 | 0x04 | 0x09 | 0x30 | 0x31 | 0x40 | 0x71..=0x73
    )
}

fn masked(tag: Tag, value: &[u8]) -> String {
    let digits = hex(value);
    match tag {
        tags::APPLICATION_PAN => mask::pan(digits.trim_end_matches('F')),
        tags::TRACK_2_EQUIVALENT_DATA => mask::track(&digits),
        _ => mask::withheld(value.len()),
    }
}

fn text_meaning(tag: Tag, value: &[u8]) -> Option<String> {
    let printable = value.iter().all(|byte| matches!(byte, b' '..=b'~'));
    let text = tag.name().is_some() && tag.format() == Format::Text && printable;
    text.then(|| gbk(value))
}

/// Lists the data objects of field 59; tells too whether anything was masked.
pub(super) fn private(bytes: &[u8]) -> Result<(Vec<Part>, bool), BadPrivateTlv> {
    let objects = parse_private_tlvs(bytes)?;
    let secret = objects.iter().any(is_secret);
    Ok((objects.iter().map(private_part).collect(), secret))
}

fn is_secret(object: &PrivateTlv) -> bool {
    let hidden = [PrivateTlv::PAYMENT_CODE, PrivateTlv::SM4_PIN_BLOCK].contains(&object.tag);
    hidden || mask::has_secret_digits(&object.value)
}

fn private_part(object: &PrivateTlv) -> Part {
    let name = PrivateTlv::name(object.tag).unwrap_or("not known");
    let part = |value: String| Part::new(gbk(&object.tag), name, value);
    let information = object.tag == PrivateTlv::TERMINAL_INFORMATION;
    match parse_private_tlvs(&object.value).ok().filter(|_| information) {
        Some(inner) => {
            let mut part = part(String::new());
            part.parts = inner.iter().map(information_part).collect();
            part
        }
        None if is_secret(object) => part(mask::withheld(object.value.len())),
        None => part(text_or_hex(&object.value)),
    }
}

fn information_part(object: &PrivateTlv) -> Part {
    let name = PrivateTlv::terminal_information_name(object.tag).unwrap_or("not known");
    let shown = if is_secret(object) && &object.tag != b"02" {
        mask::withheld(object.value.len())
    } else {
        text_or_hex(&object.value)
    };
    Part::new(gbk(&object.tag), name, shown)
}

/// Lists the working keys of a sign-in response; they are wrapped.
pub(super) fn keys(bytes: &[u8]) -> Option<Vec<Part>> {
    let block = KeyBlock::parse(bytes).ok()?;
    let key = |name: &str, key: &WorkingKey| {
        let wrapped = Part::new("62", format!("{name} key, wrapped"), hex(&key.cryptogram));
        wrapped.meaning(Some(format!("check value {}", hex(&key.check_value))))
    };
    let mut parts = vec![key("PIN", &block.pin), key("MAC", &block.mac)];
    parts.extend(block.data.as_ref().map(|data| key("data", data)));
    Some(parts)
}

/// Returns text where the bytes are printable, else hexadecimal digits.
pub(super) fn text_or_hex(bytes: &[u8]) -> String {
    let printable = bytes.iter().all(|byte| matches!(byte, b' '..=b'~'));
    if printable { gbk(bytes) } else { hex(bytes) }
}
