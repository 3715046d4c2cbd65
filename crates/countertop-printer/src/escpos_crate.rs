//! The crate `escpos` over our links: programs written for it print through ours.

use core::time::Duration;
use std::io;
use std::sync::mpsc as replies;
use std::sync::{Mutex, PoisonError};
use std::thread;

use countertop_device::{DeviceError, DeviceErrorKind, Selector, Settings};
use countertop_transport::{BoxLink, LineReader, LineWriter, split};
use escpos::driver::Driver;
use escpos::errors::{PrinterError, Result};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc as requests;
use tokio::time::timeout;

/// Is a driver for the crate `escpos` over any of our links.
///
/// Its calls block, each with a deadline, whether or not they come from within an async runtime:
/// the link lives on a thread of its own, which ends with this value. A write that fails says how many
/// of its bytes the link had taken: what the crate would print again from the beginning.
#[derive(Debug)]
pub struct LinkDriver {
    name: String,
    calls: requests::UnboundedSender<Call>,
    /// Bytes that were read and not asked for yet.
    unread: Mutex<Vec<u8>>,
}

#[derive(Debug)]
enum Call {
    Write(Vec<u8>, replies::Sender<Answer>),
    Read(replies::Sender<Answer>),
}

/// Is what came of a call; an error says how many bytes had been taken.
type Answer = core::result::Result<Vec<u8>, String>;

/// Is the deadlines of the link's thread.
#[derive(Debug, Clone, Copy)]
struct Deadlines {
    write: Duration,
    read: Duration,
}

impl LinkDriver {
    /// Opens the link that `selector` names. The settings are those of the transport, and
    /// `write_timeout_ms` (10000) and `read_timeout_ms` (500).
    ///
    /// # Errors
    ///
    /// As opening the link, or when a setting does not parse.
    pub fn open(
        selector: &Selector,
        settings: &Settings,
    ) -> core::result::Result<Self, DeviceError> {
        let name = selector.to_string();
        let deadlines = deadlines(settings).map_err(|error| {
            DeviceError::new(DeviceErrorKind::InvalidInput, name.as_str(), "open")
                .with_source(error)
        })?;
        let (calls, inbox) = requests::unbounded_channel();
        let (opened, outcome) = replies::channel();
        let (selector, settings) = (selector.clone(), settings.clone());
        let work = move || attend(&selector, &settings, deadlines, inbox, &opened);
        thread::Builder::new()
            .name("escpos-link".into())
            .spawn(work)
            .map_err(|error| DeviceError::from_io(error, name.as_str(), "open"))?;
        outcome.recv().map_err(|_| gone(&name, "open"))??;
        Ok(Self { name, calls, unread: Mutex::new(Vec::new()) })
    }

    fn call(&self, call: impl FnOnce(replies::Sender<Answer>) -> Call) -> Result<Vec<u8>> {
        let (sender, receiver) = replies::channel();
        let lost = || PrinterError::Io(gone(&self.name, "call").to_string());
        self.calls.send(call(sender)).map_err(|_| lost())?;
        let answer = receiver.recv().map_err(|_| lost())?;
        answer.map_err(PrinterError::Io)
    }
}

fn deadlines(
    settings: &Settings,
) -> core::result::Result<Deadlines, countertop_device::SettingError> {
    Ok(Deadlines {
        write: Duration::from_millis(settings.get_or("write_timeout_ms", 10_000)?),
        read: Duration::from_millis(settings.get_or("read_timeout_ms", 500)?),
    })
}

fn gone(device: &str, action: &'static str) -> DeviceError {
    DeviceError::new(DeviceErrorKind::Disconnected, device, action)
}

/// Opens the link and serves calls until the driver is dropped.
fn attend(
    selector: &Selector,
    settings: &Settings,
    deadlines: Deadlines,
    mut inbox: requests::UnboundedReceiver<Call>,
    opened: &replies::Sender<core::result::Result<(), DeviceError>>,
) {
    let device = selector.to_string();
    let started = start(selector, settings)
        .map_err(|error| DeviceError::from_io(error, device.as_str(), "open"))
        .and_then(|(runtime, link)| link.map(|link| (runtime, link)));
    let (runtime, link) = match started {
        Ok(started) => started,
        // The caller waits for the outcome until it is sent, so that sending cannot fail.
        Err(error) => return opened.send(Err(error)).unwrap_or_default(),
    };
    if opened.send(Ok(())).is_err() {
        return;
    }
    let (mut reader, mut writer) = split(link, device);
    while let Some(call) = inbox.blocking_recv() {
        runtime.block_on(serve(&mut reader, &mut writer, call, deadlines));
    }
}

type Opened = (Runtime, core::result::Result<BoxLink, DeviceError>);

fn start(selector: &Selector, settings: &Settings) -> io::Result<Opened> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let link = runtime.block_on(countertop_transport::open(selector, settings));
    Ok((runtime, link))
}

/// Answers one call; a caller that is gone needs no answer.
async fn serve(reader: &mut LineReader, writer: &mut LineWriter, call: Call, deadlines: Deadlines) {
    match call {
        Call::Write(bytes, caller) => {
            let mut taken = 0;
            let written = writer.write_counted(&bytes, &mut taken, deadlines.write, "print").await;
            let total = bytes.len();
            let answer = written.map(|()| Vec::new());
            let counted = |error| format!("{error}; {taken} of {total} bytes were taken");
            caller.send(answer.map_err(counted)).unwrap_or_default();
        }
        Call::Read(caller) => {
            let mut bytes = Vec::new();
            let read = timeout(deadlines.read, reader.read_some(&mut bytes, "read")).await;
            let late = |_elapsed| Err(writer.error(DeviceErrorKind::TimedOut, "read"));
            let read = read.unwrap_or_else(late);
            caller.send(read.map(|_| bytes).map_err(|error| error.to_string())).unwrap_or_default();
        }
    }
}

impl Driver for LinkDriver {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn write(&self, data: &[u8]) -> Result<()> {
        self.call(|caller| Call::Write(data.to_vec(), caller)).map(drop)
    }

    fn read(&self, buffer: &mut [u8]) -> Result<usize> {
        let mut unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
        if unread.is_empty() {
            *unread = self.call(Call::Read)?;
        }
        let count = unread.len().min(buffer.len());
        buffer[..count].copy_from_slice(&unread[..count]);
        unread.drain(..count);
        Ok(count)
    }

    /// Every write is flushed.
    fn flush(&self) -> Result<()> {
        Ok(())
    }
}
