//! The host's side: the virtual acquirer behind a line that is recorded and can be cut.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use countertop_virtual::acquirer::{AcquirerConfig, AcquirerControl, VirtualAcquirer};
use countertop_wire::iso8583::{Message, Mti};
use countertop_wire::unionpay::Frame;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// Is what the terminal sent, one buffer a connection.
type Recording = Arc<Mutex<Vec<Vec<u8>>>>;

/// Is the acquirer's host, over TCP.
#[derive(Debug)]
pub(crate) struct Host {
    pub(crate) control: AcquirerControl,
    pub(crate) address: String,
    host: VirtualAcquirer,
    recording: Recording,
    listening: Option<JoinHandle<()>>,
}

impl Drop for Host {
    fn drop(&mut self) {
        if let Some(listening) = &self.listening {
            listening.abort();
        }
    }
}

impl Host {
    pub(crate) async fn start(config: AcquirerConfig) -> Self {
        let (host, control) = VirtualAcquirer::new(config).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let recording = Recording::default();
        let mut this = Self { control, address, host, recording, listening: None };
        this.listen(listener);
        this
    }

    fn listen(&mut self, listener: TcpListener) {
        let serving = serve(self.host.clone(), self.recording.clone(), listener);
        self.listening = Some(tokio::spawn(serving));
    }

    /// Cuts the line: new connections are refused and standing ones break. The books stay.
    pub(crate) async fn go_down(&mut self) {
        let listening = self.listening.take().unwrap();
        listening.abort();
        assert!(listening.await.unwrap_err().is_cancelled());
    }

    /// Cuts the line once the host has seen so many requests more.
    pub(crate) fn go_down_after(&mut self, requests: usize) {
        let count = self.control.seen().len() + requests;
        let (control, listening) = (self.control.clone(), self.listening.take().unwrap());
        self.listening = Some(tokio::spawn(async move {
            control.wait_for_requests(count).await;
            listening.abort();
        }));
    }

    /// Comes back at the same address.
    pub(crate) async fn come_back(&mut self) {
        let listener = TcpListener::bind(&self.address).await.unwrap();
        self.listen(listener);
    }

    /// Counts the requests of one type that the host has seen.
    pub(crate) fn seen(&self, mti: Mti) -> usize {
        self.control.seen().iter().filter(|request| request.mti == mti).count()
    }

    /// Returns a field of the last request of a type, as it went over the wire.
    pub(crate) fn last_field(&self, mti: Mti, field: u8) -> Option<String> {
        let sent = self.sent();
        let last = sent.iter().rev().find(|message| message.mti() == mti)?;
        last.text(field).map(String::from)
    }

    /// Returns everything that the terminal has sent, connection by connection.
    pub(crate) fn sent(&self) -> Vec<Message> {
        let recording = self.recording.lock().unwrap_or_else(PoisonError::into_inner);
        recording.iter().flat_map(|connection| messages(connection)).collect()
    }
}

fn messages(mut bytes: &[u8]) -> Vec<Message> {
    let mut messages = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk::<2>() {
        let length = usize::from(u16::from_be_bytes(*length));
        let Some((body, rest)) = rest.split_at_checked(length) else { break };
        messages.push(Frame::parse_body(body).unwrap().read_message().unwrap());
        bytes = rest;
    }
    messages
}

async fn serve(host: VirtualAcquirer, recording: Recording, listener: TcpListener) {
    let mut connections = JoinSet::new();
    // Dropped before the connections: who finds the line cut finds the door closed, too.
    let listener = listener;
    while let Ok((stream, _)) = listener.accept().await {
        let host = host.clone();
        let link = Recorded::new(stream, recording.clone());
        connections.spawn(async move { host.serve(link).await });
    }
}

/// Records what is read.
#[derive(Debug)]
struct Recorded {
    stream: TcpStream,
    recording: Recording,
    place: usize,
}

impl Recorded {
    fn new(stream: TcpStream, recording: Recording) -> Self {
        let mut all = recording.lock().unwrap_or_else(PoisonError::into_inner);
        let place = all.len();
        all.push(Vec::new());
        drop(all);
        Self { stream, recording, place }
    }
}

impl AsyncRead for Recorded {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        let mut all = self.recording.lock().unwrap_or_else(PoisonError::into_inner);
        all[self.place].extend_from_slice(&buffer.filled()[before..]);
        polled
    }
}

impl AsyncWrite for Recorded {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
