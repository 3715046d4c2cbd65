//! A stripe reader through which cards go without end.

use std::time::Duration;

use async_trait::async_trait;
use countertop_device::{
    DeviceError, DeviceErrorKind, Driver, Functions, HealthLevel, Identity, StripeReader,
};
use countertop_magstripe::magtek::MagtekHidDriver;
use countertop_virtual::magtek::MagtekConfig;
use countertop_virtual::stripe::StripeCard;

use super::station::{Station, Work};
use crate::kernel;
use crate::lab_test::TestResult;

const TRACK_2: &str = "6200000000000005=30122010000000000";

#[derive(Debug, Default)]
struct Swiping {
    reader: Option<Box<dyn StripeReader>>,
    count: u32,
}

/// Plugs the reader in and starts to swipe.
pub(super) async fn station() -> TestResult<(Station, Identity)> {
    kernel::modprobe(&["vhci_hcd", "usbhid", "hid_generic"]).await?;
    let (device, hand) = MagtekConfig::swipe_reader().build()?;
    let card = StripeCard::new([None, Some(TRACK_2), None])?;
    tokio::spawn(async move {
        loop {
            hand.swipe(&card).await;
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    });
    Station::start("stripe reader", device.into_usb()?, Swiping::default()).await
}

#[async_trait]
impl Work for Swiping {
    fn driver(&self) -> &'static dyn Driver {
        &MagtekHidDriver
    }

    fn take(&mut self, functions: Functions) -> Option<()> {
        self.reader = Some(functions.stripe?);
        Some(())
    }

    async fn exchange(&mut self) -> Result<(), DeviceError> {
        let wrong = |what| DeviceError::new(DeviceErrorKind::Other, "stripe reader", what);
        let reader = self.reader.as_mut().ok_or_else(|| wrong("use"))?;
        self.count += 1;
        if self.count.is_multiple_of(3) {
            return reader.check_health(HealthLevel::Internal).await.map(drop);
        }
        let swipe = reader.next_swipe().await?;
        let right = swipe.track(2).is_some_and(|track| track.expose() == TRACK_2.as_bytes());
        if right { Ok(()) } else { Err(wrong("read another track")) }
    }

    fn close(&mut self) {
        self.reader = None;
    }
}
