//! The drivers that the features chose.

use countertop_hub::Registry;

/// Returns a registry with every driver of the features that are on.
#[must_use]
pub fn registry() -> Registry {
    let registry = Registry::new();
    #[cfg(feature = "magstripe")]
    let registry = registry
        .with(countertop_magstripe::magtek::MagtekHidDriver)
        .with(countertop_magstripe::msr605::Msr605Driver)
        .with(countertop_magstripe::msr605x::Msr605xDriver)
        .with(countertop_magstripe::stripe_ascii::StripeAsciiDriver)
        .with(countertop_magstripe::wedge::WedgeStripeDriver);
    #[cfg(feature = "printer")]
    let registry = registry.with(countertop_printer::EscPosDriver);
    #[cfg(feature = "input")]
    let registry = registry
        .with(countertop_input::hid_pos::HidPosScannerDriver)
        .with(countertop_input::scanner::SerialScannerDriver)
        .with(countertop_input::tablet::TabletSignpadDriver)
        .with(countertop_input::wedge::WedgeScannerDriver)
        .with(countertop_input::pinpad::VisaPinPadDriver)
        .with(countertop_input::signature::UnionpaySignpadDriver);
    #[cfg(feature = "chip")]
    let registry =
        registry.with(countertop_chip::PcscDriver).with(countertop_chip::PcscContactlessDriver);
    #[cfg(feature = "nfc")]
    let registry = registry.with(countertop_nfc::LibnfcDriver).with(countertop_nfc::Pn532Driver);
    registry
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_are_unique() {
        let registry = super::registry();
        let mut names: Vec<_> = registry.names().collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
