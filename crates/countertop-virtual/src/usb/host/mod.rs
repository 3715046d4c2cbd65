//! A USB host without a kernel: speaks USB/IP with a device, so that devices and drivers can be
//! tested in one process.
//!
//! ```no_run
//! use countertop_virtual::usb::UsbDevice;
//! use countertop_virtual::usb::host::UsbHost;
//!
//! # async fn test(device: UsbDevice) -> Result<(), Box<dyn std::error::Error>> {
//! let mut host = UsbHost::attach(device);
//! let found = host.enumerate().await?;
//! assert_eq!(found.device.vendor, 0x04b8);
//! host.send(0x01, b"Hello\n").await?;
//! let answer = host.receive(0x82, 64).await?;
//! # drop(answer);
//! # Ok(())
//! # }
//! ```

mod enumerate;
#[cfg(test)]
mod tests;
mod transfer;

use std::fmt;

use tokio::io::DuplexStream;
use tokio::task::JoinHandle;

use super::UsbDevice;
use super::serve::session;
pub use enumerate::{EnumerateError, Enumerated};
pub use transfer::{TransferError, TransferId, UsbHost};

/// Bytes that the stream between host and device holds.
const STREAM: usize = 64 * 1024;

/// Is a host to which a device of this process is attached.
///
/// Dropping it unplugs the device.
pub struct AttachedHost {
    host: UsbHost<DuplexStream>,
    device: UsbDevice,
    session: JoinHandle<std::io::Result<()>>,
}

impl UsbHost<DuplexStream> {
    /// Attaches a device of this process, in memory.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime, where it starts a task.
    #[must_use]
    pub fn attach(device: UsbDevice) -> AttachedHost {
        let (near, far) = tokio::io::duplex(STREAM);
        let session = tokio::spawn(session(device.shared.clone(), far));
        AttachedHost { host: Self::new(near), device, session }
    }
}

impl AttachedHost {
    /// Unplugs the device and returns it.
    pub async fn unplug(mut self) -> UsbDevice {
        self.session.abort();
        // It was aborted, or had ended before; how does not matter any more.
        let _ = (&mut self.session).await;
        UsbDevice { shared: self.device.shared.clone() }
    }
}

impl Drop for AttachedHost {
    fn drop(&mut self) {
        self.session.abort();
    }
}

impl std::ops::Deref for AttachedHost {
    type Target = UsbHost<DuplexStream>;

    fn deref(&self) -> &Self::Target {
        &self.host
    }
}

impl std::ops::DerefMut for AttachedHost {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.host
    }
}

impl fmt::Debug for AttachedHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AttachedHost({:?})", self.device)
    }
}
