//! What is asked of passwords, and what follows when they are wrong.

use countertop_device::Sensitive;

use super::{OperatorError, Permission, Role};

/// Says how the operators' book is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorPolicy {
    /// Shortest password of a cashier.
    pub cashier_length: usize,
    /// Shortest password of the supervisor and the administrator.
    pub supervisor_length: usize,
    /// Longest password.
    pub longest: usize,
    /// After how many wrong passwords in a row an operator is locked.
    pub failures: u32,
    /// For how many seconds.
    pub lock_seconds: i64,
    /// Whether cashiers may settle, or the supervisor alone.
    pub cashiers_settle: bool,
    /// Whether the cashiers' default password opens without a change: for training and the virtual
    /// counter.
    pub default_cashier_usable: bool,
    /// What a hash costs.
    pub cost: PasswordCost,
}

/// Says what computing a hash costs (RFC 9106).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
}

impl Default for PasswordCost {
    /// 46 MiB and one pass, as OWASP's cheat sheet on password storage has it for argon2id.
    ///
    /// Of the equally strong pairs it is the one whose memory goes back to the system at once: the
    /// GNU C library keeps freed blocks of up to 32 MiB, which would double what an idle terminal
    /// occupies.
    fn default() -> Self {
        Self { memory_kib: 46 * 1024, passes: 1 }
    }
}

impl Default for OperatorPolicy {
    /// Cashiers 4 characters, the others 6; locked for five minutes after five wrong passwords; the
    /// supervisor settles.
    fn default() -> Self {
        Self {
            cashier_length: 4,
            supervisor_length: 6,
            longest: 64,
            failures: 5,
            lock_seconds: 300,
            cashiers_settle: false,
            default_cashier_usable: false,
            cost: PasswordCost::default(),
        }
    }
}

impl OperatorPolicy {
    /// Is the supervisor's password in a new book.
    pub const SUPERVISOR_DEFAULT: &'static str = "123456";
    /// Is the administrator's password in a new book.
    pub const ADMINISTRATOR_DEFAULT: &'static str = "87654321";
    /// Is the password of cashier 01 in a new book.
    pub const CASHIER_DEFAULT: &'static str = "0000";

    /// Returns the password that a role has in a new book.
    pub(super) fn default_password(role: Role) -> &'static str {
        match role {
            Role::Supervisor => Self::SUPERVISOR_DEFAULT,
            Role::Cashier => Self::CASHIER_DEFAULT,
            Role::Administrator => Self::ADMINISTRATOR_DEFAULT,
        }
    }

    /// Tells whether a role may do something.
    pub(super) fn permits(&self, role: Role, permission: Permission) -> bool {
        let opened = role == Role::Cashier && self.cashiers_settle;
        role.may(permission) || (opened && permission == Permission::Settle)
    }

    /// Refuses a new password that is too short, too long, or known to everyone.
    pub(super) fn require_fit(
        &self,
        role: Role,
        password: &Sensitive,
    ) -> Result<(), OperatorError> {
        let shortest = match role {
            Role::Cashier => self.cashier_length,
            Role::Supervisor | Role::Administrator => self.supervisor_length,
        };
        let length = password.expose_str().map_or(0, |text| text.chars().count());
        let reason = if length < shortest {
            format!("it has fewer than {shortest} characters")
        } else if length > self.longest {
            format!("it has more than {} characters", self.longest)
        } else if is_known(password) {
            "it is a default that everyone knows".into()
        } else {
            return Ok(());
        };
        Err(OperatorError::UnfitPassword { reason })
    }
}

fn is_known(password: &Sensitive) -> bool {
    [Role::Supervisor, Role::Cashier, Role::Administrator]
        .into_iter()
        .any(|role| password.expose() == OperatorPolicy::default_password(role).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(role: Role, password: &str) -> bool {
        let password = Sensitive::from(password.as_bytes());
        OperatorPolicy::default().require_fit(role, &password).is_ok()
    }

    #[test]
    fn passwords_have_lengths_by_role() {
        assert!(fit(Role::Cashier, "2580"));
        assert!(!fit(Role::Cashier, "258"));
        assert!(fit(Role::Supervisor, "258013"));
        assert!(!fit(Role::Supervisor, "25801"));
        assert!(!fit(Role::Administrator, "25801"));
        assert!(!fit(Role::Cashier, &"2".repeat(65)));
        assert!(fit(Role::Cashier, "收银员一"), "characters, not bytes");
    }

    #[test]
    fn defaults_are_not_fit() {
        for known in ["0000", "123456", "87654321"] {
            assert!(!fit(Role::Cashier, known), "{known}");
        }
    }

    #[test]
    fn a_policy_opens_the_settlement_to_cashiers() {
        let closed = OperatorPolicy::default();
        assert!(!closed.permits(Role::Cashier, Permission::Settle));
        let open = OperatorPolicy { cashiers_settle: true, ..closed };
        assert!(open.permits(Role::Cashier, Permission::Settle));
        assert!(!open.permits(Role::Cashier, Permission::Void));
        assert!(!open.permits(Role::Administrator, Permission::Settle));
    }
}
