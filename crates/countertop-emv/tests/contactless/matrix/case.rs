//! A row of the matrix, and how it is compared.

use countertop_emv::contactless::{AuthenticationResult, Outcome};
use countertop_emv::parameters::{
    ApplicationParameters, CaPublicKey, ContactlessParameters, RevokedCertificate,
};
use countertop_emv::{CryptogramKind, PinSupport, TransactionData, TransactionType};
use countertop_virtual::card::{CardProfile, TestIssuer};

use crate::common::purchase;
use crate::reader::Reader;

pub(super) use AuthenticationResult::{Failed, NotPerformed, Passed};
pub(super) use CryptogramKind::{Aac, Arqc, Tc};

/// Is one case: card, reader, transaction, and what has to come out.
pub(super) struct Case {
    name: &'static str,
    clause: &'static str,
    card: CardProfile,
    reader: Reader,
    data: TransactionData,
    expected: Expected,
}

/// Is what a record says: kind of the cryptogram, TVR, CVM Results and authentication.
pub(super) type Recorded = (CryptogramKind, [u8; 5], Option<[u8; 3]>, AuthenticationResult);

/// Is what has to come out.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Expected {
    /// Outcome Parameter Set, `DF8129`.
    pub(super) parameters: [u8; 8],
    /// The message on outcome, or on restart where there is none.
    pub(super) message: Option<u8>,
    /// Error Indication `DF8115`, L1, L2 and status word.
    pub(super) error: [u8; 4],
    /// The record, where there is one.
    pub(super) record: Option<Recorded>,
}

impl Case {
    pub(super) fn new(
        name: &'static str,
        clause: &'static str,
        card: CardProfile,
        minor: u64,
        expected: Expected,
    ) -> Self {
        let reader = Reader::new();
        Self { name, clause, card, reader, data: purchase(minor), expected }
    }

    pub(super) fn limits(mut self, change: impl Fn(&mut ContactlessParameters)) -> Self {
        self.reader = self.reader.with(change);
        self
    }

    pub(super) fn application(mut self, change: impl Fn(&mut ApplicationParameters)) -> Self {
        self.reader = self.reader.with_application(change);
        self
    }

    pub(super) fn terminal_type(mut self, terminal_type: u8) -> Self {
        self.reader.parameters.terminal.terminal_type = terminal_type;
        self
    }

    pub(super) fn capabilities(mut self, capabilities: [u8; 3]) -> Self {
        self.reader.parameters.terminal.capabilities = capabilities;
        self
    }

    /// Takes the authority's keys out of the reader.
    pub(super) fn without_keys(mut self) -> Self {
        self.reader.parameters.keys.clear();
        self
    }

    /// Lets the authority's keys end the day before the transaction.
    pub(super) fn with_expired_keys(mut self) -> Self {
        for key in &mut self.reader.parameters.keys {
            key.expiry = Some([0x26, 0x11, 0x21]);
        }
        self
    }

    /// Revokes the certificate of the cards' issuer.
    pub(super) fn with_revocation(mut self) -> Self {
        let revoke = |key: &CaPublicKey| RevokedCertificate {
            rid: key.rid,
            index: key.index,
            serial: [0x00, 0x00, 0x01],
        };
        let parameters = &mut self.reader.parameters;
        parameters.revoked = parameters.keys.iter().map(revoke).collect();
        self
    }

    pub(super) fn pin(mut self, pin: PinSupport) -> Self {
        self.data.pin = pin;
        self
    }

    pub(super) fn of_type(mut self, transaction_type: TransactionType) -> Self {
        self.data.transaction_type = transaction_type;
        self
    }

    pub(super) fn cashback(mut self, minor: u64) -> Self {
        self.data.amount_other = minor;
        self.of_type(TransactionType::CASHBACK)
    }

    pub(super) async fn run(mut self) {
        let pan = self.card.pan().expose_str().unwrap().to_owned();
        let outcome = self.reader.present(self.card, &self.data).await;
        let seen = Expected::of(&outcome);
        assert_eq!(seen, self.expected, "{} ({}): {outcome:?}", self.name, self.clause);
        if let Some(record) = &outcome.record {
            // What goes to the host is what the card has signed with its key.
            let verified = TestIssuer.verify(&pan, 1, record.field55.expose());
            assert!(verified.is_ok(), "{}: {verified:?}", self.name);
        }
        assert!(!format!("{outcome:?}").contains(&pan), "{}", self.name);
    }
}

impl Expected {
    pub(super) fn of(outcome: &Outcome) -> Self {
        let shown = outcome.ui_on_outcome.as_ref().or(outcome.ui_on_restart.as_ref());
        let [level_1, level_2, _, high, low, _] = outcome.error.to_bytes();
        Self {
            parameters: outcome.parameter_set(),
            message: shown.and_then(|shown| shown.message).map(|message| message.code()),
            error: [level_1, level_2, high, low],
            record: outcome.record.as_ref().map(|record| {
                let results = record.cvm_results.map(|results| results.0);
                (record.cryptogram.kind, record.tvr.0, results, record.authentication)
            }),
        }
    }
}

pub(super) async fn run(cases: Vec<Case>) -> usize {
    let count = cases.len();
    for case in cases {
        case.run().await;
    }
    count
}
