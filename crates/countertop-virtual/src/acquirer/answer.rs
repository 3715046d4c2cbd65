//! Answers: what they repeat, what the host adds, and how they leave.

use core::time::Duration;

use countertop_wire::iso8583::{Message, MessageError};
use countertop_wire::unionpay::Frame;
use zeroize::Zeroizing;

use super::Behaviour;
use super::clock::Moment;
use super::host::{Host, Refusal, Reply, is_authenticated};

/// The fields that an answer repeats.
const REPEATED: [u8; 10] = [2, 3, 4, 11, 14, 25, 41, 42, 49, 60];

/// The number of this acquirer (field 32).
pub(super) const ACQUIRER: &str = "00010000";

/// Starts the answer of approval to a request.
pub(super) fn approve(request: &Message, now: &Moment, rrn: &str) -> Result<Message, MessageError> {
    answer(request, *b"00", now, rrn)
}

/// Returns the answer that refuses a request.
pub(super) fn refuse(request: &Message, refusal: Refusal, now: &Moment, rrn: &str) -> Message {
    let Refusal(code) = refusal;
    // All values come from a message that was read, or are made here to fit.
    answer(request, code, now, rrn).unwrap_or_else(|_| Message::new(request.mti().response()))
}

fn answer(
    request: &Message,
    code: [u8; 2],
    now: &Moment,
    rrn: &str,
) -> Result<Message, MessageError> {
    let mut answer = Message::new(request.mti().response())
        .with(12, &now.time)?
        .with(13, &now.date)?
        .with(32, ACQUIRER)?
        .with(37, rrn)?
        .with(39, code)?;
    for field in REPEATED {
        if let Some(value) = request.get(field) {
            answer.set(field, value)?;
        }
    }
    if matches!(request.mti().to_bytes(), [0x01 | 0x02 | 0x04 | 0x05, _]) {
        answer.set(15, &now.date)?;
    }
    Ok(answer)
}

impl Host {
    /// Signs and frames an answer, and does to it what was asked for.
    pub(super) fn reply(
        &self,
        frame: &Frame,
        mut answer: Message,
        behaviour: Option<Behaviour>,
    ) -> Reply {
        if behaviour == Some(Behaviour::WrongTrace) {
            change_trace(&mut answer);
        }
        self.sign(&mut answer, behaviour == Some(Behaviour::BadMac));
        let header = frame.header.with_task(self.task);
        let message = Zeroizing::new(answer.emit());
        let framed = Frame { tpdu: frame.tpdu.swapped(), header, message };
        let Ok(mut bytes) = framed.emit() else { return Reply::HangUp };
        match behaviour {
            Some(Behaviour::DropResponse) => Reply::Silence,
            Some(Behaviour::Delay(delay)) => Reply::Answer { bytes, delay },
            garbled => {
                if garbled == Some(Behaviour::Garble) {
                    garble(&mut bytes);
                }
                Reply::Answer { bytes, delay: Duration::ZERO }
            }
        }
    }

    /// Adds field 64 where the terminal has a key and the request had to have one.
    fn sign(&self, answer: &mut Message, wrong: bool) {
        let keys = answer.text(41).and_then(|terminal| self.keys(terminal));
        let Some(keys) = keys.filter(|_| is_authenticated(answer.mti())) else { return };
        if answer.set(64, [0; 8]).is_err() {
            return;
        }
        let message = Zeroizing::new(answer.emit());
        let block = message.split_last_chunk::<8>().map_or(&[][..], |(block, _)| block);
        let mut code = self.config.mac.compute(&keys.mac, block).unwrap_or_default();
        if wrong {
            code.reverse();
            code[0] ^= 1;
        }
        // Eight bytes always fit field 64.
        let _fits = answer.set(64, code);
    }
}

fn change_trace(answer: &mut Message) {
    let number = answer.text(11).and_then(|digits| digits.parse::<u32>().ok());
    if let Some(number) = number {
        let _fits = answer.set(11, format!("{:06}", number % 999_999 + 1));
    }
}

/// Damages an answer behind its length, transport header and application header.
fn garble(bytes: &mut [u8]) {
    bytes.iter_mut().skip(13).for_each(|byte| *byte ^= 0x5A);
}
