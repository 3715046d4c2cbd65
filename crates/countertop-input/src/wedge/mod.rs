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
use countertop_transport::input::{BoxInputLink, InputEvent, InputKind, InputLine, KeyAction};
use countertop_wire::keyboard::{Burst, KeyEvent, WedgeDecoder};

use crate::scanner::symbology::symbology_of;
use options::Options;

/// The driver's name in the configuration.
pub const NAME: &str = "wedge-scanner";

/// Is a code scanner that poses as a keyboard.
#[derive(Debug)]
pub struct WedgeScanner {
    line: InputLine,
    info: DeviceInfo,
    options: Options,
    decoder: WedgeDecoder,
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
        let info = DeviceInfo::new(selector, NAME, "code scanner as keyboard");
        Ok(Self { line, info, options, decoder })
    }

    /// Drops what came while nobody waited; of a code that is still coming, the rest as well.
    fn forget(&mut self) -> Result<(), DeviceError> {
        while let Some(event) = self.line.try_event(ACTION)? {
            self.take(event);
        }
        self.decoder.discard();
        Ok(())
    }

    async fn next_burst(&mut self) -> Result<Burst, DeviceError> {
        loop {
            if let Some(burst) = self.decoder.next_burst() {
                return Ok(burst);
            }
            // A code that has begun goes on without a gap.
            let patience = self.decoder.is_pending().then_some(self.options.gap);
            match self.line.next_event(patience, ACTION).await? {
                Some(event) => self.take(event),
                None => self.decoder.silence(),
            }
        }
    }

    fn take(&mut self, event: InputEvent) {
        match event.kind {
            // A key that is held repeats: no scanner does that.
            InputKind::Key(key) if key.action != KeyAction::Repeated => {
                let pressed = key.action == KeyAction::Pressed;
                self.decoder.key(KeyEvent { code: key.code, pressed }, event.time);
            }
            InputKind::Dropped => self.decoder.lost(event.time),
            _ => {}
        }
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
                let device = self.line.device();
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
        self.forget()?;
        Ok(HealthReport::good("device grabbed; the scanner takes no commands"))
    }
}

#[async_trait]
impl CodeScanner for WedgeScanner {
    async fn next_scan(&mut self) -> Result<Scan, DeviceError> {
        self.forget()?;
        loop {
            let burst = self.next_burst().await?;
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
