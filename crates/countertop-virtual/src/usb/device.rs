use std::fmt;
use std::future::poll_fn;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

use countertop_wire::usb::SetupPacket;

use super::pipes::SharedPipes;
use super::standard::{Handled, StandardState};
use super::{
    BulkLink, ControlAnswer, EndpointIn, EndpointOut, UsbDescriptors, UsbEvent, UsbFunction,
};

/// Is a USB device made in software. It can be plugged, unplugged, and plugged again.
pub struct UsbDevice {
    pub(super) shared: Arc<Shared>,
}

/// Is what the device shares with its session.
pub(super) struct Shared {
    pub(super) descriptors: UsbDescriptors,
    pub(super) pipes: Arc<SharedPipes>,
    behaviour: Mutex<Behaviour>,
}

struct Behaviour {
    standard: StandardState,
    function: Box<dyn UsbFunction>,
}

impl UsbDevice {
    /// Creates a device, not plugged.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](io::ErrorKind::InvalidInput) when a descriptor cannot be written: a string
    /// too long, too many descriptors.
    pub fn new(descriptors: UsbDescriptors, function: impl UsbFunction) -> io::Result<Self> {
        descriptors.check()?;
        let pipes = Arc::new(SharedPipes::new(&descriptors));
        let function = Box::new(function);
        let behaviour = Mutex::new(Behaviour { standard: StandardState::default(), function });
        Ok(Self { shared: Arc::new(Shared { descriptors, pipes, behaviour }) })
    }

    /// Returns what the device says of itself.
    #[must_use]
    pub fn descriptors(&self) -> &UsbDescriptors {
        &self.shared.descriptors
    }

    /// Takes an IN endpoint, by its address with bit 7 set.
    ///
    /// # Errors
    ///
    /// [`NotFound`](io::ErrorKind::NotFound) when the descriptors have no such endpoint.
    pub fn endpoint_in(&mut self, address: u8) -> io::Result<EndpointIn> {
        self.require(address)?;
        Ok(EndpointIn::new(Arc::clone(&self.shared.pipes), address))
    }

    /// Takes an OUT endpoint: its data goes to this handle from now on, not to
    /// [`UsbFunction::out`].
    ///
    /// # Errors
    ///
    /// [`NotFound`](io::ErrorKind::NotFound) when the descriptors have no such endpoint.
    pub fn endpoint_out(&mut self, address: u8) -> io::Result<EndpointOut> {
        self.require(address)?;
        Ok(EndpointOut::new(Arc::clone(&self.shared.pipes), address))
    }

    /// Takes an IN and an OUT endpoint as one stream.
    ///
    /// # Errors
    ///
    /// [`NotFound`](io::ErrorKind::NotFound) when the descriptors have no such endpoint.
    pub fn bulk_link(&mut self, input: u8, output: u8) -> io::Result<BulkLink> {
        self.require(input)?;
        self.require(output)?;
        Ok(BulkLink::new(Arc::clone(&self.shared.pipes), input, output))
    }

    /// Waits until a host has configured the device.
    pub(super) async fn configured(&self) -> io::Result<()> {
        poll_fn(|context| {
            let mut pipes = self.shared.pipes.lock();
            if pipes.configuration() != 0 {
                return Poll::Ready(Ok(()));
            }
            pipes.watch(context);
            Poll::Pending
        })
        .await
    }

    fn require(&self, address: u8) -> io::Result<()> {
        if self.shared.descriptors.endpoints().any(|endpoint| endpoint.address == address) {
            return Ok(());
        }
        let text = format!("the virtual device has no endpoint {address:#04x}");
        Err(io::Error::new(io::ErrorKind::NotFound, text))
    }
}

impl Shared {
    /// Answers a request to endpoint 0.
    pub(super) fn control(&self, setup: &SetupPacket, data: &[u8]) -> ControlAnswer {
        self.with_behaviour(|behaviour| {
            match behaviour.standard.handle(setup, &self.descriptors, &self.pipes) {
                Handled::Here(answer, event) => {
                    if let Some(event) = event {
                        behaviour.function.event(event);
                    }
                    answer
                }
                Handled::ByFunction => behaviour.function.control(setup, data),
            }
        })
    }

    pub(super) fn out(&self, endpoint: u8, data: &[u8]) {
        self.with_behaviour(|behaviour| behaviour.function.out(endpoint, data));
    }

    pub(super) fn plug(&self) {
        self.pipes.lock().plug();
        self.with_behaviour(|behaviour| {
            behaviour.standard = StandardState::default();
            behaviour.function.event(UsbEvent::Plugged);
        });
    }

    pub(super) fn unplug(&self) {
        let mut pipes = self.pipes.lock();
        let was_plugged = pipes.is_plugged();
        pipes.unplug();
        drop(pipes);
        if was_plugged {
            self.with_behaviour(|behaviour| behaviour.function.event(UsbEvent::Unplugged));
        }
    }

    fn with_behaviour<T>(&self, act: impl FnOnce(&mut Behaviour) -> T) -> T {
        // A panic elsewhere leaves a function that can still be asked.
        act(&mut self.behaviour.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for UsbDevice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let device = self.shared.descriptors.device();
        write!(f, "UsbDevice({:04x}:{:04x})", device.vendor, device.product)
    }
}
