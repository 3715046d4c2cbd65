//! What parameters have to be before a terminal may use them.

use super::{ApplicationParameters, CaPublicKey, EcCaPublicKey, EmvParameters, ParametersError};

pub(super) trait Checked {
    /// Tells what cannot be.
    fn check(&self) -> Result<(), ParametersError>;
}

impl Checked for EmvParameters {
    fn check(&self) -> Result<(), ParametersError> {
        self.applications.iter().try_for_each(Checked::check)?;
        self.keys.iter().try_for_each(Checked::check)?;
        self.ec_keys.iter().try_for_each(Checked::check)
    }
}

impl Checked for ApplicationParameters {
    fn check(&self) -> Result<(), ParametersError> {
        let fault = if !(5..=16).contains(&self.aid.len()) {
            "aid has 5 to 16 bytes"
        } else if self.has_bad_percentages() {
            "random_selection wants target <= maximum <= 99"
        } else if self.has_bad_threshold() {
            "random_selection wants a threshold under the floor limit"
        } else {
            return Ok(());
        };
        Err(ParametersError(format!("application {:02X?}: {fault}", self.aid)))
    }
}

impl ApplicationParameters {
    fn has_bad_percentages(&self) -> bool {
        let bad =
            |random: super::RandomSelection| random.target > random.maximum || random.maximum > 99;
        self.random_selection.is_some_and(bad)
    }

    /// Above the floor limit nothing is left to chance (EMV Book 3, clause 10.6.2).
    fn has_bad_threshold(&self) -> bool {
        let limit = u64::from(self.floor_limit);
        self.random_selection.is_some_and(|random| limit > 0 && random.threshold >= limit)
    }
}

impl Checked for CaPublicKey {
    fn check(&self) -> Result<(), ParametersError> {
        let fault = if !self.is_whole() {
            "the checksum is wrong"
        } else if !(64..=248).contains(&self.modulus.len()) {
            "the modulus has 64 to 248 bytes"
        } else if ![&[0x03][..], &[0x01, 0x00, 0x01]].contains(&self.exponent.as_slice()) {
            "the exponent is 03 or 010001"
        } else {
            return Ok(());
        };
        let text = format!("key {:02X} of {:02X?}: {fault}", self.index, self.rid);
        Err(ParametersError(text))
    }
}

impl Checked for EcCaPublicKey {
    fn check(&self) -> Result<(), ParametersError> {
        let told = |fault| {
            ParametersError(format!("key {:02X} of {:02X?}: {fault}", self.index, self.rid))
        };
        self.fault().map_or(Ok(()), |fault| Err(told(fault)))
    }
}
