use super::UsbDescriptors;

/// Is what a device calls itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsbIdentity {
    /// idVendor.
    pub vendor: u16,
    /// idProduct.
    pub product: u16,
    /// The manufacturer's name.
    pub manufacturer: String,
    /// The product's name.
    pub name: String,
    /// The serial number; many cheap devices have none.
    pub serial_number: Option<String>,
}

impl UsbIdentity {
    /// Creates an identity of the manufacturer "Countertop" without a serial number.
    #[must_use]
    pub fn new(vendor: u16, product: u16, name: &str) -> Self {
        let (manufacturer, name) = ("Countertop".into(), name.into());
        Self { vendor, product, manufacturer, name, serial_number: None }
    }

    /// Returns it with a serial number.
    #[must_use]
    pub fn with_serial_number(mut self, serial_number: &str) -> Self {
        self.serial_number = Some(serial_number.into());
        self
    }

    /// Returns the descriptors of a device with this identity and no interface yet.
    #[must_use]
    pub fn descriptors(&self) -> UsbDescriptors {
        let descriptors = UsbDescriptors::new(self.vendor, self.product)
            .manufacturer(&self.manufacturer)
            .product(&self.name);
        match &self.serial_number {
            Some(text) => descriptors.serial_number(text),
            None => descriptors,
        }
    }
}
