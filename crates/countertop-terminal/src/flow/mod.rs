//! The operating flow: from power-on to sign-out, one state a type.
//!
//! Each step consumes the state before it and returns the one after, so that a step cannot be
//! skipped: there is no way to write a sale without an operator, an authorisation without a
//! confirmation, or a request without its reversal in the journal.
//!
//! ```text
//! PoweredOn ─self_test─► SelfTested ─sign_in─► Attended ─host_sign_in─► Ready ─sign_out─► SelfTested
//!
//! Ready ─sale─► AwaitingCard ─read─► CardPresented ─verify─► Verified ─confirm─► Confirmed
//!   ▲                                                                               │
//!   └──── print ◄── Signed ◄── sign ── Authorised ◄────────── authorise ────────────┘
//! ```
//!
//! Until `authorise`, cancel ends the transaction and leaves no trace at the host. A step that ends
//! the transaction gives [`Ready`] back with the reason ([`Ending`]).
//!
//! The journal's calls block for as long as the disk takes; run the flow where that is allowed.

mod attendant;
mod attended;
mod authorise;
mod card;
mod chip;
mod contactless;
mod core;
mod error;
mod parameters;
mod power_on;
mod print;
mod prompt;
mod ready;
mod reversal;
mod sale;
mod settings;
mod settle;
mod sign;
mod verify;
mod void;

pub use attendant::Attendant;
pub use attended::Attended;
pub use authorise::Authorised;
pub use card::{AwaitingCard, CardPresented};
pub use core::TerminalParts;
pub use error::FlowError;
pub use power_on::{FirstPassword, OperatorSignIn, PoweredOn, SelfTested, SignInRefused};
pub use prompt::{Confirmation, Language, Prompt, meaning};
pub use ready::Ready;
pub use sale::{Confirmed, Ending, Step};
pub use settings::TerminalSettings;
pub use sign::Signed;
pub use verify::Verified;
