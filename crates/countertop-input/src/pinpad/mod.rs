//! Driver `visa-pinpad`: serial PIN pads of the VISA packet family.
//!
//! VeriFone PINpad 1000SE and MX800, Uniform PP790 and PP791, and others with master/session keys;
//! the packets and their sources stand in [`countertop_wire::pinpad`].
//!
//! | setting | default | means |
//! |---|---|---|
//! | `baud`, `data_bits`, `parity`, `stop_bits`, `flow` | 9600 8N1 | the line; a PINpad 1000SE has 1200 7E1 |
//! | `master_key` | 0 | slot of the terminal master key, 0 to 9 |
//! | `pin_request` | `z62` | `z62`, or `70` for PIN pads that take no prompts from the host |
//! | `exchange_ms` | 1500 | deadline of a packet and its answer, apart from the cardholder's time |
//! | `quiet_ms` | 100 | silence after which the line counts as drained |
//!
//! Working keys stay wrapped: this driver keeps the cryptograms that the host gave and sends the one
//! that is wanted with each request. No PIN and no clear key passes this program.

mod channel;
mod entry;
mod error;
mod keys;
mod options;

use async_trait::async_trait;
use countertop_device::{
    Device, DeviceError, DeviceInfo, Driver, Functions, Health, HealthLevel, HealthReport,
    KeyUsage, Listing, OfflinePinRequest, PinEntry, PinPad, PinPadCapabilities, PinRequest,
    Selector, Sensitive, Settings, UsbModel, WrappedKey,
};
use countertop_transport::{BoxLink, Line, tty};
use countertop_wire::pinpad::{OFFLINE_PIN, Request, Response, TEST_KEYS};

use channel::{Channel, Reply};
use keys::WorkingKeys;
use options::Options;

/// The driver's name in the configuration.
pub const NAME: &str = "visa-pinpad";

/// What a PIN pad says whose serial number was never loaded.
const NO_SERIAL_NUMBER: char = '0';

/// Is a PIN pad of the VISA packet family.
#[derive(Debug)]
pub struct VisaPinPad {
    channel: Channel,
    info: DeviceInfo,
    capabilities: PinPadCapabilities,
    options: Options,
    keys: WorkingKeys,
}

impl VisaPinPad {
    /// Opens the line that `selector` names and asks the PIN pad who it is.
    ///
    /// # Errors
    ///
    /// What opening the line met; [`TimedOut`](countertop_device::DeviceErrorKind::TimedOut) when no
    /// PIN pad answers.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: the line is closed.
    pub async fn open(selector: &Selector, settings: &Settings) -> Result<Self, DeviceError> {
        let settings = options::with_default_speed(settings);
        let link = countertop_transport::open(selector, &settings).await?;
        Self::new(link, selector.clone(), &settings).await
    }

    /// Asks the PIN pad at the other end of `link` who it is.
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
        let options = Options::from_settings(settings, &selector)?;
        let line = Line::new(link, selector.to_string());
        let mut channel = Channel::new(line, options.timing);
        let capabilities = read_capabilities(&mut channel).await?;
        let model = format!("PIN pad {}", capabilities.serial_number);
        let info = DeviceInfo::new(selector, NAME, model);
        Ok(Self { channel, info, capabilities, options, keys: WorkingKeys::default() })
    }

    async fn show(&mut self, request: &Request) -> Result<(), DeviceError> {
        self.channel.begin().await?;
        self.channel.submit(request, "show text").await?;
        self.channel.finish();
        Ok(())
    }

    /// Tells whether the PIN pad is there and has its master key.
    async fn examine(&mut self) -> Result<HealthReport, DeviceError> {
        self.channel.begin().await?;
        self.channel.submit(&Request::ConnectionTest, "connection test").await?;
        self.channel.end_administration().await?;
        let check = Request::CheckMasterKey(self.options.master_key);
        let reply = self.channel.administer(&check, "check master key").await?;
        self.channel.finish();
        Ok(match reply {
            Reply::Response(Response::MasterKey { loaded: true }) => {
                HealthReport::good("connection test passed, master key loaded")
            }
            _ => {
                let slot = self.options.master_key;
                HealthReport::new(Health::Bad, format!("master key {slot} not loaded"))
            }
        })
    }
}

/// Reads serial number and built-in parts. PIN pads that do not know `1C` have nothing special.
async fn read_capabilities(channel: &mut Channel) -> Result<PinPadCapabilities, DeviceError> {
    const ACTION: &str = "read serial number";
    channel.begin().await?;
    let reply = channel.administer(&Request::SerialNumber, ACTION).await?;
    let Reply::Response(Response::SerialNumber(serial)) = reply else {
        return Err(channel.unexpected(ACTION));
    };
    let names = match channel.try_administer(&Request::Capabilities, "read capabilities").await? {
        Some(Response::Capabilities(names)) => names,
        _ => Vec::new(),
    };
    channel.finish();
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    let unset = serial.chars().all(|character| character == NO_SERIAL_NUMBER);
    let serial = if unset { String::new() } else { serial };
    let mut capabilities = PinPadCapabilities::new(serial, has(TEST_KEYS));
    capabilities.offline_enciphered_pin = has(OFFLINE_PIN);
    Ok(capabilities)
}

#[async_trait]
impl Device for VisaPinPad {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    async fn check_health(&mut self, level: HealthLevel) -> Result<HealthReport, DeviceError> {
        let report = match self.examine().await {
            Ok(report) => report,
            Err(error) => return Ok(HealthReport::new(Health::Bad, error.to_string())),
        };
        if level != HealthLevel::Internal {
            self.display(&["SELF-TEST"]).await?;
            self.display(&[]).await?;
        }
        Ok(report)
    }
}

#[async_trait]
impl PinPad for VisaPinPad {
    fn capabilities(&self) -> &PinPadCapabilities {
        &self.capabilities
    }

    async fn update_key(&mut self, usage: KeyUsage, key: &WrappedKey) -> Result<bool, DeviceError> {
        self.verify_and_keep(usage, key).await
    }

    async fn encrypt_pin(&mut self, request: &PinRequest) -> Result<PinEntry, DeviceError> {
        self.ask_online_pin(request).await
    }

    async fn compute_mac(&mut self, data: &[u8]) -> Result<[u8; 8], DeviceError> {
        self.mac(data).await
    }

    async fn encipher_offline_pin(
        &mut self,
        request: &OfflinePinRequest,
    ) -> Result<PinEntry<Sensitive>, DeviceError> {
        self.ask_offline_pin(request).await
    }

    async fn display(&mut self, lines: &[&str]) -> Result<(), DeviceError> {
        let request = match lines {
            [] => Request::Reset,
            [line] => Request::DisplayString((*line).into()),
            lines => Request::DisplayLines(lines.iter().map(|line| options::fit(line)).collect()),
        };
        self.show(&request).await
    }
}

/// Opens PIN pads of the VISA packet family.
#[derive(Debug, Clone, Copy, Default)]
pub struct VisaPinPadDriver;

#[async_trait]
impl Driver for VisaPinPadDriver {
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
        let pin_pad = VisaPinPad::open(selector, settings).await?;
        let mut functions = Functions::default();
        functions.pin_pad = Some(Box::new(pin_pad));
        Ok(functions)
    }
}
