//! Packets with ACK, NAK, EOT and deadlines.

use core::time::Duration;

use countertop_device::{DeviceError, DeviceErrorKind};
use countertop_transport::Line;
use countertop_wire::pinpad::{ACK, EOT, Frame, FrameDecoder, NAK, Request, Response, Token};
use tokio::time::Instant;
use zeroize::Zeroizing;

use super::error::VisaPinPadError;
use super::options::Timing;

/// How often a packet is sent, and how often a damaged one is asked for again.
const ATTEMPTS: u8 = 3;

/// Is what the PIN pad gave in answer to a packet.
#[derive(Debug)]
pub(super) enum Reply {
    Response(Response),
    /// EOT: the PIN pad ended the exchange without an answer.
    Ended,
}

/// Is the line to a PIN pad, and whether the two are in step.
#[derive(Debug)]
pub(super) struct Channel {
    line: Line,
    decoder: FrameDecoder,
    timing: Timing,
    in_step: bool,
}

impl Channel {
    /// Takes a line of which nothing is known: the first [`begin`](Self::begin) brings it in step.
    pub(super) fn new(line: Line, timing: Timing) -> Self {
        Self { line, decoder: FrameDecoder::new(), timing, in_step: false }
    }

    /// Starts a dialogue. One that was dropped or failed before is ended first, prompt and all.
    pub(super) async fn begin(&mut self) -> Result<(), DeviceError> {
        if !self.in_step {
            self.resynchronise().await?;
        }
        self.in_step = false;
        Ok(())
    }

    /// Ends a dialogue that went well.
    pub(super) fn finish(&mut self) {
        self.in_step = true;
    }

    /// Ends whatever goes on: EOT for an exchange, 72 for a prompt; waits for silence before, so that
    /// no late ACK is taken for the one to 72, and after.
    async fn resynchronise(&mut self) -> Result<(), DeviceError> {
        const ACTION: &str = "resynchronise";
        self.line.drain(self.timing.quiet).await;
        self.write(&[EOT], ACTION).await?;
        self.decoder.clear();
        self.cancel(ACTION).await?;
        self.line.drain(self.timing.quiet).await;
        self.decoder.clear();
        Ok(())
    }

    /// Sends 72 and waits for EOT or ACK. Returns the answer to an entry that ended just before.
    pub(super) async fn cancel(
        &mut self,
        action: &'static str,
    ) -> Result<Option<Response>, DeviceError> {
        self.send(&Request::Cancel, action).await?;
        let mut answer = None;
        loop {
            match self.token(self.timing.exchange, action).await {
                Ok(Token::Frame(frame)) => {
                    self.write(&[ACK], action).await?;
                    answer = Response::parse(&frame).ok();
                }
                Ok(Token::Ack | Token::Eot) => return Ok(answer),
                Ok(Token::Damaged | Token::Nak) => {}
                Err(error) if error.kind() == DeviceErrorKind::TimedOut => return Ok(answer),
                Err(error) => return Err(error),
            }
        }
    }

    /// Sends a packet until it is acknowledged, three times at the most.
    pub(super) async fn submit(
        &mut self,
        request: &Request,
        action: &'static str,
    ) -> Result<(), DeviceError> {
        let mut error = self.line.error(DeviceErrorKind::TimedOut, action);
        for _ in 0..ATTEMPTS {
            self.send(request, action).await?;
            match self.acknowledgement(action).await {
                Ok(true) => return Ok(()),
                Ok(false) => error = self.fail(VisaPinPadError::Refused, action),
                Err(silence) if silence.kind() == DeviceErrorKind::TimedOut => error = silence,
                Err(error) => return Err(error),
            }
        }
        // The line may still carry late answers: bring it to silence before the caller goes on.
        self.line.drain(self.timing.quiet).await;
        Err(error)
    }

    /// Returns whether ACK came, or NAK.
    async fn acknowledgement(&mut self, action: &'static str) -> Result<bool, DeviceError> {
        loop {
            match self.token(self.timing.exchange, action).await? {
                Token::Ack => return Ok(true),
                Token::Nak => return Ok(false),
                // Repeated because our ACK was lost: acknowledge it again, it is not for this packet.
                Token::Frame(_) => self.write(&[ACK], action).await?,
                Token::Damaged | Token::Eot => {}
            }
        }
    }

    /// Waits for the answer and acknowledges it; asks for a damaged one again.
    pub(super) async fn reply(
        &mut self,
        patience: Duration,
        action: &'static str,
    ) -> Result<Reply, DeviceError> {
        let mut token = self.token(patience, action).await?;
        for _ in 0..ATTEMPTS {
            match token {
                Token::Frame(frame) => return self.accept(&frame, action).await,
                Token::Eot => return Ok(Reply::Ended),
                Token::Damaged => self.write(&[NAK], action).await?,
                Token::Ack | Token::Nak => {}
            }
            token = match self.token(self.timing.exchange, action).await {
                Err(error) if error.kind() == DeviceErrorKind::TimedOut => break,
                token => token?,
            };
        }
        self.write(&[EOT], action).await?;
        Err(self.fail(VisaPinPadError::Damaged, action))
    }

    async fn accept(&mut self, frame: &Frame, action: &'static str) -> Result<Reply, DeviceError> {
        self.write(&[ACK], action).await?;
        match Response::parse(frame) {
            Ok(response) => Ok(Reply::Response(response)),
            Err(error) => Err(self.fail(VisaPinPadError::Answer(error), action)),
        }
    }

    /// Sends an administration packet and takes the answer and the EOT after it.
    pub(super) async fn administer(
        &mut self,
        request: &Request,
        action: &'static str,
    ) -> Result<Reply, DeviceError> {
        self.submit(request, action).await?;
        let reply = self.reply(self.timing.exchange, action).await?;
        if matches!(reply, Reply::Response(_)) {
            self.end_administration().await?;
        }
        Ok(reply)
    }

    /// Administers as [`administer`](Self::administer) does, for packets that not every PIN pad answers.
    pub(super) async fn try_administer(
        &mut self,
        request: &Request,
        action: &'static str,
    ) -> Result<Option<Response>, DeviceError> {
        match self.administer(request, action).await {
            Ok(Reply::Response(response)) => Ok(Some(response)),
            Ok(Reply::Ended) => Ok(None),
            Err(error) if error.kind() == DeviceErrorKind::TimedOut => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Takes the EOT that ends administration. Some PIN pads leave it out.
    pub(super) async fn end_administration(&mut self) -> Result<(), DeviceError> {
        match self.token(self.timing.quiet, "end of exchange").await {
            Err(error) if error.kind() != DeviceErrorKind::TimedOut => Err(error),
            _ => Ok(()),
        }
    }

    /// Selects the master key under which the next working key is wrapped.
    pub(super) async fn select_master_key(&mut self, slot: u8) -> Result<(), DeviceError> {
        const ACTION: &str = "select master key";
        let request = Request::SelectMasterKey(slot);
        self.submit(&request, ACTION).await?;
        match self.reply(self.timing.exchange, ACTION).await {
            Ok(Reply::Ended) => Ok(()),
            Ok(Reply::Response(Response::MasterKeySelected(true))) => {
                self.end_administration().await
            }
            // Silence means that the slot cannot be used (MX800 p. 323, note 1).
            Err(error) if error.kind() != DeviceErrorKind::TimedOut => Err(error),
            _ => Err(self.fail(VisaPinPadError::NoMasterKey(slot), ACTION)),
        }
    }

    /// Waits for the next token, at most `patience` in all.
    async fn token(
        &mut self,
        patience: Duration,
        action: &'static str,
    ) -> Result<Token, DeviceError> {
        let deadline = Instant::now() + patience;
        loop {
            if let Some(token) = self.decoder.next_token() {
                return Ok(token);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            let mut received = Zeroizing::new(Vec::new());
            self.line.read_some(&mut received, left, action).await?;
            self.decoder.push(&received);
        }
    }

    async fn send(&mut self, request: &Request, action: &'static str) -> Result<(), DeviceError> {
        let frame = request.encode();
        let frame = frame.map_err(|error| self.fail(VisaPinPadError::Request(error), action))?;
        self.line.write(&frame.encode(), self.timing.exchange, action).await
    }

    async fn write(&mut self, bytes: &[u8], action: &'static str) -> Result<(), DeviceError> {
        self.line.write(bytes, self.timing.exchange, action).await
    }

    pub(super) fn exchange_deadline(&self) -> Duration {
        self.timing.exchange
    }

    pub(super) fn unexpected(&self, action: &'static str) -> DeviceError {
        self.fail(VisaPinPadError::Unexpected, action)
    }

    pub(super) fn fail(&self, error: VisaPinPadError, action: &'static str) -> DeviceError {
        self.line.error(error.kind(), action).with_source(error)
    }
}
