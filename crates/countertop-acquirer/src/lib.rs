//! Host messaging of a payment terminal behind one trait, [`Acquirer`].
//!
//! The trait is cut so that a terminal cannot lose money: [`Acquirer::prepare`] builds a request
//! and its reversal without sending a byte, so that both are on disk before
//! [`Acquirer::submit`] lets the first byte leave; and [`Submission`] keeps "nothing was sent",
//! "the host answered" and "nobody knows" apart.
//!
//! Keys never pass through here in the clear: codes are computed and PINs encrypted in the
//! [`PinPad`](countertop_device::PinPad).

mod acquirer;
mod answer;
mod error;
mod parameters;
mod request;
mod settlement;
pub mod unionpay;

pub use acquirer::Acquirer;
pub use answer::{HostAnswer, ResponseCode, SignedIn, Submission, UnknownReason, Verdict};
pub use error::HostError;
pub use parameters::ParameterTable;
pub use request::{
    BatchNumber, CardEntry, FinancialRequest, OriginalTransaction, PreparedRequest, ReversalReason,
    SignInRequest, Stan, TransactionKind,
};
pub use settlement::{BatchRecord, SettlementAnswer, SettlementFlag, SettlementTotals, SideTotals};
