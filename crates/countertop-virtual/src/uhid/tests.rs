//! The kernel's part is played by the other end of a socket, which keeps events apart as it does.

use core::time::Duration;
use std::fs::File;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram as StdDatagram;

use tokio::net::UnixDatagram;
use tokio::time::timeout;

use super::event::EVENT_SIZE;
use super::node::Node;
use super::*;
use crate::magtek::{MagtekConfig, MagtekControl};
use crate::stripe::StripeCard;

/// Types of event (linux/uhid.h).
const DESTROY: u8 = 1;
const OPEN: u8 = 4;
const CLOSE: u8 = 5;
const GET_REPORT: u8 = 9;
const GET_REPORT_REPLY: u8 = 10;
const CREATE2: u8 = 11;
const INPUT2: u8 = 12;
const SET_REPORT: u8 = 13;
const SET_REPORT_REPLY: u8 = 14;

const SOON: Duration = Duration::from_secs(5);

/// Plays the kernel.
struct Kernel(UnixDatagram);

impl Kernel {
    async fn says(&self, kind: u8, body: &[u8]) {
        let mut event = [&u32::from(kind).to_ne_bytes(), body].concat();
        event.resize(EVENT_SIZE, 0);
        self.0.send(&event).await.unwrap();
    }

    async fn asks(&self, kind: u8, request: u8, body: &[u8]) {
        self.says(kind, &[&u32::from(request).to_ne_bytes(), body].concat()).await;
    }

    /// Sends a feature report, and returns the error of the reply.
    async fn sends(&self, request: u8, report: &[u8]) -> u8 {
        let length = u16::try_from(report.len()).unwrap().to_ne_bytes();
        self.asks(SET_REPORT, request, &[&[0, 0], length.as_slice(), report].concat()).await;
        let reply = self.hears(SET_REPORT_REPLY).await;
        assert_eq!(reply[..4], u32::from(request).to_ne_bytes());
        reply[4]
    }

    /// Returns the body of the next event, which has to be of this kind.
    async fn hears(&self, kind: u8) -> Vec<u8> {
        let mut event = vec![0; EVENT_SIZE];
        let count = timeout(SOON, self.0.recv(&mut event)).await.unwrap().unwrap();
        event.truncate(count);
        assert_eq!(event[..4], u32::from(kind).to_ne_bytes(), "another event came");
        event.split_off(4)
    }
}

async fn plug() -> (Kernel, PluggedHid, MagtekControl) {
    let (ours, kernels) = StdDatagram::pair().unwrap();
    for end in [&ours, &kernels] {
        end.set_nonblocking(true).unwrap();
    }
    let (reader, control) = MagtekConfig::swipe_reader().build().unwrap();
    let node = Node::of(File::from(OwnedFd::from(ours))).unwrap();
    let plugged = reader.start(node, "here").unwrap();
    let kernel = Kernel(UnixDatagram::from_std(kernels).unwrap());
    let created = kernel.hears(CREATE2).await;
    assert_eq!(&created[..24], b"Mag-Tek USB Swipe Reader");
    (kernel, plugged, control)
}

fn card() -> StripeCard {
    StripeCard::new([None, Some("6200000000000005=3012"), None]).unwrap()
}

#[tokio::test]
async fn reports_go_out_while_somebody_listens() {
    let (kernel, plugged, control) = plug().await;
    assert!(!plugged.is_open());
    let early = control.clone();
    let early = tokio::spawn(async move { early.swipe(&card()).await });
    kernel.says(OPEN, &[]).await;
    timeout(SOON, plugged.opened()).await.unwrap().unwrap();
    assert_eq!(kernel.hears(INPUT2).await.len(), 2 + 337);
    assert!(early.await.unwrap());
    kernel.says(CLOSE, &[]).await;
    // An answer says that the event before it was seen.
    kernel.asks(GET_REPORT, 1, &[0, 0]).await;
    kernel.hears(GET_REPORT_REPLY).await;
    assert!(!plugged.is_open());
    let nobody = timeout(Duration::from_millis(20), control.swipe(&card())).await;
    assert!(nobody.is_err());
    // What was withdrawn does not come later.
    kernel.says(OPEN, &[]).await;
    let (seen, report) = tokio::join!(control.send_garbage(&[7]), kernel.hears(INPUT2));
    assert_eq!((seen, report), (true, vec![1, 0, 7]));
}

#[tokio::test]
async fn commands_are_answered_with_or_without_a_zero_in_front() {
    let (kernel, _plugged, control) = plug().await;
    let mut command = vec![0; 25];
    command[2] = 1;
    assert_eq!(kernel.sends(7, &command).await, 0);
    assert_eq!(kernel.sends(8, &command[1..]).await, 0);
    assert_eq!(control.commands().len(), 2);
    kernel.asks(GET_REPORT, 9, &[0, 0]).await;
    let reply = kernel.hears(GET_REPORT_REPLY).await;
    // The request, no error, 25 bytes: the number, success, eleven characters.
    assert_eq!(reply[..11], [9, 0, 0, 0, 0, 0, 25, 0, 0, 0, 11]);
    assert_eq!(&reply[11..22], b"21042812D01");
}

#[tokio::test]
async fn refusal_and_silence_differ() {
    let (kernel, _plugged, control) = plug().await;
    assert_ne!(kernel.sends(1, &[]).await, 1);
    control.set_refusing(true);
    assert_eq!(kernel.sends(2, &[0; 25]).await, 5);
    kernel.asks(GET_REPORT, 3, &[0, 0]).await;
    assert_eq!(kernel.hears(GET_REPORT_REPLY).await[4], 5);
    control.set_silent(true);
    kernel.asks(GET_REPORT, 4, &[0, 0]).await;
    // Of a report that does not exist nobody is asked.
    kernel.asks(GET_REPORT, 5, &[3, 0]).await;
    assert_eq!(kernel.hears(GET_REPORT_REPLY).await[..6], [5, 0, 0, 0, 5, 0]);
}

#[tokio::test]
async fn an_unplugged_device_can_be_plugged_again() {
    let (kernel, plugged, control) = plug().await;
    let device = timeout(SOON, plugged.unplug()).await.unwrap().unwrap();
    kernel.hears(DESTROY).await;
    assert_eq!(device.descriptors().product, 0x0002);
    let (ours, kernels) = StdDatagram::pair().unwrap();
    kernels.set_nonblocking(true).unwrap();
    ours.set_nonblocking(true).unwrap();
    let again = device.start(Node::of(File::from(OwnedFd::from(ours))).unwrap(), "").unwrap();
    let kernel = Kernel(UnixDatagram::from_std(kernels).unwrap());
    kernel.hears(CREATE2).await;
    kernel.says(OPEN, &[]).await;
    let (seen, report) = tokio::join!(control.send_garbage(&[7]), kernel.hears(INPUT2));
    assert_eq!((seen, report), (true, vec![1, 0, 7]));
    drop(again);
    kernel.hears(DESTROY).await;
}

#[tokio::test]
async fn without_the_module_the_error_says_what_to_do() {
    if let Err(error) = MagtekConfig::swipe_reader().build().unwrap().0.plug().await {
        let text = error.to_string();
        assert!(text.contains("modprobe uhid") || text.contains("root"), "{text}");
    }
}
