//! Input devices over the kernel's `/dev/uinput` (Linux, Documentation/input/uinput.rst), through the
//! crate evdev.
//!
//! The kernel treats such a device as any input device; nothing lies beneath, neither HID nor USB, and
//! it has neither serial number nor place. It needs write access to `/dev/uinput`, which root has once the module `uinput` is loaded.
//!
//! ```no_run
//! use countertop_virtual::uinput;
//! use countertop_virtual::wedge::WedgeConfig;
//!
//! # async fn plug() -> Result<(), Box<dyn std::error::Error>> {
//! let (scanner, control) = WedgeConfig::scanner().build()?;
//! let plugged = uinput::plug_keyboard(scanner)?;
//! println!("{}", plugged.node().display()); // /dev/input/event5
//! # Ok(())
//! # }
//! ```

mod keyboard;
mod pen;
mod plugged;

pub use keyboard::plug_keyboard;
pub use pen::plug_tablet;
pub use plugged::PluggedInput;
