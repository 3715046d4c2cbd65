//! Drivers for magnetic-stripe readers.
//!
//! | driver | devices | selector | line by default |
//! |---|---|---|---|
//! | [`magtek`] | HID stripe readers of MagTek, product 0002 and MagneSafe V5 | `hidraw:/dev/hidraw0` | |
//! | [`msr605`] | MSR605, MSR206, MSR606 and relatives with a serial or USB-serial line | `serial:/dev/ttyUSB0` | 9600 8N1 |
//! | [`msr605x`] | MSR605X, which is an MSR605 with HID reports | `hidraw:/dev/hidraw0` | |
//! | [`stripe_ascii`] | readers that send `%…?;…?+…?` and CR | `serial:/dev/ttyACM0` | 9600 8N1 |
//! | [`wedge`] | readers that pose as keyboards | `evdev:/dev/input/by-id/…`, `usb:0801:0001` | keys |
//!
//! Those on a line also take `tcp:HOST:PORT`, for serial-to-network converters and virtual devices.
//!
//! ```no_run
//! use countertop_device::{Settings, StripeReader as _};
//! use countertop_magstripe::msr605::Msr605;
//!
//! # async fn read() -> Result<(), Box<dyn std::error::Error>> {
//! let mut reader = Msr605::open(&"serial:/dev/ttyUSB0".parse()?, &Settings::new()).await?;
//! let swipe = reader.next_swipe().await?;
//! println!("track 2: {}", if swipe.track(2).is_some() { "read" } else { "not read" });
//! # Ok(())
//! # }
//! ```

#[cfg(feature = "hidraw")]
pub mod magtek;
pub mod msr605;
#[cfg(feature = "hidraw")]
pub mod msr605x;
pub mod stripe_ascii;
mod swipe;
mod timing;
#[cfg(feature = "evdev")]
pub mod wedge;
