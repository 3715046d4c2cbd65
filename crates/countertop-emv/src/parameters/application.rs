//! What a terminal knows of an application (EMV Book 4, clause 10.2; Book A, clause 5.2).

use serde::Deserialize;

use super::{ContactlessParameters, hex};

/// Holds the data of one application identifier.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ApplicationParameters {
    /// Application Identifier (`9F06`): 5 to 16 bytes.
    #[serde(deserialize_with = "hex::bytes")]
    pub aid: Vec<u8>,
    /// Whether a card's longer identifier that starts with this one fits too.
    #[serde(default = "yes")]
    pub partial_match: bool,
    /// Application Version Number (`9F09`).
    #[serde(deserialize_with = "hex::array")]
    pub version: [u8; 2],
    /// Terminal Floor Limit (`9F1B`) in minor units; 0 sends every transaction online.
    #[serde(default)]
    pub floor_limit: u32,
    /// Terminal Action Code – Denial.
    #[serde(deserialize_with = "hex::array")]
    pub tac_denial: [u8; 5],
    /// Terminal Action Code – Online.
    #[serde(deserialize_with = "hex::array")]
    pub tac_online: [u8; 5],
    /// Terminal Action Code – Default.
    #[serde(deserialize_with = "hex::array")]
    pub tac_default: [u8; 5],
    /// Default DDOL, for a card without one (`9F49`); it asks for `9F37` at least.
    #[serde(default = "unpredictable_number", deserialize_with = "hex::bytes")]
    pub default_ddol: Vec<u8>,
    /// Default TDOL, for a card without one (`97`); none hashes nothing.
    #[serde(default, deserialize_with = "hex::some_bytes")]
    pub default_tdol: Option<Vec<u8>>,
    /// Selection of transactions under the floor limit for going online by chance.
    #[serde(default)]
    pub random_selection: Option<RandomSelection>,
    /// Limits of contactless transactions; none means that the application is for contact only.
    #[serde(default)]
    pub contactless: Option<ContactlessParameters>,
}

/// Holds the parameters of random transaction selection (EMV Book 3, clause 10.6.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RandomSelection {
    /// Target percentage, 0 to 99.
    pub target: u8,
    /// Target percentage of biased selection, not under `target`.
    pub maximum: u8,
    /// Where biased selection starts, in minor units under the floor limit.
    pub threshold: u64,
}

impl ApplicationParameters {
    /// Creates an application for contact without floor limit, which sends every transaction online
    /// and denies none by its own action codes.
    pub fn new(aid: impl Into<Vec<u8>>, version: [u8; 2]) -> Self {
        Self {
            aid: aid.into(),
            partial_match: true,
            version,
            floor_limit: 0,
            tac_denial: [0; 5],
            tac_online: [0xFF; 5],
            tac_default: [0xFF; 5],
            default_ddol: unpredictable_number(),
            default_tdol: None,
            random_selection: None,
            contactless: None,
        }
    }

    /// Sends every transaction with this application to the host: the floor limit is nought, and being
    /// above it (TVR byte 4, bit 8) is a reason for it.
    pub(super) fn refuse_offline_approvals(&mut self) {
        const ABOVE_FLOOR_LIMIT: u8 = 0x80;
        self.floor_limit = 0;
        self.random_selection = None;
        self.tac_online[3] |= ABOVE_FLOOR_LIMIT;
        if let Some(limits) = &mut self.contactless {
            limits.offline_approval = false;
        }
    }

    /// Returns the registered application provider identifier: the first five bytes of the
    /// identifier.
    #[must_use]
    pub fn rid(&self) -> &[u8] {
        self.aid.get(..5).unwrap_or(&self.aid)
    }

    /// Tells whether a card's application fits (EMV Book 1, clause 12.3.1).
    #[must_use]
    pub fn matches(&self, df_name: &[u8]) -> bool {
        if self.partial_match { df_name.starts_with(&self.aid) } else { df_name == self.aid }
    }
}

const fn yes() -> bool {
    true
}

fn unpredictable_number() -> Vec<u8> {
    vec![0x9F, 0x37, 0x04]
}
