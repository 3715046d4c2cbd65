//! Function traits, errors, events and identities of payment peripherals.
//!
//! This crate touches no operating system: no files, sockets, clocks or threads. A program that
//! uses one driver sees the types of this crate and nothing else of Countertop.
//!
//! # For users of devices
//!
//! Open a device with a driver crate and use it through one of the function traits:
//! [`StripeReader`], [`ChipReader`], [`ContactlessReader`], [`ReceiptPrinter`], [`CashDrawer`],
//! [`CodeScanner`], [`PinPad`], [`SignaturePad`]. Waiting methods (`next_swipe`, `await_card`, …)
//! are cancel safe, so they can be raced against each other with `select!`.
//!
//! # For authors of drivers
//!
//! Implement [`Driver`], and for what it opens [`Device`] and the function traits. Never answer
//! "unsupported": what not every device can do is a field of a capabilities struct or a trait of
//! its own. Answer errors as [`DeviceError`] with the kind that tells the caller what to do.

mod card;
mod chip;
mod contactless;
mod device;
pub mod document;
mod drawer;
mod driver;
mod error;
mod event;
mod health;
mod identity;
mod model;
mod money;
mod pinpad;
mod power;
mod printer;
mod scanner;
mod secure_pin;
mod selector;
mod sensitive;
mod settings;
mod signature;
mod stripe;

pub use card::{CardProtocol, CardSession, Dialogue};
pub use chip::ChipReader;
pub use contactless::{ContactlessReader, ContactlessTarget, Technology};
pub use device::{Device, DeviceInfo};
pub use drawer::CashDrawer;
pub use driver::{Access, Driver, Functions, ListWatch, Listing};
pub use error::{Attention, DeviceError, DeviceErrorKind};
pub use event::{DeviceEvent, SequencedEvent};
pub use health::{Health, HealthLevel, HealthReport};
pub use identity::Identity;
pub use model::{NodeKind, UsbModel};
pub use money::{Currency, Money, ParseMoneyError};
pub use pinpad::{
    EncryptedPinBlock, KeyUsage, OfflinePinRequest, PinBlockFormat, PinEntry, PinPad,
    PinPadCapabilities, PinRequest, WrappedKey,
};
pub use power::PowerState;
pub use printer::{PrintOutcome, PrinterCapabilities, PrinterStatus, ReceiptPrinter};
pub use scanner::{CodeScanner, Scan, Symbology};
pub use secure_pin::{SecurePinEntry, SecurePinOutcome, SecurePinRequest};
pub use selector::{ParseSelectorError, Selector};
pub use sensitive::Sensitive;
pub use settings::{SettingError, Settings};
pub use signature::{SignatureImage, SignaturePad, SignatureRequest};
pub use stripe::{StripeReader, Swipe, TrackRead};

pub use async_trait::async_trait;
