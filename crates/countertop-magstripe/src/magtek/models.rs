//! The models that this driver knows.

use countertop_device::{NodeKind, UsbModel};
use countertop_wire::magtek::{CardLayout, VENDOR_ID};

/// The readers by vendor and product (D99875191, section 4; 99875475, section 2).
///
/// Product 0x0001 is any of them in keyboard emulation, which is another driver's, and 0x0013 reads
/// cards that are inserted.
pub const MODELS: &[UsbModel] = &[
    UsbModel::new(VENDOR_ID, 0x0002, "MagTek USB HID Swipe Reader", NodeKind::Hidraw),
    UsbModel::new(VENDOR_ID, 0x0011, "MagTek MagneSafe V5 Swipe Reader", NodeKind::Hidraw),
    UsbModel::new(VENDOR_ID, 0x0014, "MagTek MagneSafe V5 Wireless Reader", NodeKind::Hidraw),
];

/// Names the family by the layout of its reports.
pub(super) fn family(layout: &CardLayout) -> &'static str {
    if layout.is_magnesafe() { "MagTek MagneSafe" } else { "MagTek HID Swipe Reader" }
}
