//! Scripted exchanges of a host with the chip.

mod line;
mod pn533;
mod search;
mod tags;
mod targets;

use core::time::Duration;

use countertop_wire::pn532::{ACK, Decoder, Frame, SYNTAX_ERROR, WAKE_UP};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tokio::time::timeout;

use super::*;
use crate::card::VirtualCard;

const LIMIT: Duration = Duration::from_secs(5);
const SOON: Duration = Duration::from_millis(20);
const CARD: &str = "08a1b2c3";
const TAG: &str = "04112233445566";
/// Searches for one target of type A.
const LIST: &str = "4a 01 00";
/// Searches are repeated twice, not for ever.
const FEW_RETRIES: &str = "32 05 00 01 02";

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<char> = text.chars().filter(|digit| !digit.is_whitespace()).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(&String::from_iter(pair), 16).unwrap()).collect()
}

/// Answers a command of n bytes with as many bytes as its second byte pair says, and 9000.
#[derive(Debug, Default)]
struct EchoCard {
    resets: usize,
    small: bool,
}

impl VirtualCard for EchoCard {
    fn answer_to_reset(&self) -> Vec<u8> {
        vec![0x3b, 0x00]
    }

    fn answer_to_select(&self) -> Vec<u8> {
        // FSCI 0 takes frames of 16 bytes, FSCI 8 of 256.
        vec![0x05, if self.small { 0x70 } else { 0x78 }, 0x80, 0x70, 0x02]
    }

    fn reset(&mut self) {
        self.resets += 1;
    }

    fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        let length = match command {
            [_, _, high, low, ..] => usize::from(u16::from_be_bytes([*high, *low])),
            _ => 0,
        };
        let mut answer: Vec<u8> = command.iter().copied().cycle().take(length).collect();
        answer.extend([0x90, 0x00]);
        answer
    }
}

fn card() -> Target {
    Target::iso_dep([0x08, 0xa1, 0xb2, 0xc3], EchoCard::default())
}

fn tag() -> Target {
    Target::type2(Type2Tag::new(Type2Model::Ntag213, [0x04, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66]))
}

struct Host {
    link: DuplexStream,
    decoder: Decoder,
    control: Pn532Control,
}

impl Host {
    /// Powers a chip up and wakes it.
    async fn awake() -> Self {
        let mut host = Self::asleep();
        host.write(&WAKE_UP).await;
        assert_eq!(host.ask("14 01").await, hex("15"));
        host
    }

    fn asleep() -> Self {
        let (link, device) = tokio::io::duplex(4096);
        let (chip, control) = VirtualPn532::new();
        tokio::spawn(chip.serve(device));
        Self { link, decoder: Decoder::new(), control }
    }

    /// Plugs in a PN533, which is awake; the hand that pulls its plug is the second part.
    fn pn533() -> (Self, Arc<Shared>) {
        let (link, device) = tokio::io::duplex(4096);
        let shared = Arc::new(Shared::default());
        let line = ChipLine::new(Chip::new(Model::Pn533, Arc::clone(&shared)));
        tokio::spawn(line.serve(device));
        let control = Pn532Control::new(Arc::clone(&shared));
        (Self { link, decoder: Decoder::new(), control }, shared)
    }

    async fn write(&mut self, bytes: &[u8]) {
        self.link.write_all(bytes).await.unwrap();
    }

    async fn frame(&mut self) -> Frame {
        loop {
            if let Some(frame) = self.decoder.next_frame() {
                return frame.unwrap();
            }
            let mut chunk = [0; 600];
            let count = timeout(LIMIT, self.link.read(&mut chunk)).await.unwrap().unwrap();
            self.decoder.push(&chunk[..count]);
        }
    }

    async fn silence(&mut self) {
        let mut byte = [0];
        assert!(timeout(SOON, self.link.read(&mut byte)).await.is_err(), "{byte:02x?}");
    }

    async fn send(&mut self, command: &str) {
        let frame = Frame::command(hex(command)).unwrap();
        self.write(&frame.encode()).await;
        assert_eq!(self.frame().await, Frame::Ack);
    }

    async fn response(&mut self) -> Vec<u8> {
        match self.frame().await {
            Frame::Information(information) => information.data().to_vec(),
            other => panic!("{other:?}"),
        }
    }

    /// Sends a command and returns its response.
    async fn ask(&mut self, command: &str) -> Vec<u8> {
        self.send(command).await;
        self.response().await
    }

    async fn expect(&mut self, command: &str, response: &str) {
        assert_eq!(self.ask(command).await, hex(response), "{command}");
    }
}
