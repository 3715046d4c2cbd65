//! The state machine of a reader: bytes in, bytes out.

use countertop_wire::iso7813::TrackNumber;
use countertop_wire::stripe::TrackField;
use countertop_wire::stripe::line::encode_line;
use countertop_wire::stripe::msr::{
    COMM_TEST_GOOD, Command, CommandDecoder, RawResponse, ReadResponse, Status, encode_model,
    encode_status,
};

use super::{StripeCard, StripeConfig, StripeDialect, SwipeFault};

const ESC: u8 = 0x1b;

/// What the reader does with the next swipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Idle,
    ReadIso,
    ReadRaw,
    /// `ESC 86` answers when a card passes.
    SensorTest,
}

#[derive(Debug)]
pub(super) struct Reader {
    config: StripeConfig,
    decoder: CommandDecoder,
    mode: Mode,
    leading_zeros: [u8; 2],
    high_coercivity: bool,
}

impl Reader {
    pub(super) fn new(config: StripeConfig) -> Self {
        Self {
            config,
            decoder: CommandDecoder::new(),
            mode: Mode::Idle,
            // MSR605 manual, command 12.
            leading_zeros: [0x3d, 0x16],
            high_coercivity: true,
        }
    }

    pub(super) fn is_armed(&self) -> bool {
        self.config.dialect == StripeDialect::Line || self.mode != Mode::Idle
    }

    /// Takes what the host sent and returns the answers.
    pub(super) fn receive(&mut self, bytes: &[u8]) -> Vec<u8> {
        if self.config.dialect == StripeDialect::Line {
            return Vec::new();
        }
        self.decoder.push(bytes);
        let mut answers = Vec::new();
        while let Some(command) = self.decoder.next_command() {
            answers.extend(self.execute(command));
        }
        answers
    }

    fn execute(&mut self, command: Command) -> Vec<u8> {
        self.mode = match command {
            Command::ReadIso => Mode::ReadIso,
            Command::ReadRaw => Mode::ReadRaw,
            Command::SensorTest => Mode::SensorTest,
            Command::Light(_) => self.mode,
            _ => Mode::Idle,
        };
        match command {
            Command::CommTest => COMM_TEST_GOOD.to_vec(),
            Command::Model => encode_model(self.config.model).to_vec(),
            Command::Firmware => [&[ESC], self.config.firmware.as_bytes()].concat(),
            Command::SetLeadingZeros(zeros) => self.set_leading_zeros(zeros),
            Command::LeadingZeros => vec![ESC, self.leading_zeros[0], self.leading_zeros[1]],
            Command::SetCoercivity { high } => self.set_coercivity(high),
            Command::Coercivity => vec![ESC, if self.high_coercivity { b'H' } else { b'L' }],
            command => plain_answer(command),
        }
    }

    fn set_leading_zeros(&mut self, zeros: [u8; 2]) -> Vec<u8> {
        self.leading_zeros = zeros;
        encode_status(Status::Good).to_vec()
    }

    fn set_coercivity(&mut self, high: bool) -> Vec<u8> {
        self.high_coercivity = high;
        encode_status(Status::Good).to_vec()
    }

    /// Swipes a card; `None` when the reader does not look.
    pub(super) fn swipe(
        &mut self,
        card: &StripeCard,
        fault: Option<SwipeFault>,
    ) -> Option<Vec<u8>> {
        let answer = match (self.config.dialect, self.mode) {
            (StripeDialect::Line, _) => encode_line(&fields(card, fault)).to_vec(),
            (StripeDialect::Msr605, Mode::Idle) => return None,
            (StripeDialect::Msr605, Mode::ReadIso) => read_iso(fields(card, fault)),
            (StripeDialect::Msr605, Mode::ReadRaw) => read_raw(card, fault),
            (StripeDialect::Msr605, Mode::SensorTest) => encode_status(Status::Good).to_vec(),
        };
        self.mode = Mode::Idle;
        Some(disturb(answer, fault))
    }
}

/// Returns the answer to commands that change nothing here. This reader does not write: a write or
/// an erasure is answered with an error at once.
fn plain_answer(command: Command) -> Vec<u8> {
    match command {
        Command::RamTest | Command::SetDensity(_) => encode_status(Status::Good).to_vec(),
        Command::SetBitsPerCharacter(bits) => {
            [encode_status(Status::Good).as_slice(), &bits].concat()
        }
        Command::Write | Command::Erase(_) => encode_status(Status::ReadError).to_vec(),
        Command::Unknown(_) => encode_status(Status::InvalidCommand).to_vec(),
        _ => Vec::new(),
    }
}

fn fields(card: &StripeCard, fault: Option<SwipeFault>) -> [TrackField; 3] {
    TrackNumber::ALL.map(|track| card.field(track, fault))
}

fn read_iso(tracks: [TrackField; 3]) -> Vec<u8> {
    let bad = tracks.contains(&TrackField::Unreadable);
    let status = if bad { Status::ReadError } else { Status::Good };
    ReadResponse { tracks, status }.encode()
}

/// The first byte of raw data starts with the first bit of the start sentinel (MSR605 manual,
/// section 7, "bit orientation").
fn read_raw(card: &StripeCard, fault: Option<SwipeFault>) -> Vec<u8> {
    let tracks = TrackNumber::ALL.map(|track| card.bits(track, fault).without_clocking());
    RawResponse { tracks, status: Status::Good }.encode()
}

fn disturb(mut answer: Vec<u8>, fault: Option<SwipeFault>) -> Vec<u8> {
    match fault {
        Some(SwipeFault::CutOff(after)) => answer.truncate(after),
        Some(SwipeFault::Noise) => answer.splice(..0, [0x00, 0xff, 0x7e]).for_each(drop),
        _ => {}
    }
    answer
}
