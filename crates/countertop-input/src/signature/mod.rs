//! Driver `unionpay-signpad`: signature pads that speak the protocol of UnionPay (电子签字板).
//!
//! | setting | default | means |
//! |---|---|---|
//! | `baud`, `data_bits`, `parity`, `stop_bits`, `flow` | 115200 8N1 | the line |
//! | `exchange_ms` | 2000 | deadline of a command and its answer |
//! | `setting_ms` | 1000 | deadline of a setting and its answer; a pad that does not know one is silent |
//! | `gap_ms` | 500 | longest silence within a frame |
//! | `quiet_ms` | 50 | silence after which the line counts as drained |
//! | `width`, `height` | 480, 160 | the writing area in dots |
//! | `picture_width`, `picture_height` | 240, 80 | the picture in dots |
//! | `resigns` | 3 | how often the person may start over, 0 for any number |
//! | `pen_width` | 1 | how thick the pen writes |
//! | `min_dots` | 30 | a picture with fewer black dots beside the watermark is blank |
//!
//! Pictures may come as BMP, as the pads of the field send them, or as JBIG.

mod error;
mod picture;
mod settings;
mod transport;

use core::time::Duration;

use async_trait::async_trait;
use countertop_device::{
    Device, DeviceError, DeviceErrorKind, DeviceInfo, Driver, Functions, Health, HealthLevel,
    HealthReport, Listing, Selector, Settings, SignatureImage, SignaturePad, SignatureRequest,
    UsbModel,
};
use countertop_transport::{BoxLink, Line, tty};
use countertop_wire::sign_pad::{Decoder, decode_picture};

use error::SignpadError;
use settings::{SignpadSettings, with_default_speed};

/// The driver's name in the configuration.
pub const NAME: &str = "unionpay-signpad";

/// How long a person may take to sign in an interactive health check.
const INTERACTIVE: Duration = Duration::from_secs(60);

/// Is a signature pad.
#[derive(Debug)]
pub struct UnionpaySignpad {
    line: Line,
    info: DeviceInfo,
    settings: SignpadSettings,
    decoder: Decoder,
    /// Whether the pad may still show a request.
    standing: bool,
    /// Codes of settings that the pad did not answer.
    unknown_settings: Vec<u8>,
}

impl UnionpaySignpad {
    /// Opens the line that `selector` names and greets the pad.
    ///
    /// # Errors
    ///
    /// What opening the line met; [`TimedOut`](DeviceErrorKind::TimedOut) when no pad answers.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: the line is closed.
    pub async fn open(selector: &Selector, settings: &Settings) -> Result<Self, DeviceError> {
        let settings = with_default_speed(settings);
        let link = countertop_transport::open(selector, &settings).await?;
        Self::new(link, selector.clone(), &settings).await
    }

    /// Greets the pad at the other end of `link`.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open); [`InvalidInput`](DeviceErrorKind::InvalidInput) for a setting that
    /// does not parse.
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
        let settings = SignpadSettings::from_settings(settings).map_err(|error| {
            line.error(DeviceErrorKind::InvalidInput, "open").with_source(error)
        })?;
        let info = DeviceInfo::new(selector, NAME, "UnionPay signature pad");
        let mut pad = Self {
            line,
            info,
            settings,
            decoder: Decoder::new(),
            standing: false,
            unknown_settings: Vec::new(),
        };
        pad.greet().await?;
        Ok(pad)
    }

    /// Reads the pad's picture; `None` for a blank one.
    fn judge(&self, picture: &[u8]) -> Result<Option<SignatureImage>, DeviceError> {
        let protocol = |error: SignpadError| {
            self.line.error(DeviceErrorKind::Protocol, "read signature").with_source(error)
        };
        let bitmap = decode_picture(picture).map_err(|error| protocol(error.into()))?;
        if picture::is_blank(&bitmap, self.settings.min_dots) {
            return Ok(None);
        }
        let size = SignpadError::PictureSize(bitmap.width(), bitmap.height());
        picture::to_image(bitmap).map(Some).ok_or_else(|| protocol(size))
    }

    async fn check_interactively(&mut self) -> Result<HealthReport, DeviceError> {
        let feature_code = "00000000".into();
        let request = SignatureRequest { feature_code, timeout: INTERACTIVE };
        Ok(match self.capture(&request).await? {
            Some(_signature) => HealthReport::good("a signature was read"),
            None => HealthReport::new(Health::Warning, "nobody signed"),
        })
    }
}

#[async_trait]
impl Device for UnionpaySignpad {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    async fn check_health(&mut self, level: HealthLevel) -> Result<HealthReport, DeviceError> {
        match self.greet().await {
            Err(error) => Ok(HealthReport::new(Health::Bad, error.to_string())),
            Ok(_) if level == HealthLevel::Interactive => self.check_interactively().await,
            Ok(0) => Ok(HealthReport::good("handshake answered")),
            Ok(state) => {
                Ok(HealthReport::good(format!("handshake answered with state 0x{state:02x}")))
            }
        }
    }
}

#[async_trait]
impl SignaturePad for UnionpaySignpad {
    async fn capture(
        &mut self,
        request: &SignatureRequest,
    ) -> Result<Option<SignatureImage>, DeviceError> {
        let feature_code = feature_code(&request.feature_code).ok_or_else(|| {
            let error = self.line.error(DeviceErrorKind::InvalidInput, "capture signature");
            error.with_source(SignpadError::FeatureCode)
        })?;
        self.greet().await?;
        self.configure(request.timeout).await?;
        let picture = self.request_signature(feature_code, request.timeout).await?;
        let ended = self.end_signature().await;
        match picture {
            // The request stays marked as standing when its end was not confirmed, so the next
            // call ends it again; the signature is good all the same.
            Some(picture) => self.judge(&picture),
            None => ended.map(|()| None),
        }
    }
}

fn feature_code(text: &str) -> Option<[u8; 8]> {
    let code = <[u8; 8]>::try_from(text.as_bytes()).ok()?;
    code.iter().all(u8::is_ascii_hexdigit).then_some(code)
}

/// Opens signature pads.
#[derive(Debug, Clone, Copy, Default)]
pub struct UnionpaySignpadDriver;

#[async_trait]
impl Driver for UnionpaySignpadDriver {
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
        let pad = UnionpaySignpad::open(selector, settings).await?;
        let mut functions = Functions::default();
        functions.signature = Some(Box::new(pad));
        Ok(functions)
    }
}
