//! Virtual scanners and stripe readers that pose as keyboards.
//!
//! A [`WedgeConfig`] makes a [`HidDevice`](crate::hid::HidDevice) with the reports of a boot keyboard,
//! to be plugged in over uhid, as a USB device, or over uinput, and the hand that scans and swipes. The
//! kernel and every program take it for a keyboard.
//!
//! ```
//! use countertop_virtual::wedge::WedgeConfig;
//! use countertop_wire::keyboard::Layout;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let (mut scanner, control) = WedgeConfig::scanner().layout(Layout::German).build()?;
//! tokio::spawn(async move { control.type_text("7").await });
//! // Key 7 has usage 0x24.
//! assert_eq!(scanner.next_input().await, Some(vec![0, 0, 0x24, 0, 0, 0, 0, 0]));
//! # Ok(())
//! # }
//! ```

mod config;
mod control;

pub use config::WedgeConfig;
pub use control::{TypeError, WedgeControl};

#[cfg(test)]
mod tests;
