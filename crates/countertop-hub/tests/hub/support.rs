//! A driver made for tests: devices lie on a shelf, and the test says how they are.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use countertop_device::document::Document;
use countertop_device::{
    Access, Attention, CardProtocol, CardSession, ChipReader, Device, DeviceError, DeviceErrorKind,
    DeviceInfo, Driver, Functions, Health, HealthLevel, HealthReport, Identity, Listing,
    PrintOutcome, PrinterCapabilities, PrinterStatus, ReceiptPrinter, SecurePinEntry,
    SecurePinOutcome, SecurePinRequest, Selector, Sensitive, Settings, StripeReader, Swipe,
    TrackRead,
};
use countertop_hub::HubEvent;
use countertop_hub::{Claims, DeviceConfig, DevicesConfig, Hub, Registry, Role, Subscription};

/// Is the driver, and the test's hand on its devices.
#[derive(Debug, Default, Clone)]
pub(crate) struct Shelf(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    listings: Vec<Listing>,
    looks: usize,
    opened: Vec<String>,
    fails: Option<DeviceErrorKind>,
    twin: Option<DeviceInfo>,
    ignores_place: bool,
}

impl Shelf {
    /// Puts these devices on the shelf, in place of those that lay there.
    pub(crate) fn put(&self, listings: Vec<Listing>) {
        self.0.lock().unwrap().listings = listings;
    }

    /// Returns how often was asked what is there.
    pub(crate) fn looks(&self) -> usize {
        self.0.lock().unwrap().looks
    }

    /// Lets every call fail, or none.
    pub(crate) fn fail(&self, kind: Option<DeviceErrorKind>) {
        self.0.lock().unwrap().fails = kind;
    }

    /// Lets this device answer, whoever is asked for.
    pub(crate) fn answer_as(&self, twin: DeviceInfo) {
        self.0.lock().unwrap().twin = Some(twin);
    }

    /// Makes it a driver that cannot tell twins apart.
    pub(crate) fn ignore_place(&self) {
        self.0.lock().unwrap().ignores_place = true;
    }

    /// Returns what was opened so far: the selector, and the place where one was given.
    pub(crate) fn opened(&self) -> Vec<String> {
        self.0.lock().unwrap().opened.clone()
    }

    fn result(&self, action: &str) -> Result<(), DeviceError> {
        match self.0.lock().unwrap().fails {
            Some(kind) => Err(DeviceError::new(kind, "shelf", action)),
            None => Ok(()),
        }
    }
}

#[async_trait]
impl Driver for Shelf {
    fn name(&self) -> &'static str {
        "shelf"
    }

    fn list(&self) -> Result<Vec<Listing>, DeviceError> {
        let mut state = self.0.lock().unwrap();
        state.looks += 1;
        Ok(state.listings.clone())
    }

    fn subsystems(&self) -> &'static [&'static str] {
        &["usb"]
    }

    async fn open(&self, at: &Selector, settings: &Settings) -> Result<Functions, DeviceError> {
        self.result("open")?;
        let mut state = self.0.lock().unwrap();
        let place = if state.ignores_place { None } else { settings.text("place") };
        let place = place.map(|place| Identity(place.into()));
        let wanted =
            |it: &&Listing| it.info.selector == *at && (place.is_none() || it.info.place == place);
        let listed = state.listings.iter().find(wanted).map(|it| it.info.clone());
        let named = matches!(at, Selector::Tcp { .. } | Selector::Virtual(_));
        let info = state
            .twin
            .clone()
            .or(listed)
            .or_else(|| named.then(|| DeviceInfo::new(at.clone(), "shelf", "Named")));
        let info = info
            .ok_or_else(|| DeviceError::new(DeviceErrorKind::NotFound, at.to_string(), "open"))?;
        state.opened.push(match place {
            Some(place) => format!("{at} at {place}"),
            None => at.to_string(),
        });
        let mut functions = Functions::default();
        let device = || Box::new(Thing { info: info.clone(), shelf: self.clone() });
        functions.stripe = Some(device());
        functions.printer = Some(device());
        functions.chip = Some(device());
        Ok(functions)
    }
}

#[derive(Debug)]
struct Thing {
    info: DeviceInfo,
    shelf: Shelf,
}

#[async_trait]
impl Device for Thing {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    async fn check_health(&mut self, level: HealthLevel) -> Result<HealthReport, DeviceError> {
        self.shelf.result("check health")?;
        Ok(HealthReport::new(Health::Good, format!("{level:?}")))
    }
}

#[async_trait]
impl StripeReader for Thing {
    async fn next_swipe(&mut self) -> Result<Swipe, DeviceError> {
        self.shelf.result("wait for a swipe")?;
        let track = TrackRead::Good(Sensitive::from(b"6200000000000005=".as_slice()));
        Ok(Swipe { tracks: [TrackRead::Unreadable, track, TrackRead::Absent] })
    }
}

#[async_trait]
impl ChipReader for Thing {
    async fn await_card(&mut self) -> Result<(), DeviceError> {
        self.shelf.result("wait for a card")
    }

    async fn await_removal(&mut self) -> Result<(), DeviceError> {
        self.shelf.result("wait for the card to be taken")
    }

    async fn connect(&mut self) -> Result<Box<dyn CardSession>, DeviceError> {
        self.shelf.result("connect")?;
        Ok(Box::new(Card(self.shelf.clone())))
    }
}

/// Is a card that likes every command and every PIN, in a reader with a key pad.
#[derive(Debug)]
struct Card(Shelf);

#[async_trait]
impl CardSession for Card {
    fn protocol(&self) -> CardProtocol {
        CardProtocol::T1
    }

    fn answer_to_reset(&self) -> &[u8] {
        &[0x3b, 0x00]
    }

    async fn transmit(&mut self, _: &[u8]) -> Result<Sensitive, DeviceError> {
        self.0.result("transmit").map(|()| Sensitive::from(LIKED.as_slice()))
    }

    async fn secure_pin_entry(&mut self) -> Result<Option<&mut dyn SecurePinEntry>, DeviceError> {
        Ok(Some(self))
    }

    async fn close(self: Box<Self>) -> Result<(), DeviceError> {
        self.0.result("close")
    }
}

#[async_trait]
impl SecurePinEntry for Card {
    async fn verify_pin(&mut self, _: &SecurePinRequest) -> Result<SecurePinOutcome, DeviceError> {
        self.0.result("verify the PIN at the reader").map(|()| SecurePinOutcome::Answered(LIKED))
    }
}

/// The status word of success.
const LIKED: [u8; 2] = [0x90, 0x00];

static CAPABILITIES: std::sync::LazyLock<PrinterCapabilities> =
    std::sync::LazyLock::new(|| PrinterCapabilities::new(32, 384, true));

#[async_trait]
impl ReceiptPrinter for Thing {
    fn capabilities(&self) -> &PrinterCapabilities {
        &CAPABILITIES
    }

    async fn print(&mut self, _: &Document) -> Result<PrintOutcome, DeviceError> {
        self.shelf.result("print").map(|()| PrintOutcome::Confirmed)
    }

    async fn status(&mut self) -> Result<PrinterStatus, DeviceError> {
        let mut status = PrinterStatus::default();
        match self.shelf.result("read status") {
            Err(error) if error.kind() == DeviceErrorKind::NeedsAttention(Attention::PaperOut) => {
                status.attention = Some(Attention::PaperOut);
            }
            other => other?,
        }
        Ok(status)
    }

    async fn status_changed(&mut self) -> Result<PrinterStatus, DeviceError> {
        self.status().await
    }
}

/// Lists a USB device; without a serial number it is known by its place.
pub(crate) fn usb(serial: Option<&str>, place: &str) -> Listing {
    let (vendor, product) = (0x04b8, 0x0e15);
    let at = Selector::Usb { vendor, product, serial: serial.map(String::from) };
    let place = Identity::from_place(vendor, product, place);
    let identity = match serial {
        Some(serial) => Identity::from_serial_number(vendor, product, serial),
        None => place.clone(),
    };
    let info = DeviceInfo::new(at, "shelf", "Thing").with_identity(Some(identity), Some(place));
    Listing::new(info, Access::Accessible)
}

/// Returns the identity of [`usb`].
pub(crate) fn identity(listing: &Listing) -> Identity {
    listing.info.identity.clone().unwrap()
}

/// Is a hub with one shelf and claims of its own.
pub(crate) struct Counter {
    pub(crate) shelf: Shelf,
    pub(crate) hub: Hub,
    pub(crate) folder: Arc<tempfile::TempDir>,
    events: Subscription<HubEvent>,
}

impl Counter {
    /// Creates a hub with devices in these roles.
    pub(crate) fn new(roles: &[(Role, DeviceConfig)]) -> Self {
        Self::beside(Arc::new(tempfile::tempdir().unwrap()), roles)
    }

    /// Creates a hub beside another one, as if it were another program.
    pub(crate) fn beside(folder: Arc<tempfile::TempDir>, roles: &[(Role, DeviceConfig)]) -> Self {
        let shelf = Shelf::default();
        let registry = Registry::new().with(shelf.clone());
        let roles = roles.iter().cloned();
        let config = roles.fold(DevicesConfig::default(), |all, (role, it)| all.with(role, it));
        let hub = Hub::with_claims(registry, config, Claims::in_folder(folder.path()));
        let events = hub.events().subscribe(0);
        Self { shelf, hub, folder, events }
    }

    /// Waits for the next event and returns it as role and name with state; nothing when none comes.
    pub(crate) async fn event(&mut self) -> String {
        use std::fmt::Write as _;
        let next = tokio::time::timeout(std::time::Duration::from_secs(5), self.events.next());
        let Ok(event) = next.await else { return String::new() };
        let event = event.unwrap().event;
        let json = serde_json::to_value(&event.event).unwrap();
        let mut text = event.role.map(|role| format!("{role}: ")).unwrap_or_default();
        match json.as_object().and_then(|it| it.iter().next()) {
            Some((name, value)) => {
                text += name;
                if let Some(state) = value.get(1) {
                    write!(text, " {}", state.as_str().unwrap()).unwrap();
                }
            }
            None => text += json.as_str().unwrap(),
        }
        text
    }

    /// Passes over the events so far.
    pub(crate) fn forget_events(&mut self) {
        self.events = self.hub.events().subscribe(self.hub.events().latest());
    }
}
