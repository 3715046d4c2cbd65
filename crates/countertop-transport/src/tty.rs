//! Serial lines of USB adapters and USB modems, by what the kernel shows in `/sys/class/tty`.
//!
//! Which device hangs behind an adapter cannot be seen without sending a byte. So each driver of
//! serial devices lists the adapters that its devices are known to use, and a person says which.

use std::path::Path;

use countertop_device::{
    Access, DeviceError, DeviceInfo, Identity, Listing, NodeKind, Selector, UsbModel,
};

use crate::node;
use crate::sysfs::UsbParent;

/// Holds the adapters that any serial device may hang behind, by the names of the Linux drivers'
/// tables (`drivers/usb/serial`).
pub const ADAPTERS: &[UsbModel] = &[
    UsbModel::new(0x0403, 0x6001, "FTDI FT232R serial adapter", NodeKind::Serial),
    UsbModel::new(0x0403, 0x6015, "FTDI FT-X serial adapter", NodeKind::Serial),
    UsbModel::new(0x067b, 0x2303, "Prolific PL2303 serial adapter", NodeKind::Serial),
    UsbModel::new(0x10c4, 0xea60, "Silicon Labs CP210x serial adapter", NodeKind::Serial),
    UsbModel::new(0x1a86, 0x7523, "WCH CH340 serial adapter", NodeKind::Serial),
];

/// Returns [`ADAPTERS`] and behind them the rows of a driver's own devices; `N` is the number of all.
///
/// # Panics
///
/// While compiling, when `N` is another number.
#[must_use]
pub const fn with_adapters<const N: usize>(own: &[UsbModel]) -> [UsbModel; N] {
    assert!(N == ADAPTERS.len() + own.len(), "N counts the adapters and the own rows");
    let mut rows = [ADAPTERS[0]; N];
    let mut at = 0;
    while at < N {
        rows[at] = if at < ADAPTERS.len() { ADAPTERS[at] } else { own[at - ADAPTERS.len()] };
        at += 1;
    }
    rows
}

/// Is a serial line whose other end is plugged in by USB.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TtyDevice {
    /// Selects this line by its node.
    pub selector: Selector,
    /// The node.
    pub node: String,
    /// The adapter, or the device itself when it is a USB modem (CDC-ACM).
    pub usb: UsbParent,
    /// What stays the same over replug and reboot. It names the interface where the adapter has
    /// several lines.
    pub identity: Identity,
    /// As [`identity`](Self::identity), of the place.
    pub place: Identity,
    /// Whether this process may open it.
    pub access: Access,
}

/// Lists the serial lines that are plugged in by USB.
///
/// # Errors
///
/// When the kernel's list cannot be read.
pub fn list() -> Result<Vec<TtyDevice>, DeviceError> {
    list_in(Path::new("/sys/class/tty"), Path::new("/dev"))
}

/// Lists as [`list`] does, with the kernel's list at `class` and the nodes in the folder `nodes`.
///
/// # Errors
///
/// As [`list`].
pub fn list_in(class: &Path, nodes: &Path) -> Result<Vec<TtyDevice>, DeviceError> {
    let mut found = Vec::new();
    for prefix in ["ttyACM", "ttyUSB"] {
        let entries = node::entries(class, prefix)?;
        found.extend(entries.iter().filter_map(|entry| describe(class, nodes, entry)));
    }
    Ok(found)
}

/// Lists the lines behind the adapters of `models`, for the driver `driver`.
///
/// # Errors
///
/// As [`list`].
pub fn listings(driver: &str, models: &'static [UsbModel]) -> Result<Vec<Listing>, DeviceError> {
    Ok(list()?.into_iter().filter_map(|tty| tty.listing(driver, models)).collect())
}

impl TtyDevice {
    fn listing(self, driver: &str, models: &'static [UsbModel]) -> Option<Listing> {
        let model = UsbModel::find(models, self.usb.vendor, self.usb.product)?;
        let info = DeviceInfo::new(self.selector, driver, model.name)
            .with_identity(Some(self.identity), Some(self.place));
        Some(Listing::new(info, self.access).with_node(self.node))
    }
}

/// Returns `None` for a line without USB, or one that went away while it was being read.
fn describe(class: &Path, nodes: &Path, entry: &str) -> Option<TtyDevice> {
    let usb = UsbParent::of(&class.join(entry).join("device"))?;
    let path = nodes.join(entry);
    let access = node::access(&path, rustix::fs::Access::READ_OK | rustix::fs::Access::WRITE_OK)?;
    let node = path.display().to_string();
    // Interface 0 is the only one of most adapters; CDC-ACM has its control interface there.
    let of_line = |identity: Identity| match usb.interface {
        None | Some(0) => identity,
        Some(number) => Identity(format!("{identity}.{number}")),
    };
    Some(TtyDevice {
        selector: Selector::Serial(node.clone()),
        node,
        identity: of_line(usb.identity()),
        place: of_line(usb.place()),
        access,
        usb,
    })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    fn add(root: &Path, entry: &str, product: &str, interface: &str) {
        let hub = root.join("devices/0000:00:14.0/usb1");
        let usb = hub.join("1-2");
        let port = usb.join(format!("1-2:1.{interface}")).join(entry);
        fs::create_dir_all(&port).unwrap();
        fs::write(hub.join("version"), "2.00\n").unwrap();
        fs::write(usb.join(format!("1-2:1.{interface}/bInterfaceNumber")), interface).unwrap();
        for (file, text) in
            [("idVendor", "0403"), ("idProduct", product), ("busnum", "1"), ("devnum", "5")]
        {
            fs::write(usb.join(file), text).unwrap();
        }
        let class = root.join("class").join(entry);
        fs::create_dir_all(&class).unwrap();
        symlink(&port, class.join("device")).unwrap();
        fs::create_dir_all(root.join("dev")).unwrap();
        fs::write(root.join("dev").join(entry), "").unwrap();
    }

    fn listed(root: &Path) -> Vec<TtyDevice> {
        list_in(&root.join("class"), &root.join("dev")).unwrap()
    }

    #[test]
    fn lines_of_one_adapter_have_identities_of_their_own() {
        let root = tempfile::tempdir().unwrap();
        add(root.path(), "ttyUSB0", "6001", "00");
        add(root.path(), "ttyUSB1", "6001", "01");
        fs::create_dir_all(root.path().join("class/ttyS0")).unwrap();
        fs::create_dir_all(root.path().join("class/ttyACM0")).unwrap();
        let lines = listed(root.path());
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0].identity, lines[0].usb.identity());
        assert_eq!(lines[1].identity.to_string(), format!("{}.1", lines[0].identity));
        assert!(lines[0].node.ends_with("ttyUSB0"));
    }

    #[test]
    fn a_driver_lists_the_adapters_that_it_knows() {
        let root = tempfile::tempdir().unwrap();
        add(root.path(), "ttyUSB0", "6001", "00");
        let line = listed(root.path()).remove(0);
        let listing = line.clone().listing("msr605", ADAPTERS).unwrap();
        assert_eq!(listing.info.model, "FTDI FT232R serial adapter");
        assert_eq!(listing.info.identity, Some(line.identity.clone()));
        assert_eq!(listing.node.as_deref(), Some(line.node.as_str()));
        assert_eq!(line.listing("msr605", &[]), None);
    }

    #[test]
    fn own_rows_follow_the_adapters() {
        const OWN: UsbModel = UsbModel::new(0x05e0, 0x1701, "scanner", NodeKind::Serial);
        const ALL: [UsbModel; ADAPTERS.len() + 1] = with_adapters(&[OWN]);
        assert_eq!(ALL[..ADAPTERS.len()], *ADAPTERS);
        assert_eq!(ALL.last(), Some(&OWN));
    }

    #[test]
    fn this_machine_can_be_listed() {
        list().unwrap();
        listings("msr605", ADAPTERS).unwrap();
    }
}
