//! What the page asks of the terminal.

use serde::Deserialize;

/// Is a command of the cashier.
#[derive(Debug, Deserialize)]
#[serde(
    tag = "command",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub(crate) enum Command {
    /// Signs an operator in, then the terminal at the host.
    SignIn {
        /// Two digits.
        operator: String,
        /// Not logged, not kept.
        password: Secret,
    },
    /// Chooses the password of an operator whose first one opens nothing.
    ChangePassword {
        /// The one from now on.
        new: Secret,
    },
    /// Signs in at the host again.
    HostSignIn,
    /// Sells.
    Sale {
        /// As keyed: `12.34`.
        amount: String,
    },
    /// Undoes a sale of this batch.
    Void {
        /// Its voucher number.
        stan: String,
        /// The supervisor's password.
        password: Secret,
    },
    /// Prints a voucher again, marked as a duplicate.
    Reprint {
        /// Its voucher number.
        stan: String,
    },
    /// Settles the batch.
    Settle,
    /// Signs out at the host, then the operator.
    SignOut,
    /// Tests the devices again.
    SelfTest,
}

/// Is an answer to what the flow asks while a command is being carried out.
#[derive(Debug, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Answer {
    /// The cancel key.
    Cancel,
    /// Confirmed, or not.
    Confirm {
        /// Whether to go on.
        yes: bool,
    },
    /// The application chosen.
    Choose {
        /// Its place in the list.
        index: usize,
    },
    /// Try again, or go on without.
    TryAgain {
        /// Whether to try again.
        yes: bool,
    },
}

/// Is a password on its way to be checked; it is wiped on drop and never shown.
#[derive(Deserialize)]
#[serde(from = "String")]
pub(crate) struct Secret(countertop_device::Sensitive);

impl Secret {
    /// Returns the password.
    pub(crate) fn sensitive(&self) -> &countertop_device::Sensitive {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text.into_bytes().into())
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_come_as_tagged_json() {
        let command: Command =
            serde_json::from_str(r#"{"command":"sale","amount":"12.34"}"#).unwrap();
        assert!(matches!(command, Command::Sale { amount } if amount == "12.34"));
        let answer: Answer = serde_json::from_str(r#"{"answer":"confirm","yes":true}"#).unwrap();
        assert!(matches!(answer, Answer::Confirm { yes: true }));
        for bad in [r#"{"command":"refund"}"#, r#"{"command":"sale"}"#, "{}", "[]"] {
            assert!(serde_json::from_str::<Command>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn passwords_are_not_shown() {
        let json = r#"{"command":"sign-in","operator":"01","password":"hunter2"}"#;
        let command: Command = serde_json::from_str(json).unwrap();
        assert!(!format!("{command:?}").contains("hunter2"));
    }
}
