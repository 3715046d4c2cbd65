use std::collections::BTreeMap;
use std::fmt;
use std::io;

use countertop_wire::usb::{Direction, SetupPacket};
use countertop_wire::usbip::{
    Command, HEADER_LENGTH, Reply, RetSubmit, Submit, Unlink, UsbipError, status,
};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

/// Says why a transfer failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TransferError {
    /// The device stalled.
    #[error("the USB device stalled")]
    Stall,
    /// The device sent more than was asked for.
    #[error("the USB device sent more than was asked for")]
    Overflow,
    /// The transfer was taken back.
    #[error("the USB transfer was taken back after {0} bytes")]
    Unlinked(u32),
    /// The transfer ended with another status.
    #[error("the USB transfer ended with status {0}")]
    Status(i32),
    /// The device has gone.
    #[error("the USB device has gone")]
    Io(#[from] io::Error),
    /// The device does not speak USB/IP.
    #[error(transparent)]
    Usbip(#[from] UsbipError),
}

/// Names a transfer that was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransferId(u32);

/// Is a host with one device, over a stream.
pub struct UsbHost<L> {
    stream: L,
    sequence: u32,
    /// Directions of transfers begun, by which replies are read.
    begun: BTreeMap<u32, Direction>,
    /// Transfers that ended before somebody asked.
    ended: BTreeMap<u32, (RetSubmit, Vec<u8>)>,
    unlinked: BTreeMap<u32, i32>,
}

impl<L> UsbHost<L>
where
    L: AsyncRead + AsyncWrite + Unpin,
{
    /// Begins at a stream whose other end serves a device.
    #[must_use]
    pub fn new(stream: L) -> Self {
        Self {
            stream,
            sequence: 0,
            begun: BTreeMap::new(),
            ended: BTreeMap::new(),
            unlinked: BTreeMap::new(),
        }
    }

    /// Makes a control request, with the data that goes out; returns the data that came in.
    ///
    /// # Errors
    ///
    /// How the transfer failed.
    pub async fn control(
        &mut self,
        setup: SetupPacket,
        data: &[u8],
    ) -> Result<Vec<u8>, TransferError> {
        let id = self.begin(Submit::control(0, setup), data).await?;
        self.wait(id).await
    }

    /// Sends data to an OUT endpoint, and waits until the device has taken it.
    ///
    /// # Errors
    ///
    /// How the transfer failed.
    pub async fn send(&mut self, endpoint: u8, data: &[u8]) -> Result<(), TransferError> {
        let id = self.begin_send(endpoint, data).await?;
        self.wait(id).await.map(drop)
    }

    /// Asks an IN endpoint for at most `length` bytes, and waits for them.
    ///
    /// # Errors
    ///
    /// How the transfer failed.
    pub async fn receive(&mut self, endpoint: u8, length: u32) -> Result<Vec<u8>, TransferError> {
        let id = self.begin_receive(endpoint, length).await?;
        self.wait(id).await
    }

    /// Begins a transfer to an OUT endpoint.
    ///
    /// # Errors
    ///
    /// [`Io`](TransferError::Io) when the device has gone.
    pub async fn begin_send(
        &mut self,
        endpoint: u8,
        data: &[u8],
    ) -> Result<TransferId, TransferError> {
        let length = u32::try_from(data.len()).unwrap_or(u32::MAX);
        self.begin(Submit::new(0, Direction::Out, endpoint, length), data).await
    }

    /// Begins a transfer from an IN endpoint, whose address has bit 7 set.
    ///
    /// # Errors
    ///
    /// [`Io`](TransferError::Io) when the device has gone.
    pub async fn begin_receive(
        &mut self,
        endpoint: u8,
        length: u32,
    ) -> Result<TransferId, TransferError> {
        self.begin(Submit::new(0, Direction::In, endpoint & 0x7f, length), &[]).await
    }

    pub(super) async fn begin(
        &mut self,
        submit: Submit,
        data: &[u8],
    ) -> Result<TransferId, TransferError> {
        self.sequence = self.sequence.wrapping_add(1);
        let submit = Submit { sequence: self.sequence, ..submit };
        self.begun.insert(submit.sequence, submit.direction);
        let header = Command::Submit(submit).to_bytes();
        self.stream.write_all(&[&header, data].concat()).await?;
        Ok(TransferId(submit.sequence))
    }

    /// Waits until a transfer has ended; returns the data that came in.
    ///
    /// # Errors
    ///
    /// How the transfer failed.
    pub async fn wait(&mut self, id: TransferId) -> Result<Vec<u8>, TransferError> {
        loop {
            if let Some((reply, data)) = self.ended.remove(&id.0) {
                return match reply.status {
                    status::OK => Ok(data),
                    status::STALL => Err(TransferError::Stall),
                    status::OVERFLOW => Err(TransferError::Overflow),
                    status::UNLINKED => Err(TransferError::Unlinked(reply.actual_length)),
                    other => Err(TransferError::Status(other)),
                };
            }
            self.read_reply().await?;
        }
    }

    /// Takes a transfer back; tells whether that came in time. When it did not,
    /// [`wait`](Self::wait) tells how the transfer ended.
    ///
    /// # Errors
    ///
    /// [`Io`](TransferError::Io) when the device has gone.
    pub async fn take_back(&mut self, id: TransferId) -> Result<bool, TransferError> {
        self.sequence = self.sequence.wrapping_add(1);
        let sequence = self.sequence;
        let unlink = Unlink { sequence, device: 0, victim: id.0 };
        self.stream.write_all(&Command::Unlink(unlink).to_bytes()).await?;
        loop {
            if let Some(answer) = self.unlinked.remove(&sequence) {
                return Ok(answer == status::UNLINKED);
            }
            self.read_reply().await?;
        }
    }

    async fn read_reply(&mut self) -> Result<(), TransferError> {
        let mut header = [0; HEADER_LENGTH];
        self.stream.read_exact(&mut header).await?;
        match Reply::parse(&header)? {
            Reply::Submit(reply) => {
                let comes_in = self.begun.remove(&reply.sequence) == Some(Direction::In);
                let length = if comes_in { reply.actual_length } else { 0 };
                let mut data = vec![0; usize::try_from(length).unwrap_or(usize::MAX)];
                self.stream.read_exact(&mut data).await?;
                self.ended.insert(reply.sequence, (reply, data));
            }
            Reply::Unlink(reply) => {
                self.unlinked.insert(reply.sequence, reply.status);
            }
            _ => {}
        }
        Ok(())
    }
}

impl<L> fmt::Debug for UsbHost<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UsbHost").field("begun", &self.begun.len()).finish_non_exhaustive()
    }
}
