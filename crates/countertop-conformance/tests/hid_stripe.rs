//! Our driver of HID stripe readers. Reports have no stream of bytes that the suite could stand on,
//! so they travel in frames here.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod hid_frames;

use core::time::Duration;

use countertop_conformance::{EventFixture, Fixture, Tap, stripe};
use countertop_device::{
    DeviceError, Selector, Sensitive, Settings, StripeReader, Swipe, TrackRead, async_trait,
};
use countertop_magstripe::magtek::MagtekHid;
use countertop_transport::memory;
use countertop_virtual::magtek::{MagtekConfig, MagtekControl};
use countertop_virtual::stripe::StripeCard;

use hid_frames::{FramedHid, UNKNOWN_FRAME, serve};

struct Reader {
    config: MagtekConfig,
    control: Option<MagtekControl>,
}

fn track(number: usize) -> String {
    format!("6200000000000005=3012{number:07}")
}

#[async_trait]
impl Fixture for Reader {
    type Function = dyn StripeReader;

    async fn open(&mut self, tap: &Tap) -> Result<Box<dyn StripeReader>, DeviceError> {
        let (host, device_end) = memory::pair();
        let (device, control) = self.config.clone().build().unwrap();
        let descriptor = device.descriptors().report_descriptor.clone();
        tokio::spawn(serve(device, tap.wrap(device_end)));
        self.control = Some(control);
        let settings = Settings::new().with("exchange_ms", 200);
        let link = Box::new(FramedHid::new(host, descriptor));
        let reader = MagtekHid::new(link, Selector::Virtual("reader".into()), &settings).await?;
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
        self.control.as_ref().unwrap().swipe(&card).await;
    }

    fn expected(&self, number: usize) -> Swipe {
        let track = TrackRead::Good(Sensitive::new(track(number).into_bytes()));
        Swipe { tracks: [TrackRead::Absent, track, TrackRead::Absent] }
    }
}

#[tokio::test(start_paused = true)]
async fn swipe_reader() {
    let config = MagtekConfig::swipe_reader();
    stripe::run(&mut Reader { config, control: None }).await.assert_passed();
}

#[tokio::test(start_paused = true)]
async fn magnesafe_without_keys() {
    let config = MagtekConfig::magnesafe();
    stripe::run(&mut Reader { config, control: None }).await.assert_passed();
}
