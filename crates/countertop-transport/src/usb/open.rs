//! Opening a printer: found in `/sys`, opened and claimed through libusb.

use std::path::Path;
use std::sync::Arc;

use countertop_device::{DeviceError, DeviceErrorKind, Selector, Settings};
use rusb::{Context, Device, DeviceHandle, UsbContext as _};

use super::claim::Claim;
use super::error::of_call;
use super::interface::{self, Endpoints};
use super::select::Wanted;
use super::{UsbLink, class_request, list};
use crate::blocking::{self, thread_name};
use crate::sysfs::UsbParent;
use crate::{PrinterPort, holder};

const ACTION: &str = "open";

/// The kernel's driver of printers, which is detached and given back.
const USBLP: &str = "usblp";
/// What the kernel calls a program that has claimed an interface.
const PROGRAM: &str = "usbfs";

/// Opens the printer that a selector `usb:` names, and claims its interface.
///
/// | setting | default | means |
/// |---|---|---|
/// | `port` | any | where it is plugged in, as the kernel names it: `1-2.3` |
/// | `place` | any | where it is plugged in, as [`UsbDevice::place`](super::UsbDevice::place) |
/// | `detach` | true | whether usblp may be detached while the printer is open |
///
/// Of several that fit, the first by place is taken.
///
/// # Errors
///
/// [`NotFound`](DeviceErrorKind::NotFound) when none fits or it has no interface to print on,
/// [`Busy`](DeviceErrorKind::Busy) when another program has claimed it or prints through usblp, with
/// the program's process where that can be seen,
/// [`TakenByKernelDriver`](DeviceErrorKind::TakenByKernelDriver) when `detach` is false or the driver
/// is another one than usblp, [`PermissionDenied`](DeviceErrorKind::PermissionDenied) without the udev
/// rule.
///
/// # Cancel safety
///
/// Cancel safe: a printer that nobody takes is closed.
pub async fn open_printer(
    selector: &Selector,
    settings: &Settings,
) -> Result<(UsbLink, PrinterPort), DeviceError> {
    let wanted = Wanted::new(selector, settings)?;
    let detach = settings.get_or("detach", true).map_err(|error| {
        let device = selector.to_string();
        DeviceError::new(DeviceErrorKind::InvalidInput, device, ACTION).with_source(error)
    })?;
    let device = wanted.device.clone();
    let opened = blocking::run(thread_name("open", &device), move || open(&wanted, detach)).await;
    opened.map_err(|error| DeviceError::from_io(error, device, ACTION))?
}

fn open(wanted: &Wanted, detach: bool) -> Result<(UsbLink, PrinterPort), DeviceError> {
    let parent = wanted.find(UsbParent::list_in(Path::new("/sys/bus/usb/devices")))?;
    let name = wanted.device.as_str();
    let device = in_libusb(&parent).map_err(|error| of_call(error, name, ACTION))?;
    let endpoints = endpoints(&device, name)?;
    let detach = must_detach(&parent, endpoints.interface, detach, name)?;
    let handle = device.open().map_err(|error| of_call(error, name, ACTION))?;
    let claim = claim(handle, endpoints, detach, &parent, name)?;
    let link = UsbLink::start(Arc::clone(&claim) as _, name.to_owned())
        .map_err(|error| DeviceError::from_io(error, name, ACTION))?;
    Ok((link, class_request::port(&claim, name)))
}

/// Finds the device in libusb's list. A context of its own keeps the threads of one device from
/// working for another.
fn in_libusb(parent: &UsbParent) -> Result<Device<Context>, rusb::Error> {
    let devices = Context::new()?.devices()?;
    let is = |it: &Device<Context>| (it.bus_number(), it.address()) == (parent.bus, parent.device);
    devices.iter().find(is).ok_or(rusb::Error::NoDevice)
}

fn endpoints(device: &Device<Context>, name: &str) -> Result<Endpoints, DeviceError> {
    let config = device.active_config_descriptor();
    let config = config.map_err(|error| of_call(error, name, ACTION))?;
    interface::choose(&interface::settings(&config)).ok_or_else(|| {
        DeviceError::new(DeviceErrorKind::NotFound, name, ACTION)
            .with_source("the device has no interface to print on")
    })
}

/// Tells whether a driver of the kernel has to be detached from an interface.
fn must_detach(
    parent: &UsbParent,
    number: u8,
    allowed: bool,
    name: &str,
) -> Result<bool, DeviceError> {
    let interfaces = list::interfaces(&parent.path);
    let interface = interfaces.into_iter().find(|interface| interface.number == number);
    let Some((driver, node)) = interface.and_then(|it| Some((it.driver?, it.usblp))) else {
        return Ok(false);
    };
    if driver == PROGRAM {
        return Err(claimed(parent, name, 0));
    }
    if driver != USBLP || !allowed {
        return Err(DeviceError::new(DeviceErrorKind::TakenByKernelDriver, name, ACTION)
            .with_source(format!("held by {driver}")));
    }
    let printing = node.map(|node| holder::of(Path::new("/proc"), Path::new(&node)));
    match printing {
        // Detaching would cut off their job.
        Some(holders) if !holders.is_empty() => Err(holder::busy(name, ACTION, &holders)),
        _ => Ok(true),
    }
}

fn claim(
    handle: DeviceHandle<Context>,
    endpoints: Endpoints,
    detach: bool,
    parent: &UsbParent,
    name: &str,
) -> Result<Arc<Claim>, DeviceError> {
    match Claim::new(handle, endpoints, detach) {
        Ok(claim) => Ok(Arc::new(claim)),
        Err(rusb::Error::Busy) => Err(claimed(parent, name, 1)),
        Err(error) => Err(of_call(error, name, ACTION)),
    }
}

/// Creates the error of an interface that a program has claimed; this process itself has the device
/// open `own` times without having claimed it.
fn claimed(parent: &UsbParent, name: &str, own: usize) -> DeviceError {
    let this = std::process::id();
    let mut holders = holder::of(Path::new("/proc"), Path::new(&parent.node()));
    holders.retain(|holder| holder.process != this || holder.times > own);
    holder::busy(name, ACTION, &holders)
}
