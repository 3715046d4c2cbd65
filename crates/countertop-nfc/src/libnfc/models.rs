//! The models that libnfc knows, so that none has to be asked what it is.

use countertop_device::{NodeKind, UsbModel};
use countertop_transport::tty::{ADAPTERS, with_adapters};

/// The kernel's driver, which takes these before libnfc can (Linux, `drivers/nfc/pn533/usb.c`).
const RIVAL: &str = "pn533_usb";
/// Vendor of the readers that libnfc drives by `acr122_usb`.
const ACS: u16 = 0x072f;

/// The USB readers of libnfc 1.8 (`pn53x_usb.c`, `acr122_usb.c`).
const USB: [UsbModel; 10] = [
    UsbModel::new(0x04cc, 0x0531, "Philips PN531", NodeKind::Usb),
    UsbModel::new(0x04cc, 0x2533, "NXP PN533", NodeKind::Usb).with_rival(RIVAL),
    UsbModel::new(0x04e6, 0x5591, "SCM SCL3711", NodeKind::Usb).with_rival(RIVAL),
    UsbModel::new(0x04e6, 0x5594, "SCM SCL3712", NodeKind::Usb),
    UsbModel::new(0x054c, 0x0193, "Sony PN531", NodeKind::Usb),
    UsbModel::new(0x054c, 0x02e1, "Sony RC-S360", NodeKind::Usb).with_rival(RIVAL),
    UsbModel::new(0x1fd3, 0x0608, "ASK LoGO", NodeKind::Usb),
    UsbModel::new(ACS, 0x2200, "ACS ACR122", NodeKind::Usb).with_rival(RIVAL),
    UsbModel::new(ACS, 0x2214, "ACS ACR1222", NodeKind::Usb),
    UsbModel::new(ACS, 0x90cc, "Touchatag", NodeKind::Usb),
];

const ROWS: [UsbModel; ADAPTERS.len() + USB.len()] = with_adapters(&USB);

/// The serial adapters that a PN532 may hang behind, and the USB readers.
pub(super) const ALL: &[UsbModel] = &ROWS;

/// Returns the name of libnfc's driver for a USB reader; `None` for what is none.
pub(super) fn libnfc_driver(vendor: u16, product: u16) -> Option<&'static str> {
    let model = UsbModel::find(ALL, vendor, product)?;
    match (model.node, vendor) {
        (NodeKind::Usb, ACS) => Some("acr122_usb"),
        (NodeKind::Usb, _) => Some("pn53x_usb"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reader_has_its_driver() {
        assert_eq!(libnfc_driver(0x04e6, 0x5591), Some("pn53x_usb"));
        assert_eq!(libnfc_driver(0x072f, 0x2200), Some("acr122_usb"));
        assert_eq!(libnfc_driver(0x0403, 0x6001), None);
        assert_eq!(libnfc_driver(0x08e6, 0x3437), None);
    }

    #[test]
    fn the_kernels_driver_is_the_rival_of_what_it_takes() {
        let rivals = ALL.iter().filter(|model| model.rival == Some("pn533_usb"));
        assert_eq!(rivals.count(), 4);
    }
}
