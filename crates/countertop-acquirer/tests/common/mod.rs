//! A PIN pad in software, a host to speak with, and requests to send.

#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, reason = "a failing test may panic")]

use async_trait::async_trait;
use countertop_acquirer::unionpay::{Profile, UnionPay};
use countertop_acquirer::{
    BatchNumber, CardEntry, FinancialRequest, OriginalTransaction, SignInRequest, Stan,
    TransactionKind,
};
use countertop_device::{
    Currency, Device, DeviceError, DeviceInfo, EncryptedPinBlock, HealthLevel, HealthReport,
    KeyUsage, Money, OfflinePinRequest, PinEntry, PinPad, PinPadCapabilities, PinRequest, Selector,
    Sensitive, WrappedKey,
};
use countertop_virtual::acquirer::{
    AcquirerConfig, AcquirerControl, TEST_MASTER_KEY, VirtualAcquirer,
};
use countertop_wire::pin_block::{DesKey, Pin, encode_format0};
use tokio::net::TcpListener;

pub(crate) const PAN: &str = "6200000000000005";
pub(crate) const TRACK2: &str = "6200000000000005D30122010000000000";

/// The chip data of the reference frames.
pub(crate) const EMV: &str = "9F2608A1A2A3A4A5A6A7A89F2701809F101307010103A0A002010A010000000000AABBCCDD\
    9F3704010203049F36020001950500800480009A032601019C01009F02060000000012345F2A02015682027C00\
    9F1A0201569F03060000000000009F3303E0F8C89F34030203009F3501229F1E083030303030303031\
    8408A0000003330101019F090200209F410400000002";

#[derive(Debug)]
pub(crate) struct TestPad {
    info: DeviceInfo,
    capabilities: PinPadCapabilities,
    master: DesKey,
    pin: Option<DesKey>,
    mac: Option<DesKey>,
}

impl TestPad {
    pub(crate) fn new() -> Self {
        Self {
            info: DeviceInfo::new(Selector::Virtual("pad".into()), "test", "test"),
            capabilities: PinPadCapabilities::new("312500000001", true),
            master: DesKey::new(&TEST_MASTER_KEY).unwrap(),
            pin: None,
            mac: None,
        }
    }

    /// Encrypts a PIN as the cardholder's typing would.
    pub(crate) fn type_pin(&self, pin: &str, pan: &str) -> EncryptedPinBlock {
        let clear = encode_format0(&Pin::new(pin.as_bytes()).unwrap(), pan.as_bytes()).unwrap();
        EncryptedPinBlock::new(self.pin.as_ref().unwrap().encrypt_block(*clear))
    }

    /// Forgets the MAC key and takes another that the host does not have.
    pub(crate) fn spoil_mac_key(&mut self) {
        self.mac = Some(DesKey::new(&[0x5A; 8]).unwrap());
    }
}

#[async_trait]
impl Device for TestPad {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    async fn check_health(&mut self, _: HealthLevel) -> Result<HealthReport, DeviceError> {
        unreachable!("not asked here")
    }
}

#[async_trait]
impl PinPad for TestPad {
    fn capabilities(&self) -> &PinPadCapabilities {
        &self.capabilities
    }

    async fn update_key(&mut self, usage: KeyUsage, key: &WrappedKey) -> Result<bool, DeviceError> {
        let clear = self.master.unwrap_key(&key.cryptogram).unwrap();
        if !clear.check_value().starts_with(&key.check_value) {
            return Ok(false);
        }
        match usage {
            KeyUsage::Pin => self.pin = Some(clear),
            KeyUsage::Mac => self.mac = Some(clear),
            KeyUsage::Data => {}
        }
        Ok(true)
    }

    async fn encrypt_pin(&mut self, _: &PinRequest) -> Result<PinEntry, DeviceError> {
        unreachable!("not asked here")
    }

    async fn compute_mac(&mut self, data: &[u8]) -> Result<[u8; 8], DeviceError> {
        let missing = || {
            let kind = countertop_device::DeviceErrorKind::NeedsAttention(
                countertop_device::Attention::KeysMissing,
            );
            DeviceError::new(kind, "virtual:pad", "compute MAC")
        };
        Ok(self.mac.as_ref().ok_or_else(missing)?.cbc_mac(data))
    }

    async fn encipher_offline_pin(
        &mut self,
        _: &OfflinePinRequest,
    ) -> Result<PinEntry<Sensitive>, DeviceError> {
        unreachable!("not asked here")
    }

    async fn display(&mut self, _: &[&str]) -> Result<(), DeviceError> {
        Ok(())
    }
}

/// Starts a host on a free port of this machine.
pub(crate) async fn start(config: AcquirerConfig) -> (String, AcquirerControl) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let (acquirer, control) = VirtualAcquirer::new(config).unwrap();
    tokio::spawn(async move { acquirer.listen(listener).await });
    (host, control)
}

/// Believes every cryptogram: the chip data here come from no card.
pub(crate) fn config() -> AcquirerConfig {
    let mut config = AcquirerConfig::default();
    config.issuer = None;
    config
}

pub(crate) fn profile(host: &str) -> Profile {
    let mut profile = Profile::default();
    profile.host = host.into();
    profile.response_timeout_ms = 400;
    profile
}

pub(crate) fn client(host: &str) -> UnionPay {
    UnionPay::new(profile(host)).unwrap()
}

pub(crate) fn stan(number: u32) -> Stan {
    Stan::new(number).unwrap()
}

pub(crate) fn batch(number: u32) -> BatchNumber {
    BatchNumber::new(number).unwrap()
}

pub(crate) fn sign_in_request() -> SignInRequest {
    SignInRequest { stan: stan(1), batch: batch(1), operator: 1 }
}

pub(crate) fn yuan(text: &str) -> Money {
    Money::parse(text, Currency::CNY).unwrap()
}

pub(crate) fn secret(text: &str) -> Sensitive {
    Sensitive::from(text.as_bytes())
}

pub(crate) fn hex(text: &str) -> Vec<u8> {
    countertop_acquirer::unionpay::frame_from_hex(text).unwrap()
}

pub(crate) fn chip() -> CardEntry {
    CardEntry::Chip {
        pan: secret(PAN),
        expiry: "3012".into(),
        sequence: Some(1),
        track2: secret(TRACK2),
        emv: Sensitive::new(hex(EMV)),
    }
}

pub(crate) fn tap() -> CardEntry {
    CardEntry::Contactless {
        pan: secret(PAN),
        expiry: "3012".into(),
        sequence: Some(1),
        track2: secret(TRACK2),
        emv: Sensitive::new(hex(EMV)),
    }
}

pub(crate) fn swipe() -> CardEntry {
    CardEntry::Stripe {
        pan: secret(PAN),
        expiry: "3012".into(),
        track2: secret(&TRACK2.replace('D', "=")),
        fallback: false,
    }
}

pub(crate) fn code() -> CardEntry {
    CardEntry::Code { code: secret("6200000000000000005") }
}

pub(crate) fn sale(number: u32, amount: &str, entry: CardEntry) -> FinancialRequest {
    FinancialRequest {
        kind: TransactionKind::Sale,
        stan: stan(number),
        batch: batch(1),
        amount: yuan(amount),
        entry,
        pin_block: None,
        original: None,
    }
}

pub(crate) fn void(number: u32, amount: &str, original: OriginalTransaction) -> FinancialRequest {
    let kind = TransactionKind::Void;
    let entry = match chip() {
        CardEntry::Chip { pan, expiry, sequence, .. } => CardEntry::Chip {
            pan,
            expiry,
            sequence,
            track2: Sensitive::default(),
            emv: Sensitive::default(),
        },
        other => other,
    };
    FinancialRequest { kind, original: Some(original), ..sale(number, amount, entry) }
}
