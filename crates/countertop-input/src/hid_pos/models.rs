//! Scanners that are known to have a HID POS mode. Others are known by their report descriptor.

use countertop_device::{NodeKind, UsbModel};

pub(super) const MODELS: &[UsbModel] = &[
    UsbModel::new(0x067e, 0x0809, "Intermec SG20 (HID POS)", NodeKind::Hidraw),
    UsbModel::new(0x1eab, 0x0110, "Newland 2DScan (HID POS)", NodeKind::Hidraw),
    UsbModel::new(0x1eab, 0x0210, "Newland EM2027 (HID POS)", NodeKind::Hidraw),
    UsbModel::new(0x1eab, 0x0d10, "Newland FM420 (HID POS)", NodeKind::Hidraw),
];
