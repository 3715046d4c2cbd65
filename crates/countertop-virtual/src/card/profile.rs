//! What a virtual payment card is personalised with.

use core::fmt;

use countertop_device::Sensitive;

use super::crypto::CryptogramVersion;
use super::{
    CardKeys, CvmMethod, CvmRule, Fault, RadioBehaviour, RecordLayout, RiskBehaviour, StaticData,
    Transmission,
};

/// Is the personalisation of a [`PaymentCard`](super::PaymentCard).
///
/// It starts from a scheme ([`unionpay_debit`](Self::unionpay_debit), [`visa`](Self::visa)) and is
/// changed piece by piece with the `with_…` methods.
#[derive(Clone)]
pub struct CardProfile {
    pub(super) applications: Vec<ApplicationEntry>,
    pub(super) pan: Sensitive,
    pub(super) sequence: u8,
    pub(super) expiry: [u8; 2],
    pub(super) cardholder: String,
    pub(super) service_code: String,
    pub(super) country: u16,
    pub(super) currency: u16,
    pub(super) pin: Option<Sensitive>,
    pub(super) pin_tries: u8,
    pub(super) cvm_rules: Vec<CvmRule>,
    pub(super) cryptogram_version: CryptogramVersion,
    pub(super) data_authentication: DataAuthentication,
    pub(super) issuer_authentication: IssuerAuthentication,
    pub(super) issuer_authentication_mandatory: bool,
    pub(super) offline_limit: u64,
    pub(super) contactless_offline_limit: u64,
    pub(super) keys: CardKeys,
    pub(super) static_data: StaticData,
    pub(super) risk: RiskBehaviour,
    pub(super) transmission: Transmission,
    pub(super) layout: Option<Vec<RecordLayout>>,
    pub(super) radio: RadioBehaviour,
    pub(super) faults: Vec<Fault>,
}

/// Is one application of a card, as its directory lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationEntry {
    /// The application identifier: 5 to 16 bytes.
    pub aid: Vec<u8>,
    /// The label that a terminal shows: up to 16 characters.
    pub label: String,
    /// The priority: 1 for the first, up to 15.
    pub priority: u8,
    /// The contactless kernel that processes it (EMV Book B, table 3-5): 2
    /// Mastercard, 3 Visa, 7 UnionPay.
    pub kernel: u8,
}

/// Names the offline data authentication that a card supports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DataAuthentication {
    /// None: the card has no keys.
    None,
    /// Static: the issuer has signed the card's data.
    Static,
    /// Dynamic data authentication by INTERNAL AUTHENTICATE.
    Dynamic,
    /// Dynamic, and combined with the application cryptogram where the terminal asks for it.
    Combined,
    /// Extended, with keys on an elliptic curve, where the terminal says in `9F33` that it can (XDA, EMV
    /// Book 2, clause 12); else, and by radio, as [`Combined`](Self::Combined).
    Extended,
}

impl DataAuthentication {
    /// Tells whether the card has a key of its own.
    #[must_use]
    pub fn has_icc_key(self) -> bool {
        matches!(self, Self::Dynamic | Self::Combined | Self::Extended)
    }

    /// Tells whether the card can sign a cryptogram with its RSA key.
    pub(super) fn can_combine(self) -> bool {
        matches!(self, Self::Combined | Self::Extended)
    }
}

/// Names how a card takes the issuer's answer, the ARPC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum IssuerAuthentication {
    /// By EXTERNAL AUTHENTICATE.
    ExternalAuthenticate,
    /// With the data of the second GENERATE AC: CDOL2 asks for `91`.
    SecondCryptogram,
}

impl CardProfile {
    /// Creates a UnionPay debit card: AID A000000333010101, PAN 6200000000000005, PIN 123456,
    /// expiring at the end of 2030, currency yuan.
    ///
    /// It asks for the PIN online first, goes online for every amount and does dynamic data
    /// authentication.
    #[must_use]
    pub fn unionpay_debit() -> Self {
        Self {
            applications: vec![ApplicationEntry {
                aid: vec![0xa0, 0x00, 0x00, 0x03, 0x33, 0x01, 0x01, 0x01],
                label: "UnionPay Debit".to_owned(),
                priority: 1,
                kernel: 7,
            }],
            pan: b"6200000000000005".as_slice().into(),
            sequence: 1,
            expiry: [0x30, 0x12],
            cardholder: "TEST/CARD".to_owned(),
            service_code: "220".to_owned(),
            country: 156,
            currency: 156,
            pin: Some(b"123456".as_slice().into()),
            pin_tries: 3,
            cvm_rules: default_rules(),
            cryptogram_version: CryptogramVersion::UnionPay01,
            data_authentication: DataAuthentication::Dynamic,
            issuer_authentication: IssuerAuthentication::ExternalAuthenticate,
            issuer_authentication_mandatory: false,
            offline_limit: 0,
            contactless_offline_limit: 0,
            keys: CardKeys::default(),
            static_data: StaticData::default(),
            risk: RiskBehaviour::default(),
            transmission: Transmission::default(),
            layout: None,
            radio: RadioBehaviour::default(),
            faults: Vec::new(),
        }
    }

    /// Creates a Visa card: AID A0000000031010, PAN 4111111111111111, PIN 1234, currency US dollar.
    ///
    /// It supports combined data authentication.
    #[must_use]
    pub fn visa() -> Self {
        Self {
            applications: vec![ApplicationEntry {
                aid: vec![0xa0, 0x00, 0x00, 0x00, 0x03, 0x10, 0x10],
                label: "VISA CREDIT".to_owned(),
                priority: 1,
                kernel: 3,
            }],
            pan: b"4111111111111111".as_slice().into(),
            service_code: "201".to_owned(),
            country: 840,
            currency: 840,
            pin: Some(b"1234".as_slice().into()),
            cryptogram_version: CryptogramVersion::Visa10,
            data_authentication: DataAuthentication::Combined,
            ..Self::unionpay_debit()
        }
    }

    /// Creates a Mastercard: AID A0000000041010, PAN 5555555555554444, PIN 1234, currency euro.
    ///
    /// By radio it generates its cryptogram as by contact, in EMV mode, with combined data
    /// authentication and a DRDOL. It computes its cryptograms as [`visa`](Self::visa) does.
    #[must_use]
    pub fn mastercard() -> Self {
        Self {
            applications: vec![ApplicationEntry {
                aid: vec![0xa0, 0x00, 0x00, 0x00, 0x04, 0x10, 0x10],
                label: "MASTERCARD".to_owned(),
                priority: 1,
                kernel: 2,
            }],
            pan: b"5555555555554444".as_slice().into(),
            country: 276,
            currency: 978,
            radio: RadioBehaviour { generates: true, recovers: true, ..RadioBehaviour::default() },
            ..Self::visa()
        }
    }

    /// Adds an application to the directory, which shares card number and keys with the others.
    #[must_use]
    pub fn with_application(mut self, application: ApplicationEntry) -> Self {
        self.applications.push(application);
        self
    }

    /// Makes the directory list this application alone.
    #[must_use]
    pub fn with_only_application(mut self, application: ApplicationEntry) -> Self {
        self.applications = vec![application];
        self
    }

    /// Sets the PIN, or none, and how many tries there are before it is blocked.
    #[must_use]
    pub fn with_pin(mut self, pin: Option<&str>, tries: u8) -> Self {
        self.pin = pin.map(|pin| pin.as_bytes().into());
        self.pin_tries = tries;
        self
    }

    /// Sets the expiry: the end of the month in two digits each, as the card number's track has it.
    #[must_use]
    pub fn with_expiry(mut self, year: u8, month: u8) -> Self {
        self.expiry = [year, month].map(|number| number / 10 % 10 * 16 + number % 10);
        self
    }

    /// Sets the application currency (`9F42`, ISO 4217 numeric).
    #[must_use]
    pub fn with_currency(mut self, currency: u16) -> Self {
        self.currency = currency;
        self
    }

    /// Sets the cardholder verification methods in the card's order.
    #[must_use]
    pub fn with_cvm_rules(mut self, rules: impl IntoIterator<Item = CvmRule>) -> Self {
        self.cvm_rules = rules.into_iter().collect();
        self
    }

    /// Sets the offline data authentication.
    #[must_use]
    pub fn with_data_authentication(mut self, method: DataAuthentication) -> Self {
        self.data_authentication = method;
        self
    }

    /// Sets how the card takes the issuer's answer.
    #[must_use]
    pub fn with_issuer_authentication(mut self, method: IssuerAuthentication) -> Self {
        self.issuer_authentication = method;
        self
    }

    /// Makes the card decline after an online approval that the issuer did not prove with an ARPC.
    #[must_use]
    pub fn with_mandatory_issuer_authentication(mut self) -> Self {
        self.issuer_authentication_mandatory = true;
        self
    }

    /// Sets the greatest amounts, in minor units, that the card approves offline by contact and by
    /// radio.
    #[must_use]
    pub fn with_offline_limits(mut self, contact: u64, contactless: u64) -> Self {
        self.offline_limit = contact;
        self.contactless_offline_limit = contactless;
        self
    }

    /// Sets the keys' sizes.
    #[must_use]
    pub fn with_keys(mut self, keys: CardKeys) -> Self {
        self.keys = keys;
        self
    }

    /// Changes the static data.
    #[must_use]
    pub fn with_static_data(mut self, change: impl FnOnce(&mut StaticData)) -> Self {
        change(&mut self.static_data);
        self
    }

    /// Changes the risk management.
    #[must_use]
    pub fn with_risk(mut self, change: impl FnOnce(&mut RiskBehaviour)) -> Self {
        change(&mut self.risk);
        self
    }

    /// Sets the transmission protocol of the contacts.
    #[must_use]
    pub fn with_transmission(mut self, transmission: Transmission) -> Self {
        self.transmission = transmission;
        self
    }

    /// Sets which data object is in which record of the contacts' files.
    #[must_use]
    pub fn with_records(mut self, layout: impl IntoIterator<Item = RecordLayout>) -> Self {
        self.layout = Some(layout.into_iter().collect());
        self
    }

    /// Changes how the card behaves by radio.
    #[must_use]
    pub fn with_radio(mut self, change: impl FnOnce(&mut RadioBehaviour)) -> Self {
        change(&mut self.radio);
        self
    }

    /// Adds a fault.
    #[must_use]
    pub fn with_fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Returns the card number.
    #[must_use]
    pub fn pan(&self) -> &Sensitive {
        &self.pan
    }

    /// Returns the sizes of the keys; [`TestCa::capk`](super::TestCa::capk) gives a terminal the
    /// authority's.
    #[must_use]
    pub fn keys(&self) -> CardKeys {
        self.keys
    }

    /// Returns the applications in the order of the directory.
    #[must_use]
    pub fn applications(&self) -> &[ApplicationEntry] {
        &self.applications
    }

    /// Returns the sequence number that tells cards of one number apart.
    #[must_use]
    pub fn sequence(&self) -> u8 {
        self.sequence
    }

    /// Returns the track 2 of the card's stripe without sentinels, as ISO/IEC 7813 writes it.
    #[must_use]
    pub fn track2(&self) -> Sensitive {
        let [year, month] = self.expiry;
        let pan = self.pan.expose_str().unwrap_or_default();
        Sensitive::new(
            format!("{pan}={year:02x}{month:02x}{}0000000000", self.service_code).into_bytes(),
        )
    }
}

/// What UnionPay cards have: they verify no PIN themselves.
fn default_rules() -> Vec<CvmRule> {
    [CvmMethod::OnlinePin, CvmMethod::Signature, CvmMethod::NoCvm].map(CvmRule::or_next).into()
}

impl fmt::Debug for CardProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CardProfile")
            .field("applications", &self.applications)
            .field("data_authentication", &self.data_authentication)
            .field("issuer_authentication", &self.issuer_authentication)
            .field("faults", &self.faults)
            .finish_non_exhaustive()
    }
}
