//! A device while the kernel has it.

use core::future::Future;
use core::time::Duration;
use std::io;
use std::path::{Path, PathBuf};

use evdev::uinput::{VirtualDevice, VirtualDeviceBuilder};
use evdev::{BusType, InputEvent, InputId};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// Is an input device that the kernel has. Dropping it unplugs it.
#[derive(Debug)]
pub struct PluggedInput<D> {
    pull: Option<oneshot::Sender<()>>,
    session: JoinHandle<D>,
    node: PathBuf,
}

impl<D> PluggedInput<D> {
    /// Returns the device node.
    #[must_use]
    pub fn node(&self) -> &Path {
        &self.node
    }

    /// Pulls the plug, at once and wherever the traffic stands.
    pub fn pull(&mut self) {
        self.pull = None;
    }

    /// Unplugs the device and returns it. The kernel has let it go by then.
    ///
    /// # Errors
    ///
    /// When its task has panicked.
    pub async fn unplug(mut self) -> io::Result<D> {
        self.pull();
        (&mut self.session).await.map_err(io::Error::other)
    }
}

/// Is what makes reports that go to the kernel.
pub(super) trait Source: Send + 'static {
    /// Waits for the next report; `None` when there will be none any more.
    fn next(&mut self) -> impl Future<Output = Option<Vec<InputEvent>>> + Send;
}

/// Begins a device of USB. It has no place: the crate's request for that (`UI_SET_PHYS`) has another
/// size than the kernel's.
pub(super) fn builder(
    name: &str,
    (vendor, product): (u16, u16),
) -> io::Result<VirtualDeviceBuilder<'_>> {
    // The kernel's room for a name, its zero included.
    const MAX_NAME: usize = 80;
    if name.len() + 1 >= MAX_NAME {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the device's name is too long"));
    }
    let builder = VirtualDevice::builder().map_err(explain)?;
    let id = InputId::new(BusType::BUS_USB, vendor, product, 0x0100);
    Ok(builder.name(name).input_id(id))
}

/// Serves `source` until the plug is pulled, with a pause after each report. The source comes with what
/// is returned when the device is unplugged.
pub(super) fn plug<S: Source, D: Send + 'static>(
    mut device: VirtualDevice,
    mut source: S,
    interval: Duration,
    unwrap: impl FnOnce(S) -> D + Send + 'static,
) -> io::Result<PluggedInput<D>> {
    let node = node_of(&mut device)?;
    let (pull, mut pulled) = oneshot::channel();
    let session = tokio::spawn(async move {
        loop {
            let report = tokio::select! {
                biased;
                _ = &mut pulled => break,
                report = source.next() => report,
            };
            let Some(report) = report else {
                // Nothing more will come, but the device stays plugged in. It is the sender that ends.
                let _ = (&mut pulled).await;
                break;
            };
            if device.emit(&report).is_err() {
                break;
            }
            tokio::select! {
                biased;
                _ = &mut pulled => break,
                () = sleep(interval) => {}
            }
        }
        drop(device);
        unwrap(source)
    });
    Ok(PluggedInput { pull: Some(pull), session, node })
}

fn node_of(device: &mut VirtualDevice) -> io::Result<PathBuf> {
    let nodes = device.enumerate_dev_nodes_blocking()?;
    let node = nodes.filter_map(Result::ok).find(|node| {
        node.file_name().is_some_and(|name| name.to_string_lossy().starts_with("event"))
    });
    node.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "the kernel made no event node"))
}

fn explain(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::NotFound => {
            io::Error::new(error.kind(), "there is no /dev/uinput: modprobe uinput")
        }
        io::ErrorKind::PermissionDenied => {
            io::Error::new(error.kind(), "only root may make input devices by /dev/uinput")
        }
        _ => error,
    }
}
