//! A virtual reader that is plugged in and pulled, by uhid or by USB.

use std::time::Duration;

use countertop_device::Driver as _;
use countertop_device::{Device, DeviceError, Identity, Listing, Selector, Settings, StripeReader};
use countertop_magstripe::magtek::{MagtekHid, MagtekHidDriver};
use countertop_virtual::magtek::{MagtekConfig, MagtekControl};
use countertop_virtual::stripe::StripeCard;
use tokio::time::timeout;

pub(super) use crate::hid_plug::Carrier;
use crate::hid_plug::HidPlug;
use crate::kernel::{self, LONG};
use crate::lab_test::{TestResult, check};

/// A test card's track 2.
pub(super) const TRACK_2: &str = "6200000000000005=30122010000000000";

/// No call of a driver may take longer.
pub(super) const SOON: Duration = Duration::from_secs(10);

/// Is a reader and the hand that swipes its cards and pulls its plug.
#[derive(Debug)]
pub(super) struct Bench {
    plug: HidPlug,
    pub(super) hand: MagtekControl,
}

impl Bench {
    /// Makes a reader that is not plugged in.
    pub(super) async fn new(carrier: Carrier, config: MagtekConfig) -> TestResult<Self> {
        let (device, hand) = config.build()?;
        kernel::modprobe(&["uhid", "vhci_hcd", "usbhid", "hid_generic"]).await?;
        Ok(Self { plug: HidPlug::new(device, carrier)?, hand })
    }

    /// Makes a reader and plugs it in.
    pub(super) async fn plugged(carrier: Carrier) -> TestResult<(Self, Listing)> {
        let mut bench = Self::new(carrier, MagtekConfig::swipe_reader()).await?;
        let listing = bench.plug().await?;
        Ok((bench, listing))
    }

    /// Plugs the reader in and waits until it can be opened.
    pub(super) async fn plug(&mut self) -> TestResult<Listing> {
        self.plug.plug().await?;
        kernel::wait_for("the reader's node", LONG, listed).await
    }

    /// Pulls the plug, at once.
    pub(super) fn pull(&mut self) {
        self.plug.pull();
    }

    /// Waits until the kernel has let the pulled reader go.
    pub(super) async fn gone(&mut self) -> TestResult {
        self.plug.gone().await?;
        kernel::wait_for("the end of the node", LONG, || listed().is_none().then_some(())).await
    }

    /// Plugs the reader in again: it has to be the same, and to work.
    pub(super) async fn works_again(&mut self, before: &Option<Identity>) -> TestResult {
        self.gone().await?;
        let listing = self.plug().await?;
        check!(listing.info.identity == *before, "another identity: {:?}", listing.info.identity);
        let mut reader = open(&listing).await?;
        check!(reader.info().identity == *before, "opened, it has another identity");
        self.swipe(&mut reader).await
    }

    /// Swipes a card, which the driver has to read.
    pub(super) async fn swipe(&self, reader: &mut MagtekHid) -> TestResult {
        let card = StripeCard::new([None, Some(TRACK_2), None])?;
        let both = async { tokio::join!(reader.next_swipe(), self.hand_in(&card)) };
        let (swipe, ()) = timeout(SOON, both).await?;
        let swipe = swipe?;
        let track = swipe.track(2).ok_or("track 2 was not read")?;
        check!(track.expose() == TRACK_2.as_bytes(), "another track was read");
        Ok(())
    }

    /// Swipes until the reader fetched it: a driver that begins to wait forgets what was there.
    pub(super) async fn hand_in(&self, card: &StripeCard) {
        tokio::time::sleep(Duration::from_millis(50)).await;
        self.hand.swipe(card).await;
    }
}

/// Returns the reader, as our driver lists it, once its node may be opened.
pub(super) fn listed() -> Option<Listing> {
    MagtekHidDriver.list().ok()?.into_iter().next()
}

/// Opens the reader with generous deadlines.
pub(super) async fn open(listing: &Listing) -> Result<MagtekHid, DeviceError> {
    open_within(&listing.info.selector, 4000).await
}

pub(super) async fn open_within(
    selector: &Selector,
    exchange_ms: u64,
) -> Result<MagtekHid, DeviceError> {
    MagtekHid::open(selector, &Settings::new().with("exchange_ms", exchange_ms)).await
}
