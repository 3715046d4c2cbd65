//! What the doctor looks at.

use std::path::Path;

use countertop_device::{Listing, NodeKind, Selector, UsbModel};
use countertop_hub::{DeviceConfig, DevicesConfig, Role};
use countertop_transport::sysfs::UsbParent;

use super::heads::Asked;
use crate::system::{System, User};

/// Holds the computer, what is attached to it, and what it is meant for.
pub(super) struct Scene<'s> {
    pub(super) system: &'s System,
    /// The rows of all drivers' tables.
    pub(super) models: Vec<(&'static str, &'static UsbModel)>,
    /// What the drivers list.
    pub(super) listings: Vec<Listing>,
    /// The USB devices that are plugged in.
    pub(super) usb: Vec<UsbParent>,
    /// The configuration and its file.
    pub(super) config: Option<(&'s Path, &'s DevicesConfig)>,
    /// The stripe readers that were asked whether they encrypt.
    pub(super) asked: Vec<Asked>,
    /// The user who is to open the devices.
    pub(super) user: Option<User>,
}

/// Is a device that the configuration names.
pub(super) struct Configured<'s> {
    pub(super) role: Role,
    pub(super) config: &'s DeviceConfig,
    /// Its address, where it is known or attached.
    pub(super) selector: Option<&'s Selector>,
    /// What its driver lists of it.
    pub(super) listing: Option<&'s Listing>,
}

impl<'s> Scene<'s> {
    /// Lists the devices of the configuration.
    pub(super) fn configured(&'s self) -> impl Iterator<Item = Configured<'s>> {
        let devices = self.config.into_iter().flat_map(|(_, devices)| devices.iter());
        devices.map(|(role, config)| {
            let listing = self.listing_of(config);
            let selector = listing.map(|it| &it.info.selector).or(config.at.as_ref());
            Configured { role, config, selector, listing }
        })
    }

    /// Tells whether the configuration has a device of this driver.
    pub(super) fn uses_driver(&self, name: &str) -> bool {
        self.configured().any(|device| device.config.driver == name)
    }

    fn listing_of(&self, config: &DeviceConfig) -> Option<&Listing> {
        let is = |listing: &&Listing| match (&config.identity, &config.at) {
            (Some(wanted), _) => {
                [&listing.info.identity, &listing.info.place].contains(&&Some(wanted.clone()))
            }
            (None, at) => at.as_ref() == Some(&listing.info.selector),
        };
        self.listings.iter().filter(|it| it.info.driver == config.driver).find(is)
    }

    /// Lists the USB devices that some driver knows, with the drivers' rows.
    pub(super) fn known_usb(&self) -> impl Iterator<Item = (&UsbParent, &'static UsbModel)> {
        self.usb.iter().flat_map(|device| {
            let known = self.models.iter().map(|(_, model)| *model);
            let known =
                known.filter(|it| (it.vendor, it.product) == (device.vendor, device.product));
            known.map(move |model| (device, model))
        })
    }

    /// Lists the serial lines of USB adapters by their kernel names, such as `ttyUSB0`.
    pub(super) fn serial_lines(&self) -> Vec<(String, UsbParent)> {
        let names = self.system.entries("/sys/class/tty").into_iter();
        let names = names.filter(|name| name.starts_with("ttyUSB") || name.starts_with("ttyACM"));
        names
            .filter_map(|name| {
                let device = self.system.path(format!("/sys/class/tty/{name}/device"));
                Some((name, UsbParent::of(&device)?))
            })
            .collect()
    }

    /// Tells whether some driver knows a model at a kind of node.
    pub(super) fn knows(&self, device: &UsbParent, node: NodeKind) -> bool {
        self.models.iter().any(|(_, model)| {
            model.node == node && (model.vendor, model.product) == (device.vendor, device.product)
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Looks at a made-up computer with a few models.
    pub(in super::super) fn scene(system: &System) -> Scene<'_> {
        const ADAPTER: UsbModel = UsbModel::new(0x0403, 0x6001, "FTDI FT232R", NodeKind::Serial);
        const NFC: UsbModel =
            UsbModel::new(0x04e6, 0x5591, "SCM SCL3711", NodeKind::Usb).with_rival("pn533_usb");
        const STRIPE: UsbModel = UsbModel::new(0x0801, 0x0002, "MagTek", NodeKind::Hidraw);
        Scene {
            system,
            models: vec![("msr605", &ADAPTER), ("libnfc", &NFC), ("magtek", &STRIPE)],
            listings: Vec::new(),
            usb: system.usb_devices(),
            config: None,
            asked: Vec::new(),
            user: None,
        }
    }

    /// Returns a configuration with one device at an address.
    pub(in super::super) fn one(role: Role, driver: &str, at: &str) -> DevicesConfig {
        let device = DeviceConfig::new(driver, at.parse().unwrap());
        DevicesConfig::default().with(role, device)
    }
}
