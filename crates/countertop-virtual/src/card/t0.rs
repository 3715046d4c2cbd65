//! A card's side of T=0 (ISO/IEC 7816-3, clause 12.2; EMV Book 1, annex A).

use countertop_wire::apdu::{CommandApdu, ResponseApdu, StatusWord};

/// The instruction of GET RESPONSE.
const GET_RESPONSE: u8 = 0xc0;

/// Holds an answer until it is fetched.
#[derive(Debug, Clone, Default)]
pub(super) struct T0 {
    pending: Vec<u8>,
}

impl T0 {
    /// Answers a command TPDU; `card` answers whole command APDUs.
    ///
    /// After a command with data the answer is announced (`61xx`) and has to be fetched; where
    /// another length is expected than there is, the right one is told (`6Cxx`).
    pub(super) fn respond(
        &mut self,
        command: &[u8],
        card: impl FnOnce(&[u8]) -> ResponseApdu,
    ) -> ResponseApdu {
        let pending = core::mem::take(&mut self.pending);
        let Ok(parsed) = CommandApdu::parse(command) else {
            return StatusWord::WRONG_LENGTH.into();
        };
        if parsed.instruction() == GET_RESPONSE {
            return self.fetched(&parsed, pending);
        }
        let response = card(&whole(&parsed));
        if response.data().is_empty() {
            return response;
        }
        let length = response.data().len();
        if !parsed.data().is_empty() {
            self.pending = response.data().to_vec();
            return StatusWord(0x6100 | short(length)).into();
        }
        if parsed.expected() == length {
            return response;
        }
        StatusWord(0x6c00 | short(length)).into()
    }

    fn fetched(&mut self, command: &CommandApdu, pending: Vec<u8>) -> ResponseApdu {
        if pending.is_empty() {
            return StatusWord::CONDITIONS_NOT_SATISFIED.into();
        }
        if command.expected() != pending.len() {
            let length = short(pending.len());
            self.pending = pending;
            return StatusWord(0x6c00 | length).into();
        }
        ResponseApdu::new(pending, StatusWord::SUCCESS)
    }
}

/// Returns the command as the card takes it: an answer of any length may come.
fn whole(command: &CommandApdu) -> Vec<u8> {
    let [class, instruction] = [command.class(), command.instruction()];
    let apdu = CommandApdu::new(class, instruction, command.p1(), command.p2());
    apdu.with_data(command.data()).expecting(256).to_bytes()
}

/// Returns a length of 1 to 256 in one byte.
fn short(length: usize) -> u16 {
    u16::try_from(length).unwrap_or(0) & 0x00ff
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(data: &[u8]) -> impl FnOnce(&[u8]) -> ResponseApdu + use<> {
        let response = ResponseApdu::new(data.to_vec(), StatusWord::SUCCESS);
        move |_| response
    }

    #[test]
    fn an_answer_to_data_is_fetched_with_its_length() {
        let mut t0 = T0::default();
        let select = [0x00, 0xa4, 0x04, 0x00, 0x02, 0xa0, 0x00];
        let announced = t0.respond(&select, answer(&[1, 2, 3])).to_bytes();
        assert_eq!(announced, [0x61, 0x03]);
        let wrong = t0.respond(&[0x00, 0xc0, 0, 0, 0x00], answer(&[])).to_bytes();
        assert_eq!(wrong, [0x6c, 0x03]);
        let fetched = t0.respond(&[0x00, 0xc0, 0, 0, 0x03], answer(&[])).to_bytes();
        assert_eq!(fetched, [1, 2, 3, 0x90, 0x00]);
        let again = t0.respond(&[0x00, 0xc0, 0, 0, 0x03], answer(&[])).to_bytes();
        assert_eq!(again, [0x69, 0x85]);
    }

    #[test]
    fn another_command_gives_the_answer_up() {
        let mut t0 = T0::default();
        t0.respond(&[0x00, 0xa4, 0x04, 0x00, 0x01, 0xa0], answer(&[1]));
        let read = t0.respond(&[0x00, 0xb2, 1, 0x0c, 0x00], answer(&[7; 256])).to_bytes();
        assert_eq!(read.len(), 258);
        let other = t0.respond(&[0x00, 0xb2, 1, 0x0c, 0x00], answer(&[7; 9])).to_bytes();
        assert_eq!(other, [0x6c, 0x09]);
        let gone = t0.respond(&[0x00, 0xc0, 0, 0, 0x01], answer(&[])).to_bytes();
        assert_eq!(gone, [0x69, 0x85]);
    }

    #[test]
    fn a_refusal_comes_at_once() {
        let refuse = |_: &[u8]| StatusWord::FILE_NOT_FOUND.into();
        let select = [0x00, 0xa4, 0x04, 0x00, 0x01, 0xa0];
        assert_eq!(T0::default().respond(&select, refuse).to_bytes(), [0x6a, 0x82]);
        assert_eq!(T0::default().respond(&[0x00], answer(&[1])).to_bytes(), [0x67, 0x00]);
    }
}
