//! Byte transports: what carries a driver's bytes to its device.
//!
//! A [`Link`] is any stream of bytes. [`open`] makes one from a selector; [`memory::pair`] makes
//! two ends in memory for tests. A driver wraps its link in a [`Line`], whose exchanges all have a
//! deadline; [`split()`] gives its directions to two hands. [`Tracer`] and [`FaultInjector`] wrap a link and are links themselves.
//!
//! What is attached is listed by `usb`, `hidraw` and `evdev` without sending a byte. HID devices
//! are links, a report a read; input devices that pose as keyboards are streams of keys.
//!
//! `CodeReader` and `input::BurstReader` read what scanners and stripe readers send or type.
//!
//! `card` records conversations with cards and plays them again.
//!
//! Every transport is a feature, so that a driver pulls in only what it uses.

mod blocking;
#[cfg(feature = "card")]
pub mod card;
#[cfg(feature = "codes")]
mod code_reader;
#[cfg(feature = "evdev")]
pub mod evdev;
mod fault;
#[cfg(feature = "file")]
mod file;
mod gone;
#[cfg(feature = "hidraw")]
pub mod hid;
#[cfg(feature = "hidraw")]
pub mod hidraw;
#[cfg(any(feature = "usb", feature = "usblp"))]
mod holder;
#[cfg(feature = "hotplug")]
pub mod hotplug;
#[cfg(feature = "evdev")]
pub mod input;
mod line;
mod link;
pub mod memory;
mod node;
mod printer_port;
#[cfg(feature = "serial")]
mod serial;
mod split;
pub mod sysfs;
#[cfg(feature = "tcp")]
mod tcp;
mod trace;
pub mod tty;
mod unplug;
pub mod usb;
#[cfg(feature = "usblp")]
pub mod usblp;

#[cfg(feature = "codes")]
pub use code_reader::CodeReader;
pub use fault::{FaultInjector, FaultPlan};
pub use line::Line;
pub use link::{BoxLink, Link, open, open_printer};
pub use printer_port::PrinterPort;
#[cfg(feature = "serial")]
pub use serial::{FlowControl, Parity, SerialSettings};
pub use split::{LineReader, LineWriter, split};
#[cfg(feature = "tcp")]
pub use tcp::TcpSettings;
pub use trace::Tracer;
pub use unplug::UnplugWatch;
