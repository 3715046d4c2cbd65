//! USB devices made in software, which a real host controller's drivers believe.
//!
//! A [`UsbDevice`] is its descriptors and a [`UsbFunction`], which answers class and vendor
//! requests. Standard requests (USB 2.0, clause 9.4) are answered for it. Data goes through
//! endpoints, each taken from the device once:
//!
//! - [`EndpointIn`] queues what the host will fetch: a report, a response;
//! - [`EndpointOut`] receives what the host sends. Until it is received the host's transfer is not
//!   answered, as a real device answers NAK;
//! - [`BulkLink`] is a pair of them as one stream, over which the other virtual devices of this
//!   crate serve unchanged.
//!
//! What the host sends to an endpoint that nobody took goes to [`UsbFunction::out`].
//!
//! [`plug`](UsbDevice::plug) attaches the device to this computer by the kernel's `vhci_hcd`, which
//! needs root and the module loaded; [`serve`](UsbDevice::serve) speaks USB/IP over any stream.
//! Unplugging, at any moment, gives the device back, and it can be plugged again, at the same port
//! or at another.
//!
//! ```no_run
//! use countertop_virtual::usb::{ControlAnswer, UsbDescriptors, UsbDevice, UsbFunction};
//! use countertop_wire::usb::{EndpointDescriptor, Interface, SetupPacket};
//!
//! struct Buttons {
//!     lamps: u8,
//! }
//!
//! impl UsbFunction for Buttons {
//!     fn control(&mut self, setup: &SetupPacket, data: &[u8]) -> ControlAnswer {
//!         match (setup.request_type, setup.request) {
//!             (0xc0, 0x01) => ControlAnswer::Data(vec![self.lamps]),
//!             (0x40, 0x02) => {
//!                 self.lamps = data.first().copied().unwrap_or(0);
//!                 ControlAnswer::Accepted
//!             }
//!             _ => ControlAnswer::Stall,
//!         }
//!     }
//! }
//!
//! # async fn plug() -> std::io::Result<()> {
//! let interface =
//!     Interface::new(0, 0xff, 0, 0).endpoint(EndpointDescriptor::interrupt(0x81, 8, 10));
//! let descriptors = UsbDescriptors::new(0x1209, 0x0001)
//!     .manufacturer("Countertop")
//!     .product("Buttons")
//!     .serial_number("1")
//!     .interface(interface);
//! let mut device = UsbDevice::new(descriptors, Buttons { lamps: 0 })?;
//! let buttons = device.endpoint_in(0x81)?;
//!
//! let plugged = device.plug().await?;
//! plugged.configured().await?;
//! buttons.send(&[0x01]).await?; // returns when the host has fetched it
//! let device = plugged.unplug().await?;
//! let plugged = device.plug().await?; // the same device again
//! # drop(plugged);
//! # Ok(())
//! # }
//! ```

mod cable;
mod cdc_acm;
mod descriptors;
mod device;
mod endpoint;
mod ft232r;
mod function;
pub mod host;
mod identity;
mod link;
mod parting;
mod pipes;
pub mod printer;
mod serve;
mod server;
mod standard;
mod vhci;

pub use cdc_acm::{CdcAcmControl, HostLines, cdc_acm};
pub use descriptors::{Speed, UsbDescriptors};
pub use device::UsbDevice;
pub use endpoint::{EndpointIn, EndpointOut};
pub use ft232r::{Ft232rControl, Ft232rLine, ft232r};
pub use function::{ControlAnswer, UsbEvent, UsbFunction};
pub use identity::UsbIdentity;
pub use link::BulkLink;
pub use printer::usb_printer;
pub use server::UsbipServer;
pub use vhci::{PluggedDevice, VhciPort};
