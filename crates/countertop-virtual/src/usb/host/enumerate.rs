use countertop_wire::usb::descriptor::{
    self, CONFIGURATION, DEVICE, ENGLISH_UNITED_STATES, STRING,
};
use countertop_wire::usb::request::{GET_DESCRIPTOR, SET_CONFIGURATION};
use countertop_wire::usb::{
    Configuration, ConfigurationDescriptor, DeviceDescriptor, SetupPacket, UsbError,
};
use tokio::io::{AsyncRead, AsyncWrite};

use super::{TransferError, UsbHost};

/// Is what a host learns of a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enumerated {
    /// The device.
    pub device: DeviceDescriptor,
    /// Its configuration, which is in use now.
    pub configuration: Configuration,
    /// The manufacturer's name.
    pub manufacturer: Option<String>,
    /// The product's name.
    pub product: Option<String>,
    /// The serial number.
    pub serial_number: Option<String>,
}

/// Says why a device cannot be enumerated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EnumerateError {
    /// A request failed.
    #[error(transparent)]
    Transfer(#[from] TransferError),
    /// A descriptor is none.
    #[error(transparent)]
    Descriptor(#[from] UsbError),
}

impl<L> UsbHost<L>
where
    L: AsyncRead + AsyncWrite + Unpin,
{
    /// Reads the device's descriptors and takes its configuration into use, in the order in which
    /// Linux does.
    ///
    /// # Errors
    ///
    /// When a request fails or a descriptor is none.
    pub async fn enumerate(&mut self) -> Result<Enumerated, EnumerateError> {
        let device = DeviceDescriptor::parse(&self.descriptor(DEVICE, 0, 0, 18).await?)?;
        let header = self.descriptor(CONFIGURATION, 0, 0, 9).await?;
        let length = ConfigurationDescriptor::parse(&header)?.total_length;
        let whole = self.descriptor(CONFIGURATION, 0, 0, length).await?;
        let configuration = Configuration::parse(&whole)?;
        let manufacturer = self.string(device.manufacturer).await?;
        let product = self.string(device.product_string).await?;
        let serial_number = self.string(device.serial_number).await?;
        let value = configuration.value.into();
        self.control(SetupPacket::new(0x00, SET_CONFIGURATION, value, 0, 0), &[]).await?;
        Ok(Enumerated { device, configuration, manufacturer, product, serial_number })
    }

    /// Reads a descriptor (GET_DESCRIPTOR).
    ///
    /// # Errors
    ///
    /// [`Stall`](TransferError::Stall) when the device has none such.
    pub async fn descriptor(
        &mut self,
        kind: u8,
        index: u8,
        language: u16,
        length: u16,
    ) -> Result<Vec<u8>, TransferError> {
        let value = u16::from_be_bytes([kind, index]);
        self.control(SetupPacket::new(0x80, GET_DESCRIPTOR, value, language, length), &[]).await
    }

    async fn string(&mut self, index: u8) -> Result<Option<String>, EnumerateError> {
        if index == 0 {
            return Ok(None);
        }
        let bytes = self.descriptor(STRING, index, ENGLISH_UNITED_STATES, 255).await?;
        Ok(Some(descriptor::parse_string(&bytes)?))
    }
}
