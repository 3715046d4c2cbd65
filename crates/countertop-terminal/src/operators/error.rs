//! Errors of the operators' book.

use super::{OperatorNumber, Permission};
use crate::Timestamp;
use crate::journal::JournalError;
use crate::vault::RandomnessError;

/// Says why the operators' book refuses.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OperatorError {
    /// There is no such operator, or the password is wrong; which one is not said.
    #[error("operator number or password is wrong")]
    WrongPassword,
    /// Too many wrong passwords.
    #[error("operator {number} is locked until {until} after too many wrong passwords")]
    Locked {
        /// The operator.
        number: OperatorNumber,
        /// When the lock opens.
        until: Timestamp,
    },
    /// The password is not fit.
    #[error("password is not fit: {reason}")]
    UnfitPassword {
        /// What is asked of a password.
        reason: String,
    },
    /// The operator may not do that.
    #[error("operator {number} may not {permission}; ask the supervisor")]
    NotPermitted {
        /// The operator.
        number: OperatorNumber,
        /// What was to be allowed.
        permission: Permission,
    },
    /// The password opens nothing before it is changed.
    #[error("operator {number} has to change the password first: sign in as {number}")]
    MustChangePassword {
        /// The operator.
        number: OperatorNumber,
    },
    /// The operator exists.
    #[error("operator {number} exists already")]
    Exists {
        /// The operator.
        number: OperatorNumber,
    },
    /// The operator does not exist.
    #[error("there is no operator {number}")]
    NotFound {
        /// The operator.
        number: OperatorNumber,
    },
    /// Only cashiers come and go.
    #[error("operator {number} is no cashier; cashiers go from 01 to 98")]
    NoCashier {
        /// The operator.
        number: OperatorNumber,
    },
    /// The operator is signed in.
    #[error("operator {number} is signed in; sign out first")]
    SignedIn {
        /// The operator.
        number: OperatorNumber,
    },
    /// The hash cannot be computed or read.
    #[error("password of operator {number} cannot be checked: {reason}")]
    Hash {
        /// The operator.
        number: OperatorNumber,
        /// What the hash function said.
        reason: String,
    },
    /// No random bytes for a salt.
    #[error(transparent)]
    Randomness(#[from] RandomnessError),
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
}
