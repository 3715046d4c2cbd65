//! Exchanges with the chip: wake-up, acknowledgement, response, repetition and abort (UM0701-02, 6.2).

use core::time::Duration;

use countertop_device::{DeviceError, DeviceErrorKind};
use countertop_transport::Line;
use countertop_wire::pn532::{
    ACK, Command, CommandError, Decoder, Direction, Frame, FrameError, NACK, Response, WAKE_UP,
};
use tokio::time::Instant;

/// Is the line to a chip.
#[derive(Debug)]
pub(super) struct Channel {
    line: Line,
    decoder: Decoder,
    awake: bool,
    /// Whether the chip may be at work for a command that was given up.
    busy: bool,
}

/// The chip acknowledges within 15 ms (6.2.2); adapters and the kernel take their time as well.
const ACK_LIMIT: Duration = Duration::from_millis(250);
const WRITE_LIMIT: Duration = Duration::from_millis(500);
/// Silence behind which nothing of an aborted command comes any more; adapters hold bytes back for up
/// to 16 ms (FTDI AN232B-04).
const QUIET: Duration = Duration::from_millis(20);
/// How often a frame is sent again that did not arrive whole, in either direction.
const REPETITIONS: usize = 2;

impl Channel {
    pub(super) fn new(line: Line) -> Self {
        Self { line, decoder: Decoder::new(), awake: false, busy: true }
    }

    pub(super) fn error(&self, kind: DeviceErrorKind, action: &'static str) -> DeviceError {
        self.line.error(kind, action)
    }

    pub(super) fn device(&self) -> &str {
        self.line.device()
    }

    /// Wakes the chip with the next command, whatever state it is in.
    pub(super) fn wake(&mut self) {
        self.awake = false;
        self.busy = true;
    }

    /// Carries a command out and returns the chip's response.
    ///
    /// A dropped call leaves the chip at work; the next one aborts that first.
    pub(super) async fn ask(
        &mut self,
        command: impl Into<Command>,
        limit: Duration,
        action: &'static str,
    ) -> Result<Response, DeviceError> {
        let command = command.into();
        if self.busy {
            self.abort(action).await?;
        }
        let frame = Frame::command(command.encode()).map_err(|too_long| {
            self.error(DeviceErrorKind::InvalidInput, action).with_source(too_long)
        })?;
        self.busy = true;
        let result = self.exchange(command.code(), &frame.encode(), limit, action).await;
        match &result {
            Ok(_) => self.busy = false,
            Err(error) if error.kind() == DeviceErrorKind::Disconnected => {}
            Err(_) => self.abort(action).await?,
        }
        result
    }

    async fn exchange(
        &mut self,
        code: u8,
        frame: &[u8],
        limit: Duration,
        action: &'static str,
    ) -> Result<Response, DeviceError> {
        for _ in 0..=REPETITIONS {
            self.line.write(frame, WRITE_LIMIT, action).await?;
            if self.is_taken(action).await? {
                return self.response(code, limit, action).await;
            }
        }
        Err(self.error(DeviceErrorKind::Protocol, action).with_source("the chip takes no command"))
    }

    /// Waits for the acknowledgement; `false` when the chip has not taken the command.
    async fn is_taken(&mut self, action: &'static str) -> Result<bool, DeviceError> {
        let until = Instant::now() + ACK_LIMIT;
        loop {
            match self.next(until, action).await? {
                Ok(Frame::Ack) => return Ok(true),
                Ok(Frame::Nack) => return Ok(false),
                // Of a command that was aborted: an adapter may hold it back.
                Ok(_) | Err(_) => {}
            }
        }
    }

    /// Waits for the response; one that came broken is asked for again.
    async fn response(
        &mut self,
        code: u8,
        limit: Duration,
        action: &'static str,
    ) -> Result<Response, DeviceError> {
        let until = Instant::now() + limit;
        let mut repetitions = 0;
        loop {
            let broken: FrameError = match self.next(until, action).await? {
                Ok(Frame::Information(found)) if found.direction() == Direction::ToHost => {
                    match Response::decode(found.data()) {
                        Ok(response) if response.command_code() == code => return Ok(response),
                        // Of an earlier command.
                        Ok(_) => continue,
                        Err(error) => return Err(self.malformed(error, action)),
                    }
                }
                Ok(Frame::SyntaxError) => {
                    let refused = "the chip does not know the command";
                    return Err(self.error(DeviceErrorKind::Protocol, action).with_source(refused));
                }
                Ok(_) => continue,
                Err(broken) => broken,
            };
            if repetitions == REPETITIONS {
                return Err(self.error(DeviceErrorKind::Protocol, action).with_source(broken));
            }
            repetitions += 1;
            self.decoder.clear();
            self.line.write(&NACK, WRITE_LIMIT, action).await?;
        }
    }

    fn malformed(&self, error: CommandError, action: &'static str) -> DeviceError {
        self.error(DeviceErrorKind::Protocol, action).with_source(error)
    }

    /// Returns the next frame, or why bytes behind a start code are none.
    async fn next(
        &mut self,
        until: Instant,
        action: &'static str,
    ) -> Result<Result<Frame, FrameError>, DeviceError> {
        loop {
            if let Some(found) = self.decoder.next_frame() {
                return Ok(found);
            }
            let mut bytes = Vec::new();
            let left = until.saturating_duration_since(Instant::now());
            self.line.read_some(&mut bytes, left, action).await?;
            self.decoder.push(&bytes);
        }
    }

    /// Ends what the chip is at, and leaves the line silent. A chip that may sleep is woken.
    pub(super) async fn abort(&mut self, action: &'static str) -> Result<(), DeviceError> {
        let wake_up = if self.awake { &[][..] } else { &WAKE_UP };
        self.line.write(&[wake_up, &ACK].concat(), WRITE_LIMIT, action).await?;
        self.line.drain(QUIET).await;
        self.decoder.clear();
        self.awake = true;
        self.busy = false;
        Ok(())
    }
}
