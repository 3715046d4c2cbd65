//! What the tests of serial lines share: a device on a cable, its node, the kernel's events.

use std::future::Future;
use std::time::Duration;

use countertop_device::{DeviceError, DeviceErrorKind, Settings};
use countertop_transport::Line;
use countertop_virtual::usb::{
    Ft232rControl, Ft232rLine, PluggedDevice, UsbDevice, UsbIdentity, VhciPort, ft232r,
};
use tokio::time::timeout;

use crate::kernel::{self, Events, LONG, now};
use crate::lab_test::{TestResult, check};

/// No call of a driver may take longer.
pub(super) const SOON: Duration = Duration::from_secs(10);

/// The adapter's node, by the name that udev makes of its serial number.
pub(super) const ADAPTER: &str = "/dev/serial/by-id/usb-Countertop_FT232R_USB_UART_A1-if00-port0";
/// The scanner's.
pub(super) const SCANNER: &str = "/dev/serial/by-id/usb-Countertop_Scanner_S1-if00";

/// Is a device on a cable.
#[derive(Debug)]
pub(super) struct Cable {
    state: State,
    node: &'static str,
}

#[derive(Debug)]
enum State {
    In(PluggedDevice),
    Out(UsbDevice, VhciPort),
    Moving,
}

impl Cable {
    /// Plugs a device in and waits for its node.
    pub(super) async fn plug(device: UsbDevice, node: &'static str) -> TestResult<Self> {
        kernel::modprobe(&["vhci_hcd", "cdc_acm", "ftdi_sio"]).await?;
        let cable = Self { state: State::In(device.plug().await?), node };
        cable.ready().await?;
        Ok(cable)
    }

    async fn ready(&self) -> TestResult {
        kernel::wait_node(self.node).await?;
        kernel::settle().await
    }

    /// Pulls the plug at once.
    pub(super) fn pull(&self) {
        if let State::In(plugged) = &self.state {
            plugged.pull();
        }
    }

    /// Pulls the plug and waits until the kernel has let the device go.
    pub(super) async fn unplug(&mut self) -> TestResult {
        if let State::In(plugged) = std::mem::replace(&mut self.state, State::Moving) {
            let port = plugged.port();
            self.state = State::Out(plugged.unplug().await?, port);
        }
        kernel::wait_gone(self.node).await
    }

    /// Plugs it in again, where it was.
    pub(super) async fn plug_again(&mut self) -> TestResult {
        if let State::Out(device, port) = std::mem::replace(&mut self.state, State::Moving) {
            self.state = State::In(device.plug_at(port).await?);
        }
        self.ready().await
    }

    /// Pulls the plug while `blocked` waits; that has to end as disconnected, soon after the
    /// kernel's event. Returns how soon.
    pub(super) async fn pulled_while<F>(&mut self, blocked: F) -> TestResult<Duration>
    where
        F: Future<Output = Option<DeviceError>> + Send + 'static,
    {
        let mut events = Events::of("tty").await?;
        let caller = tokio::spawn(async { (blocked.await, now()) });
        tokio::time::sleep(Duration::from_millis(100)).await;
        check!(!caller.is_finished(), "the caller was not blocked: {:?}", caller.await);
        self.pull();
        let (error, heard) = timeout(SOON, caller).await??;
        let kind = error.as_ref().map(DeviceError::kind);
        check!(kind == Some(DeviceErrorKind::Disconnected), "the caller got {error:?}");
        let event = timeout(SOON, events.removal()).await??;
        self.unplug().await?;
        Ok(heard.saturating_sub(event))
    }
}

/// Plugs an adapter in.
pub(super) async fn adapter() -> TestResult<(Cable, Ft232rLine, Ft232rControl)> {
    let identity = UsbIdentity::new(0x0403, 0x6001, "FT232R USB UART").with_serial_number("A1");
    let (device, line, control) = ft232r(&identity)?;
    Ok((Cable::plug(device, ADAPTER).await?, line, control))
}

/// Opens a line by our transport.
pub(super) async fn open(node: &str, settings: &Settings) -> TestResult<Line> {
    let selector = format!("serial:{node}").parse()?;
    let link = timeout(LONG, countertop_transport::open(&selector, settings)).await??;
    Ok(Line::new(link, selector.to_string()))
}
