//! Driver `wedge-scanner`: code scanners that pose as keyboards.
//!
//! | setting | default | means |
//! |---|---|---|
//! | `layout` | `us` | the keyboard layout that the scanner is set to: `us`, `de`, `es`, `fr`, `it`, `jp`, `uk`; scanners in "ALT mode" need none |
//! | `prefix` | none | text before each code, or `hex:02`; where there is one, codes without it are noise |
//! | `suffix` | `line` | `line` for Enter; `none` for scanners that type no suffix; else the text itself, or `hex:09` for Tab |
//! | `aim` | true | whether `]Q1` and its like before the data are AIM identifiers |
//! | `gap_ms` | 60 | longest time between two keys of a code; a person types more slowly |
//! | `min_length` | 3 | what is shorter is no code |
//! | `grab_ms` | 2000 | how long opening waits for keys that are held to be let go |
//!
//! The scanner is selected by its node, `evdev:/dev/input/event3` or better a link of
//! `/dev/input/by-id`, or by `usb:VID:PID`. While it is open, no other program sees what it types.
//!
//! Codes that come while nobody waits are dropped, and so are codes of which keys were lost or have
//! no meaning in the layout.

mod models;
mod options;

use async_trait::async_trait;
use countertop_device::{
    CodeScanner, Device, DeviceError, DeviceInfo, Driver, Functions, HealthLevel, HealthReport,
    Listing, Scan, Selector, Sensitive, Settings, UsbModel,
};
use countertop_transport::evdev;
use countertop_transport::input::{BoxInputLink, BurstReader, InputLine};
use countertop_wire::keyboard::{Burst, WedgeDecoder};

use crate::scanner::symbology::symbology_of;
use options::Options;

/// The driver's name in the configuration.
pub const NAME: &str = "wedge-scanner";

/// Is a code scanner that poses as a keyboard.
#[derive(Debug)]
pub struct WedgeScanner {
    reader: BurstReader,
    info: DeviceInfo,
    options: Options,
}

impl WedgeScanner {
    /// Opens the device that `selector` names, for this program alone.
    ///
    /// # Errors
    ///
    /// [`Busy`](countertop_device::DeviceErrorKind::Busy) when another program has it to itself; else
    /// what opening met.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: the device is released.
    pub async fn open(selector: &Selector, settings: &Settings) -> Result<Self, DeviceError> {
        let device = evdev::find(selector, |device| device.has_keys)?;
        let link = evdev::open(&device.node, settings).await?;
        let mut scanner = Self::new(Box::new(link), selector.clone(), settings)?;
        scanner.info = DeviceInfo::new(selector.clone(), NAME, device.name)
            .with_identity(device.identity, device.place);
        Ok(scanner)
    }

    /// Takes a link to a scanner.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](countertop_device::DeviceErrorKind::InvalidInput) for a setting that does not
    /// parse.
    pub fn new(
        link: BoxInputLink,
        selector: Selector,
        settings: &Settings,
    ) -> Result<Self, DeviceError> {
        let options = Options::from_settings(settings, &selector)?;
        let line = InputLine::new(link, selector.to_string());
        let suffix = options.format.suffix.clone();
        let decoder = WedgeDecoder::new(options.layout, suffix, options.gap);
        let reader = BurstReader::new(line, decoder, options.gap, ACTION);
        let info = DeviceInfo::new(selector, NAME, "code scanner as keyboard");
        Ok(Self { reader, info, options })
    }

    /// Returns the code of a burst, unless it is none.
    fn scan_of(&self, burst: &Burst) -> Option<Scan> {
        match burst {
            Burst::Text(text) => {
                let (aim, data) = self.options.format.strip(text)?;
                let data = (data.len() >= self.options.min_length.max(1)).then_some(data)?;
                Some(Scan { data: Sensitive::from(data), symbology: aim.and_then(symbology_of) })
            }
            Burst::Spoilt(count) if *count >= self.options.min_length => {
                let device = self.reader.line().device();
                tracing::warn!(device, count, "dropped a code with keys lost or not of the layout");
                None
            }
            _ => None,
        }
    }
}

const ACTION: &str = "wait for a code";

#[async_trait]
impl Device for WedgeScanner {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    async fn check_health(&mut self, level: HealthLevel) -> Result<HealthReport, DeviceError> {
        if level == HealthLevel::Interactive {
            self.next_scan().await?;
            return Ok(HealthReport::good("a code was read"));
        }
        self.reader.forget()?;
        Ok(HealthReport::good("device grabbed; the scanner takes no commands"))
    }
}

#[async_trait]
impl CodeScanner for WedgeScanner {
    async fn next_scan(&mut self) -> Result<Scan, DeviceError> {
        self.reader.forget()?;
        loop {
            let burst = self.reader.next_burst().await?;
            if let Some(scan) = self.scan_of(&burst) {
                return Ok(scan);
            }
        }
    }
}

/// Opens code scanners that pose as keyboards.
#[derive(Debug, Clone, Copy, Default)]
pub struct WedgeScannerDriver;

#[async_trait]
impl Driver for WedgeScannerDriver {
    fn name(&self) -> &'static str {
        NAME
    }

    /// Lists known models: nothing else tells a scanner from a keyboard.
    fn list(&self) -> Result<Vec<Listing>, DeviceError> {
        let found = evdev::list_models(models::MODELS, |device| device.has_keys)?;
        Ok(found.into_iter().map(|(device, model)| device.listing(NAME, model)).collect())
    }

    fn models(&self) -> &'static [UsbModel] {
        models::MODELS
    }

    fn subsystems(&self) -> &'static [&'static str] {
        &["input"]
    }

    async fn open(
        &self,
        selector: &Selector,
        settings: &Settings,
    ) -> Result<Functions, DeviceError> {
        let scanner = WedgeScanner::open(selector, settings).await?;
        let mut functions = Functions::default();
        functions.scanner = Some(Box::new(scanner));
        Ok(functions)
    }
}
