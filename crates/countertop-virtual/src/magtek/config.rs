use core::time::Duration;
use std::sync::{Arc, Mutex};

use countertop_wire::magtek::{
    CardLayout, LayoutError, VENDOR_ID, magnesafe_descriptor, swipe_reader_descriptor,
};

use super::MagtekControl;
use super::reader::{Reader, State};
use crate::hid::{HidDescriptors, HidDevice};

/// Names a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MagtekModel {
    /// USB HID Swipe Reader, 0801:0002.
    SwipeReader,
    /// MagneSafe V5 swipe reader, 0801:0011.
    MagneSafe,
}

/// Says what kind of reader it is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MagtekConfig {
    /// The model.
    pub model: MagtekModel,
    /// The report descriptor: the model's own unless it is changed.
    pub report_descriptor: Vec<u8>,
    /// Part number and version of the firmware, eleven characters.
    pub software_id: String,
    /// The serial number, at most 15 characters.
    pub serial_number: String,
    /// Whether the head encrypts, as a MagneSafe at security level 3 does.
    pub encrypts: bool,
    /// How long a swipe waits to be fetched.
    pub host_poll_timeout: Duration,
}

impl MagtekConfig {
    /// Creates a USB HID Swipe Reader.
    #[must_use]
    pub fn swipe_reader() -> Self {
        Self::new(MagtekModel::SwipeReader, swipe_reader_descriptor(), "21042812D01")
    }

    /// Creates a MagneSafe V5 reader whose head does not encrypt yet.
    #[must_use]
    pub fn magnesafe() -> Self {
        Self::new(MagtekModel::MagneSafe, magnesafe_descriptor(), "21042840C02")
    }

    fn new(model: MagtekModel, report_descriptor: Vec<u8>, software_id: &str) -> Self {
        Self {
            model,
            report_descriptor,
            software_id: software_id.into(),
            serial_number: "B012345".into(),
            encrypts: false,
            // D99875191, section 4, "Host poll timeout property".
            host_poll_timeout: Duration::from_secs(2),
        }
    }

    /// Lets the head encrypt.
    #[must_use]
    pub fn encrypting(mut self) -> Self {
        self.encrypts = true;
        self
    }

    /// Sets the serial number.
    #[must_use]
    pub fn serial_number(mut self, serial: &str) -> Self {
        self.serial_number = serial.into();
        self
    }

    /// Makes the reader, not plugged in, and the hand that swipes cards through it.
    ///
    /// # Errors
    ///
    /// When the report descriptor was changed into one that is no stripe reader's.
    pub fn build(self) -> Result<(HidDevice, MagtekControl), LayoutError> {
        let layout = CardLayout::of(&self.report_descriptor)?;
        let (product, name) = match self.model {
            MagtekModel::SwipeReader => (0x0002, "USB Swipe Reader"),
            MagtekModel::MagneSafe => (0x0011, "USB MagneSafe Swipe Reader"),
        };
        let descriptors = HidDescriptors::new(VENDOR_ID, product, self.report_descriptor.clone())
            .names("Mag-Tek", name)
            .serial_number(&self.serial_number);
        let state = Arc::new(Mutex::new(State::new(self, layout)));
        let (device, input) = HidDevice::new(descriptors, Reader::new(Arc::clone(&state)))?;
        Ok((device, MagtekControl::new(state, input)))
    }
}
