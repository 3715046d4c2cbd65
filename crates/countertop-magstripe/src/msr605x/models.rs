//! The models that this driver knows.

use countertop_device::{NodeKind, UsbModel};
use countertop_wire::msr605x::{PRODUCT_ID, VENDOR_ID};

/// The reader by vendor and product.
///
/// Both are MagTek's; usb.ids knows an insert reader by them, which the driver `magtek-hid` does not
/// take. It is told apart by the length of its reports when it is opened.
pub const MODELS: &[UsbModel] =
    &[UsbModel::new(VENDOR_ID, PRODUCT_ID, "MSR605X Stripe Reader/Writer", NodeKind::Hidraw)];
