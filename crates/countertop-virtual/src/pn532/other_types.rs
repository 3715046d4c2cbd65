//! The reader's part of finding targets that are not of type A.

use countertop_wire::pn532::{
    FelicaTarget, JewelTarget, TypeBTarget, crc_felica, with_crc_b, without_crc_b,
};

use super::field::{Field, Heard};
use super::iso_dep::{Air, IsoDepLink};
use super::radio::{RadioFrame, WUPA};

/// WUPB with one slot (ISO/IEC 14443-3, 7.7).
const APF: u8 = 0x05;
const WAKE_UP: u8 = 0x08;
const ATQB: u8 = 0x50;
const ATTRIB: u8 = 0x1d;
/// The firmware gives this identifier to every card of type B, and asks for frames of 64 bytes
/// (nfcpy, `pn532.py`).
const CID: u8 = 0x01;
const FRAME_SIZE_CODE: u8 = 0x05;
const PROTOCOL: u8 = 0x01;
const POL_RES: u8 = 0x01;
const RID: [u8; 7] = [0x78, 0, 0, 0, 0, 0, 0];

/// Requests a card of type B and sends ATTRIB.
pub(super) fn activate_type_b(
    field: &mut Field,
    family: u8,
    number: u8,
) -> Option<(TypeBTarget, IsoDepLink)> {
    let answer = Air::TypeB.send(field, &[APF, family, WAKE_UP]).ok()?;
    let (pupi, rest) = answer.strip_prefix(&[ATQB])?.split_first_chunk::<4>()?;
    let (application_data, rest) = rest.split_first_chunk::<4>()?;
    let protocol_info = *rest.first_chunk::<3>()?;
    let attrib = [&[ATTRIB], &pupi[..], &[0x00, FRAME_SIZE_CODE, PROTOCOL, CID]].concat();
    let attrib_res = Air::TypeB.send(field, &attrib).ok()?;
    let (pupi, application_data) = (*pupi, *application_data);
    let target = TypeBTarget { number, pupi, application_data, protocol_info, attrib_res };
    Some((target, IsoDepLink::type_b(protocol_info, CID)))
}

/// Sends POLLING, whose parameters are without length and CRC.
pub(super) fn poll_felica(field: &mut Field, polling: &[u8], number: u8) -> Option<FelicaTarget> {
    let length = u8::try_from(polling.len() + 1).ok()?;
    let frame = [&[length], polling].concat();
    let Heard::Answer(answer) =
        field.send(RadioFrame::Felica(&[&frame[..], &crc_felica(&frame)].concat()))
    else {
        return None;
    };
    let (frame, _crc) = answer.bytes.split_last_chunk::<2>()?;
    let (_length, rest) = frame.split_first()?;
    let (idm, rest) = rest.strip_prefix(&[POL_RES])?.split_first_chunk()?;
    let (pmm, rest) = rest.split_first_chunk()?;
    let system_code = rest.first_chunk().copied();
    Some(FelicaTarget { number, idm: *idm, pmm: *pmm, system_code })
}

/// Wakes a Topaz tag and asks for its identifier.
pub(super) fn identify_jewel(field: &mut Field, number: u8) -> Option<JewelTarget> {
    let Heard::Answer(answer) = field.send(RadioFrame::Short(WUPA)) else { return None };
    let [low, high] = answer.bytes[..] else { return None };
    let Heard::Answer(answer) = field.send(RadioFrame::Topaz(&with_crc_b(&RID))) else {
        return None;
    };
    let [_, _, a, b, c, d] = *without_crc_b(&answer.bytes)? else { return None };
    Some(JewelTarget { number, sens_res: [high, low], uid: [a, b, c, d] })
}
