//! The printer's line.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, split};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep_until};

use super::VirtualPrinter;
use super::engine::Step;

/// Bytes that one read takes at the most.
const CHUNK: usize = 4096;

/// Is how a conversation with a host ended, if not with an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// The host has hung up.
    ByHost,
    /// Nothing came for so long that the printer hung up.
    Idle,
    /// The cable was pulled, or the power failed.
    Cut,
}

impl VirtualPrinter {
    /// Prints what comes over `link` until it ends, and finishes what it has received.
    ///
    /// # Errors
    ///
    /// When the link breaks, or a receipt cannot be written to its file.
    pub async fn serve<L>(mut self, link: L) -> io::Result<()>
    where
        L: AsyncRead + AsyncWrite + Send + Unpin,
    {
        self.attend(link).await
    }

    /// Does what [`serve`](Self::serve) does and can be asked again with another link, as a printer
    /// whose cable is pulled and plugged in again.
    ///
    /// # Errors
    ///
    /// When the link breaks, or a receipt cannot be written to its file.
    pub async fn attend<L>(&mut self, mut link: L) -> io::Result<()>
    where
        L: AsyncRead + AsyncWrite + Send + Unpin,
    {
        self.converse(&mut link, None).await.map(drop)
    }

    /// Serves one host after another, as a network printer does: while one is connected, others
    /// wait. A host that sends nothing for [`idle_close`](super::PrinterConfig::idle_close) is hung
    /// up; one whose cable is pulled is reset, and so is each that comes before it is in again.
    ///
    /// # Errors
    ///
    /// When no more hosts can be accepted, or a receipt cannot be written to its file; a host that
    /// hangs up is no error.
    pub async fn serve_tcp(mut self, listener: TcpListener) -> io::Result<()> {
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                worked = self.work() => return worked,
            };
            let (stream, _) = accepted?;
            self.attend_tcp(stream).await?;
        }
    }

    async fn attend_tcp(&mut self, mut stream: TcpStream) -> io::Result<()> {
        if !self.shared.engine().is_reachable() {
            return stream.set_zero_linger();
        }
        stream.set_nodelay(true)?;
        let idle = self.shared.engine().config.idle_close;
        match self.converse(&mut stream, idle).await {
            Ok(Ended::Cut) => stream.set_zero_linger(),
            Err(error) if !is_hang_up(&error) => Err(error),
            _ => Ok(()),
        }
    }

    /// Talks with one host and finishes what it has sent.
    async fn converse<L>(&mut self, link: &mut L, idle: Option<Duration>) -> io::Result<Ended>
    where
        L: AsyncRead + AsyncWrite + Send + Unpin,
    {
        let ended = self.exchange(link, idle).await;
        while let Some(busy) = self.proceed()? {
            sleep_until(busy).await;
        }
        let mut engine = self.shared.engine();
        engine.hang_up();
        self.output.write_current(&engine)?;
        drop(engine);
        ended
    }

    async fn exchange<L>(&mut self, link: &mut L, idle: Option<Duration>) -> io::Result<Ended>
    where
        L: AsyncRead + AsyncWrite + Send + Unpin,
    {
        let (mut reader, mut writer) = split(link);
        let mut chunk = vec![0; CHUNK];
        let mut busy = None;
        let mut last = Instant::now();
        loop {
            busy = self.proceed_when_free(busy)?;
            let Some(now) = self.line_state() else { return Ok(Ended::Cut) };
            tokio::select! {
                count = reader.read(&mut chunk[..now.room]), if now.room > 0 => match count? {
                    0 => return Ok(Ended::ByHost),
                    count => {
                        self.shared.engine().receive(&chunk[..count]);
                        last = Instant::now();
                    }
                },
                count = writer.write(&now.answers), if !now.answers.is_empty() => {
                    self.shared.engine().answered(count?);
                }
                () = until(busy) => busy = None,
                () = until(now.relief) => self.relieve(),
                () = until(idle.map(|idle| last + idle)), if now.room > 0 => {
                    return Ok(Ended::Idle);
                }
                () = self.shared.touched.notified() => {}
            }
        }
    }

    /// Returns what the line does next; `None` when there is no line any more.
    fn line_state(&self) -> Option<LineState> {
        let engine = self.shared.engine();
        if !engine.is_reachable() && !engine.config.serial {
            return None;
        }
        Some(LineState {
            room: engine.room().min(CHUNK),
            answers: engine.answers.clone(),
            relief: engine.next_relief(),
        })
    }

    /// Works off what is received while no host is connected; ends only with an error.
    async fn work(&mut self) -> io::Result<()> {
        loop {
            let busy = self.proceed()?;
            let relief = self.shared.engine().next_relief();
            tokio::select! {
                () = until(busy) => {}
                () = until(relief) => self.relieve(),
                () = self.shared.touched.notified(), if busy.is_none() => {}
            }
        }
    }

    fn relieve(&self) {
        self.shared.engine().relieve();
        self.shared.worked.notify_waiters();
    }

    fn proceed_when_free(&mut self, busy: Option<Instant>) -> io::Result<Option<Instant>> {
        if busy.is_some() { Ok(busy) } else { self.proceed() }
    }

    /// Executes commands until the mechanism is busy, and returns until when; `None` when there is
    /// nothing to do.
    fn proceed(&mut self) -> io::Result<Option<Instant>> {
        let mut engine = self.shared.engine();
        let mut busy = None;
        while let Step::Done(duration) = engine.step() {
            if !duration.is_zero() {
                busy = Some(Instant::now() + duration);
                break;
            }
        }
        self.output.write(&engine)?;
        drop(engine);
        self.shared.worked.notify_waiters();
        Ok(busy)
    }
}

/// Is what a line waits for.
struct LineState {
    room: usize,
    answers: Vec<u8>,
    relief: Option<Instant>,
}

async fn until(instant: Option<Instant>) {
    match instant {
        Some(instant) => sleep_until(instant).await,
        None => std::future::pending().await,
    }
}

fn is_hang_up(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, TimedOut, UnexpectedEof};
    matches!(
        error.kind(),
        BrokenPipe | ConnectionAborted | ConnectionReset | TimedOut | UnexpectedEof
    )
}
