//! A virtual chip card reader on USB (CCID revision 1.1), with one slot.
//!
//! It is meant to be opened by other people's stacks: pcscd with libccid. It exchanges TPDUs, where
//! the host makes the blocks of T=1 and the commands of T=0, or APDUs, as configured; it asks for
//! more time while a card thinks, tells of cards that come and go, and can be unplugged at any
//! moment. One with a key pad verifies the PIN that is typed at it. The card is any [`VirtualCard`](crate::card::VirtualCard).
//!
//! ```no_run
//! use countertop_virtual::card::{CardProfile, PaymentCard};
//! use countertop_virtual::ccid::{CcidConfig, VirtualCcidReader};
//!
//! # async fn plug() -> Result<(), Box<dyn std::error::Error>> {
//! let (device, reader, control) = VirtualCcidReader::new(CcidConfig::default())?;
//! tokio::spawn(reader.serve());
//! let plugged = device.plug().await?; // pcscd finds it now
//! control.insert(PaymentCard::new(CardProfile::unionpay_debit()))?;
//! # drop(plugged);
//! # Ok(())
//! # }
//! ```

mod abort;
mod atr;
mod commands;
mod config;
mod control;
mod function_card;
mod key_pad;
mod link;
mod serve;
mod shared;
#[cfg(test)]
mod tests;
mod transfer;
mod usb;

use std::io;
use std::sync::Arc;

use crate::usb::UsbDevice;

pub use config::CcidConfig;
pub use control::{CcidControl, CcidFault, Occupied};
pub use function_card::FunctionCard;

use serve::Slots;
use shared::Shared;

/// Is the inside of a virtual reader, which answers the host for as long as it is served.
#[derive(Debug)]
pub struct VirtualCcidReader {
    slots: Slots,
}

impl VirtualCcidReader {
    /// Creates a reader without a card: its USB device, which can be plugged and unplugged, its
    /// inside, and the hand that inserts cards.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](io::ErrorKind::InvalidInput) when a text of the configuration is too long
    /// for a descriptor.
    pub fn new(config: CcidConfig) -> io::Result<(UsbDevice, Self, CcidControl)> {
        let shared = Arc::new(Shared::new(&config));
        let mut device = usb::device(&config, Arc::clone(&shared))?;
        let slots = Slots::new(&mut device, Arc::clone(&shared))?;
        Ok((device, Self { slots }, CcidControl::new(shared)))
    }

    /// Answers the host, over any number of unpluggings. It never ends by itself.
    ///
    /// # Cancel safety
    ///
    /// Dropping it makes the reader one that hangs.
    pub async fn serve(self) {
        self.slots.serve().await;
    }
}
