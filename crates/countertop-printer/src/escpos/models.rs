//! The receipt printers that are known by vendor and product.

use countertop_device::{NodeKind, UsbModel};

/// Gives each printer two rows: it is reached through libusb, and through the kernel's usblp.
macro_rules! models {
    ($($vendor:literal $product:literal $name:literal,)+) => {
        &[$(
            UsbModel::new($vendor, $product, $name, NodeKind::Usb),
            UsbModel::new($vendor, $product, $name, NodeKind::Usblp),
        )+]
    };
}

/// Printers that speak ESC/POS. A maker's products share numbers, above all at the makers of
/// controllers that are in many brands; the name is that of the best known.
///
/// Star's own models are not here: as delivered they speak Star's language.
pub(super) const MODELS: &[UsbModel] = models! {
    0x0416 0x5011 "58 mm receipt printer (POS-58, ZJ-58)",
    0x0456 0x0808 "58 mm receipt printer (Xprinter XP-58)",
    0x0483 0x5743 "80 mm receipt printer (Xprinter XP-80, POS-80)",
    0x0483 0x5840 "Mobile receipt printer (MPT-II)",
    0x04b8 0x0202 "Epson TM receipt printer",
    0x04b8 0x0e02 "Epson TM-T88V",
    0x04b8 0x0e03 "Epson TM-T20",
    0x04b8 0x0e15 "Epson TM-T20II",
    0x04b8 0x0e20 "Epson TM-m30",
    0x04b8 0x0e27 "Epson TM-T20X",
    0x04b8 0x0e28 "Epson TM-T20III",
    0x0519 0x000b "Star BSC10",
    0x0519 0x001b "Star BSC10II",
    0x0fe6 0x811e "80 mm receipt printer (Xprinter, Rongta)",
    0x1504 0x0006 "Bixolon SRP-350",
    0x1504 0x003d "Bixolon SRP-350plusIII",
    0x1d90 0x2060 "Citizen CT-S",
    0x1fc9 0x2016 "80 mm receipt printer (Xprinter XP-N160)",
    0x20d1 0x7008 "Elgin i9",
    0x28e9 0x0289 "58 mm receipt printer (Xprinter XP-58)",
    0x6868 0x0500 "Gprinter GP-58",
};
