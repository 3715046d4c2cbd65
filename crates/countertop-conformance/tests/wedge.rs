//! Our drivers of devices that pose as keyboards. The wire of the suite carries a keyboard's reports.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use core::time::Duration;

use countertop_conformance::{EventFixture, Fixture, Tap, scanner, stripe};
use countertop_device::{
    CodeScanner, DeviceError, Scan, Selector, Sensitive, Settings, StripeReader, Swipe, Symbology,
    TrackRead, async_trait,
};
use countertop_input::wedge::WedgeScanner;
use countertop_magstripe::wedge::WedgeStripe;
use countertop_transport::input::{BoxInputLink, InputKind, Key, KeyAction, MemoryInput, pair};
use countertop_transport::{BoxLink, memory};
use countertop_virtual::hid::HidDevice;
use countertop_virtual::stripe::StripeCard;
use countertop_virtual::wedge::{WedgeConfig, WedgeControl};
use countertop_wire::keyboard::{BootReport, Layout};
use countertop_wire::scanner::AimIdentifier;
use tokio::io::{AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::{sleep, timeout};

/// Silence after which the rest of a report does not come.
const CUT: Duration = Duration::from_millis(30);

/// Sends a keyboard's reports through the suite's hands.
async fn send(mut keyboard: HidDevice, mut wire: impl AsyncWrite + Unpin) {
    while let Some(report) = keyboard.next_input().await {
        if wire.write_all(&report).await.is_err() {
            return;
        }
        sleep(Duration::from_millis(4)).await;
    }
}

/// Is the kernel: makes key events of whole reports. USB repeats what is lost, and the suite does not:
/// so keys go up when nothing comes.
async fn receive(mut wire: BoxLink, host: MemoryInput) {
    let (mut last, mut report) = (BootReport::default(), Vec::new());
    loop {
        let mut byte = [0];
        match timeout(CUT, wire.read(&mut byte)).await {
            Err(_elapsed) => report = vec![0; BootReport::LEN],
            Ok(Ok(1)) => report.push(byte[0]),
            Ok(_end) => return,
        }
        let Some(next) = BootReport::parse(&report) else { continue };
        report.clear();
        for event in core::mem::replace(&mut last, next).changes(next) {
            let action = if event.pressed { KeyAction::Pressed } else { KeyAction::Released };
            host.send(InputKind::Key(Key { code: event.code, action }));
        }
        host.send(InputKind::Report);
    }
}

fn plug(config: WedgeConfig, tap: &Tap) -> (BoxInputLink, WedgeControl) {
    let (keyboard, control) = config.build().unwrap();
    let (near, far) = memory::pair();
    let (link, host) = pair(&[]);
    tokio::spawn(send(keyboard, tap.wrap(far)));
    tokio::spawn(receive(near, host));
    (link, control)
}

/// Somebody leans on keys that type nothing: F1, Num Lock, Shift, and what is no key.
fn noise() -> Vec<u8> {
    let keys = [[0, 0, 0x3a, 0xa4, 0, 0, 0, 0], [0x02, 0, 0x53, 0, 0, 0, 0, 0], [0; 8]];
    keys.concat()
}

const LAYOUT: Layout = Layout::German;

fn settings() -> Settings {
    Settings::new().with("layout", LAYOUT)
}

#[derive(Default)]
struct Scanner(Option<WedgeControl>);

#[async_trait]
impl Fixture for Scanner {
    type Function = dyn CodeScanner;

    async fn open(&mut self, tap: &Tap) -> Result<Box<dyn CodeScanner>, DeviceError> {
        let (link, control) = plug(WedgeConfig::scanner().layout(LAYOUT), tap);
        self.0 = Some(control);
        let selector = Selector::Evdev("/dev/input/event9".into());
        Ok(Box::new(WedgeScanner::new(link, selector, &settings())?))
    }

    fn deadline(&self) -> Duration {
        Duration::from_secs(20)
    }

    fn noise(&self) -> Vec<u8> {
        noise()
    }

    fn secrets(&self) -> Vec<Vec<u8>> {
        vec![b"62000000000000".to_vec()]
    }
}

#[async_trait]
impl EventFixture for Scanner {
    type Event = Scan;

    async fn present(&mut self, number: usize) {
        let code = format!("62000000000000{number:05}");
        // The suite may have unplugged it.
        let _ = self.0.as_ref().unwrap().scan(Some(AimIdentifier::QR_CODE), code.as_bytes()).await;
    }

    fn expected(&self, number: usize) -> Scan {
        let data = Sensitive::new(format!("62000000000000{number:05}").into_bytes());
        Scan { data, symbology: Some(Symbology::QrCode) }
    }
}

#[derive(Default)]
struct Reader(Option<WedgeControl>);

#[async_trait]
impl Fixture for Reader {
    type Function = dyn StripeReader;

    async fn open(&mut self, tap: &Tap) -> Result<Box<dyn StripeReader>, DeviceError> {
        let (link, control) = plug(WedgeConfig::stripe_reader().layout(LAYOUT), tap);
        self.0 = Some(control);
        let selector = Selector::Evdev("/dev/input/event9".into());
        Ok(Box::new(WedgeStripe::new(link, selector, &settings())?))
    }

    fn deadline(&self) -> Duration {
        Duration::from_secs(20)
    }

    fn noise(&self) -> Vec<u8> {
        noise()
    }

    fn secrets(&self) -> Vec<Vec<u8>> {
        vec![b"6200000000000005".to_vec()]
    }
}

#[async_trait]
impl EventFixture for Reader {
    type Event = Swipe;

    async fn present(&mut self, number: usize) {
        let track = format!("6200000000000005=3012{number:07}");
        let card = StripeCard::new([None, Some(&track), None]).unwrap();
        // The suite may have unplugged it.
        let _ = self.0.as_ref().unwrap().swipe(&card).await;
    }

    fn expected(&self, number: usize) -> Swipe {
        let track = format!("6200000000000005=3012{number:07}").into_bytes();
        let track = TrackRead::Good(Sensitive::new(track));
        Swipe { tracks: [TrackRead::Absent, track, TrackRead::Absent] }
    }
}

#[tokio::test(start_paused = true)]
async fn wedge_scanner() {
    scanner::run(&mut Scanner::default()).await.assert_passed();
}

#[tokio::test(start_paused = true)]
async fn wedge_stripe() {
    stripe::run(&mut Reader::default()).await.assert_passed();
}
