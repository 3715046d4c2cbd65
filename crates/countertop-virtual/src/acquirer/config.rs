//! What a virtual acquirer knows from the start.

use core::fmt;
use core::time::Duration;
use std::path::PathBuf;
use std::sync::Arc;

use countertop_wire::unionpay::MacAlgorithm;

use super::{Account, HostParameters, Issuer};
use crate::card::TestIssuer;

/// The terminal master key of every test terminal. It is published and protects nothing.
pub const TEST_MASTER_KEY: [u8; 16] = [
    0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF, 0xFE, 0xDC, 0xBA, 0x98, 0x76, 0x54, 0x32, 0x10,
];

/// Configures a virtual acquirer.
#[derive(Clone)]
#[non_exhaustive]
pub struct AcquirerConfig {
    /// The terminal master key, under which working keys are handed out: 16 bytes.
    pub master_key: [u8; 16],
    /// The terminals that it knows; with none, it knows every terminal.
    pub terminals: Vec<TerminalIdentity>,
    /// The accounts of its cardholders.
    pub accounts: Vec<Account>,
    /// The chip parameters that terminals fetch.
    pub parameters: HostParameters,
    /// How messages are authenticated.
    pub mac: MacAlgorithm,
    /// Who checks the cryptograms of chip cards; with nobody, they are believed.
    pub issuer: Option<Arc<dyn Issuer>>,
    /// Whether amounts of 44 and 45 yuan decide what becomes of a request.
    pub amount_rules: bool,
    /// How long a connection may be silent.
    pub idle_timeout: Duration,
    /// A file that gets a line of JSON for every change of the ledger, card numbers masked.
    pub ledger_file: Option<PathBuf>,
}

/// Names a terminal and the merchant that it stands at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TerminalIdentity {
    /// Terminal identification (field 41).
    pub terminal_id: String,
    /// Merchant identification (field 42).
    pub merchant_id: String,
}

/// Withholds the master key.
impl fmt::Debug for AcquirerConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AcquirerConfig")
            .field("terminals", &self.terminals)
            .field("accounts", &self.accounts)
            .field("mac", &self.mac)
            .field("issuer", &self.issuer)
            .field("amount_rules", &self.amount_rules)
            .field("ledger_file", &self.ledger_file)
            .finish_non_exhaustive()
    }
}

impl Default for AcquirerConfig {
    fn default() -> Self {
        let mut foreign = Account::new("4111111111111111", "1234");
        foreign.foreign = true;
        foreign.scheme = "VIS".into();
        Self {
            master_key: TEST_MASTER_KEY,
            terminals: Vec::new(),
            accounts: vec![Account::new("6200000000000005", "123456"), foreign],
            parameters: HostParameters::default(),
            mac: MacAlgorithm::default(),
            issuer: Some(Arc::new(TestIssuer)),
            amount_rules: false,
            idle_timeout: Duration::from_secs(60),
            ledger_file: None,
        }
    }
}
