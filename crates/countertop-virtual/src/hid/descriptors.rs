use core::time::Duration;

/// Is all that a HID device says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HidDescriptors {
    /// Vendor (idVendor).
    pub vendor: u16,
    /// Product (idProduct).
    pub product: u16,
    /// Release (bcdDevice).
    pub release: u16,
    /// The maker's name.
    pub manufacturer: String,
    /// The product's name.
    pub name: String,
    /// The serial number; without it the device has none.
    pub serial_number: Option<String>,
    /// The report descriptor.
    pub report_descriptor: Vec<u8>,
    /// The time between two input reports.
    pub interval: Duration,
    /// The protocol that a BIOS understands, if it has one.
    pub boot: BootProtocol,
}

/// Is a boot protocol, with the number of USB's interface descriptor (HID 1.11, section 4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum BootProtocol {
    /// None.
    #[default]
    None = 0,
    /// That of keyboards.
    Keyboard = 1,
}

impl HidDescriptors {
    /// Creates a device without names and serial number that sends a report every 10 ms at most.
    #[must_use]
    pub fn new(vendor: u16, product: u16, report_descriptor: Vec<u8>) -> Self {
        Self {
            vendor,
            product,
            release: 0x0100,
            manufacturer: String::new(),
            name: String::new(),
            serial_number: None,
            report_descriptor,
            interval: Duration::from_millis(10),
            boot: BootProtocol::None,
        }
    }

    /// Sets the names of maker and product.
    #[must_use]
    pub fn names(mut self, manufacturer: &str, name: &str) -> Self {
        (self.manufacturer, self.name) = (manufacturer.into(), name.into());
        self
    }

    /// Sets the serial number.
    #[must_use]
    pub fn serial_number(mut self, serial: &str) -> Self {
        self.serial_number = Some(serial.into());
        self
    }

    /// Sets the time between two input reports.
    #[must_use]
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// Sets the boot protocol.
    #[must_use]
    pub fn boot(mut self, protocol: BootProtocol) -> Self {
        self.boot = protocol;
        self
    }
}
