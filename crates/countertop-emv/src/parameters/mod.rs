//! What a terminal has to know before a card comes: itself, the applications, the keys.
//!
//! [`EmvParameters::default`] knows the applications of UnionPay and the terminal of a shop in
//! China; [`EmvParameters::from_toml`] reads another set. An acquirer's parameter download fills
//! the same struct ([`ApplicationParameters::from_download`], [`CaPublicKey::from_download`]). A
//! [`ParameterStore`] has the set that is in force, and swaps it as a whole.

mod application;
mod check;
mod contactless;
mod download;
mod ec_key;
mod hex;
mod key;
mod revocation;
mod store;
mod terminal;

use core::str::FromStr;

use serde::Deserialize;

pub use application::{ApplicationParameters, RandomSelection};
pub use contactless::{ContactlessParameters, Kernel2Parameters};
pub use ec_key::EcCaPublicKey;
pub use key::CaPublicKey;
pub use revocation::RevokedCertificate;
pub use store::ParameterStore;
pub use terminal::TerminalParameters;

use check::Checked as _;

/// The parameters of UnionPay's applications, as text.
pub const DEFAULT_TOML: &str = include_str!("default.toml");

/// Holds all parameters of EMV processing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct EmvParameters {
    /// Tells one set from another: whatever its source calls it.
    #[serde(default)]
    pub version: String,
    /// What the terminal is, whatever the application.
    #[serde(default)]
    pub terminal: TerminalParameters,
    /// The applications that the terminal takes, in order of preference.
    #[serde(default, rename = "application")]
    pub applications: Vec<ApplicationParameters>,
    /// Public keys of certification authorities.
    #[serde(default, rename = "key")]
    pub keys: Vec<CaPublicKey>,
    /// Public keys of certification authorities on elliptic curves. A terminal whose capabilities (`9F33`)
    /// have XDA declares it with the applications of those providers alone that have one here.
    #[serde(default, rename = "ec_key")]
    pub ec_keys: Vec<EcCaPublicKey>,
    /// Certificates of issuers that are not to be believed any more.
    #[serde(default)]
    pub revoked: Vec<RevokedCertificate>,
}

/// Says what is wrong with a parameter file, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("emv parameters: {0}")]
pub struct ParametersError(String);

impl EmvParameters {
    /// Creates parameters without applications and keys.
    #[must_use]
    pub fn new(terminal: TerminalParameters) -> Self {
        Self {
            version: String::new(),
            terminal,
            applications: Vec::new(),
            keys: Vec::new(),
            ec_keys: Vec::new(),
            revoked: Vec::new(),
        }
    }

    /// Reads parameters; [`DEFAULT_TOML`] shows every key.
    ///
    /// # Errors
    ///
    /// [`ParametersError`] with the line and the key that cannot be.
    pub fn from_toml(text: &str) -> Result<Self, ParametersError> {
        let parameters: Self =
            toml::from_str(text).map_err(|error| ParametersError(error.to_string()))?;
        parameters.validate()?;
        Ok(parameters)
    }

    /// Tells whether a terminal may use these parameters: identifiers, percentages, and the keys'
    /// sizes, exponents and checksums.
    ///
    /// # Errors
    ///
    /// [`ParametersError`] with what cannot be.
    pub fn validate(&self) -> Result<(), ParametersError> {
        self.check()
    }

    /// Adds a key, or replaces the one with the same provider and index.
    #[must_use]
    pub fn with_key(mut self, key: CaPublicKey) -> Self {
        self.keys.retain(|known| (known.rid, known.index) != (key.rid, key.index));
        self.keys.push(key);
        self
    }

    /// Adds a key on an elliptic curve, or replaces the one with the same provider and index.
    #[must_use]
    pub fn with_ec_key(mut self, key: EcCaPublicKey) -> Self {
        self.ec_keys.retain(|known| (known.rid, known.index) != (key.rid, key.index));
        self.ec_keys.push(key);
        self
    }

    /// Adds an application, or replaces the one with the same identifier.
    #[must_use]
    pub fn with_application(mut self, application: ApplicationParameters) -> Self {
        self.applications.retain(|known| known.aid != application.aid);
        self.applications.push(application);
        self
    }

    /// Sends every transaction to the host, whatever the applications say: for terminals whose books
    /// or host take no offline approval.
    pub fn refuse_offline_approvals(&mut self) {
        self.applications.iter_mut().for_each(ApplicationParameters::refuse_offline_approvals);
    }

    /// Returns the application that fits a card's application best: the longest identifier.
    #[must_use]
    pub fn application(&self, df_name: &[u8]) -> Option<&ApplicationParameters> {
        let fitting = self.applications.iter().filter(|known| known.matches(df_name));
        fitting.max_by_key(|known| known.aid.len())
    }
}

impl Default for EmvParameters {
    fn default() -> Self {
        // The text is checked by a test; without it no application would be taken.
        Self::from_toml(DEFAULT_TOML).unwrap_or_else(|_| Self::new(TerminalParameters::default()))
    }
}

impl FromStr for EmvParameters {
    type Err = ParametersError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::from_toml(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_knows_unionpay() {
        let parameters = EmvParameters::from_toml(DEFAULT_TOML).unwrap();
        assert_eq!(parameters, EmvParameters::default());
        for last in 1..=3 {
            let df_name = [0xA0, 0, 0, 3, 0x33, 1, 1, last, 0x77];
            let application = parameters.application(&df_name[..8]).unwrap();
            assert_eq!(application.aid, df_name[..8]);
            assert!(application.contactless.is_some());
        }
        assert!(parameters.application(&[0xA0, 0, 0, 0, 3, 0x10, 0x10]).is_none());
        assert!(parameters.keys.iter().all(|key| key.rid == [0xA0, 0, 0, 3, 0x33]));
    }

    #[test]
    fn errors_name_line_and_key() {
        let text = DEFAULT_TOML.replacen("tac_denial = \"", "tac_denial = \"0", 1);
        let error = EmvParameters::from_toml(&text).unwrap_err().to_string();
        assert!(error.contains("line") && error.contains("tac_denial"), "{error}");
        let error = EmvParameters::from_toml("[terminal]\ntpe = 1").unwrap_err().to_string();
        assert!(error.contains("line 2") && error.contains("tpe"), "{error}");
        let error = EmvParameters::from_toml(
            "[[application]]\naid = \"A0\"\nversion = \"0020\"\ntac_denial = \"0000000000\"\n\
             tac_online = \"0000000000\"\ntac_default = \"0000000000\"",
        );
        assert!(error.unwrap_err().to_string().contains("aid has 5 to 16 bytes"));
        let text = DEFAULT_TOML.replacen("exponent = \"03\"", "exponent = \"11\"", 1);
        let error = EmvParameters::from_toml(&text).unwrap_err().to_string();
        assert!(error.contains("checksum"), "{error}");
    }

    #[test]
    fn the_longest_identifier_fits_best() {
        let rid = ApplicationParameters::new([0xA0, 0, 0, 3, 0x33], [0, 0x20]);
        let mut exact = ApplicationParameters::new([0xA0, 0, 0, 3, 0x33, 1, 1, 1], [0, 0x20]);
        exact.partial_match = false;
        let parameters = EmvParameters::new(TerminalParameters::default())
            .with_application(exact.clone())
            .with_application(rid.clone());
        assert_eq!(parameters.application(&exact.aid), Some(&exact));
        assert_eq!(parameters.application(&[0xA0, 0, 0, 3, 0x33, 1, 1, 1, 9]), Some(&rid));
        assert_eq!(rid.rid(), [0xA0, 0, 0, 3, 0x33]);
    }

    #[test]
    fn offline_approvals_can_be_refused() {
        let mut parameters = EmvParameters::default();
        for application in &mut parameters.applications {
            application.contactless.as_mut().unwrap().offline_approval = true;
            application.floor_limit = 10_000;
            application.tac_online[3] &= 0x7F;
        }
        parameters.refuse_offline_approvals();
        assert_eq!(parameters, EmvParameters::default());
    }

    #[test]
    fn a_key_replaces_its_elder() {
        let key = CaPublicKey::new([1; 5], 1, [1], [3]);
        let newer = CaPublicKey { modulus: vec![2], ..key.clone() };
        let parameters = EmvParameters::new(TerminalParameters::default());
        assert_eq!(parameters.with_key(key).with_key(newer.clone()).keys, [newer]);
    }
}
