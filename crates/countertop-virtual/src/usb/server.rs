//! Devices handed out over TCP, for `usbip attach`.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use countertop_wire::usbip::operation::{
    self, BUS_ID_LENGTH, ExportedDevice, REQUEST_LENGTH, Request,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::device::Shared;
use super::serve::session;
use super::{UsbDescriptors, UsbDevice};

/// Hands devices out over TCP as a USB/IP server does.
///
/// Whoever reaches the port may take a device: bind it to the loopback address, unless others are
/// meant to. `usbip list -r 127.0.0.1` shows the devices, `usbip attach -r 127.0.0.1 -b 1-1` takes
/// the first one.
///
/// ```no_run
/// use countertop_virtual::usb::{UsbDevice, UsbipServer};
/// use countertop_wire::usbip::DEFAULT_PORT;
/// use tokio::net::TcpListener;
///
/// # async fn export(device: UsbDevice) -> std::io::Result<()> {
/// let listener = TcpListener::bind(("127.0.0.1", DEFAULT_PORT)).await?;
/// let server = UsbipServer::default();
/// let bus_id = server.export(device);
/// println!("usbip attach -r 127.0.0.1 -b {bus_id}");
/// server.serve(listener).await
/// # }
/// ```
#[derive(Clone, Default)]
pub struct UsbipServer {
    devices: Arc<Mutex<BTreeMap<u32, Export>>>,
}

struct Export {
    device: UsbDevice,
    /// Whether a host has it.
    taken: bool,
}

impl UsbipServer {
    /// Adds a device, and returns the bus identifier by which it is asked for.
    #[must_use]
    pub fn export(&self, device: UsbDevice) -> String {
        let mut devices = self.devices();
        let number = devices.last_key_value().map_or(1, |(number, _)| number + 1);
        devices.insert(number, Export { device, taken: false });
        bus_id(number)
    }

    /// Serves hosts until no more can be accepted.
    ///
    /// # Errors
    ///
    /// When accepting fails; what a single host does is no error.
    ///
    /// # Cancel safety
    ///
    /// Dropping it unplugs every device.
    pub async fn serve(&self, listener: TcpListener) -> io::Result<()> {
        let mut hosts = tokio::task::JoinSet::new();
        loop {
            let (stream, peer) = listener.accept().await?;
            hosts.spawn(self.clone().attend(stream, peer));
            while hosts.try_join_next().is_some() {}
        }
    }

    async fn attend(self, mut stream: TcpStream, _peer: SocketAddr) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut request = [0; REQUEST_LENGTH];
        stream.read_exact(&mut request).await?;
        match Request::parse(&request).map_err(invalid)? {
            Request::DeviceList => stream.write_all(&self.list()?).await,
            Request::Import => {
                let mut id = [0; BUS_ID_LENGTH];
                stream.read_exact(&mut id).await?;
                self.import(stream, operation::parse_bus_id(&id).map_err(invalid)?).await
            }
        }
    }

    fn list(&self) -> io::Result<Vec<u8>> {
        let devices = self.devices();
        let free = devices.iter().filter(|(_, export)| !export.taken);
        let list: Vec<_> =
            free.map(|(&number, export)| exported(number, export.device.descriptors())).collect();
        operation::device_list(&list).map_err(invalid)
    }

    async fn import(&self, mut stream: TcpStream, id: &str) -> io::Result<()> {
        let Some((lease, description)) = self.take(id) else {
            return stream.write_all(&operation::imported(None).map_err(invalid)?).await;
        };
        let answer = operation::imported(Some(&description)).map_err(invalid)?;
        stream.write_all(&answer).await?;
        session(Arc::clone(&lease.device), stream).await
    }

    /// Takes a device if it is there and nobody has it.
    fn take(&self, id: &str) -> Option<(Lease, ExportedDevice)> {
        let mut devices = self.devices();
        let free =
            devices.iter_mut().find(|(number, export)| bus_id(**number) == id && !export.taken);
        let (&number, export) = free?;
        export.taken = true;
        let description = exported(number, export.device.descriptors());
        let device = Arc::clone(&export.device.shared);
        Some((Lease { server: self.clone(), number, device }, description))
    }

    fn devices(&self) -> MutexGuard<'_, BTreeMap<u32, Export>> {
        // A panic elsewhere leaves devices that can still be handed out.
        self.devices.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Gives a device back when its host has gone.
struct Lease {
    server: UsbipServer,
    number: u32,
    device: Arc<Shared>,
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(export) = self.server.devices().get_mut(&self.number) {
            export.taken = false;
        }
    }
}

fn bus_id(number: u32) -> String {
    format!("1-{number}")
}

fn exported(number: u32, descriptors: &UsbDescriptors) -> ExportedDevice {
    let device = descriptors.device();
    let configuration = descriptors.configuration();
    let settings = configuration.interfaces.iter().map(|interface| interface.descriptor);
    let interfaces = settings.filter(|descriptor| descriptor.alternate_setting == 0);
    ExportedDevice {
        path: format!("/sys/devices/virtual/countertop/usb1/{}", bus_id(number)),
        bus_id: bus_id(number),
        bus_number: 1,
        device_number: number + 1,
        speed: descriptors.bus_speed().number(),
        vendor: device.vendor,
        product: device.product,
        device_release: device.device_release,
        class: [device.class, device.subclass, device.protocol],
        configuration_value: configuration.value,
        configurations: device.configurations,
        interfaces: interfaces.map(|i| [i.class, i.subclass, i.protocol]).collect(),
    }
}

fn invalid(error: countertop_wire::usbip::UsbipError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

impl fmt::Debug for UsbipServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let devices = self.devices();
        f.debug_list().entries(devices.values().map(|export| &export.device)).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use countertop_wire::usbip::operation::{bus_id as bus_id_field, parse_imported};
    use tokio::time::{sleep, timeout};

    use super::super::host::UsbHost;
    use super::super::{UsbIdentity, cdc_acm};
    use super::*;

    async fn serving() -> (UsbipServer, SocketAddr) {
        let server = UsbipServer::default();
        for name in ["First", "Second"] {
            let (device, _, _) = cdc_acm(&UsbIdentity::new(1, 2, name)).unwrap();
            let _ = server.export(device);
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let serving = server.clone();
        tokio::spawn(async move { serving.serve(listener).await });
        (server, address)
    }

    async fn list(address: SocketAddr) -> Vec<ExportedDevice> {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(&Request::DeviceList.to_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        operation::parse_device_list(&answer).unwrap()
    }

    async fn import(address: SocketAddr, id: &str) -> (TcpStream, Option<ExportedDevice>) {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(&Request::Import.to_bytes()).await.unwrap();
        stream.write_all(&bus_id_field(id).unwrap()).await.unwrap();
        let mut answer = vec![0; 8];
        stream.read_exact(&mut answer).await.unwrap();
        if answer[7] == 0 {
            let mut rest = vec![0; ExportedDevice::LENGTH];
            stream.read_exact(&mut rest).await.unwrap();
            answer.extend(rest);
        }
        (stream, parse_imported(&answer).unwrap())
    }

    #[tokio::test]
    async fn lists_and_hands_out() {
        let (_server, address) = serving().await;
        let listed = list(address).await;
        assert_eq!(listed.len(), 2);
        assert_eq!(listed[0].bus_id, "1-1");
        assert_eq!(listed[0].interfaces, [[2, 2, 1], [10, 0, 0]]);
        let (stream, description) = import(address, "1-2").await;
        assert_eq!(description.unwrap().bus_id, "1-2");
        let mut host = UsbHost::new(stream);
        let found = host.enumerate().await.unwrap();
        assert_eq!(found.product.as_deref(), Some("Second"));
        // While a host has it, no other gets it.
        assert_eq!(list(address).await.len(), 1);
        assert_eq!(import(address, "1-2").await.1, None);
        assert_eq!(import(address, "9-9").await.1, None);
        drop(host);
        let given_back = async {
            while list(address).await.len() < 2 {
                sleep(Duration::from_millis(1)).await;
            }
        };
        timeout(Duration::from_secs(5), given_back).await.unwrap();
        assert!(import(address, "1-2").await.1.is_some());
    }

    #[tokio::test]
    async fn garbage_harms_nobody() {
        let (_server, address) = serving().await;
        for garbage in [&[0xff; 8][..], &[0x01, 0x11, 0x80], b"GET / HTTP/1.1\r\n\r\n"] {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(garbage).await.unwrap();
            stream.shutdown().await.unwrap();
            let mut answer = Vec::new();
            let _ = stream.read_to_end(&mut answer).await;
            assert!(answer.is_empty());
        }
        assert_eq!(list(address).await.len(), 2);
    }
}
