//! Commands to targets: exchange of data, selection and release.

use countertop_wire::pn532::{
    CardData, InitiatorCommand, InitiatorResponse, JewelTarget, MAX_DATA, Response, Status,
    crc_felica, with_crc_a, with_crc_b, without_crc_a, without_crc_b,
};

use super::chip::{Chip, Outcome};
use super::field::{Field, Heard};
use super::known::{Description, KnownTarget};
use super::radio::{RadioAnswer, RadioFrame};
use super::registers::Framing;
use super::{iso_dep, jewel};
use crate::card::LONGEST_COMMAND;

/// What fits in a response behind code and status.
const MOST_DATA: usize = MAX_DATA - 2;
/// The acknowledgement of a type 2 tag.
const TAG_ACK: u8 = 0x0a;
/// WRITE of a type 2 tag.
const TAG_WRITE: u8 = 0xa2;
/// COMPATIBILITY_WRITE, which the firmware splits in two frames.
const COMPATIBILITY_WRITE: u8 = 0xa0;
/// To the firmware these are authentications of MIFARE Classic.
const AUTHENTICATE: [u8; 2] = [0x60, 0x61];
/// DECREMENT, INCREMENT and RESTORE of MIFARE Classic, which the firmware splits in two frames.
const VALUE_OPERATIONS: [u8; 3] = [0xc0, 0xc1, 0xc2];
/// TRANSFER of MIFARE Classic.
const TRANSFER: u8 = 0xb0;

impl Chip {
    pub(super) fn initiator_command(&mut self, command: InitiatorCommand) -> Outcome {
        let response = match command {
            InitiatorCommand::InListPassiveTarget { max_targets, modulation, initiator_data } => {
                return self.list(max_targets, modulation, &initiator_data);
            }
            InitiatorCommand::InAutoPoll { polls, period, types } => {
                return self.auto_poll(polls, period, types);
            }
            InitiatorCommand::InDataExchange { target, more, data } => {
                self.data_exchange(target, more, &data)
            }
            InitiatorCommand::InCommunicateThru(data) => {
                self.switch_field(true);
                let (status, data) = split(self.communicate_thru(&data));
                InitiatorResponse::CommunicatedThru { status: self.note(status), data }
            }
            InitiatorCommand::InSelect(number) => InitiatorResponse::Selected(self.select(number)),
            InitiatorCommand::InPsl { target, .. } => InitiatorResponse::Psl(self.select(target)),
            InitiatorCommand::InDeselect(number) => {
                let status = self.deselect(number);
                InitiatorResponse::Deselected(self.note(status))
            }
            InitiatorCommand::InRelease(number) => {
                let status = self.known.release(&mut self.shared.field(), number);
                InitiatorResponse::Released(self.note(status))
            }
            other => match self.peer_command(&other) {
                Some(response) => response,
                None => return Outcome::SyntaxError,
            },
        };
        Outcome::Response(Response::from(response).encode())
    }

    /// No NFC-DEP peer is ever in this field.
    fn peer_command(&mut self, command: &InitiatorCommand) -> Option<InitiatorResponse> {
        let data = Vec::new();
        Some(match command {
            InitiatorCommand::InJumpForDep(_) => {
                InitiatorResponse::JumpedForDep { status: self.note(Status::TIMEOUT), data }
            }
            InitiatorCommand::InJumpForPsl(_) => {
                InitiatorResponse::JumpedForPsl { status: self.note(Status::TIMEOUT), data }
            }
            InitiatorCommand::InAtr { .. } => {
                InitiatorResponse::Atr { status: self.note(Status::NOT_ALLOWED), data }
            }
            _ => return None,
        })
    }

    fn select(&mut self, number: u8) -> Status {
        let status = self.known.select(&mut self.shared.field(), number).err();
        self.note(status.unwrap_or_default())
    }

    fn deselect(&mut self, number: u8) -> Status {
        if number != 0 && !self.known.numbers().any(|own| own == number) {
            return Status::CONTEXT;
        }
        self.known.halt(&mut self.shared.field(), number);
        Status::OK
    }

    fn data_exchange(&mut self, number: u8, more: bool, data: &[u8]) -> InitiatorResponse {
        let (status, data, more) = match self.try_data_exchange(number, more, data) {
            Ok((data, more)) => (Status::OK, data, more),
            Err(status) => (status, Vec::new(), false),
        };
        InitiatorResponse::DataExchanged { status: self.note(status), more, data: data.into() }
    }

    /// Returns what fits in one response, and whether there is more.
    fn try_data_exchange(
        &mut self,
        number: u8,
        more: bool,
        data: &[u8],
    ) -> Result<(Vec<u8>, bool), Status> {
        let mut field = self.shared.field();
        let target = self.known.select(&mut field, number)?;
        if data.is_empty() && !target.outgoing.is_empty() {
            return Ok(target.next_part());
        }
        if target.incoming.len() + data.len() > LONGEST_COMMAND {
            target.incoming.clear();
            return Err(Status::INTERNAL_BUFFER_OVERFLOW);
        }
        target.incoming.extend_from_slice(data);
        if more {
            return Ok((Vec::new(), false));
        }
        let command = std::mem::take(&mut target.incoming);
        target.outgoing = match &mut target.link {
            Some(link) => link.exchange(&mut field, &command)?,
            None => match target.description {
                Description::Felica(_) => felica_exchange(&mut field, &command)?,
                Description::Jewel(JewelTarget { uid, .. }) => {
                    jewel::exchange(&mut field, &command, uid)?
                }
                _ => tag_exchange(&mut field, &command)?,
            },
        };
        Ok(target.next_part())
    }

    fn communicate_thru(&mut self, data: &[u8]) -> Result<Vec<u8>, Status> {
        self.registers.set_rx_last_bits(0);
        let framing = self.registers.framing().ok_or(Status::TIMEOUT)?;
        let framed = match (self.registers.sends_crc(), framing) {
            (false, _) => data.to_vec(),
            (true, Framing::TypeA) => with_crc_a(data),
            (true, Framing::TypeB) => with_crc_b(data),
            (true, Framing::Felica) => with_crc_felica(data),
        };
        let frame = match (self.registers.tx_last_bits(), framing, data) {
            (0, Framing::TypeA, _) => RadioFrame::Bytes(&framed),
            (0, Framing::TypeB, _) => RadioFrame::TypeB(&framed),
            (0, Framing::Felica, _) => RadioFrame::Felica(&framed),
            (7, Framing::TypeA, [command]) => RadioFrame::Short(command & 0x7f),
            _ => return Err(Status::TIMEOUT),
        };
        let heard = self.shared.field().send(frame);
        match heard {
            Heard::Nothing => Err(Status::TIMEOUT),
            Heard::Collision(_) => Err(Status::COLLISION),
            Heard::Answer(answer) => self.receive(framing, &answer),
        }
    }

    /// With the CRC check on, an answer without CRC is an error, such as a tag's four bits.
    fn receive(&mut self, framing: Framing, answer: &RadioAnswer) -> Result<Vec<u8>, Status> {
        self.registers.set_rx_last_bits(answer.last_bits);
        if !self.registers.checks_crc() {
            return Ok(answer.bytes.clone());
        }
        let bytes = match framing {
            Framing::TypeA => without_crc_a(&answer.bytes),
            Framing::TypeB => without_crc_b(&answer.bytes),
            Framing::Felica => without_crc_felica(&answer.bytes),
        };
        bytes.map(<[u8]>::to_vec).ok_or(Status::CRC)
    }
}

impl KnownTarget {
    fn next_part(&mut self) -> (Vec<u8>, bool) {
        let rest = self.outgoing.split_off(MOST_DATA.min(self.outgoing.len()));
        let part = std::mem::replace(&mut self.outgoing, rest);
        (part, !self.outgoing.is_empty())
    }
}

fn split(result: Result<Vec<u8>, Status>) -> (Status, CardData) {
    match result {
        Ok(data) => (Status::OK, data.into()),
        Err(status) => (status, CardData::default()),
    }
}

/// Exchanges a command with a tag as the firmware does, which knows MIFARE.
fn tag_exchange(field: &mut Field, command: &[u8]) -> Result<Vec<u8>, Status> {
    match command {
        [code, ..] if AUTHENTICATE.contains(code) => {
            match field.send(RadioFrame::MifareAuthentication(command)) {
                Heard::Answer(_) => Ok(Vec::new()),
                _ => Err(Status::AUTHENTICATION),
            }
        }
        [code, block, operand @ ..] if VALUE_OPERATIONS.contains(code) && operand.len() == 4 => {
            acknowledged(field, &[*code, *block])?;
            match field.send(RadioFrame::Bytes(&with_crc_a(operand))) {
                Heard::Nothing => Ok(Vec::new()),
                _ => Err(Status::DEP_FORMAT),
            }
        }
        [TRANSFER, _] => acknowledged(field, command),
        [COMPATIBILITY_WRITE, page, data @ ..] if data.len() == 16 => {
            acknowledged(field, &[COMPATIBILITY_WRITE, *page])?;
            acknowledged(field, data)
        }
        [TAG_WRITE, ..] => acknowledged(field, command),
        command => iso_dep::send(field, command),
    }
}

/// Sends what a tag answers with four bits.
fn acknowledged(field: &mut Field, command: &[u8]) -> Result<Vec<u8>, Status> {
    match field.send(RadioFrame::Bytes(&with_crc_a(command))) {
        Heard::Nothing => Err(Status::TIMEOUT),
        Heard::Answer(answer) if answer == RadioAnswer::nibble(TAG_ACK) => Ok(Vec::new()),
        Heard::Answer(_) => Err(Status::DEP_FORMAT),
        Heard::Collision(_) => Err(Status::COLLISION),
    }
}

fn felica_exchange(field: &mut Field, command: &[u8]) -> Result<Vec<u8>, Status> {
    match field.send(RadioFrame::Felica(&with_crc_felica(command))) {
        Heard::Nothing => Err(Status::TIMEOUT),
        Heard::Collision(_) => Err(Status::COLLISION),
        Heard::Answer(answer) => {
            without_crc_felica(&answer.bytes).map(<[u8]>::to_vec).ok_or(Status::CRC)
        }
    }
}

fn with_crc_felica(frame: &[u8]) -> Vec<u8> {
    [frame, &crc_felica(frame)].concat()
}

fn without_crc_felica(frame: &[u8]) -> Option<&[u8]> {
    let (frame, crc) = frame.split_last_chunk::<2>()?;
    (crc_felica(frame) == *crc).then_some(frame)
}
