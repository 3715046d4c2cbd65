//! Numbers, roles and permissions of operators.

use core::fmt;

use serde::{Deserialize, Serialize};

/// Is an operator's number: 00 is the supervisor, 01 to 98 are cashiers, 99 is the administrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct OperatorNumber(u8);

/// Says what kind of work an operator does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// 00: manages cashiers and authorises what undoes a sale.
    Supervisor,
    /// 01 to 98: sells.
    Cashier,
    /// 99: configures the terminal.
    Administrator,
}

/// Names an act that not everyone may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Permission {
    /// Sell, print again, and look up transactions.
    Sell,
    /// Undo a sale.
    Void,
    /// Settle the batch.
    Settle,
    /// Add, delete and list cashiers, and reset their passwords.
    ManageOperators,
    /// Enter and leave training.
    Train,
    /// Change the configuration, and give the supervisor a new password.
    Configure,
    /// Send an unresolved reversal again.
    RetryReversal,
}

impl OperatorNumber {
    /// The supervisor.
    pub const SUPERVISOR: Self = Self(0);
    /// The cashier of a new book.
    pub const FIRST_CASHIER: Self = Self(1);
    /// The administrator.
    pub const ADMINISTRATOR: Self = Self(99);

    /// Creates a number; `None` above 99.
    #[must_use]
    pub const fn new(number: u8) -> Option<Self> {
        if number <= 99 { Some(Self(number)) } else { None }
    }

    /// Returns the number.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }

    /// Returns the role that goes with the number.
    #[must_use]
    pub const fn role(self) -> Role {
        match self.0 {
            0 => Role::Supervisor,
            99 => Role::Administrator,
            _ => Role::Cashier,
        }
    }
}

impl Role {
    /// Tells whether the role may do something. Settling is the supervisor's; a policy can open it
    /// to cashiers, see [`OperatorPolicy::cashiers_settle`](super::OperatorPolicy::cashiers_settle).
    #[must_use]
    pub const fn may(self, permission: Permission) -> bool {
        use Permission::{Configure, ManageOperators, RetryReversal, Sell, Settle, Train, Void};
        match self {
            Self::Supervisor => {
                matches!(permission, Sell | Void | Settle | ManageOperators | Train | RetryReversal)
            }
            Self::Cashier => matches!(permission, Sell),
            Self::Administrator => matches!(permission, Configure | RetryReversal),
        }
    }
}

/// Proves that an operator with the permission allowed one act. Only the operators' book makes it,
/// after a password; the act consumes it.
#[derive(Debug, PartialEq, Eq)]
pub struct Grant {
    operator: OperatorNumber,
    permission: Permission,
}

impl Grant {
    pub(crate) const fn new(operator: OperatorNumber, permission: Permission) -> Self {
        Self { operator, permission }
    }

    /// Returns who allowed it.
    #[must_use]
    pub const fn operator(&self) -> OperatorNumber {
        self.operator
    }

    /// Returns what was allowed.
    #[must_use]
    pub const fn permission(&self) -> Permission {
        self.permission
    }
}

impl fmt::Display for OperatorNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}", self.0)
    }
}

impl TryFrom<u8> for OperatorNumber {
    type Error = String;

    fn try_from(number: u8) -> Result<Self, String> {
        Self::new(number).ok_or_else(|| format!("{number} is no operator: they go from 00 to 99"))
    }
}

impl From<OperatorNumber> for u8 {
    fn from(number: OperatorNumber) -> Self {
        number.0
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sell => "sell",
            Self::Void => "void a sale",
            Self::Settle => "settle the batch",
            Self::ManageOperators => "manage operators",
            Self::Train => "enter or leave training",
            Self::Configure => "change the configuration",
            Self::RetryReversal => "send an unresolved reversal again",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_roles() {
        for (number, role) in [
            (0, Role::Supervisor),
            (1, Role::Cashier),
            (98, Role::Cashier),
            (99, Role::Administrator),
        ] {
            assert_eq!(OperatorNumber::new(number).unwrap().role(), role);
        }
        assert_eq!(OperatorNumber::new(100), None);
        assert_eq!(OperatorNumber::SUPERVISOR.to_string(), "00");
    }

    #[test]
    fn only_the_supervisor_undoes_sales() {
        for (role, sell, void, configure) in [
            (Role::Supervisor, true, true, false),
            (Role::Cashier, true, false, false),
            (Role::Administrator, false, false, true),
        ] {
            assert_eq!(role.may(Permission::Sell), sell);
            assert_eq!(role.may(Permission::Void), void);
            assert_eq!(role.may(Permission::Configure), configure);
        }
    }
}
