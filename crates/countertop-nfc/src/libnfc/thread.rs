//! The thread of a device.

use std::sync::mpsc;

use countertop_device::DeviceError;
use countertop_transport::UnplugWatch;
use tokio::sync::oneshot;

use super::attached::Attached;
use super::chip::NfcChip;
use super::settings::Timing;
use super::worker::Worker;
use crate::reader::{Handle, Request, Requests};

/// Is what is known of a device that was opened.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) model: String,
    pub(super) attached: Option<Attached>,
}

/// Opens the device on a thread of its own and returns the way to it, and what it is.
pub(super) async fn start(
    connstring: String,
    device: String,
    timing: Timing,
) -> Result<(Handle, Opened), DeviceError> {
    let (requests, inbox) = mpsc::channel();
    let mut handle = Handle::new(Requests::Thread(requests.clone()), &device);
    let name = device.clone();
    let (reply, opened) = oneshot::channel();
    let body = move || match NfcChip::open(&connstring, &name) {
        Err(error) => drop(reply.send(Err(error))),
        Ok(mut chip) => {
            // When nobody takes the reply, the inbox has no sender and the worker ends at once.
            let (model, attached) = (chip.model(), chip.attached().cloned());
            drop(reply.send(Ok(Opened { model, attached })));
            Worker::new(chip, inbox, timing).run();
        }
    };
    std::thread::Builder::new()
        .name(format!("libnfc {device}"))
        .spawn(body)
        .map_err(|error| DeviceError::from_io(error, &device, "open"))?;
    let opened: Opened = handle.answer(opened, "open").await?;
    if let Some(attached) = &opened.attached {
        // A thread that has ended has closed its device.
        let gone = move || drop(requests.send(Request::Gone));
        match UnplugWatch::start(&attached.node, gone) {
            Ok(watch) => handle.keep(watch),
            Err(error) => {
                tracing::warn!(%error, node = attached.node, "unplugging is noticed with delay");
            }
        }
    }
    Ok((handle, opened))
}
