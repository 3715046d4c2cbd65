use std::fmt;
use std::future::poll_fn;
use std::io;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use super::pipes::{InPipe, SharedPipes};

/// Is an IN endpoint: what is queued here the host fetches.
///
/// While no host has configured the device, what is queued is lost, as on a device without power.
#[derive(Clone)]
pub struct EndpointIn {
    pipes: Arc<SharedPipes>,
    address: u8,
}

/// Is an OUT endpoint: what the host sends is received here.
pub struct EndpointOut {
    pipes: Arc<SharedPipes>,
    address: u8,
}

impl EndpointIn {
    pub(super) fn new(pipes: Arc<SharedPipes>, address: u8) -> Self {
        Self { pipes, address }
    }

    /// Returns the endpoint's address, with bit 7 set.
    #[must_use]
    pub fn address(&self) -> u8 {
        self.address
    }

    /// Queues one transfer, and returns at once. It goes in packets of the endpoint's size; one that
    /// fills its last packet is ended by an empty one.
    pub fn queue(&self, data: &[u8]) {
        self.enqueue(data, true);
    }

    /// Queues packets without an end: the host's transfer ends only when it is full or a shorter
    /// packet comes.
    pub fn queue_open(&self, data: &[u8]) {
        self.enqueue(data, false);
    }

    /// Queues one transfer, and waits until the host has fetched it.
    ///
    /// # Errors
    ///
    /// [`NotConnected`](io::ErrorKind::NotConnected) when no host uses the device, or no longer.
    ///
    /// # Cancel safety
    ///
    /// What is queued stays queued.
    pub async fn send(&self, data: &[u8]) -> io::Result<()> {
        let number = self.enqueue(data, true).ok_or_else(not_connected)?;
        poll_fn(|context| {
            let mut pipes = self.pipes.lock();
            if pipes.configuration() == 0 {
                return Poll::Ready(Err(not_connected()));
            }
            pipes.watch(context);
            match pipes.input(self.address) {
                Some(pipe) if !pipe.has_gone(number) => {
                    pipe.watch(context);
                    Poll::Pending
                }
                _ => Poll::Ready(Ok(())),
            }
        })
        .await
    }

    /// Waits until the host asks for more than is queued, and returns by how much.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost.
    pub async fn asked(&self) -> usize {
        poll_fn(|context| {
            let mut pipes = self.pipes.lock();
            let Some(pipe) = pipes.input(self.address) else { return Poll::Pending };
            pipe.watch(context);
            match pipe.asked() {
                0 => Poll::Pending,
                more => Poll::Ready(more),
            }
        })
        .await
    }

    /// Returns how many bytes are queued.
    #[must_use]
    pub fn queued(&self) -> usize {
        self.pipes.lock().input(self.address).map_or(0, |pipe| pipe.queued())
    }

    /// Forgets what is queued.
    pub fn clear(&self) {
        self.with(InPipe::clear_queue);
    }

    /// Halts the endpoint: the host's transfers stall until it clears the halt.
    pub fn halt(&self) {
        self.pipes.lock().set_halt(self.address, true);
    }

    /// Sets the time between two transfers; `None` for none. An interrupt endpoint begins with its
    /// interval, others without.
    pub fn set_pace(&self, pace: Option<Duration>) {
        self.with(|pipe| pipe.set_pace(pace));
    }

    fn with(&self, act: impl FnOnce(&mut InPipe)) {
        let mut pipes = self.pipes.lock();
        if let Some(pipe) = pipes.input(self.address) {
            act(pipe);
        }
        pipes.touched();
    }

    fn enqueue(&self, data: &[u8], ends: bool) -> Option<u64> {
        let mut pipes = self.pipes.lock();
        if pipes.configuration() == 0 {
            return None;
        }
        let number = pipes.input(self.address).map(|pipe| pipe.queue(data, ends));
        pipes.touched();
        number
    }
}

impl EndpointOut {
    pub(super) fn new(pipes: Arc<SharedPipes>, address: u8) -> Self {
        if let Some(pipe) = pipes.lock().output(address) {
            pipe.hold();
        }
        Self { pipes, address }
    }

    /// Returns the endpoint's address.
    #[must_use]
    pub fn address(&self) -> u8 {
        self.address
    }

    /// Waits for a transfer of the host, which may be empty, and returns its data; only then does
    /// the host learn that it was sent. Unplugging does not end the wait.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost.
    pub async fn receive(&mut self) -> Vec<u8> {
        poll_fn(|context| {
            let mut pipes = self.pipes.lock();
            let Some(pipe) = pipes.output(self.address) else { return Poll::Pending };
            let Some(data) = pipe.peek().map(<[u8]>::to_vec) else {
                pipe.watch(context);
                return Poll::Pending;
            };
            pipe.take(data.len());
            pipes.touched();
            Poll::Ready(data)
        })
        .await
    }

    /// Halts the endpoint: the host's transfers stall until it clears the halt.
    pub fn halt(&self) {
        self.pipes.lock().set_halt(self.address, true);
    }
}

fn not_connected() -> io::Error {
    io::Error::new(io::ErrorKind::NotConnected, "no USB host has configured the virtual device")
}

impl fmt::Debug for EndpointIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EndpointIn({:#04x})", self.address)
    }
}

impl fmt::Debug for EndpointOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EndpointOut({:#04x})", self.address)
    }
}
