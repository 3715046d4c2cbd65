//! Pen tablets that are known. Of others, a person says that they are for signatures.

use countertop_device::{NodeKind, UsbModel};

pub(super) const MODELS: &[UsbModel] = &[
    UsbModel::new(0x056a, 0x00d4, "Wacom Bamboo Pen", NodeKind::Evdev),
    UsbModel::new(0x056a, 0x0302, "Wacom Intuos PT S", NodeKind::Evdev),
    UsbModel::new(0x056a, 0x030e, "Wacom Intuos Pen S", NodeKind::Evdev),
    UsbModel::new(0x056a, 0x0374, "Wacom Intuos S", NodeKind::Evdev),
    UsbModel::new(0x056a, 0x037a, "One by Wacom S", NodeKind::Evdev),
    UsbModel::new(0x256c, 0x006d, "Huion tablet", NodeKind::Evdev),
    UsbModel::new(0x256c, 0x006e, "Huion tablet", NodeKind::Evdev),
];
