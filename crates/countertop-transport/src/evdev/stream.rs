//! The events of a device that is grabbed.

use core::fmt;
use core::future::poll_fn;
use core::task::{Context, Poll, ready};
use std::collections::{BTreeMap, VecDeque};
use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::OpenOptionsExt as _;
use std::time::UNIX_EPOCH;

use countertop_device::async_trait;
use evdev::raw_stream::RawDevice;
use evdev::{EventSummary, SynchronizationCode};
use rustix::fs::OFlags;
use tokio::io::unix::AsyncFd;

use crate::input::{Axis, AxisRange, InputEvent, InputKind, InputLink, Key, KeyAction};

/// Is the stream of an input device's events.
///
/// After events were lost (SYN_DROPPED), it passes over what the kernel says not to trust, and tells
/// the state that the kernel answers for.
pub struct EvdevStream {
    node: AsyncFd<RawDevice>,
    queue: VecDeque<InputEvent>,
    axes: BTreeMap<u16, AxisRange>,
    /// Events up to the next SYN_REPORT belong to what was lost.
    dropping: bool,
}

impl EvdevStream {
    /// Opens a node without grabbing it.
    pub(super) fn open(path: &str) -> io::Result<Self> {
        let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
        let flags = i32::try_from(flags.bits()).unwrap_or_default();
        let file: File = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
        let device = RawDevice::from_fd(OwnedFd::from(file))?;
        let axes = device.get_absinfo()?.map(|(axis, info)| {
            let (minimum, maximum) = (info.minimum(), info.maximum());
            (axis.0, AxisRange { minimum, maximum, resolution: info.resolution() })
        });
        let axes = axes.collect();
        Ok(Self { node: watch(device)?, queue: VecDeque::new(), axes, dropping: false })
    }

    pub(super) fn grab(&mut self) -> io::Result<()> {
        self.node.get_mut().grab()
    }

    pub(super) fn ungrab(&mut self) -> io::Result<()> {
        self.node.get_mut().ungrab()
    }

    /// Returns the codes of the keys that are held. The kernel forgets what it has told of keys until
    /// now.
    pub(super) fn held(&self) -> io::Result<Vec<u16>> {
        Ok(self.node.get_ref().get_key_state()?.iter().map(|key| key.code()).collect())
    }

    /// Forgets what has come.
    pub(super) fn forget(&mut self) -> io::Result<()> {
        self.dropping = false;
        while self.try_event()?.is_some() {}
        Ok(())
    }

    fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<io::Result<InputEvent>> {
        loop {
            if let Some(event) = self.queue.pop_front() {
                return Poll::Ready(Ok(event));
            }
            let mut guard = ready!(self.node.poll_read_ready_mut(context))?;
            if let Ok(read) = guard.try_io(|node| fetch(node.get_mut())) {
                self.take(read?)?;
            }
        }
    }

    fn take(&mut self, events: Vec<evdev::InputEvent>) -> io::Result<()> {
        for event in events {
            let time = event.timestamp().duration_since(UNIX_EPOCH).unwrap_or_default();
            match kind_of(event) {
                Some(InputKind::Dropped) => {
                    self.dropping = true;
                    self.queue.push_back(InputEvent { time, kind: InputKind::Dropped });
                }
                Some(InputKind::Report) if core::mem::take(&mut self.dropping) => {
                    let state = self.state()?.into_iter();
                    self.queue.extend(state.map(|kind| InputEvent { time, kind }));
                }
                Some(kind) if !self.dropping => self.queue.push_back(InputEvent { time, kind }),
                _ => {}
            }
        }
        Ok(())
    }

    /// Asks for the keys that are held and the values of the axes.
    fn state(&self) -> io::Result<Vec<InputKind>> {
        let values = self.node.get_ref().get_abs_state()?;
        let axes = self.axes.keys().filter_map(|&code| {
            let value = values.get(usize::from(code))?.value;
            Some(InputKind::Axis(Axis { code, value }))
        });
        let action = KeyAction::Pressed;
        let held = self.held()?.into_iter().map(|code| InputKind::Key(Key { code, action }));
        Ok(axes.chain(held).chain([InputKind::Report]).collect())
    }
}

#[expect(
    deprecated,
    reason = "its replacement is unsafe to call and asks what a device always keeps: one descriptor"
)]
fn watch(device: RawDevice) -> io::Result<AsyncFd<RawDevice>> {
    AsyncFd::new(device)
}

fn fetch(device: &mut RawDevice) -> io::Result<Vec<evdev::InputEvent>> {
    Ok(device.fetch_events()?.collect())
}

/// Returns what an event means; `None` for kinds that no driver here asks for.
pub(super) fn kind_of(event: evdev::InputEvent) -> Option<InputKind> {
    Some(match event.destructure() {
        EventSummary::Key(_, code, value) => {
            InputKind::Key(Key { code: code.code(), action: action_of(value)? })
        }
        EventSummary::AbsoluteAxis(_, axis, value) => InputKind::Axis(Axis { code: axis.0, value }),
        EventSummary::Synchronization(_, SynchronizationCode::SYN_REPORT, _) => InputKind::Report,
        EventSummary::Synchronization(_, SynchronizationCode::SYN_DROPPED, _) => InputKind::Dropped,
        _ => return None,
    })
}

fn action_of(value: i32) -> Option<KeyAction> {
    match value {
        0 => Some(KeyAction::Released),
        1 => Some(KeyAction::Pressed),
        2 => Some(KeyAction::Repeated),
        _ => None,
    }
}

#[async_trait]
impl InputLink for EvdevStream {
    fn axis(&self, code: u16) -> Option<AxisRange> {
        self.axes.get(&code).copied()
    }

    fn try_event(&mut self) -> io::Result<Option<InputEvent>> {
        if self.queue.is_empty() {
            match fetch(self.node.get_mut()) {
                Ok(events) => self.take(events)?,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        Ok(self.queue.pop_front())
    }

    async fn next_event(&mut self) -> io::Result<InputEvent> {
        poll_fn(|context| self.poll_event(context)).await
    }
}

impl fmt::Debug for EvdevStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EvdevStream({})", self.node.get_ref().name().unwrap_or("nameless"))
    }
}
