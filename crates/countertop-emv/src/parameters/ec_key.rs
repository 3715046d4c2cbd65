//! Public keys of certification authorities on elliptic curves (EMV Book 2, clause 11.2, table 31).

use serde::Deserialize;

use super::hex;
use super::key::is_over;
use crate::elliptic::Suite;

/// Is a certification authority's public key on an elliptic curve, for extended data authentication.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct EcCaPublicKey {
    /// Registered application provider identifier.
    #[serde(deserialize_with = "hex::array")]
    pub rid: [u8; 5],
    /// Certification Authority Public Key Index (`9F22`, on the card `8F`).
    #[serde(deserialize_with = "hex::byte")]
    pub index: u8,
    /// Algorithm suite indicator: `10` is P-256 with SHA-256, `11` P-521 with SHA-512 (EMV Book 2, table 48).
    #[serde(deserialize_with = "hex::byte")]
    pub suite: u8,
    /// Both coordinates, big-endian: 64 bytes, or 132.
    #[serde(deserialize_with = "hex::bytes")]
    pub point: Vec<u8>,
    /// The suite's hash over provider, index, suite and coordinates, where the source of the key gives it.
    #[serde(default, deserialize_with = "hex::some_bytes")]
    pub checksum: Option<Vec<u8>>,
    /// The last day of the key: YYMMDD, two digits to a byte; none for a key without an end.
    #[serde(default, deserialize_with = "hex::some_array")]
    pub expiry: Option<[u8; 3]>,
}

impl EcCaPublicKey {
    /// Creates a key without a checksum.
    pub fn new(rid: [u8; 5], index: u8, suite: u8, point: impl Into<Vec<u8>>) -> Self {
        Self { rid, index, suite, point: point.into(), checksum: None, expiry: None }
    }

    /// Tells whether the key's time is over on a day (EMV Book 2, clause 11.2): YYMMDD, two digits
    /// to a byte; years from 50 on are of the last century.
    #[must_use]
    pub fn has_expired(&self, date: [u8; 3]) -> bool {
        self.expiry.is_some_and(|expiry| is_over(expiry, date))
    }

    /// Returns what is wrong with the key, if anything is.
    pub(super) fn fault(&self) -> Option<&'static str> {
        let Some(suite) = Suite::from_indicator(self.suite) else {
            return Some("the suite is 10 or 11");
        };
        let Some((x, y)) = self.point.split_at_checked(suite.field_length()) else {
            return Some("the point has 64 or 132 bytes");
        };
        if y.len() != suite.field_length() {
            Some("the point has 64 or 132 bytes")
        } else if suite.y(x).as_deref() != Some(y) {
            Some("the point is no key of the curve")
        } else if !self.is_whole(suite) {
            Some("the checksum is wrong")
        } else {
            None
        }
    }

    fn is_whole(&self, suite: Suite) -> bool {
        let parts = [&self.rid[..], &[self.index, self.suite], &self.point].concat();
        self.checksum.as_ref().is_none_or(|checksum| *checksum == suite.hash(&parts))
    }

    /// Returns suite and x-coordinate; `None` for a suite that is not there.
    pub(crate) fn parts(&self) -> Option<(Suite, &[u8])> {
        let suite = Suite::from_indicator(self.suite)?;
        Some((suite, self.point.get(..suite.field_length())?))
    }
}

#[cfg(test)]
mod tests {
    use countertop_virtual::card::{Curve, TestCa};

    use super::*;
    use crate::parameters::EmvParameters;

    fn key(curve: Curve) -> EcCaPublicKey {
        let key = TestCa::ec_capk([0xA0, 0, 0, 3, 0x33], curve);
        let mut known = EcCaPublicKey::new(key.rid, key.index, key.suite, key.point);
        known.checksum = Some(key.checksum);
        known
    }

    #[test]
    fn keys_of_both_curves_are_whole() {
        for curve in [Curve::P256, Curve::P521] {
            let known = key(curve);
            assert_eq!(known.fault(), None);
            let (suite, x) = known.parts().unwrap();
            assert_eq!(x.len(), suite.field_length());
        }
    }

    #[test]
    fn what_is_no_key_is_told() {
        let good = key(Curve::P256);
        let with = |change: &dyn Fn(&mut EcCaPublicKey)| {
            let mut wrong = good.clone();
            change(&mut wrong);
            wrong.fault().unwrap_or("nothing")
        };
        assert!(with(&|key| key.suite = 0x12).contains("suite"));
        assert!(with(&|key| key.suite = 0x11).contains("64 or 132"));
        assert!(with(&|key| key.point.truncate(63)).contains("64 or 132"));
        assert!(with(&|key| key.point.truncate(10)).contains("64 or 132"));
        assert!(with(&|key| key.point[63] ^= 1).contains("curve"));
        assert!(with(&|key| key.point[0] ^= 1).contains("curve"));
        assert!(with(&|key| key.index ^= 1).contains("checksum"));
        assert_eq!(with(&|key| key.checksum = None), "nothing");
    }

    #[test]
    fn the_file_holds_them_too() {
        let key = key(Curve::P256);
        let hex =
            |bytes: &[u8]| -> String { bytes.iter().map(|byte| format!("{byte:02X}")).collect() };
        let text = format!(
            "[[ec_key]]\nrid = \"{}\"\nindex = \"EC\"\nsuite = \"10\"\npoint = \"{}\"\nexpiry = \"301231\"\n",
            hex(&key.rid),
            hex(&key.point)
        );
        let parameters = EmvParameters::from_toml(&text).unwrap();
        assert_eq!(parameters.ec_keys[0].point, key.point);
        assert!(!parameters.ec_keys[0].has_expired([0x30, 0x12, 0x31]));
        assert!(parameters.ec_keys[0].has_expired([0x31, 0x01, 0x01]));
        let error = EmvParameters::from_toml(&text.replace("\"10\"", "\"12\"")).unwrap_err();
        assert!(
            error.to_string().contains("key EC of [A0, 00, 00, 03, 33]: the suite is"),
            "{error}"
        );
        let replaced = parameters.with_ec_key(key.clone());
        assert_eq!(replaced.ec_keys, [key]);
    }
}
