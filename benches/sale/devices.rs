//! Instant devices: a reader with a card in memory, a PIN pad whose line has no speed, and a printer
//! that takes whatever is laid out for it.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use countertop::device::document::Document;
use countertop::device::{
    CardProtocol, CardSession, ChipReader, ContactlessReader, ContactlessTarget, Device,
    DeviceError, DeviceInfo, HealthLevel, HealthReport, KeyUsage, Money, OfflinePinRequest,
    PinEntry, PinPad, PinPadCapabilities, PinRequest, PrintOutcome, PrinterCapabilities,
    PrinterStatus, ReceiptPrinter, Sensitive, Settings, WrappedKey,
};
use countertop::input::pinpad::VisaPinPad;
use countertop::printer::{EscPosSettings, encode};
use countertop_virtual::card::{CardProfile, Interface, PaymentCard, VirtualCard as _};
use countertop_virtual::pinpad::{PinPadConfig, ProfileKind, VirtualPinPad};

use crate::away::{Away, Who};

fn info(name: &str) -> DeviceInfo {
    DeviceInfo::new(format!("virtual:{name}").parse().unwrap(), "memory", name)
}

/// Is a reader with a card that is always there.
#[derive(Debug)]
pub(crate) struct Reader {
    info: DeviceInfo,
    card: Arc<Mutex<PaymentCard>>,
    away: Away,
}

impl Reader {
    pub(crate) fn new(interface: Interface, away: &Away) -> Self {
        let card = PaymentCard::new(CardProfile::unionpay_debit()).on(interface);
        Self { info: info("reader"), card: Arc::new(Mutex::new(card)), away: away.clone() }
    }

    fn session(&self, protocol: CardProtocol) -> Box<dyn CardSession> {
        let mut card = self.card.lock().unwrap();
        card.reset();
        let answer = match protocol {
            CardProtocol::IsoDep => card.answer_to_select(),
            _ => card.answer_to_reset(),
        };
        let (card, away) = (self.card.clone(), self.away.clone());
        Box::new(Session { protocol, answer, card, away })
    }
}

#[async_trait]
impl Device for Reader {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    async fn check_health(&mut self, _: HealthLevel) -> Result<HealthReport, DeviceError> {
        Ok(HealthReport::good("in memory"))
    }
}

#[async_trait]
impl ChipReader for Reader {
    async fn await_card(&mut self) -> Result<(), DeviceError> {
        self.away.card_found();
        Ok(())
    }

    /// The card is taken once the request has been sent.
    async fn await_removal(&mut self) -> Result<(), DeviceError> {
        if self.away.card_to_request().is_none() {
            std::future::pending().await
        }
        Ok(())
    }

    async fn connect(&mut self) -> Result<Box<dyn CardSession>, DeviceError> {
        Ok(self.session(CardProtocol::T1))
    }
}

#[async_trait]
impl ContactlessReader for Reader {
    async fn await_target(&mut self) -> Result<ContactlessTarget, DeviceError> {
        self.away.card_found();
        let uid = vec![0x08, 0x52, 0x7a, 0x01];
        Ok(ContactlessTarget::new(uid, [0x00, 0x04], 0x20, vec![0x02, 0x78]))
    }

    async fn connect(&mut self) -> Result<Box<dyn CardSession>, DeviceError> {
        Ok(self.session(CardProtocol::IsoDep))
    }
}

#[derive(Debug)]
struct Session {
    protocol: CardProtocol,
    answer: Vec<u8>,
    card: Arc<Mutex<PaymentCard>>,
    away: Away,
}

#[async_trait]
impl CardSession for Session {
    fn protocol(&self) -> CardProtocol {
        self.protocol
    }

    fn answer_to_reset(&self) -> &[u8] {
        &self.answer
    }

    async fn transmit(&mut self, command: &[u8]) -> Result<Sensitive, DeviceError> {
        let answer = async { self.card.lock().unwrap().transmit(command) };
        Ok(self.away.time(Who::Card, answer).await.into())
    }

    async fn close(self: Box<Self>) -> Result<(), DeviceError> {
        Ok(())
    }
}

/// Is a PIN pad whose every call counts as waiting, with a customer who types at once.
#[derive(Debug)]
pub(crate) struct TimedPinPad {
    inner: VisaPinPad,
    away: Away,
}

impl TimedPinPad {
    /// Raises it; its virtual twin runs on `others`.
    pub(crate) async fn raise(away: &Away, others: &tokio::runtime::Handle) -> Self {
        let (host, device) = countertop_transport::memory::pair();
        let config = PinPadConfig::new(ProfileKind::Training);
        let (pad, mut control) = VirtualPinPad::new(config).unwrap();
        others.spawn(pad.serve(device));
        others.spawn(async move {
            while control.shows(|screen| screen.prompting).await.is_some() {
                control.type_pin("123456");
                control.shows(|screen| !screen.prompting).await;
            }
        });
        let selector = "virtual:pin-pad".parse().unwrap();
        let inner = VisaPinPad::new(host, selector, &Settings::new()).await.unwrap();
        Self { inner, away: away.clone() }
    }
}

#[async_trait]
impl Device for TimedPinPad {
    fn info(&self) -> &DeviceInfo {
        self.inner.info()
    }

    async fn check_health(&mut self, level: HealthLevel) -> Result<HealthReport, DeviceError> {
        self.inner.check_health(level).await
    }
}

#[async_trait]
impl PinPad for TimedPinPad {
    fn capabilities(&self) -> &PinPadCapabilities {
        self.inner.capabilities()
    }

    async fn update_key(&mut self, usage: KeyUsage, key: &WrappedKey) -> Result<bool, DeviceError> {
        self.away.time(Who::PinPad, self.inner.update_key(usage, key)).await
    }

    async fn encrypt_pin(&mut self, request: &PinRequest) -> Result<PinEntry, DeviceError> {
        self.away.time(Who::PinPad, self.inner.encrypt_pin(request)).await
    }

    async fn compute_mac(&mut self, data: &[u8]) -> Result<[u8; 8], DeviceError> {
        self.away.time(Who::PinPad, self.inner.compute_mac(data)).await
    }

    async fn encipher_offline_pin(
        &mut self,
        request: &OfflinePinRequest,
    ) -> Result<PinEntry<Sensitive>, DeviceError> {
        self.away.time(Who::PinPad, self.inner.encipher_offline_pin(request)).await
    }

    async fn display(&mut self, lines: &[&str]) -> Result<(), DeviceError> {
        self.away.time(Who::PinPad, self.inner.display(lines)).await
    }
}

/// Is a printer that lays a document out, makes its bytes, and is done.
#[derive(Debug)]
pub(crate) struct InstantPrinter {
    info: DeviceInfo,
    settings: EscPosSettings,
}

impl InstantPrinter {
    pub(crate) fn new() -> Self {
        let settings = EscPosSettings::from_settings(&Settings::new()).unwrap();
        Self { info: info("printer"), settings }
    }
}

#[async_trait]
impl Device for InstantPrinter {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    async fn check_health(&mut self, _: HealthLevel) -> Result<HealthReport, DeviceError> {
        Ok(HealthReport::good("in memory"))
    }
}

#[async_trait]
impl ReceiptPrinter for InstantPrinter {
    fn capabilities(&self) -> &PrinterCapabilities {
        self.settings.capabilities()
    }

    async fn print(&mut self, document: &Document) -> Result<PrintOutcome, DeviceError> {
        std::hint::black_box(encode(document, &self.settings).unwrap());
        Ok(PrintOutcome::Confirmed)
    }

    async fn status(&mut self) -> Result<PrinterStatus, DeviceError> {
        Ok(PrinterStatus::default())
    }

    async fn status_changed(&mut self) -> Result<PrinterStatus, DeviceError> {
        std::future::pending().await
    }
}

/// Returns an amount in yuan.
pub(crate) fn yuan(minor: u64) -> Money {
    Money::from_minor(minor, countertop::device::Currency::CNY)
}
