//! Driver `msr605`: readers of the MSR605 family, in read mode.
//!
//! | setting | default | means |
//! |---|---|---|
//! | `baud`, `data_bits`, `parity`, `stop_bits`, `flow` | 9600 8N1 | the line |
//! | `exchange_ms` | 1000 | deadline of a command and its answer |
//! | `swipe_ms` | 2000 | deadline from the first byte of a swipe to its last |
//! | `quiet_ms` | 50 | silence after which the line counts as drained |
//!
//! The reader is never told to write or erase.

mod carrier;
mod error;
mod transport;

use async_trait::async_trait;
use countertop_device::{
    Device, DeviceError, DeviceInfo, Driver, Functions, Health, HealthLevel, HealthReport, Listing,
    Selector, Settings, StripeReader, Swipe, UsbModel,
};
use countertop_transport::{BoxLink, Line, tty};
use countertop_wire::stripe::msr::{ReadResponse, Status};
use zeroize::Zeroizing;

use crate::swipe::swipe_of;
use crate::timing::{Timing, invalid, with_default_speed};

pub(crate) use carrier::Carrier;
use error::protocol;

/// The driver's name in the configuration.
pub const NAME: &str = "msr605";

/// Is a reader of the MSR605 family.
#[derive(Debug)]
pub struct Msr605 {
    line: Box<dyn Carrier>,
    info: DeviceInfo,
    timing: Timing,
    received: Zeroizing<Vec<u8>>,
}

impl Msr605 {
    /// Opens the line that `selector` names and greets the reader.
    ///
    /// # Errors
    ///
    /// What opening the line met; [`TimedOut`](countertop_device::DeviceErrorKind::TimedOut) when no
    /// reader answers.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: the line is closed.
    pub async fn open(selector: &Selector, settings: &Settings) -> Result<Self, DeviceError> {
        let settings = with_default_speed(settings);
        let link = countertop_transport::open(selector, &settings).await?;
        Self::new(link, selector.clone(), &settings).await
    }

    /// Greets the reader at the other end of `link`: reset, communication test, model, firmware.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: the link is closed.
    pub async fn new(
        link: BoxLink,
        selector: Selector,
        settings: &Settings,
    ) -> Result<Self, DeviceError> {
        let line = Line::new(link, selector.to_string());
        let info = DeviceInfo::new(selector, NAME, "MSR605 family");
        Self::over(Box::new(line), info, settings).await
    }

    /// Creates a reader as [`new`](Self::new) does, over whatever carries the protocol.
    pub(crate) async fn over(
        line: Box<dyn Carrier>,
        info: DeviceInfo,
        settings: &Settings,
    ) -> Result<Self, DeviceError> {
        let timing = Timing::from_settings(settings);
        let timing = timing.map_err(|error| invalid(&info.selector, error))?;
        let mut reader = Self { line, info, timing, received: Zeroizing::default() };
        reader.greet().await?;
        reader.info.model = reader.describe().await?;
        Ok(reader)
    }

    /// Waits for the answer of a swipe that has begun. `None` when it stops midway or is garbage.
    async fn finish_swipe(&mut self) -> Result<Option<ReadResponse>, DeviceError> {
        loop {
            match ReadResponse::parse(&self.received) {
                Ok(Some((response, _len))) => return Ok(Some(response)),
                Ok(None) => {}
                Err(_garbage) => return Ok(None),
            }
            if !self.read_on().await? {
                return Ok(None);
            }
        }
    }

    fn judge(&self, response: &ReadResponse) -> Result<Swipe, DeviceError> {
        match response.status {
            Status::Good => Ok(swipe_of(&response.tracks, true)),
            Status::ReadError | Status::CardMoving | Status::Other(0x31..=0x3f) => {
                Ok(swipe_of(&response.tracks, false))
            }
            status => Err(protocol(self.line.as_ref(), "read swipe", status)),
        }
    }
}

#[async_trait]
impl Device for Msr605 {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    async fn check_health(&mut self, level: HealthLevel) -> Result<HealthReport, DeviceError> {
        if let Err(error) = self.greet().await {
            return Ok(HealthReport::new(Health::Bad, error.to_string()));
        }
        match level {
            HealthLevel::Internal => Ok(HealthReport::good("communication test passed")),
            HealthLevel::External => self.blink().await,
            HealthLevel::Interactive => {
                let swipe = self.next_swipe().await?;
                let read = (1..=3).filter(|track| swipe.track(*track).is_some()).count();
                let health = if read == 0 { Health::Bad } else { Health::Good };
                Ok(HealthReport::new(health, format!("{read} of 3 tracks read")))
            }
        }
    }
}

#[async_trait]
impl StripeReader for Msr605 {
    async fn next_swipe(&mut self) -> Result<Swipe, DeviceError> {
        loop {
            // Whatever an earlier call left behind, armed reader or half a swipe, ends here.
            self.reset().await?;
            self.arm().await?;
            self.first_byte().await?;
            if let Some(response) = self.finish_swipe().await? {
                return self.judge(&response);
            }
        }
    }
}

/// Opens readers of the MSR605 family.
#[derive(Debug, Clone, Copy, Default)]
pub struct Msr605Driver;

#[async_trait]
impl Driver for Msr605Driver {
    fn name(&self) -> &'static str {
        NAME
    }

    fn list(&self) -> Result<Vec<Listing>, DeviceError> {
        tty::listings(NAME, self.models())
    }

    fn models(&self) -> &'static [UsbModel] {
        tty::ADAPTERS
    }

    fn subsystems(&self) -> &'static [&'static str] {
        &["tty"]
    }

    async fn open(
        &self,
        selector: &Selector,
        settings: &Settings,
    ) -> Result<Functions, DeviceError> {
        let reader = Msr605::open(selector, settings).await?;
        let mut functions = Functions::default();
        functions.stripe = Some(Box::new(reader));
        Ok(functions)
    }
}
