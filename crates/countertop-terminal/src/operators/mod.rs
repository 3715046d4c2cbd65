//! Who may do what at the terminal.
//!
//! There are three roles ([`Role`]): the supervisor, 00; cashiers, 01 to 98; the administrator, 99.
//! Their passwords are kept in the journal's file as salted argon2id hashes. A password that
//! everyone knows has to be changed before it opens anything ([`SignIn::MustChangePassword`]).
//!
//! Nothing privileged happens without proof: [`SignedInOperator`] proves that someone gave a
//! password, and [`Grant`] that someone with the permission allowed one act. Both are made here
//! alone and cannot be copied. Whatever is done with the book goes to the journal's audit log.
//!
//! Hashing a password takes about a tenth of a second on purpose; call the book where blocking is
//! allowed.

mod error;
mod management;
mod operator;
mod password;
mod policy;
mod sign_in;
mod table;
#[cfg(test)]
mod tests;

pub use error::OperatorError;
pub use operator::{Grant, OperatorNumber, Permission, Role};
pub use policy::{OperatorPolicy, PasswordCost};
pub use sign_in::{OperatorBook, PasswordChange, SignIn, SignedInOperator};
pub use table::OperatorEntry;
