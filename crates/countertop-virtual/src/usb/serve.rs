//! A session: one host, over one stream.

use std::future::{Future as _, pending, poll_fn};
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use countertop_wire::usb::{Direction, SetupPacket};
use countertop_wire::usbip::{Command, HEADER_LENGTH, Submit, status};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, split};
use tokio::time::{Instant, Sleep, sleep_until};

use super::device::Shared;
use super::pipes::Frame;
use super::{ControlAnswer, UsbDevice};

impl UsbDevice {
    /// Speaks USB/IP with a host over `stream` until it ends: the commands that follow the import of
    /// a device, as `vhci_hcd` sends them.
    ///
    /// # Errors
    ///
    /// When the stream breaks, or the host says what is no USB/IP.
    ///
    /// # Cancel safety
    ///
    /// Dropping it unplugs the device.
    pub async fn serve<L>(&mut self, stream: L) -> io::Result<()>
    where
        L: AsyncRead + AsyncWrite + Send + Unpin,
    {
        session(Arc::clone(&self.shared), stream).await
    }
}

/// Unplugs when the session ends, in whatever way.
struct Session(Arc<Shared>);

impl Drop for Session {
    fn drop(&mut self) {
        self.0.unplug();
    }
}

pub(super) async fn session<L>(shared: Arc<Shared>, stream: L) -> io::Result<()>
where
    L: AsyncRead + AsyncWrite + Send + Unpin,
{
    shared.plug();
    let session = Session(shared);
    let (reader, writer) = split(stream);
    tokio::select! {
        ended = listen(&session.0, reader) => ended,
        ended = reply(&session.0, writer) => ended,
    }
}

/// Obeys the host until it hangs up, which it may do at any byte.
async fn listen(shared: &Shared, mut reader: impl AsyncRead + Unpin) -> io::Result<()> {
    loop {
        match command(&mut reader).await {
            Ok((command, data)) => obey(shared, command, data),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

pub(super) async fn command(
    reader: &mut (impl AsyncRead + Unpin),
) -> io::Result<(Command, Vec<u8>)> {
    let mut header = [0; HEADER_LENGTH];
    reader.read_exact(&mut header).await?;
    let invalid = |error| io::Error::new(io::ErrorKind::InvalidData, error);
    let command = Command::parse(&header).map_err(invalid)?;
    let mut data = vec![0; command.data_length()];
    reader.read_exact(&mut data).await?;
    Ok((command, data))
}

fn obey(shared: &Shared, command: Command, data: Vec<u8>) {
    let severed = shared.pipes.lock().is_severed();
    match command {
        Command::Submit(submit) if severed => shared.pipes.lock().lose(&submit),
        Command::Unlink(unlink) if severed => shared.pipes.lock().forget_lost(unlink.victim),
        Command::Submit(submit) if submit.endpoint == 0 => control(shared, &submit, &data),
        Command::Submit(submit) => {
            // The lock ends before the function is called, which may queue data.
            let for_function = shared.pipes.lock().submit(&submit, data);
            if let Some(data) = for_function {
                shared.out(submit.address(), &data);
            }
        }
        Command::Unlink(unlink) => shared.pipes.lock().unlink(&unlink),
        _ => {}
    }
}

fn control(shared: &Shared, submit: &Submit, data: &[u8]) {
    let setup: SetupPacket = submit.setup;
    let answer = shared.control(&setup, data);
    let mut pipes = shared.pipes.lock();
    let sequence = submit.sequence;
    match (answer, submit.direction) {
        (ControlAnswer::Stall, _) => pipes.finish(sequence, status::STALL),
        (ControlAnswer::Silence, _) => pipes.keep_silent(sequence),
        (ControlAnswer::Data(bytes), Direction::In) => {
            let wanted = usize::try_from(submit.length).unwrap_or(usize::MAX);
            pipes.answer(sequence, bytes.get(..wanted).unwrap_or(&bytes));
        }
        (_, Direction::In) => pipes.answer(sequence, &[]),
        (_, Direction::Out) => pipes.reply(sequence, status::OK, data.len()),
    }
}

async fn reply(shared: &Shared, mut writer: impl AsyncWrite + Unpin) -> io::Result<()> {
    let mut pace = pin!(sleep_until(Instant::now()));
    loop {
        for frame in poll_fn(|context| poll_frames(shared, pace.as_mut(), context)).await {
            writer.write_all(&frame).await?;
        }
        writer.flush().await?;
        if shared.pipes.lock().is_severed() {
            // What the host has said before it hears of that is still to be read.
            writer.shutdown().await?;
            return pending().await;
        }
    }
}

/// Waits until there is something to say; `pace` wakes it when an endpoint may answer again.
fn poll_frames(
    shared: &Shared,
    mut pace: Pin<&mut Sleep>,
    context: &mut Context<'_>,
) -> Poll<Vec<Frame>> {
    loop {
        let mut pipes = shared.pipes.lock();
        if let Poll::Ready(frames) = pipes.poll_replies(context) {
            return Poll::Ready(frames);
        }
        if pipes.is_severed() {
            return Poll::Ready(Vec::new());
        }
        let Some(due) = pipes.next_due() else { return Poll::Pending };
        drop(pipes);
        pace.as_mut().reset(due);
        ready!(pace.as_mut().poll(context));
    }
}
