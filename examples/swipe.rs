//! Reads one card from an MSR605 stripe reader, and shows of it what may be shown.
//!
//! With a virtual reader; press enter there to swipe:
//!
//! ```sh
//! countertop virtual magstripe --link /tmp/magstripe
//! cargo run --example swipe -- serial:/tmp/magstripe
//! ```

use std::error::Error;

use countertop_device::{Selector, Settings, StripeReader as _};
use countertop_magstripe::msr605::Msr605;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let selector = std::env::args().nth(1).ok_or("usage: swipe serial:/dev/ttyUSB0")?;
    let selector: Selector = selector.parse()?;
    let mut reader = Msr605::open(&selector, &Settings::new()).await?;
    println!("swipe a card");
    let swipe = reader.next_swipe().await?;
    for number in 1..=3 {
        match swipe.track(number) {
            Some(track) => println!("track {number}: {} characters", track.len()),
            None => println!("track {number}: not read"),
        }
    }
    Ok(())
}
