//! Contactless transactions: the entry point (EMV Books A and B) and the kernels of Mastercard
//! (Book C-2, EMV mode), Visa (Book C-3) and UnionPay (Book C-7).
//!
//! ```no_run
//! use countertop_device::CardSession;
//! use countertop_emv::contactless::{EntryPoint, OutcomeStatus};
//! # use countertop_emv::{EmvError, TransactionData, parameters::EmvParameters};
//!
//! # async fn pay(
//! #     session: Box<dyn CardSession>,
//! #     parameters: &EmvParameters,
//! #     data: &TransactionData,
//! # ) -> Result<(), EmvError> {
//! let mut entry_point = EntryPoint::default();
//! let outcome = entry_point.tap(session, parameters, data, &mut ()).await?;
//! match (outcome.status, outcome.record) {
//!     (OutcomeStatus::OnlineRequest, Some(record)) => println!("ask the host for {:?}", record.card),
//!     (status, _) => println!("{status:?}: {:?}", outcome.reason),
//! }
//! # Ok(())
//! # }
//! ```

mod clock;
mod entry_point;
mod kernel_id;
mod kernels;
mod outcome;
mod primitives;
mod qualifiers;

pub use clock::{Clock, SystemClock};
pub use entry_point::{EntryPoint, tap};
pub use kernel_id::KernelId;
pub use outcome::{
    AlternateInterface, AuthenticationResult, ContactlessCvm, DataRecord, ErrorIndication,
    Level1Error, Level2Error, Level3Error, MessageIdentifier, Outcome, OutcomeStatus, Reason,
    Start, UiRequest, UiStatus, UiValue, UserInterface,
};
