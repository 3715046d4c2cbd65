//! Codecs of payment peripherals and hosts.
//!
//! No module here does I/O, reads a clock or awaits. Each codec works in both directions, so that a
//! driver and its virtual twin share one table. No parser panics, whatever bytes come.

pub mod apdu;
pub mod apdu_log;
pub mod atr;
mod card_data;
pub mod ccid;
#[cfg(feature = "escpos")]
pub mod escpos;
pub mod hid;
pub mod hid_pos;
pub mod iso7813;
#[cfg(feature = "host")]
pub mod iso8583;
pub mod jbig;
#[cfg(feature = "keyboard")]
pub mod keyboard;
pub mod magtek;
pub mod msr605x;
pub mod ndef;
pub mod payment_code;
pub mod pcsc_part10;
pub mod pcsc_part3;
pub mod pen;
#[cfg(feature = "crypto")]
pub mod pin_block;
pub mod pinpad;
pub mod pn532;
pub mod scanner;
pub mod sign_pad;
pub mod stripe;
pub mod t1;
pub mod tlv;
#[cfg(feature = "host")]
pub mod unionpay;
pub mod usb;
pub mod usbip;
pub mod vpcd;
