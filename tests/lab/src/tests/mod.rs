//! The tests, a file for each area.

pub(crate) mod broken;
pub(crate) mod ccid;
pub(crate) mod doctor;
pub(crate) mod figures;
pub(crate) mod hid_scanner;
pub(crate) mod hid_stripe;
pub(crate) mod hub;
pub(crate) mod mixed;
pub(crate) mod nfc;
pub(crate) mod serial;
pub(crate) mod smoke;
pub(crate) mod suspend;
pub(crate) mod tablet;
pub(crate) mod udev;
pub(crate) mod usb_printer;
pub(crate) mod wedge;
