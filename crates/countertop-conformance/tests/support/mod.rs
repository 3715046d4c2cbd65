//! Transports between driver and virtual device.

use countertop_conformance::Tap;
use countertop_device::{DeviceError, Selector, Settings};
use countertop_transport::{BoxLink, memory};
use countertop_virtual::pty::Pty;
use tokio::net::TcpListener;

/// Names what carries the bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Transport {
    Memory,
    Pty,
    Tcp,
}

/// Opens a link; returns its name, the driver's end and the device's tapped one.
pub(crate) async fn connect(
    transport: Transport,
    tap: &Tap,
) -> Result<(Selector, BoxLink, BoxLink), DeviceError> {
    match transport {
        Transport::Memory => {
            let (host, device) = memory::pair();
            Ok((Selector::Virtual("conformance".into()), host, Box::new(tap.wrap(device))))
        }
        Transport::Pty => {
            let pty = Pty::open(None).unwrap();
            let selector = Selector::Serial(pty.path().display().to_string());
            let host = countertop_transport::open(&selector, &Settings::new()).await?;
            Ok((selector, host, Box::new(tap.wrap(pty))))
        }
        Transport::Tcp => {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let selector = Selector::Tcp { host: address.ip().to_string(), port: address.port() };
            let settings = Settings::new();
            let opening = countertop_transport::open(&selector, &settings);
            let (host, device) = tokio::join!(opening, listener.accept());
            Ok((selector, host?, Box::new(tap.wrap(device.unwrap().0))))
        }
    }
}
