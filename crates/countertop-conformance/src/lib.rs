//! The suite that every driver of payment peripherals must pass, ours or a stranger's.
//!
//! The author of a driver writes a [`Fixture`]: it starts a device, real or virtual, and opens the
//! driver on it. The suite stands on the wire between the two with a [`Tap`] and checks what the
//! function traits promise:
//!
//! - `info` performs no I/O, and its selector can be written down and read back;
//! - health checks answer in time, also when the device is mute or gone, and reset nothing;
//! - bytes may come one by one, after noise, cut off, or late: nothing false is ever made of them,
//!   and what follows works;
//! - silence is [`TimedOut`](countertop_device::DeviceErrorKind::TimedOut), a closed link is
//!   [`Disconnected`](countertop_device::DeviceErrorKind::Disconnected), both in time;
//! - calls may be dropped anywhere, and the next one works;
//! - errors name device and action; no `Debug` output shows a secret.
//!
//! What is left to chance depends on a seed. A failing run names it; set the environment variable
//! `CONFORMANCE_SEED` to repeat the run.
//!
//! # Example
//!
//! A driver of a reader that sends lines of text, on a device of four lines:
//!
//! ```
//! use std::time::Duration;
//!
//! use countertop_conformance::{EventFixture, Fixture, Tap, stripe};
//! use countertop_device::{
//!     DeviceError, Selector, Sensitive, Settings, StripeReader, Swipe, TrackRead, async_trait,
//! };
//! use countertop_magstripe::stripe_ascii::StripeAscii;
//! use countertop_transport::memory;
//! use tokio::io::{AsyncReadExt, AsyncWriteExt};
//! use tokio::sync::mpsc;
//!
//! #[derive(Default)]
//! struct Reader {
//!     slot: Option<mpsc::Sender<String>>,
//! }
//!
//! #[async_trait]
//! impl Fixture for Reader {
//!     type Function = dyn StripeReader;
//!
//!     async fn open(&mut self, tap: &Tap) -> Result<Box<dyn StripeReader>, DeviceError> {
//!         let (host, device) = memory::pair();
//!         let (slot, mut swipes) = mpsc::channel::<String>(1);
//!         let mut device = tap.wrap(device);
//!         tokio::spawn(async move {
//!             loop {
//!                 tokio::select! {
//!                     Some(line) = swipes.recv() => device.write_all(line.as_bytes()).await?,
//!                     heard = device.read_u8() => drop(heard?),
//!                 }
//!             }
//!             #[allow(unreachable_code)]
//!             Ok::<(), std::io::Error>(())
//!         });
//!         self.slot = Some(slot);
//!         let settings = Settings::new().with("quiet_ms", 5).with("swipe_ms", 50);
//!         let reader = StripeAscii::new(host, Selector::Virtual("reader".into()), &settings)?;
//!         Ok(Box::new(reader))
//!     }
//!
//!     fn silence(&self) -> Duration {
//!         Duration::from_millis(100)
//!     }
//!
//!     fn secrets(&self) -> Vec<Vec<u8>> {
//!         vec![b"6200000000000005".to_vec()]
//!     }
//! }
//!
//! #[async_trait]
//! impl EventFixture for Reader {
//!     type Event = Swipe;
//!
//!     async fn present(&mut self, number: usize) {
//!         let line = format!(";6200000000000005=3012{number:07}?\r");
//!         self.slot.as_ref().unwrap().send(line).await.unwrap();
//!     }
//!
//!     fn expected(&self, number: usize) -> Swipe {
//!         let track = format!("6200000000000005=3012{number:07}");
//!         let track = TrackRead::Good(Sensitive::new(track.into_bytes()));
//!         Swipe { tracks: [TrackRead::Absent, track, TrackRead::Absent] }
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! stripe::run(&mut Reader::default()).await.assert_passed();
//! # }
//! ```

mod common;
pub mod contactless;
mod events;
mod exchange;
mod fixture;
pub mod pin_pad;
pub mod printer;
mod random;
mod report;
pub mod scanner;
pub mod signature;
pub mod stripe;
mod tap;

pub use fixture::{EventFixture, ExchangeFixture, Fixture};
pub use report::{Fault, Report};
pub use tap::Tap;
