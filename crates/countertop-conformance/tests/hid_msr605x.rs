//! Our driver of the MSR605X. Its input reports travel in frames, so that the suite can cut and chop
//! them. Feature reports go past the suite: USB tells the host whether a device has taken them, and
//! that answer is never half there.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

#[expect(dead_code, reason = "feature reports travel in no frames here")]
mod hid_frames;

use core::time::Duration;
use std::io;

use countertop_conformance::{EventFixture, Fixture, Tap, stripe};
use countertop_device::{
    DeviceError, Selector, Sensitive, Settings, StripeReader, Swipe, TrackRead, async_trait,
};
use countertop_magstripe::msr605x;
use countertop_transport::hid::{BoxHidLink, HidLink, HidRequest, MemoryHid, pair};
use countertop_transport::memory;
use countertop_virtual::hid::{HidAnswer, HidDevice};
use countertop_virtual::stripe::{StripeCard, StripeConfig, StripeControl};
use countertop_wire::hid::ReportKind;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use hid_frames::{FramedHid, UNKNOWN_FRAME};

/// The header of a frame with an input report of 64 bytes.
const INPUT_FRAME: [u8; 4] = [0x01, 0x00, 64, 0x00];

/// Is the host's end: input reports in frames, feature reports beside them.
#[derive(Debug)]
struct Host {
    reports: FramedHid,
    features: BoxHidLink,
}

#[async_trait]
impl HidLink for Host {
    fn report_descriptor(&self) -> io::Result<Vec<u8>> {
        self.features.report_descriptor()
    }

    fn try_report(&mut self, report: &mut Vec<u8>) -> io::Result<bool> {
        self.reports.try_report(report)
    }

    async fn next_report(&mut self, report: &mut Vec<u8>) -> io::Result<()> {
        self.reports.next_report(report).await
    }

    async fn get_feature(&mut self, report: &mut Vec<u8>) -> io::Result<()> {
        self.features.get_feature(report).await
    }

    async fn send_feature(&mut self, report: &[u8]) -> io::Result<()> {
        self.features.send_feature(report).await
    }
}

/// Serves a virtual device until the wire or the host ends.
async fn serve(
    mut device: HidDevice,
    mut wire: impl AsyncRead + AsyncWrite + Send + Unpin,
    mut features: MemoryHid,
) -> io::Result<()> {
    loop {
        let mut nothing = [0; 16];
        tokio::select! {
            Some(report) = device.next_input() => {
                wire.write_all(&[&INPUT_FRAME, report.as_slice()].concat()).await?;
                wire.flush().await?;
            }
            request = features.next_request() => match request {
                Some(HidRequest::SetFeature { number, data, answer }) => {
                    let answered = device.set_report(ReportKind::Feature, number, &data);
                    assert_eq!(answered, HidAnswer::Accepted);
                    // A call that was dropped does not hear it.
                    let _ = answer.send(());
                }
                _ => return Ok(()),
            },
            read = wire.read(&mut nothing) => if read? == 0 {
                return Ok(());
            },
        }
    }
}

#[derive(Default)]
struct Reader {
    control: Option<StripeControl>,
}

fn track(number: usize) -> String {
    format!("6200000000000005=3012{number:07}")
}

#[async_trait]
impl Fixture for Reader {
    type Function = dyn StripeReader;

    async fn open(&mut self, tap: &Tap) -> Result<Box<dyn StripeReader>, DeviceError> {
        let (host, device_end) = memory::pair();
        let (device, control) =
            countertop_virtual::msr605x::build(StripeConfig::default()).unwrap();
        let descriptor = device.descriptors().report_descriptor.clone();
        let (features, requests) = pair(descriptor.clone());
        tokio::spawn(serve(device, tap.wrap(device_end), requests));
        self.control = Some(control);
        let settings =
            Settings::new().with("quiet_ms", 10).with("exchange_ms", 200).with("swipe_ms", 50);
        let link = Box::new(Host { reports: FramedHid::new(host, descriptor), features });
        let reader = msr605x::new(link, Selector::Virtual("reader".into()), &settings).await?;
        Ok(Box::new(reader))
    }

    fn silence(&self) -> Duration {
        Duration::from_millis(150)
    }

    fn noise(&self) -> Vec<u8> {
        UNKNOWN_FRAME.to_vec()
    }

    fn secrets(&self) -> Vec<Vec<u8>> {
        vec![b"6200000000000005".to_vec()]
    }
}

#[async_trait]
impl EventFixture for Reader {
    type Event = Swipe;

    async fn present(&mut self, number: usize) {
        let card = StripeCard::new([None, Some(&track(number)), None]).unwrap();
        let control = self.control.as_mut().unwrap();
        control.armed().await;
        control.swipe(&card).await;
    }

    fn expected(&self, number: usize) -> Swipe {
        let track = TrackRead::Good(Sensitive::new(track(number).into_bytes()));
        Swipe { tracks: [TrackRead::Absent, track, TrackRead::Absent] }
    }
}

#[tokio::test(start_paused = true)]
async fn conforms() {
    stripe::run(&mut Reader::default()).await.assert_passed();
}
