//! HID devices over the kernel's `/dev/uhid` (Linux, Documentation/hid/uhid.rst).
//!
//! The kernel treats such a device as any HID device, with hidraw, input devices and feature
//! reports; only the USB device beneath is missing. It needs write access to `/dev/uhid`, which
//! root has once the module `uhid` is loaded.
//!
//! ```no_run
//! use countertop_virtual::magtek::MagtekConfig;
//!
//! # async fn plug() -> Result<(), Box<dyn std::error::Error>> {
//! let (reader, control) = MagtekConfig::swipe_reader().build()?;
//! let plugged = reader.plug().await?;
//! plugged.opened().await?; // somebody has opened its hidraw node
//! let reader = plugged.unplug().await?;
//! # Ok(())
//! # }
//! ```

mod event;
mod node;
mod plugged;

pub use plugged::PluggedHid;

#[cfg(test)]
mod tests;
