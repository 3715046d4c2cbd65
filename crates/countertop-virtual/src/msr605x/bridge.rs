//! Reports on one side, the serial protocol on the other.

use std::io;

use countertop_wire::hid::ReportKind;
use countertop_wire::msr605x::{MessageDecoder, encode_message};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tokio::sync::mpsc;
use zeroize::Zeroizing;

use crate::hid::{HidAnswer, HidFunction, HidInput};

type Message = Zeroizing<Vec<u8>>;

/// Longest answer in one piece: a swipe with three full tracks takes less.
const LONGEST: usize = 1024;

/// Is the reader as its HID carrier sees it.
#[derive(Debug)]
pub(super) struct Reader {
    decoder: MessageDecoder,
    commands: mpsc::UnboundedSender<Message>,
}

impl Reader {
    pub(super) fn new(commands: mpsc::UnboundedSender<Message>) -> Self {
        Self { decoder: MessageDecoder::new(), commands }
    }
}

impl HidFunction for Reader {
    /// Answers are never asked for, they come as input reports.
    fn get_report(&mut self, _kind: ReportKind, _number: u8) -> HidAnswer {
        HidAnswer::Refused
    }

    fn set_report(&mut self, kind: ReportKind, _number: u8, data: &[u8]) -> HidAnswer {
        if kind == ReportKind::Input {
            return HidAnswer::Refused;
        }
        // What is no packet is taken and forgotten: the reader cannot say no.
        let Ok(Some(message)) = self.decoder.push(data) else { return HidAnswer::Accepted };
        match self.commands.send(message) {
            Ok(()) => HidAnswer::Accepted,
            Err(_switched_off) => HidAnswer::Silence,
        }
    }
}

/// Carries commands to the reader's serial half and its answers to the host, until either ends.
pub(super) async fn bridge(
    mut commands: mpsc::UnboundedReceiver<Message>,
    mut stripe: DuplexStream,
    input: HidInput,
) -> io::Result<()> {
    let mut answer = Zeroizing::new([0; LONGEST]);
    loop {
        tokio::select! {
            command = commands.recv() => match command {
                None => return Ok(()),
                Some(command) => stripe.write_all(&command).await?,
            },
            read = stripe.read(answer.as_mut_slice()) => match read? {
                0 => return Ok(()),
                count => send(&input, answer.get(..count).unwrap_or_default()).await?,
            },
        }
    }
}

/// Sends an answer; a host that is gone misses the rest of it.
async fn send(input: &HidInput, answer: &[u8]) -> io::Result<()> {
    let packets = encode_message(answer);
    for packet in packets.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))? {
        if !input.send(&packet).await {
            return Ok(());
        }
    }
    Ok(())
}
