//! HID reports in frames on a stream of bytes: kind, number of the request, length, data.
//!
//! Like a host controller, the host's end hands on whole reports only, and answers of the request
//! that waits for them.

use core::time::Duration;
use std::collections::VecDeque;
use std::io;

use countertop_device::async_trait;
use countertop_transport::BoxLink;
use countertop_transport::hid::HidLink;
use countertop_virtual::hid::{HidAnswer, HidDevice};
use countertop_wire::hid::ReportKind;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::timeout;

const INPUT: u8 = 1;
const GET: u8 = 2;
const SET: u8 = 3;
const REFUSED: u8 = 4;
const HEADER: usize = 4;

/// A frame of a kind that nobody knows.
pub(crate) const UNKNOWN_FRAME: [u8; 6] = [0xEE, 0x00, 0x02, 0x00, 0x55, 0xAA];

/// A frame that stops for so long is given up.
const GAP: Duration = Duration::from_millis(30);

struct Frame {
    kind: u8,
    request: u8,
    data: Vec<u8>,
}

fn encode(kind: u8, request: u8, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap().to_le_bytes();
    [&[kind, request], length.as_slice(), data].concat()
}

/// Takes the first whole frame off `bytes`.
fn take(bytes: &mut Vec<u8>) -> Option<Frame> {
    let &[kind, request, low, high] = bytes.first_chunk()?;
    let end = HEADER + usize::from(u16::from_le_bytes([low, high]));
    let data = bytes.get(HEADER..end)?.to_vec();
    bytes.drain(..end);
    Some(Frame { kind, request, data })
}

/// Serves a virtual device until the stream ends.
pub(crate) async fn serve(
    mut device: HidDevice,
    mut link: impl AsyncRead + AsyncWrite + Send + Unpin,
) -> io::Result<()> {
    let (mut received, mut chunk) = (Vec::new(), [0; 512]);
    loop {
        let answer = tokio::select! {
            Some(report) = device.next_input() => encode(INPUT, 0, &report),
            read = link.read(&mut chunk) => match read? {
                0 => return Ok(()),
                count => {
                    received.extend_from_slice(&chunk[..count]);
                    answer(&mut device, &mut received)
                }
            },
        };
        link.write_all(&answer).await?;
        link.flush().await?;
    }
}

fn answer(device: &mut HidDevice, received: &mut Vec<u8>) -> Vec<u8> {
    let mut answers = Vec::new();
    while let Some(frame) = take(received) {
        let number = frame.data.first().copied().unwrap_or_default();
        let data = frame.data.get(1..).unwrap_or_default();
        let answer = match frame.kind {
            GET => device.get_report(ReportKind::Feature, number),
            _ => device.set_report(ReportKind::Feature, number, data),
        };
        answers.extend(match answer {
            HidAnswer::Data(data) => {
                encode(GET, frame.request, &[&[number], data.as_slice()].concat())
            }
            HidAnswer::Accepted => encode(SET, frame.request, &[]),
            _ => encode(REFUSED, frame.request, &[]),
        });
    }
    answers
}

/// Is the host's end.
#[derive(Debug)]
pub(crate) struct FramedHid {
    link: BoxLink,
    descriptor: Vec<u8>,
    received: Received,
    request: u8,
}

/// Keeps what has come. Its `Debug` shows none of it.
#[derive(Default)]
struct Received {
    bytes: Vec<u8>,
    reports: VecDeque<Vec<u8>>,
    answers: VecDeque<Frame>,
}

impl std::fmt::Debug for Received {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Received")
    }
}

impl Received {
    fn sort(&mut self) {
        while let Some(frame) = take(&mut self.bytes) {
            match frame.kind {
                INPUT => self.reports.push_back(frame.data),
                GET | SET | REFUSED => self.answers.push_back(frame),
                _ => {}
            }
        }
    }
}

impl FramedHid {
    pub(crate) fn new(link: BoxLink, descriptor: Vec<u8>) -> Self {
        Self { link, descriptor, received: Received::default(), request: 0 }
    }

    /// Reads more, for as long as it takes unless a frame has begun.
    async fn read(&mut self) -> io::Result<()> {
        let mut chunk = [0; 512];
        let read = self.link.read(&mut chunk);
        let count = if self.received.bytes.is_empty() {
            read.await?
        } else {
            match timeout(GAP, read).await {
                Ok(read) => read?,
                Err(_silence) => {
                    self.received.bytes.clear();
                    return Ok(());
                }
            }
        };
        if count == 0 {
            return Err(io::ErrorKind::NotConnected.into());
        }
        self.received.bytes.extend_from_slice(&chunk[..count]);
        self.received.sort();
        Ok(())
    }

    async fn ask(&mut self, kind: u8, report: &[u8]) -> io::Result<Vec<u8>> {
        self.request = self.request.wrapping_add(1);
        self.link.write_all(&encode(kind, self.request, report)).await?;
        self.link.flush().await?;
        loop {
            while let Some(answer) = self.received.answers.pop_front() {
                match answer.kind {
                    _ if answer.request != self.request => {}
                    REFUSED => return Err(io::ErrorKind::InvalidData.into()),
                    _ => return Ok(answer.data),
                }
            }
            self.read().await?;
        }
    }
}

#[async_trait]
impl HidLink for FramedHid {
    fn report_descriptor(&self) -> io::Result<Vec<u8>> {
        Ok(self.descriptor.clone())
    }

    fn try_report(&mut self, report: &mut Vec<u8>) -> io::Result<bool> {
        use std::task::{Context, Poll, Waker};
        // What has come already is taken from the stream without waiting for more.
        let mut context = Context::from_waker(Waker::noop());
        while let Poll::Ready(read) = std::pin::pin!(self.read()).as_mut().poll(&mut context) {
            read?;
        }
        let came = self.received.reports.pop_front();
        Ok(came.map(|came| *report = came).is_some())
    }

    async fn next_report(&mut self, report: &mut Vec<u8>) -> io::Result<()> {
        loop {
            if let Some(came) = self.received.reports.pop_front() {
                *report = came;
                return Ok(());
            }
            self.read().await?;
        }
    }

    async fn get_feature(&mut self, report: &mut Vec<u8>) -> io::Result<()> {
        let wanted = [report.first().copied().unwrap_or_default()];
        *report = self.ask(GET, &wanted).await?;
        Ok(())
    }

    async fn send_feature(&mut self, report: &[u8]) -> io::Result<()> {
        self.ask(SET, report).await.map(drop)
    }
}
