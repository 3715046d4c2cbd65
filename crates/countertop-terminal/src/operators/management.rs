//! Adding and removing operators.

use std::sync::Arc;

use countertop_device::Sensitive;

use super::table;
use super::{
    Grant, OperatorBook, OperatorEntry, OperatorError, OperatorNumber, OperatorPolicy, Permission,
    Role, SignedInOperator,
};
use crate::journal::Journal;
use crate::vault::Randomness;

/// The operators of a new book.
const FIRST_OPERATORS: [OperatorNumber; 3] =
    [OperatorNumber::SUPERVISOR, OperatorNumber::FIRST_CASHIER, OperatorNumber::ADMINISTRATOR];

impl OperatorBook {
    /// Opens the book; a new one has the supervisor, cashier 01 and the administrator, with
    /// passwords that have to be changed.
    ///
    /// # Errors
    ///
    /// When the journal fails, or no hash can be computed.
    pub fn open(
        journal: &mut Journal,
        policy: OperatorPolicy,
        randomness: Arc<dyn Randomness>,
    ) -> Result<Self, OperatorError> {
        let book = Self { policy, randomness };
        if table::load_all(journal)?.is_empty() {
            book.create_first_operators(journal)?;
        }
        Ok(book)
    }

    fn create_first_operators(&self, journal: &mut Journal) -> Result<(), OperatorError> {
        let mut first = Vec::new();
        for number in FIRST_OPERATORS {
            let password = OperatorPolicy::default_password(number.role());
            let hash = self.hash(number, &Sensitive::from(password.as_bytes()))?;
            let usable = number.role() == Role::Cashier && self.policy.default_cashier_usable;
            first.push((number, hash, !usable));
        }
        Ok(journal.write("create the first operators", |work| {
            for (number, hash, must_change) in &first {
                work.store_password(*number, hash, *must_change)?;
            }
            work.audit(None, "create-operators", "00 01 99")
        })?)
    }

    /// Returns the operators in order.
    ///
    /// # Errors
    ///
    /// When the journal fails.
    pub fn list(&self, journal: &Journal) -> Result<Vec<OperatorEntry>, OperatorError> {
        Ok(table::load_all(journal)?)
    }

    /// Adds a cashier with a password that has to be changed at the first sign-in.
    ///
    /// # Errors
    ///
    /// [`OperatorError::Exists`], [`OperatorError::NoCashier`], [`OperatorError::UnfitPassword`],
    /// and [`OperatorError::NotPermitted`] when the grant is for another act.
    pub fn add(
        &self,
        journal: &mut Journal,
        grant: Grant,
        number: OperatorNumber,
        password: &Sensitive,
    ) -> Result<(), OperatorError> {
        require(&grant, Permission::ManageOperators)?;
        require_cashier(number)?;
        if table::load(journal, number)?.is_some() {
            return Err(OperatorError::Exists { number });
        }
        self.store_by_another(journal, &grant, number, password, "add-operator")
    }

    /// Gives an operator a password that has to be changed at the next sign-in, and lifts a lock:
    /// the supervisor for a cashier, the administrator for the supervisor.
    ///
    /// # Errors
    ///
    /// [`OperatorError::NotFound`], [`OperatorError::UnfitPassword`], and
    /// [`OperatorError::NotPermitted`] when the grant is not the one for this operator.
    pub fn reset_password(
        &self,
        journal: &mut Journal,
        grant: Grant,
        number: OperatorNumber,
        password: &Sensitive,
    ) -> Result<(), OperatorError> {
        let needed = match number.role() {
            Role::Cashier => Permission::ManageOperators,
            Role::Supervisor | Role::Administrator => Permission::Configure,
        };
        require(&grant, needed)?;
        if table::load(journal, number)?.is_none() {
            return Err(OperatorError::NotFound { number });
        }
        self.store_by_another(journal, &grant, number, password, "reset-password")
    }

    /// Deletes a cashier, but not the one who is signed in.
    ///
    /// # Errors
    ///
    /// [`OperatorError::SignedIn`], [`OperatorError::NotFound`], [`OperatorError::NoCashier`], and
    /// [`OperatorError::NotPermitted`] when the grant is for another act.
    pub fn delete(
        &self,
        journal: &mut Journal,
        grant: Grant,
        number: OperatorNumber,
        signed_in: Option<&SignedInOperator>,
    ) -> Result<(), OperatorError> {
        require(&grant, Permission::ManageOperators)?;
        require_cashier(number)?;
        if signed_in.is_some_and(|operator| operator.number() == number) {
            return Err(OperatorError::SignedIn { number });
        }
        let found = journal.write("delete the operator", |work| {
            let found = work.delete_operator(number)?;
            if found {
                work.audit(Some(grant.operator()), "delete-operator", &number.to_string())?;
            }
            Ok(found)
        })?;
        if found { Ok(()) } else { Err(OperatorError::NotFound { number }) }
    }

    fn store_by_another(
        &self,
        journal: &mut Journal,
        grant: &Grant,
        number: OperatorNumber,
        password: &Sensitive,
        action: &'static str,
    ) -> Result<(), OperatorError> {
        self.policy.require_fit(number.role(), password)?;
        let hash = self.hash(number, password)?;
        Ok(journal.write("store the password", |work| {
            work.store_password(number, &hash, true)?;
            work.audit(Some(grant.operator()), action, &number.to_string())
        })?)
    }
}

fn require(grant: &Grant, permission: Permission) -> Result<(), OperatorError> {
    if grant.permission() == permission {
        return Ok(());
    }
    Err(OperatorError::NotPermitted { number: grant.operator(), permission })
}

fn require_cashier(number: OperatorNumber) -> Result<(), OperatorError> {
    if number.role() == Role::Cashier { Ok(()) } else { Err(OperatorError::NoCashier { number }) }
}
