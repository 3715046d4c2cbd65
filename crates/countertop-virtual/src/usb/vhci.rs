//! The kernel's virtual host controller, `vhci_hcd`.

use std::fmt;
use std::fs;
use std::io;
use std::os::fd::AsRawFd as _;
use std::os::unix::net::UnixStream as StdStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::cable::Cable;
use super::{Speed, UsbDevice};

const CONTROLLER: &str = "/sys/devices/platform/vhci_hcd.0";
const DEVICES: &str = "/sys/bus/usb/devices";

/// How long the kernel may take to enumerate a device.
const DEADLINE: Duration = Duration::from_secs(30);

/// States of a port (Linux, `include/uapi/linux/usbip.h`).
const PORT_FREE: &str = "004";
const PORT_USED: &str = "006";

/// Is a port of the virtual host controller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VhciPort(u32);

/// Is a device that is plugged into a port of this computer. Dropping it unplugs it, and takes until the
/// kernel has read so, some milliseconds, a second at most.
///
/// It answers on a thread of its own, so that a driver in the same program may block in the kernel. It
/// does not outlive the program: one that is killed while its own driver waits in the kernel for the
/// device may leave a process that cannot end (Linux, `usb_kill_urb` over `vhci_hcd`).
pub struct PluggedDevice {
    device: UsbDevice,
    port: VhciPort,
    cable: Cable,
}

impl UsbDevice {
    /// Plugs the device into a free port of this computer. With an error the device is gone.
    ///
    /// `vhci_hcd` loses a device that the kernel has suspended, as udev's rules let it do with card
    /// readers: `usbcore.autosuspend=-1` on the kernel's command line keeps it awake.
    ///
    /// # Errors
    ///
    /// [`NotFound`](io::ErrorKind::NotFound) when `vhci_hcd` is not loaded or no port is free,
    /// [`PermissionDenied`](io::ErrorKind::PermissionDenied) without root.
    pub async fn plug(self) -> io::Result<PluggedDevice> {
        for port in free_ports()? {
            match attach(port, self.descriptors().bus_speed()) {
                // Another process was faster.
                Err(error) if error.kind() == io::ErrorKind::ResourceBusy => {}
                attached => return self.start(port, attached?),
            }
        }
        Err(io::Error::new(io::ErrorKind::NotFound, "no port of vhci_hcd is free"))
    }

    /// Plugs the device into a port, so that it has the topology path that goes with the port.
    ///
    /// # Errors
    ///
    /// As [`plug`](Self::plug); [`ResourceBusy`](io::ErrorKind::ResourceBusy) when the port is in
    /// use.
    pub async fn plug_at(self, port: VhciPort) -> io::Result<PluggedDevice> {
        let stream = attach(port, self.descriptors().bus_speed())?;
        self.start(port, stream)
    }

    fn start(self, port: VhciPort, stream: StdStream) -> io::Result<PluggedDevice> {
        let cable = Cable::plug(self.shared.clone(), port, stream)?;
        Ok(PluggedDevice { device: self, port, cable })
    }
}

impl PluggedDevice {
    /// Returns the port.
    #[must_use]
    pub fn port(&self) -> VhciPort {
        self.port
    }

    /// Returns the device.
    #[must_use]
    pub fn device(&self) -> &UsbDevice {
        &self.device
    }

    /// Waits until the host has configured the device, and returns the device's folder in
    /// `/sys/bus/usb/devices`. Drivers bind to its interfaces soon after that.
    ///
    /// # Errors
    ///
    /// [`TimedOut`](io::ErrorKind::TimedOut) after 30 seconds,
    /// [`NotConnected`](io::ErrorKind::NotConnected) when the host has let the device go.
    pub async fn configured(&self) -> io::Result<PathBuf> {
        let configured = self.device.configured();
        tokio::time::timeout(DEADLINE, configured).await.map_err(|_| not_enumerated())??;
        self.sysfs_path().ok_or_else(not_enumerated)
    }

    /// Returns the device's folder in `/sys/bus/usb/devices`; `None` while it has no address.
    #[must_use]
    pub fn sysfs_path(&self) -> Option<PathBuf> {
        self.port.folder()
    }

    /// Pulls the plug, at once and wherever the traffic stands, and does not wait for the host.
    pub fn pull(&self) {
        self.cable.pull();
    }

    /// Unplugs the device, waits until the host has let it go, and returns it.
    ///
    /// A host that has not seen that the device went takes it for the same one when it comes back to its
    /// port, and does not configure it (Linux, `hub_port_connect_change`).
    ///
    /// # Errors
    ///
    /// [`TimedOut`](io::ErrorKind::TimedOut) when the host holds on to it for 30 seconds.
    pub async fn unplug(mut self) -> io::Result<UsbDevice> {
        self.pull();
        self.cable.let_go().await?;
        Ok(UsbDevice { shared: self.device.shared.clone() })
    }
}

impl VhciPort {
    /// Returns the folder of the device at this port; `None` while it has no address.
    pub(super) fn folder(self) -> Option<PathBuf> {
        let port = ports().ok()?.into_iter().find(|port| port.number == self)?;
        (port.state == PORT_USED).then(|| Path::new(DEVICES).join(port.bus_id))
    }

    /// Tells whether a device can be plugged in here.
    pub(super) fn is_free(self) -> io::Result<bool> {
        Ok(free_ports()?.contains(&self))
    }
}

/// Is a line of the controller's status.
#[derive(Debug, PartialEq, Eq)]
struct PortStatus {
    number: VhciPort,
    state: String,
    bus_id: String,
}

/// Reads the ports for low, full and high speed from the controller's status (Linux,
/// `drivers/usb/usbip/vhci_sysfs.c`).
fn parse_status(text: &str) -> Vec<PortStatus> {
    let port = |line: &str| {
        let mut fields = line.split_whitespace();
        let ("hs", number, state) = (fields.next()?, fields.next()?, fields.next()?) else {
            return None;
        };
        let number = VhciPort(number.parse().ok()?);
        Some(PortStatus { number, state: state.into(), bus_id: fields.nth(3)?.into() })
    };
    text.lines().filter_map(port).collect()
}

fn ports() -> io::Result<Vec<PortStatus>> {
    let read = |name: &str| fs::read_to_string(Path::new(CONTROLLER).join(name));
    let mut ports = parse_status(&read("status").map_err(no_controller)?);
    // More controllers follow in files of their own.
    for controller in 1.. {
        match read(&format!("status.{controller}")) {
            Ok(text) => ports.extend(parse_status(&text)),
            Err(_no_such_controller) => break,
        }
    }
    Ok(ports)
}

fn free_ports() -> io::Result<Vec<VhciPort>> {
    let free = ports()?.into_iter().filter(|port| port.state == PORT_FREE);
    Ok(free.map(|port| port.number).collect())
}

/// Hands one end of a stream to the kernel, and returns the other.
pub(super) fn attach(port: VhciPort, speed: Speed) -> io::Result<StdStream> {
    let (ours, kernels) = StdStream::pair()?;
    ours.set_nonblocking(true)?;
    // The device's number on its own bus, which only has to be there.
    let device_id = 0x0001_0000 | (port.0 + 1);
    let line = format!("{} {} {device_id} {}", port.0, kernels.as_raw_fd(), speed.number());
    fs::write(Path::new(CONTROLLER).join("attach"), line).map_err(no_controller)?;
    Ok(ours)
}

fn no_controller(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::NotFound => {
            io::Error::new(error.kind(), "vhci_hcd is not loaded: modprobe vhci_hcd")
        }
        io::ErrorKind::PermissionDenied => {
            io::Error::new(error.kind(), "only root may plug devices into vhci_hcd")
        }
        _ => error,
    }
}

fn not_enumerated() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "the host has not configured the virtual device")
}

impl fmt::Display for VhciPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "port {}", self.0)
    }
}

impl fmt::Debug for PluggedDevice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} at {}", self.device, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_controllers_status() {
        let text = "hub port sta spd dev      sockfd local_busid\n\
                    hs  0000 006 002 00010001 000007 1-1\n\
                    hs  0001 004 000 00000000 000000 0-0\n\
                    ss  0008 004 000 00000000 000000 0-0\n";
        let ports = parse_status(text);
        assert_eq!(ports.len(), 2);
        assert_eq!((ports[0].number, ports[0].bus_id.as_str()), (VhciPort(0), "1-1"));
        assert_eq!((ports[1].number, ports[1].state.as_str()), (VhciPort(1), PORT_FREE));
        assert_eq!(parse_status("hs 00"), []);
    }
}
