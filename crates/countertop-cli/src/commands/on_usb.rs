//! Where `countertop virtual` puts a device: on a pty, on USB, or on somebody's USB over the network.

use countertop_virtual::printer::PrinterControl;
use countertop_virtual::pty::Pty;
use countertop_virtual::usb::{
    PluggedDevice, UsbDevice, UsbIdentity, UsbipServer, cdc_acm, ft232r, usb_printer,
};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::args::UsbArguments;
use crate::failure::Failure;

/// Is what a virtual device speaks over.
pub(super) trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

/// Is a device's place.
pub(super) struct Place {
    pub(super) link: Box<dyn Wire>,
    /// Keeps it there.
    _hold: Option<Hold>,
}

/// Keeps a device on USB; dropping it takes it away.
#[expect(dead_code, reason = "held for the end of its life")]
enum Hold {
    Plugged(PluggedDevice),
    Exported(JoinHandle<()>),
}

impl Place {
    pub(super) fn pty(pty: Pty) -> Self {
        Self { link: Box::new(pty), _hold: None }
    }

    fn usb(link: impl Wire + 'static, hold: Hold) -> Self {
        Self { link: Box::new(link), _hold: Some(hold) }
    }
}

/// Puts a printer of the printer class on USB.
pub(super) async fn printer(
    arguments: UsbArguments,
    control: &PrinterControl,
) -> Result<Place, Failure> {
    let (device, link) = usb_printer(&identity(0x04b8, 0x0e15, "Virtual ESC/POS"), control)
        .map_err(|error| Failure::io("printer", &error))?;
    Ok(Place::usb(link, hold("printer", device, arguments).await?))
}

/// Puts a scanner on USB, as a CDC serial line.
pub(super) async fn scanner(arguments: UsbArguments) -> Result<Place, Failure> {
    let (device, link, _lines) = cdc_acm(&identity(0x05e0, 0x1701, "Virtual scanner"))
        .map_err(|error| Failure::io("scanner", &error))?;
    Ok(Place::usb(link, hold("scanner", device, arguments).await?))
}

/// Puts a stripe reader on USB, behind an FT232R.
pub(super) async fn magstripe(arguments: UsbArguments) -> Result<Place, Failure> {
    let (device, line, _lines) = ft232r(&identity(0x0403, 0x6001, "Virtual MSR605"))
        .map_err(|error| Failure::io("magstripe", &error))?;
    Ok(Place::usb(line, hold("magstripe", device, arguments).await?))
}

fn identity(vendor: u16, product: u16, name: &str) -> UsbIdentity {
    UsbIdentity::new(vendor, product, name).with_serial_number("VIRTUAL1")
}

async fn hold(name: &str, device: UsbDevice, arguments: UsbArguments) -> Result<Hold, Failure> {
    match arguments.usbip {
        Some(address) => export(name, device, address).await,
        None => plug(name, device).await,
    }
}

async fn plug(name: &str, device: UsbDevice) -> Result<Hold, Failure> {
    let describe = |error: &std::io::Error| {
        Failure::io(format_args!("{name} on USB"), error).with_help(
            "run it as root after `sudo modprobe vhci_hcd`; without root on this computer, hand it \
             out with --usbip",
        )
    };
    let plugged = device.plug().await.map_err(|error| describe(&error))?;
    let path = plugged.configured().await.map_err(|error| describe(&error))?;
    outln!("{name}: {}", path.display());
    Ok(Hold::Plugged(plugged))
}

async fn export(
    name: &str,
    device: UsbDevice,
    address: std::net::SocketAddr,
) -> Result<Hold, Failure> {
    let failed = |error| Failure::io(format_args!("{name} on {address}"), &error);
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let server = UsbipServer::default();
    let bus_id = server.export(device);
    outln!(
        "{name}: sudo usbip --tcp-port {} attach -r {} -b {bus_id}",
        address.port(),
        address.ip()
    );
    let name = name.to_owned();
    Ok(Hold::Exported(tokio::spawn(async move {
        if let Err(error) = server.serve(listener).await {
            eprintln!("countertop: {name}: {error}");
        }
    })))
}
