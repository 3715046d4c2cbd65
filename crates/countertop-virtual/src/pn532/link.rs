//! The serial line of the chip: sleep, frames, acknowledgement, repetition and abort.

use core::time::Duration;
use std::collections::VecDeque;
use std::io;

use countertop_wire::pn532::{Decoder, Direction, Frame};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::{Instant, sleep_until};

use super::chip::{Chip, Outcome};
use super::control::Pn532Fault;
use super::search::Search;
use super::wake::WakeUp;

/// Is the chip on its serial line.
#[derive(Debug)]
pub(super) struct ChipLine {
    chip: Chip,
    decoder: Decoder,
    /// Counts what wakes it while it sleeps.
    asleep: Option<WakeUp>,
    searching: Option<Running>,
    /// Frames that are still to be sent, and when.
    late: VecDeque<(Instant, Vec<u8>)>,
    /// What a NACK asks for again.
    last_response: Vec<u8>,
    bad_checksum: bool,
    /// How often the chip had lost its power when it was asked last.
    power_losses: u64,
}

#[derive(Debug)]
struct Running {
    search: Search,
    until: Option<Instant>,
}

/// By how much a late acknowledgement is late.
const LATE_ACK: Duration = Duration::from_millis(100);
/// Bytes that one read takes at the most.
const CHUNK: usize = 512;

impl ChipLine {
    /// The chip sleeps until a host wakes it, as a real one does behind power-on; one on USB does
    /// not sleep.
    pub(super) fn new(chip: Chip) -> Self {
        Self {
            asleep: chip.model.sleeps().then(WakeUp::default),
            chip,
            decoder: Decoder::new(),
            searching: None,
            late: VecDeque::new(),
            last_response: Vec::new(),
            bad_checksum: false,
            power_losses: 0,
        }
    }

    pub(super) async fn serve<L>(mut self, mut link: L) -> io::Result<()>
    where
        L: AsyncRead + AsyncWrite + Send + Unpin,
    {
        let mut chunk = [0; CHUNK];
        loop {
            let output = tokio::select! {
                count = link.read(&mut chunk) => match count? {
                    0 => return Ok(()),
                    count => self.receive(chunk.get(..count).unwrap_or_default()),
                },
                over = due(self.chip.shared.clone(), self.searching.as_ref()) => self.search(over),
                frame = next_late(&mut self.late) => vec![frame],
            };
            // On USB each frame is a transfer of its own.
            for frame in output {
                link.write_all(&frame).await?;
                link.flush().await?;
            }
        }
    }

    fn receive(&mut self, bytes: &[u8]) -> Vec<Vec<u8>> {
        self.notice_power_loss();
        let mut heard = bytes;
        if let Some(wake_up) = &mut self.asleep {
            let Some(rest) = wake_up.hear(bytes) else { return Vec::new() };
            heard = rest;
            self.asleep = None;
        }
        self.decoder.push(heard);
        let mut output = Vec::new();
        while let Some(found) = self.decoder.next_frame() {
            // A broken frame is not acknowledged; the host sends it again.
            if let Ok(frame) = found {
                self.frame(&frame, &mut output);
            }
        }
        output
    }

    /// Starts anew when the power was off since the host spoke last.
    fn notice_power_loss(&mut self) {
        let power_losses = self.chip.shared.power_losses();
        if self.power_losses != power_losses {
            self.power_losses = power_losses;
            self.chip.reset();
            self.decoder.clear();
            self.asleep = self.chip.model.sleeps().then(WakeUp::default);
            self.searching = None;
            self.late.clear();
            self.last_response.clear();
        }
    }

    fn frame(&mut self, frame: &Frame, output: &mut Vec<Vec<u8>>) {
        match frame {
            Frame::Ack => self.abort(),
            Frame::Nack => output.push(self.last_response.clone()),
            Frame::Information(information) if information.direction() == Direction::ToChip => {
                self.command(information.data(), output);
            }
            Frame::Information(_) | Frame::SyntaxError => {}
        }
    }

    fn command(&mut self, data: &[u8], output: &mut Vec<Vec<u8>>) {
        // A new command ends the one that runs.
        self.abort();
        let fault = self.chip.shared.next_fault();
        self.chip.shared.commands.send_modify(|commands| *commands += 1);
        match fault {
            Some(Pn532Fault::Deaf) => return,
            Some(Pn532Fault::Nack) => return output.push(Frame::Nack.encode()),
            Some(Pn532Fault::LateAck) => {
                self.late.push_back((Instant::now() + LATE_ACK, Frame::Ack.encode()));
            }
            _ => output.push(Frame::Ack.encode()),
        }
        self.bad_checksum = fault == Some(Pn532Fault::BadChecksum);
        let outcome = self.chip.run(data);
        let response = self.outcome(outcome).filter(|_| fault != Some(Pn532Fault::NoResponse));
        let delay = self.chip.shared.field().take_late();
        if delay.is_zero() && self.late.is_empty() {
            output.extend(response);
        } else {
            let earliest = self.late.back().map_or_else(Instant::now, |(at, _)| *at);
            self.late.extend(response.map(|frame| (earliest + delay, frame)));
        }
    }

    /// Ends the command that runs: its response is not sent any more.
    fn abort(&mut self) {
        self.searching = None;
        self.late.clear();
    }

    fn outcome(&mut self, outcome: Outcome) -> Option<Vec<u8>> {
        match outcome {
            Outcome::Response(data) => Some(self.response(data)),
            Outcome::SyntaxError => Some(self.sent(Frame::SyntaxError.encode())),
            Outcome::Sleep(data) => {
                self.asleep = self.chip.model.sleeps().then(WakeUp::default);
                self.decoder.clear();
                Some(self.response(data))
            }
            Outcome::Searching(search) => {
                let until = search.limit.map(|limit| Instant::now() + limit);
                self.searching = Some(Running { search, until });
                None
            }
        }
    }

    /// Searches again, or gives up.
    fn search(&mut self, over: bool) -> Vec<Vec<u8>> {
        self.notice_power_loss();
        let Some(running) = self.searching.take() else { return Vec::new() };
        let found = self.chip.attempt(&running.search);
        // Who waits for a target does not wait for frames.
        self.chip.shared.field().take_late();
        if let Some(data) = found {
            return vec![self.response(data)];
        }
        if over {
            return vec![self.response(running.search.nothing())];
        }
        self.searching = Some(running);
        Vec::new()
    }

    fn response(&mut self, data: Vec<u8>) -> Vec<u8> {
        let frame = match Frame::response(data) {
            Ok(frame) => frame.encode(),
            Err(_too_long) => Frame::SyntaxError.encode(),
        };
        self.sent(frame)
    }

    fn sent(&mut self, frame: Vec<u8>) -> Vec<u8> {
        self.last_response = frame.clone();
        let mut sent = frame;
        if std::mem::take(&mut self.bad_checksum)
            && let [.., checksum, _postamble] = &mut sent[..]
        {
            *checksum ^= 0xff;
        }
        sent
    }
}

/// Waits until a late frame is due.
async fn next_late(late: &mut VecDeque<(Instant, Vec<u8>)>) -> Vec<u8> {
    let Some((at, _)) = late.front() else { return std::future::pending().await };
    sleep_until(*at).await;
    late.pop_front().map(|(_, frame)| frame).unwrap_or_default()
}

/// Waits until a search has to be made again, and returns whether its time is over.
async fn due(shared: std::sync::Arc<super::control::Shared>, running: Option<&Running>) -> bool {
    let Some(running) = running else { return std::future::pending().await };
    let over = async {
        match running.until {
            Some(until) => sleep_until(until).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = shared.changed.notified() => false,
        () = over => true,
    }
}
