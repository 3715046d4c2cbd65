//! Scanners that are known to pose as keyboards. Of others, a person says that they are scanners.

use countertop_device::{NodeKind, UsbModel};

pub(super) const MODELS: &[UsbModel] = &[
    UsbModel::new(0x05e0, 0x1200, "Zebra scanner (keyboard)", NodeKind::Evdev),
    UsbModel::new(0x0c2e, 0x0200, "Metrologic MS7120 (keyboard)", NodeKind::Evdev),
    UsbModel::new(0x0c2e, 0x0901, "Honeywell Xenon 1900 (keyboard)", NodeKind::Evdev),
    UsbModel::new(0x0c2e, 0x0b61, "Honeywell Xenon (keyboard)", NodeKind::Evdev),
    UsbModel::new(0x0c2e, 0x1001, "Honeywell Voyager XP 1470g (keyboard)", NodeKind::Evdev),
];
