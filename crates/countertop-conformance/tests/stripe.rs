//! Our drivers of stripe readers.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use core::time::Duration;

use countertop_conformance::{EventFixture, Fixture, Tap, stripe};
use countertop_device::{
    DeviceError, Sensitive, Settings, StripeReader, Swipe, TrackRead, async_trait,
};
use countertop_magstripe::msr605::Msr605;
use countertop_magstripe::stripe_ascii::StripeAscii;
use countertop_virtual::stripe::{
    StripeCard, StripeConfig, StripeControl, StripeDialect, VirtualStripe,
};
use support::Transport;

struct Reader {
    transport: Transport,
    dialect: StripeDialect,
    control: Option<StripeControl>,
}

impl Reader {
    fn new(transport: Transport, dialect: StripeDialect) -> Self {
        Self { transport, dialect, control: None }
    }
}

fn track(number: usize) -> String {
    format!("6200000000000005=3012{number:07}")
}

#[async_trait]
impl Fixture for Reader {
    type Function = dyn StripeReader;

    async fn open(&mut self, tap: &Tap) -> Result<Box<dyn StripeReader>, DeviceError> {
        let (selector, host, device) = support::connect(self.transport, tap).await?;
        let (reader, control) = VirtualStripe::new(StripeConfig::new(self.dialect));
        tokio::spawn(reader.serve(device));
        self.control = Some(control);
        let settings =
            Settings::new().with("quiet_ms", 10).with("exchange_ms", 200).with("swipe_ms", 50);
        Ok(match self.dialect {
            StripeDialect::Msr605 => Box::new(Msr605::new(host, selector, &settings).await?),
            _ => Box::new(StripeAscii::new(host, selector, &settings)?),
        })
    }

    fn silence(&self) -> Duration {
        Duration::from_millis(150)
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

async fn examine(transport: Transport, dialect: StripeDialect) {
    stripe::run(&mut Reader::new(transport, dialect)).await.assert_passed();
}

#[tokio::test(start_paused = true)]
async fn msr605_in_memory() {
    examine(Transport::Memory, StripeDialect::Msr605).await;
}

#[tokio::test]
async fn msr605_on_a_serial_line() {
    examine(Transport::Pty, StripeDialect::Msr605).await;
}

#[tokio::test]
async fn msr605_over_tcp() {
    examine(Transport::Tcp, StripeDialect::Msr605).await;
}

#[tokio::test(start_paused = true)]
async fn stripe_ascii_in_memory() {
    examine(Transport::Memory, StripeDialect::Line).await;
}

#[tokio::test]
async fn stripe_ascii_on_a_serial_line() {
    examine(Transport::Pty, StripeDialect::Line).await;
}
