//! What a gadget says of itself.

/// Holds what a gadget says of itself in its descriptors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GadgetConfig {
    pub(super) vendor: u16,
    pub(super) product_id: u16,
    pub(super) manufacturer: String,
    pub(super) product: String,
    pub(super) serial_number: String,
}

impl GadgetConfig {
    /// Creates the words of a device without words.
    #[must_use]
    pub fn new(vendor: u16, product_id: u16) -> Self {
        let nothing = String::new;
        Self {
            vendor,
            product_id,
            manufacturer: nothing(),
            product: nothing(),
            serial_number: nothing(),
        }
    }

    /// Names the maker (iManufacturer).
    #[must_use]
    pub fn manufacturer(mut self, manufacturer: &str) -> Self {
        manufacturer.clone_into(&mut self.manufacturer);
        self
    }

    /// Names the product (iProduct).
    #[must_use]
    pub fn product(mut self, product: &str) -> Self {
        product.clone_into(&mut self.product);
        self
    }

    /// Gives it a serial number (iSerialNumber).
    #[must_use]
    pub fn serial_number(mut self, serial_number: &str) -> Self {
        serial_number.clone_into(&mut self.serial_number);
        self
    }
}
