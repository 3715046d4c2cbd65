//! Which USB device a reader is, without a byte to reader or card.

use core::time::Duration;
use std::collections::BTreeMap;
use std::ffi::{CStr, CString};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use countertop_device::{DeviceInfo, Identity};
use countertop_transport::sysfs::UsbParent;
use pcsc::{
    Attribute, Card, Context, Disposition, Error, Protocols, ReaderState, ShareMode, State,
};

/// Where the kernel lists USB devices.
const USB_DEVICES: &str = "/sys/bus/usb/devices";
/// bInterfaceClass of smart card readers (CCID 1.1, clause 4.4).
const SMART_CARD: &str = "0b";
/// DDDD of SCARD_ATTR_CHANNEL_ID for USB (PC/SC part 3, clause 3.1.6); the low word is the driver's:
/// libccid puts bus and device there.
const USB_CHANNEL: u32 = 0x0020;

/// How long pcscd may take to set readers up that were just plugged in.
const READY: Duration = Duration::from_secs(3);

/// Remembers readers by name, because one that somebody holds exclusively is not asked. What is
/// remembered holds as long as the device is there.
static KNOWN: Mutex<BTreeMap<String, (u8, u8)>> = Mutex::new(BTreeMap::new());

/// Is where a reader is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Place {
    /// On USB.
    Usb(UsbParent),
    /// Not on USB: the name is all there is.
    Elsewhere,
    /// Nobody can say: somebody else holds the reader.
    #[default]
    Hidden,
}

impl Place {
    /// Returns the reader's identity.
    pub(super) fn identity(&self, name: &str) -> Option<Identity> {
        match self {
            Self::Usb(device) => Some(device.identity()),
            Self::Elsewhere => Some(Identity::from_name(name)),
            Self::Hidden => None,
        }
    }

    /// Tells whether the reader on USB is still the one that was located; others are not watched.
    pub(super) fn is_attached(&self) -> bool {
        let Self::Usb(device) = self else { return true };
        UsbParent::of(&device.path).is_some_and(|now| now.node() == device.node())
    }

    /// Returns the reader's node, when it is on USB.
    pub(super) fn node(&self) -> Option<String> {
        match self {
            Self::Usb(device) => Some(device.node()),
            Self::Elsewhere | Self::Hidden => None,
        }
    }

    /// Adds to `info` who the reader is.
    pub(super) fn describe(&self, info: DeviceInfo, name: &str) -> DeviceInfo {
        let place = match self {
            Self::Usb(device) => Some(device.place()),
            Self::Elsewhere | Self::Hidden => None,
        };
        info.with_identity(self.identity(name), place)
    }
}

/// Finds out where each of the readers is.
pub(super) fn locate(context: &Context, names: &[String]) -> Vec<Place> {
    let devices = UsbParent::list_in(Path::new(USB_DEVICES));
    let end = Instant::now() + READY;
    let mut places: Vec<Place> =
        names.iter().map(|name| one(context, name, &devices, end)).collect();
    guess(names, &mut places, &devices);
    places
}

fn one(context: &Context, name: &str, devices: &[UsbParent], end: Instant) -> Place {
    if let Some(device) = remembered(name).and_then(|at| find(devices, at)) {
        return Place::Usb(device);
    }
    match channel(context, name, end) {
        Ok(Some(at)) => match find(devices, at) {
            Some(device) => {
                KNOWN.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), at);
                Place::Usb(device)
            }
            None => Place::Hidden,
        },
        Ok(None) => Place::Elsewhere,
        Err(_held_or_gone) => Place::Hidden,
    }
}

fn remembered(name: &str) -> Option<(u8, u8)> {
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner).get(name).copied()
}

fn find(devices: &[UsbParent], (bus, device): (u8, u8)) -> Option<UsbParent> {
    devices.iter().find(|it| (it.bus, it.device) == (bus, device)).cloned()
}

/// Asks the reader's driver for bus and device. Connecting directly powers no card, and leaving as
/// it was sends nothing either.
fn channel(context: &Context, name: &str, end: Instant) -> Result<Option<(u8, u8)>, Error> {
    let reader = CString::new(name).map_err(|_| Error::UnknownReader)?;
    let connection = connect_directly(context, &reader, end)?;
    let value = connection.get_attribute_owned(Attribute::ChannelId);
    leave(connection)?;
    Ok(value.ok().and_then(|value| usb_address(&value)))
}

/// Connects to the reader without powering its card.
pub(super) fn connect_directly(
    context: &Context,
    reader: &CStr,
    end: Instant,
) -> Result<Card, Error> {
    await_ready(context, reader, end)?;
    context.connect(reader, ShareMode::Direct, Protocols::UNDEFINED)
}

/// Ends a connection and leaves the card as it was. It fails when reader or service left meanwhile,
/// and then nothing is to be left.
pub(super) fn leave(connection: Card) -> Result<(), Error> {
    connection.disconnect(Disposition::LeaveCard).map_err(|(_connection, error)| error)
}

/// Waits until pcscd has set the reader up. It lists a reader before that, and pcscd 1.9.9 crashes
/// when it is asked then.
fn await_ready(context: &Context, reader: &CStr, end: Instant) -> Result<(), Error> {
    // No slot is both, so that the first state that pcscd knows is a change.
    let mut state = [ReaderState::new(reader, State::PRESENT | State::EMPTY)];
    let left = end.saturating_duration_since(Instant::now());
    context.get_status_change(left, &mut state)?;
    let [state] = &state;
    match state.event_state().intersects(State::PRESENT | State::EMPTY) {
        true => Ok(()),
        false => Err(Error::ReaderUnavailable),
    }
}

/// Reads SCARD_ATTR_CHANNEL_ID, which libccid writes in the machine's order.
fn usb_address(value: &[u8]) -> Option<(u8, u8)> {
    let channel = u32::from_ne_bytes(*value.first_chunk()?);
    let [bus, device] = u16::try_from(channel & 0xffff).ok()?.to_be_bytes();
    (channel >> 16 == USB_CHANNEL).then_some((bus, device))
}

/// Finds readers that could not be asked by the serial number in their name, and the last one by
/// being the only one left.
fn guess(names: &[String], places: &mut [Place], devices: &[UsbParent]) {
    for (name, place) in names.iter().zip(places.iter_mut()) {
        if *place == Place::Hidden
            && let Some(serial) = serial_in(name)
            && let [device] = &with_serial(devices, serial)[..]
        {
            *place = Place::Usb((*device).clone());
        }
    }
    let taken = |device: &UsbParent| places.contains(&Place::Usb(device.clone()));
    let free: Vec<_> = devices.iter().filter(|it| is_reader(it) && !taken(it)).collect();
    let mut hidden = places.iter_mut().filter(|place| **place == Place::Hidden);
    if let ([device], Some(place), None) = (&free[..], hidden.next(), hidden.next()) {
        *place = Place::Usb((*device).clone());
    }
}

fn with_serial<'d>(devices: &'d [UsbParent], serial: &str) -> Vec<&'d UsbParent> {
    devices.iter().filter(|device| device.serial.as_deref() == Some(serial)).collect()
}

/// Returns the serial number in a name as pcscd makes it: `Model [Interface] (Serial) 00 00`.
fn serial_in(name: &str) -> Option<&str> {
    let (_, rest) = name.rsplit_once('(')?;
    let (serial, numbers) = rest.split_once(')')?;
    (!serial.is_empty() && numbers.starts_with(' ')).then_some(serial)
}

fn is_reader(device: &UsbParent) -> bool {
    let Ok(entries) = std::fs::read_dir(&device.path) else { return false };
    entries.flatten().any(|entry| {
        std::fs::read_to_string(entry.path().join("bInterfaceClass"))
            .is_ok_and(|class| class.trim() == SMART_CARD)
    })
}

#[cfg(test)]
mod tests;
