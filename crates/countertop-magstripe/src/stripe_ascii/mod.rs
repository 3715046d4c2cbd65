//! Driver `stripe-ascii`: readers that send each swipe as a line of text.
//!
//! The default of many serial and USB CDC readers (MagTek, ID TECH): `%…?;…?+…?` and CR or LF. Such a
//! reader takes no commands, so its health is that of the line. Settings: those of the line, and
//! `swipe_ms` (2000), the silence after which half a swipe is given up.

use async_trait::async_trait;
use countertop_device::{
    Device, DeviceError, DeviceInfo, Driver, Functions, HealthLevel, HealthReport, Listing,
    Selector, Settings, StripeReader, Swipe, UsbModel,
};
use countertop_transport::{BoxLink, CodeReader, Line, tty};
use countertop_wire::scanner::{ScanDecoder, Suffix};
use countertop_wire::stripe::line::parse_line;

use crate::swipe::swipe_of;
use crate::timing::{Timing, invalid, with_default_speed};

/// The driver's name in the configuration.
pub const NAME: &str = "stripe-ascii";

/// Is a reader that sends lines of text.
#[derive(Debug)]
pub struct StripeAscii {
    reader: CodeReader,
    info: DeviceInfo,
}

impl StripeAscii {
    /// Opens the line that `selector` names.
    ///
    /// # Errors
    ///
    /// What opening the line met.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: the line is closed.
    pub async fn open(selector: &Selector, settings: &Settings) -> Result<Self, DeviceError> {
        let settings = with_default_speed(settings);
        let link = countertop_transport::open(selector, &settings).await?;
        Self::new(link, selector.clone(), &settings)
    }

    /// Takes a link to a reader.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](countertop_device::DeviceErrorKind::InvalidInput) for a setting that does not parse.
    pub fn new(
        link: BoxLink,
        selector: Selector,
        settings: &Settings,
    ) -> Result<Self, DeviceError> {
        let timing = Timing::from_settings(settings).map_err(|error| invalid(&selector, error))?;
        let line = Line::new(link, selector.to_string());
        let info = DeviceInfo::new(selector, NAME, "reader that sends lines of text");
        let decoder = ScanDecoder::new(Suffix::LineEnd);
        let reader = CodeReader::new(line, decoder, timing.swipe, "wait for a swipe");
        Ok(Self { reader, info })
    }
}

#[async_trait]
impl Device for StripeAscii {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    async fn check_health(&mut self, level: HealthLevel) -> Result<HealthReport, DeviceError> {
        if level == HealthLevel::Interactive {
            self.next_swipe().await?;
            return Ok(HealthReport::good("a swipe was read"));
        }
        Ok(HealthReport::good("line open; the reader takes no commands"))
    }
}

#[async_trait]
impl StripeReader for StripeAscii {
    async fn next_swipe(&mut self) -> Result<Swipe, DeviceError> {
        self.reader.forget().await?;
        loop {
            let line = self.reader.next_code().await?;
            if let Some(tracks) = parse_line(&line) {
                return Ok(swipe_of(&tracks, true));
            }
        }
    }
}

/// Opens readers that send lines of text.
#[derive(Debug, Clone, Copy, Default)]
pub struct StripeAsciiDriver;

#[async_trait]
impl Driver for StripeAsciiDriver {
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
        let reader = StripeAscii::open(selector, settings).await?;
        let mut functions = Functions::default();
        functions.stripe = Some(Box::new(reader));
        Ok(functions)
    }
}
