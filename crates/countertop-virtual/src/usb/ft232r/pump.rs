use std::io;
use std::sync::Arc;

use countertop_wire::usb::ftdi::{PACKET, STATUS_LENGTH};
use tokio::io::{
    AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, DuplexStream, split,
};
use tokio::time::{Instant, sleep_until};

use super::super::{EndpointIn, EndpointOut};
use super::chip::ChipState;

/// Moves bytes between the line and the endpoints, as the chip does.
#[derive(Debug)]
pub(super) struct Pump {
    pub(super) input: EndpointIn,
    pub(super) output: EndpointOut,
    pub(super) state: Arc<ChipState>,
}

impl Pump {
    /// Runs until the far end is dropped.
    pub(super) async fn run(mut self, line: DuplexStream) -> io::Result<()> {
        let (reader, writer) = split(line);
        tokio::select! {
            ended = receive(&self.input, &self.state, reader) => ended,
            ended = transmit(&mut self.output, &self.state, writer) => ended,
        }
    }
}

/// Brings what the far end sends to the host.
async fn receive(
    input: &EndpointIn,
    state: &ChipState,
    mut reader: impl AsyncRead + Unpin,
) -> io::Result<()> {
    let mut far = state.far.subscribe();
    let mut taken: u64 = 0;
    loop {
        // The chip has no packet ready while nobody asks, but its buffer fills.
        input.asked().await;
        let mut data = Vec::new();
        let deadline = Instant::now() + state.host.borrow().latency;
        while data.len() < PACKET - STATUS_LENGTH {
            let mut chunk = [0; PACKET - STATUS_LENGTH];
            let room = chunk.len() - data.len();
            tokio::select! {
                biased;
                count = reader.read(&mut chunk[..room]) => match count? {
                    0 => return Ok(()),
                    count => {
                        taken += count as u64;
                        data.extend(state.without_flow_control(carried(state, &chunk[..count])));
                    }
                },
                // A change of the lines is told at once, as an event character is.
                _ = far.changed() => break,
                () = sleep_until(deadline) => break,
            }
            if state.host.borrow().event_character.is_some_and(|event| data.contains(&event)) {
                break;
            }
        }
        send(input, state, state.kept(&data, taken));
    }
}

/// Sends a packet; a full one leaves the host's transfer open, a shorter one ends it.
fn send(input: &EndpointIn, state: &ChipState, data: &[u8]) {
    let status = state.far.borrow().status.to_bytes();
    input.queue_open(&[status.as_slice(), data].concat());
}

/// Brings what the host sends to the far end, when that may be sent to.
async fn transmit(
    output: &mut EndpointOut,
    state: &ChipState,
    mut writer: impl AsyncWrite + Unpin,
) -> io::Result<()> {
    loop {
        may_send(state).await;
        let data = output.receive().await;
        writer.write_all(&carried(state, &data)).await?;
    }
}

/// Waits until flow control lets the chip send.
async fn may_send(state: &ChipState) {
    let (mut host, mut far) = (state.host.subscribe(), state.far.subscribe());
    while !state.may_send() {
        tokio::select! {
            _ = host.changed() => {}
            _ = far.changed() => {}
        }
    }
}

/// Returns what arrives of bytes: garbage where the two ends are not set alike.
fn carried(state: &ChipState, data: &[u8]) -> Vec<u8> {
    if state.ends_agree() {
        return data.to_vec();
    }
    data.iter().map(|byte| byte.rotate_left(3) ^ 0xa5).collect()
}
