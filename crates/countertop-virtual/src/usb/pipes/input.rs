use std::collections::VecDeque;
use std::task::Context;
use std::time::Duration;

use countertop_wire::usbip::status;
use tokio::time::Instant;

use super::wakers::Wakers;
use super::{Frame, frame};

/// Is an IN endpoint: what the device has queued, and the transfers that wait for it.
#[derive(Debug)]
pub(in super::super) struct InPipe {
    packet_size: usize,
    queue: VecDeque<Packet>,
    queued: usize,
    requests: VecDeque<Request>,
    halted: bool,
    /// Time between two answers.
    pace: Option<Duration>,
    not_before: Option<Instant>,
    /// Counts what was queued and what of it has gone, for those who wait for that.
    accepted: u64,
    gone: u64,
    /// Who waits for room, for delivery or for the host to ask.
    writers: Wakers,
}

/// Is a packet that the device has queued.
#[derive(Debug)]
struct Packet {
    data: Vec<u8>,
    /// Whether what was queued at once ends with it.
    last: bool,
}

/// Is a transfer of the host.
#[derive(Debug, Clone, Copy)]
struct Request {
    sequence: u32,
    length: usize,
}

/// Is what a request would get now.
enum Fetch {
    /// So many packets, which fill it or end with a short one.
    Packets(usize),
    /// A packet larger than the room left, after so many that fit.
    Babble(usize),
    /// Not enough yet.
    More,
}

impl InPipe {
    pub(super) fn new(packet_size: usize, pace: Option<Duration>) -> Self {
        Self {
            packet_size: packet_size.max(1),
            queue: VecDeque::new(),
            queued: 0,
            requests: VecDeque::new(),
            halted: false,
            pace,
            not_before: None,
            accepted: 0,
            gone: 0,
            writers: Wakers::default(),
        }
    }

    pub(super) fn clear(&mut self) {
        self.clear_queue();
        self.requests.clear();
        self.halted = false;
        self.not_before = None;
        self.writers.wake();
    }

    /// Forgets what was queued.
    pub(in super::super) fn clear_queue(&mut self) {
        self.queue.clear();
        self.queued = 0;
        self.gone = self.accepted;
        self.writers.wake();
    }

    pub(in super::super) fn set_pace(&mut self, pace: Option<Duration>) {
        self.pace = pace;
    }

    /// Queues data; `ends` says whether a short packet has to end it. Returns its number.
    pub(in super::super) fn queue(&mut self, data: &[u8], ends: bool) -> u64 {
        let mut packets: Vec<_> = data.chunks(self.packet_size).map(<[u8]>::to_vec).collect();
        if packets.last().is_none_or(|last| ends && last.len() == self.packet_size) {
            packets.push(Vec::new());
        }
        let last = packets.len() - 1;
        let packets = packets.into_iter().enumerate();
        self.queue.extend(packets.map(|(i, data)| Packet { data, last: i == last }));
        self.queued += data.len();
        self.accepted += 1;
        self.accepted
    }

    /// Tells whether the host has fetched everything up to this number.
    pub(in super::super) fn has_gone(&self, number: u64) -> bool {
        self.gone >= number
    }

    /// Returns how many bytes are queued.
    pub(in super::super) fn queued(&self) -> usize {
        self.queued
    }

    /// Returns how much the host asks for beyond what is queued.
    pub(in super::super) fn asked(&self) -> usize {
        let asked: usize = self.requests.iter().map(|request| request.length).sum();
        asked.saturating_sub(self.queued)
    }

    /// Lets a task know when data has gone or the host asks.
    pub(in super::super) fn watch(&mut self, context: &Context<'_>) {
        self.writers.add(context);
    }

    pub(super) fn is_halted(&self) -> bool {
        self.halted
    }

    pub(super) fn halt(&mut self) {
        self.halted = true;
    }

    pub(super) fn end_halt(&mut self) {
        self.halted = false;
    }

    pub(super) fn submit(&mut self, sequence: u32, length: u32) {
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        self.requests.push_back(Request { sequence, length });
        self.writers.wake();
    }

    /// Takes a request back; tells whether it was here.
    pub(super) fn unlink(&mut self, sequence: u32) -> bool {
        let position = self.requests.iter().position(|request| request.sequence == sequence);
        position.is_some_and(|position| self.requests.remove(position).is_some())
    }

    /// Returns when the pace lets the next data out; `None` when nothing waits for it.
    pub(super) fn due(&self) -> Option<Instant> {
        let waits = !self.queue.is_empty() && !self.requests.is_empty() && !self.halted;
        self.not_before.filter(|_| waits)
    }

    /// Answers requests as far as data and pace allow.
    pub(super) fn complete(&mut self, now: Instant, replies: &mut Vec<Frame>) {
        while let Some(&Request { sequence, length }) = self.requests.front() {
            if self.halted {
                replies.push(frame(sequence, status::STALL, 0, &[]));
            } else if self.not_before.is_some_and(|instant| instant > now) {
                return;
            } else {
                match self.fetch(length) {
                    Fetch::More => return,
                    Fetch::Babble(count) => {
                        self.take(count + 1);
                        replies.push(frame(sequence, status::OVERFLOW, 0, &[]));
                    }
                    Fetch::Packets(count) => {
                        let data = self.take(count);
                        replies.push(frame(sequence, status::OK, data.len(), &data));
                    }
                }
                self.not_before = self.pace.map(|pace| now + pace);
                self.writers.wake();
            }
            self.requests.pop_front();
        }
    }

    /// Fails the transfers that wait.
    pub(super) fn fail(&mut self, replies: &mut Vec<Frame>) {
        let failed = |request: Request| frame(request.sequence, status::PROTOCOL, 0, &[]);
        replies.extend(self.requests.drain(..).map(failed));
    }

    /// Goes through the packets that a request of `length` bytes would get.
    fn fetch(&self, length: usize) -> Fetch {
        let mut bytes = 0;
        for (before, packet) in self.queue.iter().enumerate() {
            let size = packet.data.len();
            if size > length - bytes {
                return Fetch::Babble(before);
            }
            bytes += size;
            if size < self.packet_size || bytes == length {
                return Fetch::Packets(before + 1);
            }
        }
        Fetch::More
    }

    /// Takes packets off the queue.
    fn take(&mut self, packets: usize) -> Vec<u8> {
        let mut data = Vec::new();
        for packet in self.queue.drain(..packets.min(self.queue.len())) {
            self.gone += u64::from(packet.last);
            data.extend(packet.data);
        }
        self.queued -= data.len();
        data
    }
}

/// Returns the time between two questions at an interrupt endpoint (clause 9.6.6).
pub(super) fn interval(interval: u8, high_speed: bool) -> Duration {
    if high_speed {
        let exponent = u32::from(interval.clamp(1, 16) - 1);
        Duration::from_micros(125 << exponent)
    } else {
        Duration::from_millis(interval.max(1).into())
    }
}
