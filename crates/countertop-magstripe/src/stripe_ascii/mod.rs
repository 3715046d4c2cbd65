//! Driver `stripe-ascii`: readers that send each swipe as a line of text.
//!
//! The default of many serial and USB CDC readers (MagTek, ID TECH): `%…?;…?+…?` and CR or LF. Such a
//! reader takes no commands, so its health is that of the line. Settings: those of
//! [`msr605`](crate::msr605), without `exchange_ms`.

use async_trait::async_trait;
use countertop_device::{
    Device, DeviceError, DeviceErrorKind, DeviceInfo, Driver, Functions, HealthLevel, HealthReport,
    Listing, Selector, Settings, StripeReader, Swipe,
};
use countertop_transport::{BoxLink, Line};
use countertop_wire::stripe::line::parse_line;
use zeroize::Zeroizing;

use crate::swipe::swipe_of;
use crate::timing::{Timing, invalid, with_default_speed};

/// The driver's name in the configuration.
pub const NAME: &str = "stripe-ascii";

/// Longest line that can be a swipe; more is noise.
const MAX_LINE: usize = 512;

/// Is a reader that sends lines of text.
#[derive(Debug)]
pub struct StripeAscii {
    line: Line,
    info: DeviceInfo,
    timing: Timing,
    received: Zeroizing<Vec<u8>>,
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
    /// [`InvalidInput`](DeviceErrorKind::InvalidInput) for a setting that does not parse.
    pub fn new(
        link: BoxLink,
        selector: Selector,
        settings: &Settings,
    ) -> Result<Self, DeviceError> {
        let timing = Timing::from_settings(settings).map_err(|error| invalid(&selector, error))?;
        let line = Line::new(link, selector.to_string());
        let info = DeviceInfo::new(selector, NAME, "reader that sends lines of text");
        Ok(Self { line, info, timing, received: Zeroizing::default() })
    }

    /// Reads on to the end of the line; `false` when it does not come in time.
    async fn finish_line(&mut self) -> Result<bool, DeviceError> {
        const ACTION: &str = "read swipe";
        while !self.received.iter().any(|byte| b"\r\n".contains(byte)) {
            if self.received.len() > MAX_LINE {
                return Ok(false);
            }
            match self.line.read_some(&mut self.received, self.timing.swipe, ACTION).await {
                Ok(_count) => {}
                Err(error) if error.kind() == DeviceErrorKind::TimedOut => return Ok(false),
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }

    /// Takes the first line out of what was received.
    fn take_line(&mut self) -> Zeroizing<Vec<u8>> {
        let end = self.received.iter().position(|byte| b"\r\n".contains(byte));
        let line = self.received.drain(..end.map_or(0, |end| end + 1)).collect();
        Zeroizing::new(line)
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
        // What came while nobody waited is not this customer's swipe.
        self.line.drain(self.timing.quiet).await;
        self.received.clear();
        loop {
            if self.received.is_empty() {
                self.line.read_some_forever(&mut self.received, "wait for a swipe").await?;
            }
            if !self.finish_line().await? {
                self.received.clear();
                continue;
            }
            if let Some(tracks) = parse_line(&self.take_line()) {
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
        Ok(Vec::new())
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
