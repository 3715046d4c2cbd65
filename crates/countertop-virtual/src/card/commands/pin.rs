//! GET CHALLENGE and VERIFY (EMV Book 3, clauses 6.5.6 and 6.5.12; Book 2, clause 7).

use countertop_wire::apdu::{CommandApdu, StatusWord};
use zeroize::Zeroizing;

use crate::card::PaymentCard;
use crate::card::crypto::encrypt_block;
use crate::card::payment_card::Answer;
use crate::card::session::Phase;

/// P2 of VERIFY: which form the PIN has.
const PLAINTEXT: u8 = 0x80;
const ENCIPHERED: u8 = 0x88;

/// The header of an enciphered PIN (EMV Book 2, table 25).
const ENCIPHERED_HEADER: u8 = 0x7f;

type PinBlock = Zeroizing<Vec<u8>>;

impl PaymentCard {
    pub(in crate::card) fn get_challenge(&mut self, command: &CommandApdu) -> Answer {
        if [command.p1(), command.p2()] != [0x00, 0x00] {
            return Err(StatusWord::INCORRECT_PARAMETERS);
        }
        if !command.data().is_empty() {
            return Err(StatusWord::WRONG_LENGTH);
        }
        if matches!(self.session.phase, Phase::Idle | Phase::Directory) {
            return Err(StatusWord::CONDITIONS_NOT_SATISFIED);
        }
        let challenge = self.next_unpredictable_number();
        self.session.challenge = Some(challenge);
        Ok(challenge.to_vec())
    }

    pub(in crate::card) fn verify(
        &mut self,
        command: &CommandApdu,
        challenge: Option<[u8; 8]>,
    ) -> Answer {
        if command.p1() != 0x00 || ![PLAINTEXT, ENCIPHERED].contains(&command.p2()) {
            return Err(StatusWord::INCORRECT_PARAMETERS);
        }
        self.require(&[Phase::Initiated])?;
        if self.profile.pin.is_none() {
            return Err(StatusWord::FUNCTION_NOT_SUPPORTED);
        }
        if self.counters.pin_tries == 0 {
            return Err(StatusWord::AUTHENTICATION_METHOD_BLOCKED);
        }
        let block = if command.p2() == PLAINTEXT {
            plaintext(command.data())?
        } else {
            self.decipher(command.data(), challenge)?
        };
        self.compare(&block)
    }

    /// Returns a number that the card gives out once in its life.
    pub(in crate::card) fn next_unpredictable_number(&mut self) -> [u8; 8] {
        self.counters.challenges = self.counters.challenges.wrapping_add(1);
        encrypt_block(&self.memory.master_key, self.counters.challenges.to_be_bytes())
    }

    /// Returns the PIN block in an enciphered PIN; an empty one when it is not what it should be,
    /// which counts as a wrong PIN.
    fn decipher(&self, data: &[u8], challenge: Option<[u8; 8]>) -> Result<PinBlock, StatusWord> {
        let challenge = challenge.ok_or(StatusWord::CONDITIONS_NOT_SATISFIED)?;
        if data.len() != self.memory.pin_key.len() {
            return Err(StatusWord::WRONG_LENGTH);
        }
        let plain = Zeroizing::new(self.memory.pin_key.apply(data));
        let [ENCIPHERED_HEADER, rest @ ..] = &plain[..] else { return Ok(PinBlock::default()) };
        Ok(match rest.split_first_chunk::<8>() {
            Some((block, rest)) if rest.starts_with(&challenge) => PinBlock::new(block.to_vec()),
            _ => PinBlock::default(),
        })
    }

    fn compare(&mut self, block: &PinBlock) -> Answer {
        self.session.pin_checked = true;
        let right = self.profile.pin.as_ref().and_then(|pin| pin_block(pin.expose()));
        if right.is_some_and(|right| right == *block) {
            self.session.pin_failed = false;
            self.counters.pin_tries = self.profile.pin_tries;
            return Ok(Vec::new());
        }
        self.session.pin_failed = true;
        self.counters.pin_tries -= 1;
        Err(StatusWord::verification_failed(self.counters.pin_tries))
    }
}

/// Returns the plaintext PIN block in the command's data, if it has the form of one.
fn plaintext(data: &[u8]) -> Result<PinBlock, StatusWord> {
    match data {
        [control, _, _, _, _, _, _, _] if control >> 4 == 0x02 => Ok(PinBlock::new(data.to_vec())),
        [_, _, _, _, _, _, _, _] => Err(StatusWord::WRONG_DATA),
        _ => Err(StatusWord::WRONG_LENGTH),
    }
}

/// Returns the block of format 2 for a PIN of 4 to 12 digits (EMV Book 3, table 24).
fn pin_block(pin: &[u8]) -> Option<PinBlock> {
    let length = u8::try_from(pin.len()).ok().filter(|length| (4..=12).contains(length))?;
    let mut nibbles = Zeroizing::new(vec![0x02, length]);
    nibbles.extend(pin.iter().map(|digit| digit & 0x0f));
    nibbles.resize(16, 0x0f);
    Some(PinBlock::new(nibbles.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()))
}
