//! Drivers for chip card readers and contactless readers over PC/SC.
//!
//! ```no_run
//! use countertop_chip::PcscDriver;
//! use countertop_device::{Driver, Settings};
//!
//! # async fn read() -> Result<(), Box<dyn std::error::Error>> {
//! let driver = PcscDriver::new();
//! let functions = driver.open(&"pcsc:Virtual PCD".parse()?, &Settings::new()).await?;
//! let mut chip = functions.chip.ok_or("no chip reader")?;
//! chip.await_card().await?;
//! let mut session = chip.connect().await?;
//! let answer = session.transmit(&[0x00, 0xA4, 0x04, 0x00, 0x00]).await?;
//! println!("the card answered {} bytes", answer.len());
//! session.close().await?;
//! # Ok(())
//! # }
//! ```

mod pcsc;

pub use pcsc::{
    PcscContactlessDriver, PcscContactlessReader, PcscDriver, PcscMonitor, PcscReader, PcscSession,
    ReaderEvent, ReaderInterface, Reset,
};
