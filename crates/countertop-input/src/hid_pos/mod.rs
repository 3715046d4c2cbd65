//! Driver `hid-pos-scanner`: code scanners in HID POS mode, in which a code of any length comes at once
//! and with its symbology.
//!
//! | setting | default | means |
//! |---|---|---|
//! | `gap_ms` | 500 | longest time between two parts of a code |
//!
//! The scanner is selected by its node, `hidraw:/dev/hidraw0`, or by `usb:VID:PID`. It is known by its
//! report descriptor, and so is the layout of its reports.
//!
//! Codes that come while nobody waits are dropped, and so are codes of which a report is damaged.

mod error;
mod find;
mod models;

use core::time::Duration;

use async_trait::async_trait;
use countertop_device::{
    CodeScanner, Device, DeviceError, DeviceErrorKind, DeviceInfo, Driver, Functions, HealthLevel,
    HealthReport, Listing, Scan, Selector, Sensitive, Settings, UsbModel,
};
use countertop_transport::hid::{BoxHidLink, HidLine};
use countertop_transport::hidraw;
use countertop_wire::hid_pos::{PosScan, ScanAssembler, ScanLayout};
use tokio::time::timeout;
use zeroize::Zeroizing;

use crate::scanner::symbology::symbology_of;

/// The driver's name in the configuration.
pub const NAME: &str = "hid-pos-scanner";

const ACTION: &str = "wait for a code";

/// Is a code scanner in HID POS mode.
#[derive(Debug)]
pub struct HidPosScanner {
    line: HidLine,
    info: DeviceInfo,
    layout: ScanLayout,
    gap: Duration,
    assembler: ScanAssembler,
    report: Zeroizing<Vec<u8>>,
}

impl HidPosScanner {
    /// Opens the HID device that `selector` names.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](DeviceErrorKind::InvalidInput) for a device that is no scanner in HID POS
    /// mode; else what opening met.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: the device is closed.
    pub async fn open(selector: &Selector, settings: &Settings) -> Result<Self, DeviceError> {
        let device = find::find(selector)?;
        let link = hidraw::open(&device.node)?;
        let mut scanner = Self::new(Box::new(link), selector.clone(), settings)?;
        scanner.info = DeviceInfo::new(selector.clone(), NAME, find::model_of(&device))
            .with_identity(device.identity, device.place);
        Ok(scanner)
    }

    /// Takes a link to a scanner.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open), and [`InvalidInput`](DeviceErrorKind::InvalidInput) for a setting that
    /// does not parse.
    pub fn new(
        link: BoxHidLink,
        selector: Selector,
        settings: &Settings,
    ) -> Result<Self, DeviceError> {
        let line = HidLine::new(link, selector.to_string());
        let gap = settings.get_or("gap_ms", 500).map_err(|error| {
            line.error(DeviceErrorKind::InvalidInput, "open").with_source(error)
        })?;
        let layout = ScanLayout::of(&line.report_descriptor()?);
        Ok(Self {
            layout: layout.map_err(|why| error::no_scanner(&line, why))?,
            info: DeviceInfo::new(selector, NAME, "code scanner in HID POS mode"),
            line,
            gap: Duration::from_millis(gap),
            assembler: ScanAssembler::default(),
            report: Zeroizing::default(),
        })
    }

    /// Drops what came while nobody waited; of a code that is still coming, the rest as well.
    fn forget(&mut self) -> Result<(), DeviceError> {
        while self.line.try_report(&mut self.report, ACTION)? {
            let _dropped_anyway = self.take();
        }
        self.assembler.discard();
        Ok(())
    }

    async fn next_code(&mut self) -> Result<PosScan, DeviceError> {
        loop {
            if !self.read().await? {
                self.assembler.give_up();
            } else if let Some(code) = self.take() {
                return Ok(code);
            }
        }
    }

    /// Reads a report; `false` when the next part of a code did not come in time.
    async fn read(&mut self) -> Result<bool, DeviceError> {
        let report = self.line.next_report(&mut self.report, ACTION);
        if !self.assembler.is_pending() {
            return report.await.map(|()| true);
        }
        match timeout(self.gap, report).await {
            Ok(read) => read.map(|()| true),
            Err(_elapsed) => self.line.try_report(&mut self.report, ACTION),
        }
    }

    /// Takes the report that was read, and returns the code that it ends.
    fn take(&mut self) -> Option<PosScan> {
        match self.layout.parse(&self.report) {
            Ok(part) => self.assembler.push(&part?),
            Err(error) => {
                let device = self.line.device();
                tracing::warn!(device, %error, "dropped a code with a damaged report");
                self.assembler.spoil();
                None
            }
        }
    }
}

#[async_trait]
impl Device for HidPosScanner {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    async fn check_health(&mut self, level: HealthLevel) -> Result<HealthReport, DeviceError> {
        if level == HealthLevel::Interactive {
            self.next_scan().await?;
            return Ok(HealthReport::good("a code was read"));
        }
        self.forget()?;
        Ok(HealthReport::good("device open; its reports are those of a scanner"))
    }
}

#[async_trait]
impl CodeScanner for HidPosScanner {
    async fn next_scan(&mut self) -> Result<Scan, DeviceError> {
        self.forget()?;
        let code = self.next_code().await?;
        let data = Sensitive::from(code.data.as_slice());
        Ok(Scan { data, symbology: code.aim.and_then(symbology_of) })
    }
}

/// Opens code scanners in HID POS mode.
#[derive(Debug, Clone, Copy, Default)]
pub struct HidPosScannerDriver;

#[async_trait]
impl Driver for HidPosScannerDriver {
    fn name(&self) -> &'static str {
        NAME
    }

    /// Lists every HID device whose report descriptor is a scanner's.
    fn list(&self) -> Result<Vec<Listing>, DeviceError> {
        let found = find::scanners()?;
        Ok(found.iter().map(|device| device.listing(NAME, find::model_of(device))).collect())
    }

    fn models(&self) -> &'static [UsbModel] {
        models::MODELS
    }

    fn subsystems(&self) -> &'static [&'static str] {
        &["hidraw"]
    }

    async fn open(
        &self,
        selector: &Selector,
        settings: &Settings,
    ) -> Result<Functions, DeviceError> {
        let scanner = HidPosScanner::open(selector, settings).await?;
        let mut functions = Functions::default();
        functions.scanner = Some(Box::new(scanner));
        Ok(functions)
    }
}
