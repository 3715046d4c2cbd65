//! Whether a test took away the devices it brought.

use std::collections::BTreeSet;
use std::time::Duration;

/// Where devices show; the host controllers' own root hubs stay once their module is loaded.
const FOLDERS: &[&str] = &[
    "/sys/bus/usb/devices",
    "/sys/class/hidraw",
    "/sys/class/input",
    "/sys/class/usbmisc",
    "/sys/class/tty",
    "/sys/kernel/config/usb_gadget",
];

/// The devices that are there now.
#[derive(Debug)]
pub(crate) struct Devices(BTreeSet<String>);

impl Devices {
    /// Looks.
    pub(crate) fn now() -> Self {
        let entries = FOLDERS.iter().flat_map(|folder| {
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
            entries.map(move |entry| format!("{folder}/{}", entry.file_name().to_string_lossy()))
        });
        Self(entries.filter(|path| !stays(path)).collect())
    }

    /// Waits until all devices that were not there before have gone; returns those that stay.
    pub(crate) async fn gone_to(&self, limit: Duration) -> Vec<String> {
        let end = tokio::time::Instant::now() + limit;
        loop {
            let left: Vec<_> = Self::now().0.difference(&self.0).cloned().collect();
            if left.is_empty() || tokio::time::Instant::now() >= end {
                return left;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

fn stays(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let root_hub = name.starts_with("usb") || name.contains("-0:");
    root_hub && path.starts_with("/sys/bus/usb")
}

#[cfg(test)]
mod checks {
    use super::stays;

    #[test]
    fn root_hubs_stay_and_devices_do_not() {
        assert!(stays("/sys/bus/usb/devices/usb1"));
        assert!(stays("/sys/bus/usb/devices/1-0:1.0"));
        assert!(!stays("/sys/bus/usb/devices/1-1"));
        assert!(!stays("/sys/bus/usb/devices/1-1:1.0"));
        assert!(!stays("/sys/class/hidraw/hidraw0"));
        assert!(!stays("/sys/class/usbmisc/lp0"));
    }
}
