//! What a terminal has to know of its acquirer.

use core::time::Duration;

use countertop_wire::unionpay::{Header, MacAlgorithm, Tpdu};
use serde::{Deserialize, Serialize};

/// Configures a host and this terminal's place at it.
///
/// The defaults are those of the virtual acquirer on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Profile {
    /// The host's address, `HOST:PORT`.
    pub host: String,
    /// Transport header of requests: ten hexadecimal digits.
    pub tpdu: String,
    /// Application header of requests: twelve digits; the fifth is set by `training`.
    pub header: String,
    /// Terminal identification (field 41): eight characters.
    pub terminal_id: String,
    /// Merchant identification (field 42): fifteen characters.
    pub merchant_id: String,
    /// First two digits of field 22 for a scanned code; acquirers differ between 03 and 04.
    pub qr_entry_mode: String,
    /// The most digits of a PIN (field 26), 4 to 12.
    pub pin_length_max: u8,
    /// How messages are authenticated.
    pub mac: MacKind,
    /// How long connecting may take, in milliseconds.
    pub connect_timeout_ms: u64,
    /// How long sending and the answer may take, in milliseconds.
    pub response_timeout_ms: u64,
    /// Whether messages are marked as training (fifth digit of the header).
    pub training: bool,
    /// Whether this host moves real money. A PIN pad with test keys is then refused.
    pub live: bool,
}

/// Names how messages are authenticated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum MacKind {
    /// UnionPay's ECB code.
    #[default]
    Ecb,
    /// ANSI X9.9: CBC-MAC over the whole block.
    X99,
}

/// Says which entry of a profile cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("acquirer profile: {key}: {reason}")]
pub struct BadProfile {
    /// The entry's name.
    pub key: &'static str,
    /// Why it cannot be used.
    pub reason: String,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            host: "127.0.0.1:8583".into(),
            tpdu: "6000030000".into(),
            header: "603100310001".into(),
            terminal_id: "10000001".into(),
            merchant_id: "000000000000001".into(),
            qr_entry_mode: "03".into(),
            pin_length_max: 6,
            mac: MacKind::default(),
            connect_timeout_ms: 5_000,
            response_timeout_ms: 30_000,
            training: false,
            live: false,
        }
    }
}

impl MacKind {
    /// Returns the algorithm.
    #[must_use]
    pub fn algorithm(self) -> MacAlgorithm {
        match self {
            Self::Ecb => MacAlgorithm::UnionPayEcb,
            Self::X99 => MacAlgorithm::AnsiX99,
        }
    }
}

/// Is a profile that was checked.
#[derive(Debug, Clone)]
pub(super) struct Checked {
    pub(super) profile: Profile,
    pub(super) tpdu: Tpdu,
    pub(super) header: Header,
}

impl Checked {
    pub(super) fn connect_timeout(&self) -> Duration {
        Duration::from_millis(self.profile.connect_timeout_ms)
    }

    pub(super) fn response_timeout(&self) -> Duration {
        Duration::from_millis(self.profile.response_timeout_ms)
    }
}

impl TryFrom<Profile> for Checked {
    type Error = BadProfile;

    fn try_from(profile: Profile) -> Result<Self, BadProfile> {
        let bad = |key, reason: String| BadProfile { key, reason };
        let tpdu = Tpdu::from_digits(&profile.tpdu).map_err(|e| bad("tpdu", e.to_string()))?;
        let header =
            Header::from_digits(&profile.header).map_err(|e| bad("header", e.to_string()))?;
        check_identity(&profile)?;
        check_numbers(&profile)?;
        let header = header.with_training(profile.training);
        Ok(Self { profile, tpdu, header })
    }
}

fn check_identity(profile: &Profile) -> Result<(), BadProfile> {
    let Profile { host, terminal_id, merchant_id, .. } = profile;
    let port = host.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok());
    ensure(port.is_some(), "host", "write HOST:PORT")?;
    ensure(printable(terminal_id, 8), "terminal_id", "write eight characters of ASCII")?;
    ensure(printable(merchant_id, 15), "merchant_id", "write fifteen characters of ASCII")
}

fn check_numbers(profile: &Profile) -> Result<(), BadProfile> {
    let mode = &profile.qr_entry_mode;
    let two_digits = mode.len() == 2 && mode.bytes().all(|byte| byte.is_ascii_digit());
    ensure(two_digits, "qr_entry_mode", "write two digits")?;
    ensure((4..=12).contains(&profile.pin_length_max), "pin_length_max", "write 4 to 12")?;
    ensure(profile.connect_timeout_ms > 0, "connect_timeout_ms", "write more than nought")?;
    ensure(profile.response_timeout_ms > 0, "response_timeout_ms", "write more than nought")?;
    let mixed = profile.live && profile.training;
    ensure(!mixed, "training", "a live host takes no training; set training or live to false")
}

fn printable(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

fn ensure(holds: bool, key: &'static str, reason: &str) -> Result<(), BadProfile> {
    if holds { Ok(()) } else { Err(BadProfile { key, reason: reason.into() }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_hold_and_round_trip() {
        let profile = Profile::default();
        let text = serde_json::to_string(&profile).unwrap();
        assert_eq!(serde_json::from_str::<Profile>(&text).unwrap(), profile);
        assert_eq!(serde_json::from_str::<Profile>("{}").unwrap(), profile);
        assert!(serde_json::from_str::<Profile>(r#"{"hots": ""}"#).is_err());
        assert_eq!(Checked::try_from(profile).unwrap().header.to_string(), "603100310001");
    }

    #[test]
    fn training_marks_the_header() {
        let checked = Checked::try_from(Profile { training: true, ..Profile::default() }).unwrap();
        assert_eq!(checked.header.to_string(), "603110310001");
    }

    #[test]
    fn bad_entries_are_named() {
        let good = Profile::default;
        for (key, profile) in [
            ("host", Profile { host: "host".into(), ..good() }),
            ("tpdu", Profile { tpdu: "60".into(), ..good() }),
            ("header", Profile { header: "60310031000".into(), ..good() }),
            ("terminal_id", Profile { terminal_id: "1".into(), ..good() }),
            ("merchant_id", Profile { merchant_id: "é23456789012345".into(), ..good() }),
            ("qr_entry_mode", Profile { qr_entry_mode: "3".into(), ..good() }),
            ("pin_length_max", Profile { pin_length_max: 13, ..good() }),
            ("connect_timeout_ms", Profile { connect_timeout_ms: 0, ..good() }),
            ("response_timeout_ms", Profile { response_timeout_ms: 0, ..good() }),
            ("training", Profile { training: true, live: true, ..good() }),
        ] {
            assert_eq!(Checked::try_from(profile).unwrap_err().key, key);
        }
    }
}
