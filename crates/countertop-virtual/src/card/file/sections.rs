//! The tables of the text.

use serde::Deserialize;
use toml::Spanned;

use super::fault::FaultSection;
use super::hex::{Array, Bytes, TagText};
use super::radio::RadioSection;
use crate::card::{
    CardProfile, Curve, CvmCondition, CvmMethod, CvmRule, DataAuthentication, IssuerAuthentication,
    StaticData, Transmission,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct CardFile {
    pub(super) scheme: Scheme,
    pub(super) pan: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) test_pan: bool,
    pub(super) sequence: Option<u8>,
    pub(super) expiry: Option<Spanned<String>>,
    pub(super) cardholder: Option<String>,
    pub(super) service_code: Option<Spanned<String>>,
    pub(super) country: Option<u16>,
    pub(super) currency: Option<u16>,
    pub(super) protocol: Option<Protocol>,
    pub(super) authentication: Option<Authentication>,
    #[serde(default, rename = "application")]
    pub(super) applications: Vec<ApplicationSection>,
    pub(super) keys: Option<Spanned<Keys>>,
    pub(super) issuer: Option<IssuerSection>,
    pub(super) pin: Option<PinSection>,
    pub(super) cvm: Option<CvmSection>,
    pub(super) data: Option<DataSection>,
    pub(super) risk: Option<RiskSection>,
    pub(super) radio: Option<RadioSection>,
    #[serde(default, rename = "record")]
    pub(super) records: Vec<RecordSection>,
    #[serde(default, rename = "fault")]
    pub(super) faults: Vec<FaultSection>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Scheme {
    Mastercard,
    UnionpayCredit,
    UnionpayDebit,
    Visa,
}

impl Scheme {
    pub(super) fn profile(self) -> CardProfile {
        match self {
            Self::Mastercard => CardProfile::mastercard(),
            Self::UnionpayCredit => {
                let mut profile = CardProfile::unionpay_debit();
                if let Some(application) = profile.applications.first_mut() {
                    application.aid = vec![0xa0, 0x00, 0x00, 0x03, 0x33, 0x01, 0x01, 0x02];
                    "UnionPay Credit".clone_into(&mut application.label);
                }
                profile
            }
            Self::UnionpayDebit => CardProfile::unionpay_debit(),
            Self::Visa => CardProfile::visa(),
        }
    }
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) enum Protocol {
    #[serde(rename = "T=0")]
    T0,
    #[serde(rename = "T=1")]
    T1,
}

impl From<Protocol> for Transmission {
    fn from(protocol: Protocol) -> Self {
        match protocol {
            Protocol::T0 => Self::T0,
            Protocol::T1 => Self::T1,
        }
    }
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Authentication {
    None,
    Static,
    Dynamic,
    Combined,
    Extended,
}

impl From<Authentication> for DataAuthentication {
    fn from(method: Authentication) -> Self {
        match method {
            Authentication::None => Self::None,
            Authentication::Static => Self::Static,
            Authentication::Dynamic => Self::Dynamic,
            Authentication::Combined => Self::Combined,
            Authentication::Extended => Self::Extended,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct ApplicationSection {
    pub(super) aid: Spanned<Bytes>,
    pub(super) label: String,
    pub(super) priority: Spanned<u8>,
    #[serde(default)]
    pub(super) confirm: bool,
    #[serde(default)]
    pub(super) kernel: u8,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Keys {
    pub(super) authority: Option<u16>,
    pub(super) issuer: Option<u16>,
    pub(super) icc: Option<u16>,
    pub(super) exponent: Option<u32>,
    pub(super) pin: Option<Pin>,
    pub(super) curve: Option<CurveName>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) enum CurveName {
    #[serde(rename = "P-256")]
    P256,
    #[serde(rename = "P-521")]
    P521,
}

impl From<CurveName> for Curve {
    fn from(name: CurveName) -> Self {
        match name {
            CurveName::P256 => Self::P256,
            CurveName::P521 => Self::P521,
        }
    }
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(untagged, expecting = "\"none\", \"certified\" or a number of bits is wanted")]
pub(super) enum Pin {
    Bits(u16),
    Word(PinWord),
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum PinWord {
    None,
    Certified,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct IssuerSection {
    pub(super) authentication: IssuerMethod,
    #[serde(default)]
    pub(super) mandatory: bool,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum IssuerMethod {
    ExternalAuthenticate,
    SecondCryptogram,
}

impl From<IssuerMethod> for IssuerAuthentication {
    fn from(method: IssuerMethod) -> Self {
        match method {
            IssuerMethod::ExternalAuthenticate => Self::ExternalAuthenticate,
            IssuerMethod::SecondCryptogram => Self::SecondCryptogram,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct PinSection {
    pub(super) value: Option<Spanned<String>>,
    #[serde(default = "three")]
    pub(super) tries: u8,
}

const fn three() -> u8 {
    3
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct CvmSection {
    #[serde(default)]
    pub(super) x: u32,
    #[serde(default)]
    pub(super) y: u32,
    pub(super) rules: Vec<RuleSection>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RuleSection {
    method: CvmMethod,
    #[serde(default)]
    when: CvmCondition,
    #[serde(default)]
    or_next: bool,
}

impl From<RuleSection> for CvmRule {
    fn from(rule: RuleSection) -> Self {
        let created =
            if rule.or_next { Self::or_next(rule.method) } else { Self::or_fail(rule.method) };
        created.when(rule.when)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct DataSection {
    effective: Option<Array<3>>,
    usage_control: Option<Array<2>>,
    version: Option<Array<2>>,
    action_code_default: Option<Array<5>>,
    action_code_denial: Option<Array<5>>,
    action_code_online: Option<Array<5>>,
    directory: Option<bool>,
}

impl DataSection {
    pub(super) fn apply(&self, data: &mut StaticData) {
        fn set<const N: usize>(place: &mut [u8; N], value: Option<Array<N>>) {
            if let Some(Array(value)) = value {
                *place = value;
            }
        }
        set(&mut data.effective, self.effective);
        set(&mut data.usage_control, self.usage_control);
        set(&mut data.version, self.version);
        set(&mut data.action_code_default, self.action_code_default);
        set(&mut data.action_code_denial, self.action_code_denial);
        set(&mut data.action_code_online, self.action_code_online);
        data.directory = self.directory.unwrap_or(data.directory);
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RiskSection {
    offline_limit: Option<u64>,
    contactless_offline_limit: Option<u64>,
    lower_limit: Option<u8>,
    upper_limit: Option<u8>,
    transactions: Option<u16>,
    last_online: Option<u16>,
    consecutive_limit: Option<u16>,
    online_every: Option<u16>,
    decline_above: Option<u64>,
    #[serde(default)]
    hides_counters: bool,
}

impl RiskSection {
    pub(super) fn apply(&self, profile: &mut CardProfile) {
        profile.offline_limit = self.offline_limit.unwrap_or(profile.offline_limit);
        profile.contactless_offline_limit =
            self.contactless_offline_limit.unwrap_or(profile.contactless_offline_limit);
        let risk = &mut profile.risk;
        risk.lower_limit = self.lower_limit.or(risk.lower_limit);
        risk.upper_limit = self.upper_limit.or(risk.upper_limit);
        risk.transactions = self.transactions.unwrap_or(risk.transactions);
        risk.last_online = self.last_online.unwrap_or(risk.last_online);
        risk.consecutive_limit = self.consecutive_limit.or(risk.consecutive_limit);
        risk.online_every = self.online_every.or(risk.online_every);
        risk.decline_above = self.decline_above.or(risk.decline_above);
        risk.hides_counters |= self.hides_counters;
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RecordSection {
    pub(super) file: Spanned<u8>,
    pub(super) objects: Vec<TagText>,
    #[serde(default)]
    pub(super) signed: bool,
}

/// Reads a month as in `2030-12` into year and month, two digits to a byte.
pub(super) fn month(text: &str) -> Option<[u8; 2]> {
    let (year, month) = text.split_once('-')?;
    let year = year.strip_prefix("20").filter(|year| year.len() == 2)?;
    let bcd = |digits: &str| {
        let number = digits.parse::<u8>().ok()?;
        Some(number / 10 * 16 + number % 10)
    };
    let good = month.len() == 2 && (1..=12).contains(&month.parse::<u8>().ok()?);
    good.then_some([bcd(year)?, bcd(month)?])
}
