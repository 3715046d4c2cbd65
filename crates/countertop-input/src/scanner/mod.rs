//! Driver `serial-scanner`: code scanners on a serial or USB CDC line.
//!
//! | setting | default | means |
//! |---|---|---|
//! | `baud`, `data_bits`, `parity`, `stop_bits`, `flow` | 9600 8N1 | the line |
//! | `prefix` | none | text before each code, or `hex:02`; where there is one, codes without it are noise |
//! | `suffix` | `line` | `line` for CR, LF or both; `none` for scanners that send no suffix; else the text itself, or `hex:03` |
//! | `aim` | true | whether `]Q1` and its like before the data are AIM identifiers |
//! | `gap_ms` | 200 | silence that ends a code without a suffix, and gives up on one that lacks it |
//!
//! Codes that come while nobody waits are dropped: the one before this customer may have held up
//! theirs twice.

pub(crate) mod options;
pub(crate) mod symbology;

use async_trait::async_trait;
use countertop_device::{
    CodeScanner, Device, DeviceError, DeviceInfo, Driver, Functions, HealthLevel, HealthReport,
    Listing, NodeKind, Scan, Selector, Sensitive, Settings, UsbModel,
};
use countertop_transport::{BoxLink, CodeReader, Line, tty};
use countertop_wire::scanner::ScanDecoder;

use options::Options;
use symbology::symbology_of;

/// The driver's name in the configuration.
pub const NAME: &str = "serial-scanner";

/// Is a code scanner on a serial line.
#[derive(Debug)]
pub struct SerialScanner {
    reader: CodeReader,
    info: DeviceInfo,
    options: Options,
}

impl SerialScanner {
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
        let settings = options::with_default_speed(settings);
        let link = countertop_transport::open(selector, &settings).await?;
        Self::new(link, selector.clone(), &settings)
    }

    /// Takes a link to a scanner.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](countertop_device::DeviceErrorKind::InvalidInput) for a setting that does not parse.
    pub fn new(
        link: BoxLink,
        selector: Selector,
        settings: &Settings,
    ) -> Result<Self, DeviceError> {
        let options = Options::from_settings(settings, &selector)?;
        let line = Line::new(link, selector.to_string());
        let decoder = ScanDecoder::new(options.format.suffix.clone());
        let reader = CodeReader::new(line, decoder, options.gap, "wait for a code");
        let info = DeviceInfo::new(selector, NAME, "serial code scanner");
        Ok(Self { reader, info, options })
    }
}

#[async_trait]
impl Device for SerialScanner {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    async fn check_health(&mut self, level: HealthLevel) -> Result<HealthReport, DeviceError> {
        if level == HealthLevel::Interactive {
            self.next_scan().await?;
            return Ok(HealthReport::good("a code was read"));
        }
        Ok(HealthReport::good("line open; the scanner takes no commands"))
    }
}

#[async_trait]
impl CodeScanner for SerialScanner {
    async fn next_scan(&mut self) -> Result<Scan, DeviceError> {
        self.reader.forget().await?;
        loop {
            let code = self.reader.next_code().await?;
            if let Some((aim, data)) = self.options.format.strip(&code)
                && !data.is_empty()
            {
                let symbology = aim.and_then(symbology_of);
                return Ok(Scan { data: Sensitive::from(data), symbology });
            }
        }
    }
}

/// Scanners that are serial lines themselves: by CDC-ACM, and by the Linux driver metro-usb
/// (`drivers/usb/serial/metro-usb.c`). Others hang behind adapters.
static MODELS: [UsbModel; tty::ADAPTERS.len() + 3] = tty::with_adapters(&[
    UsbModel::new(0x05e0, 0x1701, "Zebra scanner (CDC)", NodeKind::Serial),
    UsbModel::new(0x0c2e, 0x0700, "Metrologic scanner (unidirectional)", NodeKind::Serial),
    UsbModel::new(0x0c2e, 0x0720, "Metrologic scanner (bidirectional)", NodeKind::Serial),
]);

/// Opens code scanners on serial lines.
#[derive(Debug, Clone, Copy, Default)]
pub struct SerialScannerDriver;

#[async_trait]
impl Driver for SerialScannerDriver {
    fn name(&self) -> &'static str {
        NAME
    }

    fn list(&self) -> Result<Vec<Listing>, DeviceError> {
        tty::listings(NAME, self.models())
    }

    fn models(&self) -> &'static [UsbModel] {
        &MODELS
    }

    fn subsystems(&self) -> &'static [&'static str] {
        &["tty"]
    }

    async fn open(
        &self,
        selector: &Selector,
        settings: &Settings,
    ) -> Result<Functions, DeviceError> {
        let scanner = SerialScanner::open(selector, settings).await?;
        let mut functions = Functions::default();
        functions.scanner = Some(Box::new(scanner));
        Ok(functions)
    }
}
