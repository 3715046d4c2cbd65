//! The reader as a USB device: descriptors and class requests.

use std::io;
use std::sync::Arc;

use countertop_wire::ccid::request::{self, Request};
use countertop_wire::ccid::{ClassDescriptor, Exchange, Features, INTERFACE_CLASS};
use countertop_wire::usb::{Direction, EndpointDescriptor, Interface, RequestKind, SetupPacket};

use super::config::CcidConfig;
use super::shared::Shared;
use crate::usb::{ControlAnswer, UsbDescriptors, UsbDevice, UsbEvent, UsbFunction};

/// Where the host sends commands.
pub(super) const COMMANDS: u8 = 0x01;
/// Where the host fetches responses.
pub(super) const RESPONSES: u8 = 0x82;
/// Where the host is told of cards that come and go.
pub(super) const NOTICES: u8 = 0x83;
/// wMaxPacketSize of the bulk endpoints.
pub(super) const PACKET: u16 = 64;

/// bPINSupport: the reader verifies PINs.
const PIN_VERIFICATION: u8 = 0x01;

/// Creates the device.
pub(super) fn device(config: &CcidConfig, shared: Arc<Shared>) -> io::Result<UsbDevice> {
    let mut class = ClassDescriptor::one_slot(features(config.exchange), config.longest_message());
    class.pin_support = if config.key_pad { PIN_VERIFICATION } else { 0 };
    let interface = Interface::new(0, INTERFACE_CLASS, 0, 0)
        .class_descriptor(&class.encode())
        .endpoint(EndpointDescriptor::bulk(COMMANDS, PACKET))
        .endpoint(EndpointDescriptor::bulk(RESPONSES, PACKET))
        .endpoint(EndpointDescriptor::interrupt(NOTICES, 8, 24));
    let mut descriptors = UsbDescriptors::new(config.vendor, config.product)
        .manufacturer(&config.manufacturer)
        .product(&config.model)
        .interface(interface);
    if let Some(serial) = &config.serial {
        descriptors = descriptors.serial_number(serial);
    }
    UsbDevice::new(descriptors, ClassRequests { shared, class })
}

fn features(exchange: Exchange) -> Features {
    let always =
        Features::AUTOMATIC_VOLTAGE | Features::AUTOMATIC_CLOCK | Features::AUTOMATIC_BAUD_RATE;
    let alone =
        Features::AUTOMATIC_PARAMETERS | Features::AUTOMATIC_NEGOTIATION | Features::AUTOMATIC_IFSD;
    match exchange {
        Exchange::Character | Exchange::Tpdu => always | Features::TPDU,
        Exchange::ShortApdu => always | alone | Features::SHORT_APDU,
        Exchange::ExtendedApdu => always | alone | Features::EXTENDED_APDU,
    }
}

/// Answers what comes on the control endpoint.
struct ClassRequests {
    shared: Arc<Shared>,
    class: ClassDescriptor,
}

impl UsbFunction for ClassRequests {
    fn control(&mut self, setup: &SetupPacket, _: &[u8]) -> ControlAnswer {
        let request = Request::decode(setup.request, setup.value);
        match (setup.kind(), setup.direction(), request) {
            (RequestKind::Class, Direction::Out, Some(Request::Abort { slot, sequence })) => {
                self.shared.lock().abort.ask(slot, sequence);
                self.shared.changed.notify_one();
                ControlAnswer::Accepted
            }
            (RequestKind::Class, Direction::In, Some(Request::GetClockFrequencies)) => {
                ControlAnswer::Data(request::encode_rates(&[self.class.default_clock]))
            }
            (RequestKind::Class, Direction::In, Some(Request::GetDataRates)) => {
                let rates = [self.class.data_rate, self.class.maximum_data_rate];
                ControlAnswer::Data(request::encode_rates(&rates))
            }
            _ => ControlAnswer::Stall,
        }
    }

    fn event(&mut self, event: UsbEvent) {
        match event {
            UsbEvent::Plugged | UsbEvent::Unplugged => self.shared.lock().plug(),
            UsbEvent::Configured(_) => self.shared.lock().configure(),
            _ => return,
        }
        self.shared.changed.notify_one();
    }
}
