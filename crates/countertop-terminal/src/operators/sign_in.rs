//! Signing in, and proof of permission.

use std::sync::Arc;

use countertop_device::Sensitive;

use super::table::{self, StoredOperator};
use super::{Grant, OperatorError, OperatorNumber, OperatorPolicy, Permission, password};
use crate::Timestamp;
use crate::journal::Journal;
use crate::vault::Randomness;

/// Keeps the operators of a terminal in its journal.
#[derive(Debug, Clone)]
pub struct OperatorBook {
    pub(super) policy: OperatorPolicy,
    pub(super) randomness: Arc<dyn Randomness>,
}

/// Is what comes of a right password.
#[derive(Debug)]
#[must_use = "a password may have to be changed first"]
pub enum SignIn {
    /// The operator is signed in.
    SignedIn(SignedInOperator),
    /// The password opens nothing before it is changed, with [`OperatorBook::change_first_password`].
    MustChangePassword(PasswordChange),
}

/// Proves that an operator is signed in.
#[derive(Debug)]
pub struct SignedInOperator {
    number: OperatorNumber,
    since: Timestamp,
}

/// Proves that an operator gave a password that has to be changed.
#[derive(Debug)]
pub struct PasswordChange {
    number: OperatorNumber,
}

impl SignedInOperator {
    /// Returns the operator's number.
    #[must_use]
    pub fn number(&self) -> OperatorNumber {
        self.number
    }

    /// Returns when the operator signed in.
    #[must_use]
    pub fn since(&self) -> Timestamp {
        self.since
    }
}

impl PasswordChange {
    /// Returns the operator's number.
    #[must_use]
    pub fn number(&self) -> OperatorNumber {
        self.number
    }
}

impl OperatorBook {
    /// Signs an operator in.
    ///
    /// An operator who does not exist takes as long as one with a wrong password, and gets the same
    /// answer.
    ///
    /// # Errors
    ///
    /// [`OperatorError::WrongPassword`], and [`OperatorError::Locked`] after too many of them.
    pub fn sign_in(
        &self,
        journal: &mut Journal,
        number: OperatorNumber,
        password: &Sensitive,
    ) -> Result<SignIn, OperatorError> {
        let operator = self.verify(journal, number, password)?;
        if operator.must_change {
            return Ok(SignIn::MustChangePassword(PasswordChange { number }));
        }
        self.signed_in(journal, number).map(SignIn::SignedIn)
    }

    /// Changes a password that has to be changed, and signs the operator in.
    ///
    /// # Errors
    ///
    /// [`OperatorError::UnfitPassword`]; the change can be tried again.
    pub fn change_first_password(
        &self,
        journal: &mut Journal,
        change: &PasswordChange,
        new: &Sensitive,
    ) -> Result<SignedInOperator, OperatorError> {
        self.store_new(journal, change.number, new)?;
        self.signed_in(journal, change.number)
    }

    /// Changes the password of the signed-in operator.
    ///
    /// # Errors
    ///
    /// [`OperatorError::WrongPassword`] when `old` is wrong, [`OperatorError::UnfitPassword`] when
    /// `new` is not fit.
    pub fn change_password(
        &self,
        journal: &mut Journal,
        operator: &SignedInOperator,
        old: &Sensitive,
        new: &Sensitive,
    ) -> Result<(), OperatorError> {
        self.verify(journal, operator.number, old)?;
        self.store_new(journal, operator.number, new)
    }

    /// Allows the signed-in operator one act.
    ///
    /// # Errors
    ///
    /// [`OperatorError::NotPermitted`] when it takes another operator.
    pub fn grant(
        &self,
        operator: &SignedInOperator,
        permission: Permission,
    ) -> Result<Grant, OperatorError> {
        let number = operator.number;
        if self.policy.permits(number.role(), permission) {
            return Ok(Grant::new(number, permission));
        }
        Err(OperatorError::NotPermitted { number, permission })
    }

    /// Lets another operator, the supervisor as a rule, allow one act with a password, while a
    /// cashier stays signed in.
    ///
    /// # Errors
    ///
    /// As [`sign_in`](Self::sign_in); [`OperatorError::NotPermitted`];
    /// [`OperatorError::MustChangePassword`] when the password has to be changed first.
    pub fn authorise(
        &self,
        journal: &mut Journal,
        number: OperatorNumber,
        password: &Sensitive,
        permission: Permission,
    ) -> Result<Grant, OperatorError> {
        let operator = self.verify(journal, number, password)?;
        if operator.must_change {
            return Err(OperatorError::MustChangePassword { number });
        }
        if !self.policy.permits(number.role(), permission) {
            return Err(OperatorError::NotPermitted { number, permission });
        }
        journal.audit(Some(number), "authorise", &permission.to_string())?;
        Ok(Grant::new(number, permission))
    }

    /// Signs an operator out.
    ///
    /// # Errors
    ///
    /// When the journal fails; the operator is signed out all the same.
    pub fn sign_out(
        &self,
        journal: &mut Journal,
        operator: SignedInOperator,
    ) -> Result<(), OperatorError> {
        Ok(journal.audit(Some(operator.number), "sign-out", "")?)
    }

    fn signed_in(
        &self,
        journal: &mut Journal,
        number: OperatorNumber,
    ) -> Result<SignedInOperator, OperatorError> {
        journal.audit(Some(number), "sign-in", "")?;
        Ok(SignedInOperator { number, since: journal.now() })
    }

    fn store_new(
        &self,
        journal: &mut Journal,
        number: OperatorNumber,
        new: &Sensitive,
    ) -> Result<(), OperatorError> {
        self.policy.require_fit(number.role(), new)?;
        let hash = self.hash(number, new)?;
        Ok(journal.write("store the password", |work| {
            work.store_password(number, &hash, false)?;
            work.audit(Some(number), "change-password", "")
        })?)
    }

    pub(super) fn hash(
        &self,
        number: OperatorNumber,
        password: &Sensitive,
    ) -> Result<String, OperatorError> {
        password::hash(number, password, self.policy.cost, self.randomness.as_ref())
    }

    /// Returns the operator whose password is right; counts one that is wrong.
    fn verify(
        &self,
        journal: &mut Journal,
        number: OperatorNumber,
        password: &Sensitive,
    ) -> Result<StoredOperator, OperatorError> {
        let Some(operator) = table::load(journal, number)? else {
            self.hash(number, password)?;
            journal.audit(None, "wrong-password", &number.to_string())?;
            return Err(OperatorError::WrongPassword);
        };
        require_unlocked(journal, &operator)?;
        if password::verify(number, password, &operator.password_hash)? {
            journal.write("sign in", |work| work.store_failures(number, 0, None))?;
            return Ok(operator);
        }
        self.count_failure(journal, &operator)?;
        Err(OperatorError::WrongPassword)
    }

    fn count_failure(
        &self,
        journal: &mut Journal,
        operator: &StoredOperator,
    ) -> Result<(), OperatorError> {
        let number = operator.number;
        let failures = operator.failures.saturating_add(1);
        let locks = failures >= self.policy.failures;
        Ok(journal.write("count the wrong password", |work| {
            let until = work.now.utc_seconds().saturating_add(self.policy.lock_seconds);
            let (failures, until) = if locks { (0, Some(until)) } else { (failures, None) };
            work.store_failures(number, failures, until)?;
            let action = if locks { "lock" } else { "wrong-password" };
            work.audit(None, action, &number.to_string())
        })?)
    }
}

fn require_unlocked(journal: &Journal, operator: &StoredOperator) -> Result<(), OperatorError> {
    let now = journal.now();
    match operator.locked_until {
        Some(until) if until > now.utc_seconds() => {
            let until = now.later(until - now.utc_seconds());
            Err(OperatorError::Locked { number: operator.number, until })
        }
        _ => Ok(()),
    }
}
