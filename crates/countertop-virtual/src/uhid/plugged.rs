//! A device while the kernel has it.

use std::io;

use countertop_wire::hid::ReportKind;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

use super::event::{self, Event};
use super::node::Node;
use crate::hid::{HidAnswer, HidDevice};

/// Is a HID device that the kernel has. Dropping it unplugs it.
#[derive(Debug)]
pub struct PluggedHid {
    pull: Option<oneshot::Sender<()>>,
    session: JoinHandle<HidDevice>,
    open: watch::Receiver<bool>,
}

impl HidDevice {
    /// Plugs the device in, at no place that has a name.
    ///
    /// # Errors
    ///
    /// As [`plug_at`](Self::plug_at).
    pub async fn plug(self) -> io::Result<PluggedHid> {
        self.plug_at("").await
    }

    /// Plugs the device in at `place`, which the kernel shows as `HID_PHYS`.
    ///
    /// # Errors
    ///
    /// [`NotFound`](io::ErrorKind::NotFound) when the module `uhid` is not loaded,
    /// [`PermissionDenied`](io::ErrorKind::PermissionDenied) without root.
    pub async fn plug_at(self, place: &str) -> io::Result<PluggedHid> {
        self.start(Node::open()?, place)
    }

    pub(super) fn start(self, node: Node, place: &str) -> io::Result<PluggedHid> {
        let create = event::create(&self.descriptors, place);
        node.write(&create.ok_or(io::ErrorKind::InvalidInput)?)?;
        let (pull, pulled) = oneshot::channel();
        let (state, open) = watch::channel(false);
        let session = Session { device: self, node, state, next_input: Instant::now() };
        Ok(PluggedHid { pull: Some(pull), session: tokio::spawn(session.run(pulled)), open })
    }
}

impl PluggedHid {
    /// Waits until somebody has opened the device.
    ///
    /// # Errors
    ///
    /// [`NotConnected`](io::ErrorKind::NotConnected) when the kernel has let it go.
    pub async fn opened(&self) -> io::Result<()> {
        let mut open = self.open.clone();
        open.wait_for(|open| *open).await.map(drop).map_err(|_gone| not_connected())
    }

    /// Tells whether somebody has opened the device.
    #[must_use]
    pub fn is_open(&self) -> bool {
        *self.open.borrow()
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
    pub async fn unplug(mut self) -> io::Result<HidDevice> {
        self.pull();
        (&mut self.session).await.map_err(io::Error::other)
    }
}

fn not_connected() -> io::Error {
    io::Error::new(io::ErrorKind::NotConnected, "the kernel has let the virtual HID device go")
}

struct Session {
    device: HidDevice,
    node: Node,
    state: watch::Sender<bool>,
    next_input: Instant,
}

impl Session {
    /// Serves until the plug is pulled, or the kernel wants no more.
    async fn run(mut self, mut pulled: oneshot::Receiver<()>) -> HidDevice {
        loop {
            let open = *self.state.borrow();
            let due = self.next_input;
            let served = tokio::select! {
                biased;
                _ = &mut pulled => break,
                event = self.node.next() => event.and_then(|event| self.handle(event)),
                // As on a bus, nobody fetches reports of a device that nobody has opened.
                Some(report) = async { sleep_until(due).await; self.device.inputs.recv().await }, if open => {
                    if report.is_withdrawn() {
                        continue;
                    }
                    self.next_input = Instant::now() + self.device.descriptors.interval;
                    let sent = self.node.write(&event::input(&report.bytes));
                    report.was_fetched();
                    sent
                }
            };
            if served.is_err() {
                break;
            }
        }
        // The kernel lets the device go; closing the node would do the same.
        let _ = self.node.write(&event::destroy());
        self.device
    }

    fn handle(&mut self, event: Event) -> io::Result<()> {
        match event {
            Event::Open => drop(self.state.send_replace(true)),
            Event::Close => drop(self.state.send_replace(false)),
            Event::Output(data) => {
                let number = if self.device.is_numbered() { data.first().copied() } else { None };
                let number = number.unwrap_or_default();
                let data = self.without_number(ReportKind::Output, number, &data);
                // The kernel does not wait for an answer to an output report.
                let _ = self.device.set_report(ReportKind::Output, number, data);
            }
            Event::GetReport { request, kind, number } => {
                return self.get_report(request, kind, number);
            }
            Event::SetReport { request, kind, number, data } => {
                let data = self.without_number(kind, number, &data).to_vec();
                return match self.device.set_report(kind, number, &data) {
                    HidAnswer::Silence => Ok(()),
                    answer => {
                        let accepted = answer != HidAnswer::Refused;
                        self.node.write(&event::set_report_reply(request, accepted))
                    }
                };
            }
            Event::Other => {}
        }
        Ok(())
    }

    /// The kernel's HID core wants the number in front in any case, 0x00 where there is none.
    fn get_report(&mut self, request: u32, kind: ReportKind, number: u8) -> io::Result<()> {
        let reply = match self.device.get_report(kind, number) {
            HidAnswer::Data(data) => {
                let report = [&[number], data.as_slice()].concat();
                event::get_report_reply(request, Some(&report))
            }
            HidAnswer::Silence => return Ok(()),
            HidAnswer::Accepted | HidAnswer::Refused => event::get_report_reply(request, None),
        };
        self.node.write(&reply)
    }

    /// Some paths through the kernel put 0x00 in front of reports without a number, others do not.
    fn without_number<'a>(&self, kind: ReportKind, number: u8, data: &'a [u8]) -> &'a [u8] {
        let length = self.device.length(kind, number);
        let skip = usize::from(self.device.is_numbered() || data.len() > length);
        data.get(skip..).unwrap_or_default()
    }
}
