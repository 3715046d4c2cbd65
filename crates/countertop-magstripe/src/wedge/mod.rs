//! Driver `wedge-stripe`: stripe readers that pose as keyboards and type each swipe, `%…?;…?+…?` and
//! Enter.
//!
//! | setting | default | means |
//! |---|---|---|
//! | `layout` | `us` | the keyboard layout that the reader is set to: `us`, `de`, `es`, `fr`, `it`, `jp`, `uk` |
//! | `suffix` | `line` | `line` for Enter; `none` for readers that type nothing after a swipe |
//! | `gap_ms` | 60 | longest time between two keys of a swipe; a person types more slowly |
//! | `min_length` | 8 | what is shorter and has keys lost is no swipe |
//! | `grab_ms` | 2000 | how long opening waits for keys that are held to be let go |
//!
//! The reader is selected by its node, `evdev:/dev/input/event3` or better a link of
//! `/dev/input/by-id`, or by `usb:VID:PID`. While it is open, no other program sees what it types.
//!
//! A swipe of which keys were lost, or have no meaning in the layout, is unreadable on all tracks, so
//! that the cashier asks for another. What has no track in it is typing, and passed over. A reader that
//! masks the card number says so by an error: no swipe on it is of use.

mod error;
mod options;

use async_trait::async_trait;
use countertop_device::{
    Device, DeviceError, DeviceErrorKind, DeviceInfo, Driver, Functions, HealthLevel, HealthReport,
    Listing, NodeKind, Selector, Settings, StripeReader, Swipe, UsbModel,
};
use countertop_transport::evdev;
use countertop_transport::input::{BoxInputLink, BurstReader, InputLine};
use countertop_wire::keyboard::{Burst, WedgeDecoder};
use countertop_wire::stripe::TrackField;
use countertop_wire::stripe::line::parse_line;

use crate::swipe::swipe_of;
use crate::timing::invalid;
use error::WedgeStripeError;
use options::Options;

/// The driver's name in the configuration.
pub const NAME: &str = "wedge-stripe";

const MODELS: &[UsbModel] =
    &[UsbModel::new(0x0801, 0x0001, "MagTek swipe reader (keyboard)", NodeKind::Evdev)];

const ACTION: &str = "wait for a swipe";

/// Is a stripe reader that poses as a keyboard.
#[derive(Debug)]
pub struct WedgeStripe {
    reader: BurstReader,
    info: DeviceInfo,
    options: Options,
}

impl WedgeStripe {
    /// Opens the device that `selector` names, for this program alone.
    ///
    /// # Errors
    ///
    /// [`Busy`](DeviceErrorKind::Busy) when another program has it to itself; else what opening met.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: the device is released.
    pub async fn open(selector: &Selector, settings: &Settings) -> Result<Self, DeviceError> {
        let device = evdev::find(selector, |device| device.has_keys)?;
        let link = evdev::open(&device.node, settings).await?;
        let mut reader = Self::new(Box::new(link), selector.clone(), settings)?;
        reader.info = DeviceInfo::new(selector.clone(), NAME, device.name)
            .with_identity(device.identity, device.place);
        Ok(reader)
    }

    /// Takes a link to a reader.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](DeviceErrorKind::InvalidInput) for a setting that does not parse.
    pub fn new(
        link: BoxInputLink,
        selector: Selector,
        settings: &Settings,
    ) -> Result<Self, DeviceError> {
        let options =
            Options::from_settings(settings).map_err(|error| invalid(&selector, error))?;
        let line = InputLine::new(link, selector.to_string());
        let decoder = WedgeDecoder::new(options.layout, options.suffix.clone(), options.gap);
        let reader = BurstReader::new(line, decoder, options.gap, ACTION);
        let info = DeviceInfo::new(selector, NAME, "stripe reader as keyboard");
        Ok(Self { reader, info, options })
    }

    /// Returns the swipe of a burst; `None` for what is no swipe.
    fn swipe_of(&self, burst: &Burst) -> Result<Option<Swipe>, DeviceError> {
        match burst {
            Burst::Text(text) if is_masked(text) => Err(self.masked()),
            Burst::Text(text) => Ok(parse_line(text).map(|tracks| swipe_of(&tracks, true))),
            Burst::Spoilt(count) if *count >= self.options.min_length => {
                Ok(Some(swipe_of(&[const { TrackField::Unreadable }; 3], false)))
            }
            _ => Ok(None),
        }
    }

    fn masked(&self) -> DeviceError {
        self.reader
            .line()
            .error(DeviceErrorKind::InvalidInput, ACTION)
            .with_source(WedgeStripeError::Masked)
            .with_help("use a reader whose head does not encrypt, or set this one not to mask")
    }
}

/// Tells whether stars stand among the digits of track 2 or 3, or a run of them in track 1.
fn is_masked(text: &[u8]) -> bool {
    let tracks = text.split(|&byte| byte == b'?');
    tracks.into_iter().any(|track| match track.first() {
        Some(b';' | b'+') => track.contains(&b'*'),
        Some(b'%') => track.windows(2).any(|pair| pair == b"**"),
        _ => false,
    })
}

#[async_trait]
impl Device for WedgeStripe {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    async fn check_health(&mut self, level: HealthLevel) -> Result<HealthReport, DeviceError> {
        if level == HealthLevel::Interactive {
            self.next_swipe().await?;
            return Ok(HealthReport::good("a swipe was read"));
        }
        self.reader.forget()?;
        Ok(HealthReport::good("device grabbed; the reader takes no commands"))
    }
}

#[async_trait]
impl StripeReader for WedgeStripe {
    async fn next_swipe(&mut self) -> Result<Swipe, DeviceError> {
        self.reader.forget()?;
        loop {
            let burst = self.reader.next_burst().await?;
            if let Some(swipe) = self.swipe_of(&burst)? {
                return Ok(swipe);
            }
        }
    }
}

/// Opens stripe readers that pose as keyboards.
#[derive(Debug, Clone, Copy, Default)]
pub struct WedgeStripeDriver;

#[async_trait]
impl Driver for WedgeStripeDriver {
    fn name(&self) -> &'static str {
        NAME
    }

    /// Lists known models: nothing else tells a reader from a keyboard.
    fn list(&self) -> Result<Vec<Listing>, DeviceError> {
        let found = evdev::list_models(MODELS, |device| device.has_keys)?;
        Ok(found.into_iter().map(|(device, model)| device.listing(NAME, model)).collect())
    }

    fn models(&self) -> &'static [UsbModel] {
        MODELS
    }

    fn subsystems(&self) -> &'static [&'static str] {
        &["input"]
    }

    async fn open(
        &self,
        selector: &Selector,
        settings: &Settings,
    ) -> Result<Functions, DeviceError> {
        let reader = WedgeStripe::open(selector, settings).await?;
        let mut functions = Functions::default();
        functions.stripe = Some(Box::new(reader));
        Ok(functions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_mask_a_track() {
        for (text, masked) in [
            (b"%B6200000000000005^A*B^3012?;6200000000000005=3012?".as_slice(), false),
            (b"%B6200********0005^A^3012?", true),
            (b";6200********0005=3012?", true),
            (b";6200000000000005=3012?+01*1?", true),
            (b"**", false),
            (b"", false),
        ] {
            assert_eq!(is_masked(text), masked);
        }
    }
}
