//! The PN533 on USB: two bulk endpoints, and each frame a transfer of its own.

use std::io;
use std::sync::Arc;

use countertop_wire::usb::{EndpointDescriptor, Interface, SetupPacket};

use super::chip::Chip;
use super::control::{Pn532Control, Shared};
use super::link::ChipLine;
use super::model::Model;
use crate::usb::{BulkLink, ControlAnswer, UsbDescriptors, UsbDevice, UsbEvent, UsbFunction};

/// Where the host sends frames. libnfc uses these endpoints whatever the descriptors say.
const OUT: u8 = 0x04;
/// Where the host fetches frames.
const IN: u8 = 0x84;
const PACKET: u16 = 64;

/// Describes a reader with a PN533.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pn533Config {
    /// Vendor (idVendor).
    pub vendor: u16,
    /// Product (idProduct).
    pub product: u16,
    /// The maker, as the reader tells it.
    pub manufacturer: String,
    /// The model, as the reader tells it.
    pub model: String,
    /// Serial number; real ones have none.
    pub serial: Option<String>,
}

impl Pn533Config {
    /// Describes the chip as NXP sells it, `04cc:2533`.
    #[must_use]
    pub fn nxp() -> Self {
        Self::new(0x04cc, 0x2533, "NXP", "PN533")
    }

    /// Describes the stick SCM SCL3711, `04e6:5591`.
    #[must_use]
    pub fn scl3711() -> Self {
        Self::new(0x04e6, 0x5591, "SCM Micro", "SCL3711-NFC&RW")
    }

    fn new(vendor: u16, product: u16, manufacturer: &str, model: &str) -> Self {
        let (manufacturer, model) = (manufacturer.into(), model.into());
        Self { vendor, product, manufacturer, model, serial: None }
    }

    /// Adds a serial number.
    #[must_use]
    pub fn with_serial(mut self, serial: impl Into<String>) -> Self {
        self.serial = Some(serial.into());
        self
    }

    fn descriptors(&self) -> UsbDescriptors {
        let interface = Interface::new(0, 0xff, 0xff, 0xff)
            .endpoint(EndpointDescriptor::bulk(OUT, PACKET))
            .endpoint(EndpointDescriptor::bulk(IN, PACKET));
        let descriptors = UsbDescriptors::new(self.vendor, self.product)
            .manufacturer(&self.manufacturer)
            .product(&self.model)
            .interface(interface);
        match &self.serial {
            Some(serial) => descriptors.serial_number(serial),
            None => descriptors,
        }
    }
}

/// Is the inside of a reader with a virtual PN533, firmware 2.7, which answers the host for as long
/// as it is served.
#[derive(Debug)]
pub struct VirtualPn533 {
    line: ChipLine,
    link: BulkLink,
}

impl VirtualPn533 {
    /// Creates a reader: its USB device, which can be plugged and unplugged, its inside, and the
    /// hand that holds cards to its antenna.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](io::ErrorKind::InvalidInput) when a text of the configuration is too long
    /// for a descriptor.
    pub fn new(config: &Pn533Config) -> io::Result<(UsbDevice, Self, Pn532Control)> {
        let shared = Arc::new(Shared::default());
        let control = Pn532Control::new(Arc::clone(&shared));
        let power = Power { shared: Arc::clone(&shared) };
        let mut device = UsbDevice::new(config.descriptors(), power)?;
        let link = device.bulk_link(IN, OUT)?;
        let line = ChipLine::new(Chip::new(Model::Pn533, shared));
        Ok((device, Self { line, link }, control))
    }

    /// Answers the host, over any number of unpluggings: each time the chip starts anew. It never
    /// ends by itself.
    ///
    /// # Errors
    ///
    /// None; the link of a USB device does not end.
    ///
    /// # Cancel safety
    ///
    /// Dropping it ends the chip.
    pub async fn serve(self) -> io::Result<()> {
        self.line.serve(self.link).await
    }
}

/// Cuts the chip's power with the plug. The chip has no requests of its own.
struct Power {
    shared: Arc<Shared>,
}

impl UsbFunction for Power {
    fn control(&mut self, _: &SetupPacket, _: &[u8]) -> ControlAnswer {
        ControlAnswer::Stall
    }

    fn event(&mut self, event: UsbEvent) {
        if matches!(event, UsbEvent::Plugged | UsbEvent::Unplugged) {
            self.shared.cut_power();
        }
    }
}
