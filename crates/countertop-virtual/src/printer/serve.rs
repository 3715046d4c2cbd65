//! The printer's line.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, split};
use tokio::net::TcpListener;
use tokio::time::{Instant, sleep_until};

use super::VirtualPrinter;
use super::engine::Step;

/// Bytes that one read takes at the most.
const CHUNK: usize = 4096;

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

    /// Serves one host after another, as a network printer does: while one is connected, others
    /// wait.
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
            stream.set_nodelay(true)?;
            match self.attend(stream).await {
                Err(error) if !is_hang_up(&error) => return Err(error),
                _ => {}
            }
        }
    }

    async fn attend<L>(&mut self, link: L) -> io::Result<()>
    where
        L: AsyncRead + AsyncWrite + Send + Unpin,
    {
        let ended = self.converse(link).await;
        while let Some(busy) = self.proceed()? {
            sleep_until(busy).await;
        }
        let mut engine = self.shared.engine();
        engine.hang_up();
        self.output.write_current(&engine)?;
        drop(engine);
        ended
    }

    async fn converse<L>(&mut self, link: L) -> io::Result<()>
    where
        L: AsyncRead + AsyncWrite + Send + Unpin,
    {
        let (mut reader, mut writer) = split(link);
        let mut chunk = vec![0; CHUNK];
        let mut busy = None;
        loop {
            busy = self.proceed_when_free(busy)?;
            let (room, answers) = self.line_state();
            tokio::select! {
                count = reader.read(&mut chunk[..room]), if room > 0 => match count? {
                    0 => return Ok(()),
                    count => self.shared.engine().receive(&chunk[..count]),
                },
                count = writer.write(&answers), if !answers.is_empty() => {
                    self.shared.engine().answered(count?);
                }
                () = until(busy) => busy = None,
                () = self.shared.touched.notified() => {}
            }
        }
    }

    /// Returns how many bytes may be read, and what is to be sent.
    fn line_state(&self) -> (usize, Vec<u8>) {
        let engine = self.shared.engine();
        (engine.room().min(CHUNK), engine.answers.clone())
    }

    /// Works off what is received while no host is connected; ends only with an error.
    async fn work(&mut self) -> io::Result<()> {
        loop {
            match self.proceed()? {
                Some(busy) => sleep_until(busy).await,
                None => self.shared.touched.notified().await,
            }
        }
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
