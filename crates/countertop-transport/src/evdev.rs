//! The seam for input devices: keys through the kernel's evdev and the crate evdev, for scanners and
//! stripe readers that pose as keyboards.
//!
//! Listing reads what the kernel shows in `/sys/class/input`; not a byte goes to a device.

use core::fmt;
use std::fs;
use std::path::Path;

use countertop_device::{Access, DeviceError, Identity, Selector};
use evdev::{Device, EventStream, EventSummary};

use crate::node;

/// Is an input device that is attached.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EvdevDevice {
    /// Selects this device by its node.
    pub selector: Selector,
    /// What it calls itself.
    pub name: String,
    /// Vendor, as of USB or Bluetooth.
    pub vendor: u16,
    /// Product.
    pub product: u16,
    /// Its serial number, else its place in the topology.
    pub identity: Option<Identity>,
    /// Whether it has keys or buttons.
    pub has_keys: bool,
    /// Whether this process may read its events.
    pub access: Access,
}

/// Lists the input devices that are attached.
///
/// # Errors
///
/// When the kernel's list cannot be read.
pub fn list() -> Result<Vec<EvdevDevice>, DeviceError> {
    list_in(Path::new("/sys/class/input"), Path::new("/dev/input"))
}

/// As [`list`], with the kernel's list at `class` and the nodes in the folder `nodes`.
///
/// # Errors
///
/// As [`list`].
pub fn list_in(class: &Path, nodes: &Path) -> Result<Vec<EvdevDevice>, DeviceError> {
    let entries = node::entries(class, "event")?;
    Ok(entries.iter().filter_map(|entry| describe(class, nodes, entry)).collect())
}

/// Returns `None` for a device that went away while it was being read.
fn describe(class: &Path, nodes: &Path, entry: &str) -> Option<EvdevDevice> {
    let device = class.join(entry).join("device");
    let read = |file| {
        let text = fs::read_to_string(device.join(file)).ok()?;
        Some(text.trim_end().to_owned())
    };
    let number = |file| u16::from_str_radix(&read(file)?, 16).ok();
    let some = |file| read(file).filter(|text| !text.is_empty());
    let node = nodes.join(entry);
    Some(EvdevDevice {
        access: node::access(&node, rustix::fs::Access::READ_OK)?,
        selector: Selector::Evdev(node.display().to_string()),
        name: read("name")?,
        vendor: number("id/vendor")?,
        product: number("id/product")?,
        identity: some("uniq").or_else(|| some("phys")).map(Identity),
        has_keys: has_keys(&read("capabilities/ev")?),
    })
}

/// Looks for EV_KEY in a bit map of event types: words in hexadecimal, the lowest last.
fn has_keys(types: &str) -> bool {
    let lowest = types.rsplit(' ').next().and_then(|word| u64::from_str_radix(word, 16).ok());
    lowest.is_some_and(|word| word & 1 << evdev::EventType::KEY.0 != 0)
}

/// Is what happened to a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyAction {
    /// It was let go.
    Released,
    /// It was pressed.
    Pressed,
    /// It is held and repeats.
    Repeated,
}

/// Is an event of a key. Its `Debug` does not name the key: what devices type are card and payment
/// codes.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Key {
    /// The key, as of `linux/input-event-codes.h`: 2 is the key `1`.
    pub code: u16,
    /// What happened to it.
    pub action: KeyAction,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({:?})", self.action)
    }
}

/// Is the stream of an input device's keys, which no other program sees meanwhile.
pub struct KeyStream {
    events: EventStream,
    device: String,
}

/// Opens an input device by its node and grabs it (EVIOCGRAB), so that what it types goes to no
/// other program. It is released on drop.
///
/// # Errors
///
/// [`Busy`](countertop_device::DeviceErrorKind::Busy) when another program has grabbed it,
/// [`NotFound`](countertop_device::DeviceErrorKind::NotFound) and
/// [`PermissionDenied`](countertop_device::DeviceErrorKind::PermissionDenied) as they say.
///
/// # Panics
///
/// Outside a tokio runtime with I/O.
pub fn open(path: &str) -> Result<KeyStream, DeviceError> {
    let device = format!("evdev:{path}");
    let events = Device::open(path).and_then(|mut device| {
        device.grab()?;
        device.into_event_stream()
    });
    match events {
        Ok(events) => Ok(KeyStream { events, device }),
        Err(error) => Err(node::io_error(error, &device, "open")),
    }
}

impl KeyStream {
    /// Waits for the next event of a key; events of other kinds are passed over.
    ///
    /// # Errors
    ///
    /// [`Disconnected`](countertop_device::DeviceErrorKind::Disconnected) when the device is gone.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: no event is lost.
    pub async fn next_key(&mut self) -> Result<Key, DeviceError> {
        loop {
            let event = self.events.next_event().await;
            let event =
                event.map_err(|error| node::io_error(error, &self.device, "wait for a key"))?;
            if let Some(key) = key_of(event.destructure()) {
                return Ok(key);
            }
        }
    }
}

impl fmt::Debug for KeyStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyStream({})", self.device)
    }
}

fn key_of(event: EventSummary) -> Option<Key> {
    let EventSummary::Key(_, code, value) = event else { return None };
    let action = match value {
        0 => KeyAction::Released,
        1 => KeyAction::Pressed,
        2 => KeyAction::Repeated,
        _ => return None,
    };
    Some(Key { code: code.code(), action })
}

#[cfg(test)]
mod tests;
