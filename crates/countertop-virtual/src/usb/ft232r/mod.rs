//! A virtual FT232R by FTDI: a serial line by vendor requests, which the kernel's `ftdi_sio` makes a
//! ttyUSB.
//!
//! It is played down to what a driver sees: two bytes of status in front of each packet, packets
//! that go when they are full or the latency timer ends, levels of the modem lines, flow control by
//! RTS and CTS, the divisor of the baud rate. A far end with another baud rate or parity gets and
//! sends garbage.

mod chip;
mod control;
mod eeprom;
mod pump;
#[cfg(test)]
mod tests;

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use countertop_wire::usb::ftdi;
use countertop_wire::usb::{EndpointDescriptor, Interface};
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf};
use tokio::task::AbortHandle;

use super::{UsbDevice, UsbIdentity};
use chip::{ChipFunction, ChipState};
pub use control::Ft232rControl;
use pump::Pump;

const BULK_IN: u8 = 0x81;
const BULK_OUT: u8 = 0x02;

/// Bytes of the chip's buffers (DS_FT232R, clause 4.1: 128 to receive, 256 to transmit).
const BUFFER: usize = 256;

/// Is the far end of the serial line, which a virtual device serves. Dropping it cuts the wires.
#[derive(Debug)]
pub struct Ft232rLine {
    line: DuplexStream,
    state: Arc<ChipState>,
    pump: AbortHandle,
}

/// Puts a serial line on USB by an FT232R. Returns the device, the far end of the line, and the
/// control of its modem lines. The identity's vendor and product are by rule `0403:6001`.
///
/// ```no_run
/// use countertop_virtual::pn532::VirtualPn532;
/// use countertop_virtual::usb::{UsbIdentity, ft232r};
///
/// # async fn plug() -> std::io::Result<()> {
/// let (chip, antenna) = VirtualPn532::new();
/// let (device, line, control) = ft232r(&UsbIdentity::new(0x0403, 0x6001, "FT232R USB UART"))?;
/// tokio::spawn(chip.serve(line));
/// let plugged = device.plug().await?;
/// # drop((plugged, antenna, control));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// [`InvalidInput`](io::ErrorKind::InvalidInput) when a name of the identity is too long.
///
/// # Panics
///
/// Outside a tokio runtime, where it starts a task.
pub fn ft232r(identity: &UsbIdentity) -> io::Result<(UsbDevice, Ft232rLine, Ft232rControl)> {
    let packet = 64;
    let interface = Interface::new(0, 0xff, 0xff, 0xff)
        .endpoint(EndpointDescriptor::bulk(BULK_IN, packet))
        .endpoint(EndpointDescriptor::bulk(BULK_OUT, packet));
    let descriptors =
        identity.descriptors().release(ftdi::FT232R_RELEASE).power(0xa0, 90).interface(interface);
    let state = Arc::new(ChipState::default());
    let mut device = UsbDevice::new(descriptors, ChipFunction::new(Arc::clone(&state), identity))?;
    let (near, line) = tokio::io::duplex(BUFFER);
    let pump = Pump {
        input: device.endpoint_in(BULK_IN)?,
        output: device.endpoint_out(BULK_OUT)?,
        state: Arc::clone(&state),
    };
    let pump = tokio::spawn(pump.run(near)).abort_handle();
    let line = Ft232rLine { line, state: Arc::clone(&state), pump };
    Ok((device, line, Ft232rControl::new(state)))
}

impl Drop for Ft232rLine {
    fn drop(&mut self) {
        self.pump.abort();
    }
}

impl AsyncRead for Ft232rLine {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.line).poll_read(context, buffer)
    }
}

impl AsyncWrite for Ft232rLine {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = ready!(Pin::new(&mut self.line).poll_write(context, data))?;
        self.state.arrive(written);
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.line).poll_flush(context)
    }

    /// Does nothing: a serial line has no end.
    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
