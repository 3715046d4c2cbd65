//! An input device in memory, for tests and for virtual devices in the same process.

use std::collections::BTreeMap;
use std::io;

use countertop_device::async_trait;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::{AxisRange, BoxInputLink, InputEvent, InputKind, InputLink};

/// Is the device's end. Dropping it unplugs the device.
#[derive(Debug, Clone)]
pub struct MemoryInput {
    events: mpsc::UnboundedSender<InputEvent>,
    origin: Instant,
}

impl MemoryInput {
    /// Sends an event that happens now. A host that went away does not hear it.
    pub fn send(&self, kind: InputKind) {
        let time = self.origin.elapsed();
        // An event to nobody is lost, as it is on a cable.
        let _ = self.events.send(InputEvent { time, kind });
    }
}

#[derive(Debug)]
struct Host {
    events: mpsc::UnboundedReceiver<InputEvent>,
    axes: BTreeMap<u16, AxisRange>,
}

/// Creates the two ends of a device with these axes.
#[must_use]
pub fn pair(axes: &[(u16, AxisRange)]) -> (BoxInputLink, MemoryInput) {
    let (sender, events) = mpsc::unbounded_channel();
    let host = Host { events, axes: axes.iter().copied().collect() };
    (Box::new(host), MemoryInput { events: sender, origin: Instant::now() })
}

fn gone() -> io::Error {
    io::ErrorKind::NotConnected.into()
}

#[async_trait]
impl InputLink for Host {
    fn axis(&self, code: u16) -> Option<AxisRange> {
        self.axes.get(&code).copied()
    }

    fn try_event(&mut self) -> io::Result<Option<InputEvent>> {
        match self.events.try_recv() {
            Ok(event) => Ok(Some(event)),
            Err(mpsc::error::TryRecvError::Empty) => Ok(None),
            Err(mpsc::error::TryRecvError::Disconnected) => Err(gone()),
        }
    }

    async fn next_event(&mut self) -> io::Result<InputEvent> {
        self.events.recv().await.ok_or_else(gone)
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use countertop_device::DeviceErrorKind;

    use super::*;
    use crate::input::{Axis, InputLine, Key, KeyAction};

    const PRESSED: InputKind = InputKind::Key(Key { code: 2, action: KeyAction::Pressed });

    #[tokio::test(start_paused = true)]
    async fn events_keep_their_order_and_time() {
        let (link, device) = pair(&[(0, AxisRange::new(0, 100))]);
        let mut line = InputLine::new(link, "wedge");
        assert_eq!((line.axis(0).unwrap().maximum, line.axis(1)), (100, None));
        device.send(PRESSED);
        tokio::time::advance(Duration::from_millis(7)).await;
        device.send(InputKind::Report);
        let first = line.next_event(None, "wait").await.unwrap().unwrap();
        let second = line.try_event("wait").unwrap().unwrap();
        assert_eq!((first.kind, second.kind), (PRESSED, InputKind::Report));
        assert_eq!(second.time - first.time, Duration::from_millis(7));
        let patience = Some(Duration::from_millis(5));
        assert_eq!(line.next_event(patience, "wait").await.unwrap(), None);
        device.send(InputKind::Dropped);
        drop(device);
        assert!(line.next_event(patience, "wait").await.unwrap().is_some());
        for error in [line.next_event(None, "wait").await, line.try_event("wait")] {
            let error = error.unwrap_err();
            assert_eq!((error.kind(), error.device()), (DeviceErrorKind::Disconnected, "wedge"));
        }
    }

    #[test]
    fn debug_shows_no_text() {
        let axis = InputKind::Axis(Axis { code: 0, value: 77 });
        assert_eq!(format!("{PRESSED:?} {axis:?}"), "Key(Key(Pressed)) Axis(Axis(0))");
    }
}
