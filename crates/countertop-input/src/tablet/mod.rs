//! Driver `tablet-signpad`: pen tablets as signature pads.
//!
//! | setting | default | means |
//! |---|---|---|
//! | `finish` | `idle` | what ends a signature: `idle`, or a button: `stylus`, `stylus2`, `pad0` to `pad9` |
//! | `idle_ms` | 1500 | with `idle`, how long the pen is up |
//! | `cancel_button` | `stylus2` | the button with which the person cancels |
//! | `picture_width`, `picture_height` | 240, 80 | the picture in dots; the tablet's shape is kept in it |
//! | `pen_width` | 1 | how thick the pen writes |
//! | `min_dots` | 30 | a signature with fewer black dots is blank |
//! | `grab_ms` | 2000 | how long opening waits for buttons that are held to be let go |
//!
//! The tablet is selected by its node, `evdev:/dev/input/event3` or better a link of
//! `/dev/input/by-id`, or by `usb:VID:PID`. While it is open, no other program sees its pen, and the
//! desktop's pointer stands still.
//!
//! A tablet without a display cannot show the feature code: it is drawn into the picture, as
//! signature pads do.

mod models;
mod settings;

use core::time::Duration;

use async_trait::async_trait;
use countertop_device::{
    Device, DeviceError, DeviceErrorKind, DeviceInfo, Driver, Functions, Health, HealthLevel,
    HealthReport, Listing, Selector, Settings, SignatureImage, SignaturePad, SignatureRequest,
    UsbModel,
};
use countertop_transport::evdev;
use countertop_transport::input::{BoxInputLink, InputEvent, InputKind, InputLine, KeyAction};
use countertop_wire::pen::{PenDecoder, PenEvent, PenStep, Surface, code};
use countertop_wire::sign_pad::draw_watermark;
use tokio::time::Instant;

use settings::{Finish, TabletSettings};

/// The driver's name in the configuration.
pub const NAME: &str = "tablet-signpad";

/// How long a person may take to sign in an interactive health check.
const INTERACTIVE: Duration = Duration::from_secs(60);

const ACTION: &str = "wait for a signature";

/// Says why a device cannot take signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum TabletError {
    #[error("the device has no axes of a pen")]
    NoPen,
    #[error("the feature code must have eight hexadecimal digits")]
    FeatureCode,
}

/// Is a pen tablet that takes signatures.
#[derive(Debug)]
pub struct TabletSignpad {
    line: InputLine,
    info: DeviceInfo,
    settings: TabletSettings,
    surface: Surface,
    decoder: PenDecoder,
}

/// Says what came of waiting.
enum Outcome {
    Finished,
    Cancelled,
    TimeOver,
}

impl TabletSignpad {
    /// Opens the device that `selector` names, for this program alone.
    ///
    /// # Errors
    ///
    /// [`Busy`](DeviceErrorKind::Busy) when another program has it to itself,
    /// [`InvalidInput`](DeviceErrorKind::InvalidInput) when it has no pen; else what opening met.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: the device is released.
    pub async fn open(selector: &Selector, settings: &Settings) -> Result<Self, DeviceError> {
        let device = evdev::find(selector, |device| device.has_keys && device.has_axes)?;
        let link = evdev::open(&device.node, settings).await?;
        let mut pad = Self::new(Box::new(link), selector.clone(), settings)?;
        pad.info = DeviceInfo::new(selector.clone(), NAME, device.name)
            .with_identity(device.identity, device.place);
        Ok(pad)
    }

    /// Takes a link to a tablet.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](DeviceErrorKind::InvalidInput) for a device without a pen's axes, and for a
    /// setting that does not parse.
    pub fn new(
        link: BoxInputLink,
        selector: Selector,
        settings: &Settings,
    ) -> Result<Self, DeviceError> {
        let line = InputLine::new(link, selector.to_string());
        let invalid = || line.error(DeviceErrorKind::InvalidInput, "open");
        let settings = TabletSettings::from_settings(settings)
            .map_err(|error| invalid().with_source(error))?;
        let surface = surface_of(&line).ok_or_else(|| {
            let help =
                "name the node of the tablet's pen; `countertop devices` lists what is attached";
            invalid().with_source(TabletError::NoPen).with_help(help)
        })?;
        let info = DeviceInfo::new(selector, NAME, "pen tablet");
        Ok(Self { line, info, settings, surface, decoder: PenDecoder::new() })
    }

    /// Drops what came while nobody asked.
    fn forget(&mut self) -> Result<(), DeviceError> {
        while let Some(event) = self.line.try_event(ACTION)? {
            self.take(event);
        }
        self.decoder.clear();
        Ok(())
    }

    async fn follow_pen(&mut self, timeout: Duration) -> Result<Outcome, DeviceError> {
        let deadline = Instant::now() + timeout;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let idle = self.idle();
            let patience = idle.map_or(left, |idle| idle.min(left));
            match self.line.next_event(Some(patience), ACTION).await? {
                Some(event) => {
                    if let Some(outcome) = self.outcome_of(event) {
                        return Ok(outcome);
                    }
                }
                None if idle.is_some_and(|idle| idle <= left) => return Ok(Outcome::Finished),
                None => return Ok(Outcome::TimeOver),
            }
        }
    }

    /// Returns how long the pen may stay up until the signature has ended.
    fn idle(&self) -> Option<Duration> {
        match self.settings.finish {
            Finish::Idle(idle) if !self.decoder.is_down() && !self.decoder.ink().is_empty() => {
                Some(idle)
            }
            _ => None,
        }
    }

    fn outcome_of(&mut self, event: InputEvent) -> Option<Outcome> {
        match self.take(event) {
            PenStep::Pressed(button) if button == self.settings.cancel => Some(Outcome::Cancelled),
            PenStep::Pressed(button) if self.settings.finish == Finish::Button(button) => {
                Some(Outcome::Finished)
            }
            _ => None,
        }
    }

    fn take(&mut self, event: InputEvent) -> PenStep {
        let event = match event.kind {
            InputKind::Axis(axis) => PenEvent::Axis { code: axis.code, value: axis.value },
            InputKind::Key(key) if key.action != KeyAction::Repeated => {
                PenEvent::Button { code: key.code, pressed: key.action == KeyAction::Pressed }
            }
            InputKind::Report => PenEvent::Report,
            InputKind::Dropped => {
                tracing::warn!(device = self.line.device(), "a part of a signature was lost");
                PenEvent::Lost
            }
            _ => return PenStep::Nothing,
        };
        self.decoder.push(event)
    }

    /// Returns the picture of what was written, unless it is blank.
    fn picture(&mut self, feature_code: &str) -> Result<Option<SignatureImage>, DeviceError> {
        let TabletSettings { picture: (width, height), pen_width, min_dots, .. } = self.settings;
        let fail = |source| {
            self.line.error(DeviceErrorKind::InvalidInput, "draw signature").with_source(source)
        };
        let drawn = self.surface.draw(self.decoder.ink(), width, height, pen_width);
        self.decoder.clear();
        let mut bitmap = drawn.map_err(fail)?;
        if bitmap.black_dots() < min_dots {
            return Ok(None);
        }
        // The code was checked before.
        let _drawn = draw_watermark(&mut bitmap, feature_code.as_bytes());
        Ok(SignatureImage::from_rows(width, height, bitmap.into_rows()))
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

fn surface_of(line: &InputLine) -> Option<Surface> {
    let (x, y) = (line.axis(code::ABS_X)?, line.axis(code::ABS_Y)?);
    let surface = Surface::new((x.minimum, y.minimum), (x.maximum, y.maximum));
    Some(surface.with_resolution((x.resolution, y.resolution)))
}

fn is_feature_code(text: &str) -> bool {
    text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[async_trait]
impl Device for TabletSignpad {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    async fn check_health(&mut self, level: HealthLevel) -> Result<HealthReport, DeviceError> {
        if level == HealthLevel::Interactive {
            return self.check_interactively().await;
        }
        self.forget()?;
        Ok(HealthReport::good("device grabbed; the tablet takes no commands"))
    }
}

#[async_trait]
impl SignaturePad for TabletSignpad {
    async fn capture(
        &mut self,
        request: &SignatureRequest,
    ) -> Result<Option<SignatureImage>, DeviceError> {
        if !is_feature_code(&request.feature_code) {
            let error = self.line.error(DeviceErrorKind::InvalidInput, "capture signature");
            return Err(error.with_source(TabletError::FeatureCode));
        }
        self.forget()?;
        match self.follow_pen(request.timeout).await? {
            Outcome::Cancelled => {
                self.decoder.clear();
                Ok(None)
            }
            // Who wrote and did not confirm in time has signed all the same.
            Outcome::Finished | Outcome::TimeOver => self.picture(&request.feature_code),
        }
    }
}

/// Opens pen tablets as signature pads.
#[derive(Debug, Clone, Copy, Default)]
pub struct TabletSignpadDriver;

#[async_trait]
impl Driver for TabletSignpadDriver {
    fn name(&self) -> &'static str {
        NAME
    }

    /// Lists known models: nothing else tells that a tablet is for signatures.
    fn list(&self) -> Result<Vec<Listing>, DeviceError> {
        let pen = |device: &evdev::EvdevDevice| device.has_keys && device.has_axes;
        let found = evdev::list_models(models::MODELS, pen)?;
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
        let pad = TabletSignpad::open(selector, settings).await?;
        let mut functions = Functions::default();
        functions.signature = Some(Box::new(pad));
        Ok(functions)
    }
}
