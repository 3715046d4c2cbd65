//! Contact transactions (EMV Books 1 to 4).
//!
//! ```no_run
//! use std::sync::Arc;
//! use countertop_device::{CardSession, Currency, Money};
//! use countertop_emv::contact::{ContactTransaction, Step};
//! use countertop_emv::parameters::EmvParameters;
//! use countertop_emv::{EmvError, TransactionData, TransactionType};
//!
//! # async fn host(_field55: &[u8]) -> (bool, [u8; 2], Vec<u8>) { (true, *b"00", Vec::new()) }
//! # async fn pay(session: Box<dyn CardSession>) -> Result<(), EmvError> {
//! let data = TransactionData::new(
//!     Money::from_minor(1234, Currency::CNY),
//!     TransactionType::PURCHASE,
//!     [0x26, 0x11, 0x22],
//!     [0x20, 0x15, 0x00],
//!     [0x12, 0x34, 0x56, 0x78],
//! );
//! let parameters = Arc::new(EmvParameters::default());
//! let mut step = ContactTransaction::start(session, parameters, data).await?;
//! let outcome = loop {
//!     step = match step {
//!         Step::ChooseApplication(choice) => choice.choose(0).await?,
//!         Step::EnterOnlinePin(entry) => entry.captured().await?,
//!         Step::EnterOfflinePin(entry) => entry.bypassed().await?,
//!         Step::GoOnline(request) => {
//!             let (approved, code, answer) = host(request.field55().expose()).await;
//!             break request.host_answered(approved, code, &answer).await?;
//!         }
//!         Step::Finished(outcome) => break outcome,
//!         _ => return Err(EmvError::InvalidInput("this step is not known here")),
//!     };
//! };
//! println!("{:?}", outcome.decision);
//! # Ok(())
//! # }
//! ```

mod action;
mod authentication;
mod bridge;
mod cardholder;
mod completion;
mod computation;
mod dynamic;
mod ec_certificate;
mod extended;
mod issuer;
mod kernel;
mod outcome;
mod pin_key;
mod read;
mod referral;
mod risk;
mod run;
mod selection;
mod step;
mod terminal;
mod verification;
mod voucher;

pub use outcome::{Decision, Outcome, Termination};
pub use referral::Referral;
pub use risk::CardHistory;
pub use run::ContactTransaction;
pub use step::{
    ChooseApplication, EnterOfflinePin, EnterOnlinePin, EnterPinAtReader, GoOnline, OfflinePinKey,
    Step,
};
pub use voucher::VoucherData;
