//! A virtual MSR605X: the [virtual MSR605](crate::stripe) behind HID reports.
//!
//! [`build`] makes a [`HidDevice`], to be plugged in over uhid or as a USB device, and the hand that
//! swipes cards.

mod bridge;

use countertop_wire::hid::DescriptorError;
use countertop_wire::msr605x::{PRODUCT_ID, VENDOR_ID, report_descriptor};
use tokio::sync::mpsc;

use crate::hid::{HidDescriptors, HidDevice};
use crate::stripe::{StripeConfig, StripeControl, VirtualStripe};

use bridge::{Reader, bridge};

/// Bytes that the reader's two halves can be ahead of each other.
const CAPACITY: usize = 4096;

/// Makes a reader, not plugged in and without a serial number as the real ones, and the hand that
/// swipes cards through it. It runs until the device is dropped.
///
/// # Errors
///
/// None in practice: the report descriptor is the reader's own.
///
/// # Panics
///
/// Outside a tokio runtime.
pub fn build(config: StripeConfig) -> Result<(HidDevice, StripeControl), DescriptorError> {
    let descriptors = HidDescriptors::new(VENDOR_ID, PRODUCT_ID, report_descriptor());
    let (sender, commands) = mpsc::unbounded_channel();
    let (device, input) = HidDevice::new(descriptors, Reader::new(sender))?;
    let (stripe, control) = VirtualStripe::new(config);
    let (near, far) = tokio::io::duplex(CAPACITY);
    tokio::spawn(stripe.serve(far));
    tokio::spawn(bridge(commands, near, input));
    Ok((device, control))
}

#[cfg(test)]
mod tests;
