//! Exchange with a type 1 tag, whose commands the firmware completes (ACS ACR122U API V2.04, 7.4; libnfc,
//! `utils/jewel.h`; nfcpy, `pn532.py`).

use countertop_wire::pn532::{Status, with_crc_b, without_crc_b};

use super::field::{Field, Heard};
use super::radio::RadioFrame;

const RALL: u8 = 0x00;
const READ: u8 = 0x01;
const WRITE_NE: u8 = 0x1a;
const WRITE_E: u8 = 0x53;
const RID: u8 = 0x78;
/// In the place of the UID while nobody knows it (Type 1 Tag 1.2, 5.5).
const NO_UID: [u8; 4] = [0; 4];

/// Sends a command and returns what the host gets of the answer: of a byte that was read or written the
/// address is left out.
pub(super) fn exchange(field: &mut Field, command: &[u8], uid: [u8; 4]) -> Result<Vec<u8>, Status> {
    let command = completed(command, uid);
    match field.send(RadioFrame::Topaz(&with_crc_b(&command))) {
        Heard::Nothing => Err(Status::TIMEOUT),
        Heard::Collision(_) => Err(Status::COLLISION),
        Heard::Answer(answer) => {
            let answer = without_crc_b(&answer.bytes).ok_or(Status::CRC)?;
            Ok(without_address(&command, answer).to_vec())
        }
    }
}

/// Returns the command as the tag takes it. What is complete already, or unknown, stays as it is.
fn completed(command: &[u8], uid: [u8; 4]) -> Vec<u8> {
    match *command {
        [RID] => [&[RID, 0, 0][..], &NO_UID].concat(),
        [RALL] => [&[RALL, 0, 0][..], &uid].concat(),
        [READ, address] => [&[READ, address, 0][..], &uid].concat(),
        [WRITE_E | WRITE_NE, _, _] => [command, &uid].concat(),
        _ => command.to_vec(),
    }
}

fn without_address<'a>(command: &[u8], answer: &'a [u8]) -> &'a [u8] {
    match (command, answer) {
        ([READ | WRITE_E | WRITE_NE, ..], [_address, data @ ..]) => data,
        _ => answer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The forms of `jewel.h` and of ACS's document, and those with everything in them.
    #[test]
    fn short_forms_are_completed() {
        let uid = [0xa1, 0xa2, 0xa3, 0xa4];
        for (short, long) in [
            (&[0x78][..], &[0x78, 0, 0, 0, 0, 0, 0][..]),
            (&[0x00], &[0x00, 0, 0, 0xa1, 0xa2, 0xa3, 0xa4]),
            (&[0x01, 0x08], &[0x01, 0x08, 0, 0xa1, 0xa2, 0xa3, 0xa4]),
            (&[0x53, 0x08, 0xff], &[0x53, 0x08, 0xff, 0xa1, 0xa2, 0xa3, 0xa4]),
            (&[0x1a, 0x08, 0x0f], &[0x1a, 0x08, 0x0f, 0xa1, 0xa2, 0xa3, 0xa4]),
        ] {
            assert_eq!(completed(short, uid), long);
            assert_eq!(completed(long, [9; 4]), long);
        }
        assert_eq!(completed(&[0x53, 0x08], uid), [0x53, 0x08]);
        assert!(completed(&[], uid).is_empty());
    }
}
