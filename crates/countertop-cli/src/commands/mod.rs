//! The commands, one file each.

pub(crate) mod devices;
pub(crate) mod doctor;
pub(crate) mod host;
mod on_usb;
pub(crate) mod preview;
pub(crate) mod print;
pub(crate) mod run;
pub(crate) mod self_test;
pub(crate) mod shift;
pub(crate) mod udev_rules;
pub(crate) mod virtual_devices;
