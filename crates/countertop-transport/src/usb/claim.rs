//! A claimed interface through libusb.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rusb::{Context, DeviceHandle, Error};

use super::error::of_transfer;
use super::interface::Endpoints;
use super::pipe::Pipe;

/// How long a transfer to a device that takes no bytes runs until it is counted how many it took.
const COUNT_AFTER: Duration = Duration::from_millis(200);

/// libusb's word for a transfer without a deadline.
const FOR_EVER: Duration = Duration::ZERO;

/// Is a claimed interface, and what is to be given back.
#[derive(Debug)]
pub(super) struct Claim {
    handle: DeviceHandle<Context>,
    endpoints: Endpoints,
    /// Whether the kernel's driver was detached.
    detached: bool,
    /// Whether the interface was let go: any request would make the kernel claim it again.
    released: AtomicBool,
}

impl Claim {
    /// Detaches the kernel's driver where `detach` says so and claims the interface. What fails leaves
    /// the interface as it was.
    pub(super) fn new(
        handle: DeviceHandle<Context>,
        endpoints: Endpoints,
        detach: bool,
    ) -> Result<Self, Error> {
        let mut claim =
            Self { handle, endpoints, detached: false, released: AtomicBool::new(false) };
        if detach {
            claim.detached = claim.detach()?;
        }
        if let Err(error) = claim.claim() {
            claim.release();
            claim.give_back();
            return Err(error);
        }
        Ok(claim)
    }

    /// Returns `false` when the driver has let go by itself meanwhile.
    fn detach(&self) -> Result<bool, Error> {
        match self.handle.detach_kernel_driver(self.endpoints.interface) {
            Ok(()) => Ok(true),
            Err(Error::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn claim(&self) -> Result<(), Error> {
        self.handle.claim_interface(self.endpoints.interface)?;
        match self.endpoints.alternate {
            Some(alternate) => {
                self.handle.set_alternate_setting(self.endpoints.interface, alternate)
            }
            None => Ok(()),
        }
    }

    /// Reads, and goes on after a halt that is not the first thing that comes again.
    fn read_bulk(&self, endpoint: u8, buffer: &mut [u8]) -> Result<usize, Error> {
        match self.handle.read_bulk(endpoint, buffer, FOR_EVER) {
            Err(Error::Pipe) => {
                self.handle.clear_halt(endpoint)?;
                self.handle.read_bulk(endpoint, buffer, FOR_EVER)
            }
            other => other,
        }
    }

    /// Asks a class request of the interface on the control endpoint (USB 2.0, 9.3).
    pub(super) fn ask(
        &self,
        request: u8,
        index: u16,
        answer: &mut [u8],
        deadline: Duration,
    ) -> io::Result<usize> {
        /// Device to host, class, interface.
        const REQUEST_TYPE: u8 = 0xA1;
        if self.released.load(Ordering::Acquire) {
            return Err(of_transfer(Error::NoDevice));
        }
        self.handle
            .read_control(REQUEST_TYPE, request, 0, index, answer, deadline)
            .map_err(of_transfer)
    }

    /// Returns the interface's number and the alternate setting in use.
    pub(super) fn interface(&self) -> (u8, u8) {
        (self.endpoints.interface, self.endpoints.alternate.unwrap_or_default())
    }
}

impl Pipe for Claim {
    fn is_bidirectional(&self) -> bool {
        self.endpoints.input.is_some()
    }

    fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let endpoint = self.endpoints.input.ok_or(io::ErrorKind::Unsupported)?;
        self.read_bulk(endpoint, buffer).map_err(of_transfer)
    }

    fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        match self.handle.write_bulk(self.endpoints.output, bytes, COUNT_AFTER) {
            Err(Error::Timeout) => Ok(0),
            other => other.map_err(of_transfer),
        }
    }

    fn release(&self) {
        let interface = self.endpoints.interface;
        self.released.store(true, Ordering::Release);
        if self.handle.release_interface(interface) == Err(Error::NotFound) {
            // A thread that was about to start a transfer has made the kernel claim the interface
            // again, which libusb does not know of (Linux, usbfs: claims on first use).
            if self.handle.claim_interface(interface).is_ok() {
                let _gone_or_released = self.handle.release_interface(interface);
            }
        }
    }

    fn give_back(&self) {
        if !self.detached {
            return;
        }
        if let Err(error) = self.handle.attach_kernel_driver(self.endpoints.interface)
            && error != Error::NoDevice
        {
            tracing::warn!(%error, interface = self.endpoints.interface, "usblp was not given back");
        }
    }
}
