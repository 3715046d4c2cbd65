//! The devices of a terminal, one slot a role.

use countertop_device::{
    CashDrawer, ChipReader, CodeScanner, ContactlessReader, DeviceError, PinPad, ReceiptPrinter,
    SignaturePad, StripeReader,
};

use crate::{DeviceConfig, DevicesConfig, Hub, Registry, Role, Slot, kind};

/// Holds the devices of a terminal. The slots are fields of their own, so that readers can be raced
/// against each other.
#[derive(Debug)]
pub struct Devices {
    /// Contact chip reader.
    pub chip: Slot<Box<dyn ChipReader>>,
    /// Contactless reader.
    pub contactless: Slot<Box<dyn ContactlessReader>>,
    /// PIN pad.
    pub pin_pad: Slot<Box<dyn PinPad>>,
    /// Receipt printer with its drawer.
    pub printer: Slot<Printer>,
    /// Code scanner.
    pub scanner: Slot<Box<dyn CodeScanner>>,
    /// Signature pad.
    pub signature: Slot<Box<dyn SignaturePad>>,
    /// Stripe reader.
    pub stripe: Slot<Box<dyn StripeReader>>,
}

/// Is a receipt printer and the cash drawer behind it, if it drives one.
#[derive(Debug)]
pub struct Printer {
    /// Prints.
    pub printer: Box<dyn ReceiptPrinter>,
    /// Opens the drawer.
    pub drawer: Option<Box<dyn CashDrawer>>,
}

impl Devices {
    /// Creates empty slots.
    #[must_use]
    pub fn none() -> Self {
        Self::empty(&Hub::new(Registry::new(), DevicesConfig::default()))
    }

    fn empty(hub: &Hub) -> Self {
        Self {
            chip: Slot::unassigned(hub, Role::Chip, kind::chip()),
            contactless: Slot::unassigned(hub, Role::Contactless, kind::contactless()),
            pin_pad: Slot::unassigned(hub, Role::PinPad, kind::pin_pad()),
            printer: Slot::unassigned(hub, Role::ReceiptPrinter, kind::printer()),
            scanner: Slot::unassigned(hub, Role::Scanner, kind::scanner()),
            signature: Slot::unassigned(hub, Role::SignaturePad, kind::signature()),
            stripe: Slot::unassigned(hub, Role::Stripe, kind::stripe()),
        }
    }

    /// Assigns the devices of a configuration to their roles, in a hub of their own. Opens none and
    /// performs no I/O.
    #[must_use]
    pub fn from_config(registry: &Registry, config: &DevicesConfig) -> Self {
        Self::of(&Hub::new(registry.clone(), config.clone()))
    }

    pub(crate) fn of(hub: &Hub) -> Self {
        let mut devices = Self::empty(hub);
        for (role, device) in hub.config().iter() {
            devices.assign(hub.registry(), role, device);
        }
        devices
    }

    /// Closes the device of a role when `error` says that it is gone, see [`Slot::note`].
    pub fn note(&mut self, role: Role, error: &DeviceError) {
        match role {
            Role::Chip => self.chip.note(error),
            Role::Contactless => self.contactless.note(error),
            Role::PinPad => self.pin_pad.note(error),
            Role::ReceiptPrinter => self.printer.note(error),
            Role::Scanner => self.scanner.note(error),
            Role::SignaturePad => self.signature.note(error),
            Role::Stripe => self.stripe.note(error),
        }
    }

    /// Waits until another program asks for one of the open devices, and lets it go. A terminal awaits
    /// this while it is idle; at work it does not, and who asks is told that the device is kept. The
    /// next use opens the device again, once it is free.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: no request is lost.
    pub async fn lend(&mut self) -> Role {
        macro_rules! first_asked {
            ($($slot:ident),+) => {
                tokio::select! {
                    $( request = self.$slot.release_requested() => {
                        self.$slot.release_to(request).await;
                        self.$slot.role()
                    } )+
                }
            };
        }
        first_asked!(chip, contactless, pin_pad, printer, scanner, signature, stripe)
    }

    fn assign(&mut self, registry: &Registry, role: Role, config: &DeviceConfig) {
        let driver = registry.driver(config);
        match role {
            Role::Chip => self.chip.assign(driver, config),
            Role::Contactless => self.contactless.assign(driver, config),
            Role::PinPad => self.pin_pad.assign(driver, config),
            Role::ReceiptPrinter => self.printer.assign(driver, config),
            Role::Scanner => self.scanner.assign(driver, config),
            Role::SignaturePad => self.signature.assign(driver, config),
            Role::Stripe => self.stripe.assign(driver, config),
        }
    }
}
