//! What kind of reader it is.

use countertop_wire::ccid::{Exchange, HEADER_LENGTH};

/// Describes a virtual reader.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CcidConfig {
    /// Vendor (idVendor).
    pub vendor: u16,
    /// Product (idProduct). libccid takes the readers of a list.
    pub product: u16,
    /// The maker, as the reader tells it.
    pub manufacturer: String,
    /// The model, as the reader tells it.
    pub model: String,
    /// Serial number; `None` for a reader that has none, as most have.
    pub serial: Option<String>,
    /// At which level blocks are exchanged. [`Character`](Exchange::Character) is taken as
    /// [`Tpdu`](Exchange::Tpdu).
    pub exchange: Exchange,
    /// Whether it has a key pad, at which a PIN is verified.
    pub key_pad: bool,
}

impl Default for CcidConfig {
    /// Returns a reader as the Gemalto PC Twin, whose plain ways libccid knows: TPDUs, no serial
    /// number.
    fn default() -> Self {
        Self {
            vendor: 0x08e6,
            product: 0x3437,
            manufacturer: "Gemalto".into(),
            model: "USB SmartCard Reader".into(),
            serial: None,
            exchange: Exchange::Tpdu,
            key_pad: false,
        }
    }
}

impl CcidConfig {
    /// Sets the serial number.
    #[must_use]
    pub fn with_serial(mut self, serial: impl Into<String>) -> Self {
        self.serial = Some(serial.into());
        self
    }

    /// Sets the level of exchange.
    #[must_use]
    pub fn with_exchange(mut self, exchange: Exchange) -> Self {
        self.exchange = exchange;
        self
    }

    /// Gives it a key pad.
    #[must_use]
    pub fn with_key_pad(mut self) -> Self {
        self.key_pad = true;
        self
    }

    /// Sets vendor and product.
    #[must_use]
    pub fn with_ids(mut self, vendor: u16, product: u16) -> Self {
        self.vendor = vendor;
        self.product = product;
        self
    }

    /// Returns how many bytes a block may have, without the header.
    pub(super) fn longest_block(&self) -> usize {
        match self.exchange {
            // NAD, PCB, LEN, 254 bytes, LRC; or header, P3, 255 bytes and a rest.
            Exchange::Character | Exchange::Tpdu => 261,
            Exchange::ShortApdu => 261,
            Exchange::ExtendedApdu => 512,
        }
    }

    /// Returns dwMaxCCIDMessageLength.
    pub(super) fn longest_message(&self) -> u32 {
        u32::try_from(self.longest_block() + HEADER_LENGTH).unwrap_or(u32::MAX)
    }
}
