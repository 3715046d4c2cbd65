//! From power-on to an operator.

use countertop_device::Sensitive;
use countertop_emv::contactless::EntryPoint;
use countertop_hub::SelfTestLine;

use super::core::{Core, Duty, TerminalParts};
use super::{Attendant, Attended, Prompt};
use crate::OperatorNumber;
use crate::journal::Journal;
use crate::operators::{OperatorError, PasswordChange, SignIn};

/// Is a terminal that was switched on.
#[derive(Debug)]
pub struct PoweredOn(Box<Core>);

/// Is a terminal that has tested its devices and waits for an operator.
#[derive(Debug)]
pub struct SelfTested {
    core: Box<Core>,
    lines: Vec<SelfTestLine>,
}

/// Is what comes of a right password.
#[derive(Debug)]
pub enum OperatorSignIn {
    /// The operator is signed in.
    Attended(Attended),
    /// The password opens nothing before it is changed.
    MustChangePassword(FirstPassword),
}

/// Is a terminal whose operator has to choose a password first.
#[derive(Debug)]
pub struct FirstPassword {
    terminal: SelfTested,
    change: PasswordChange,
}

impl FirstPassword {
    /// Returns who has to choose.
    #[must_use]
    pub fn operator(&self) -> OperatorNumber {
        self.change.number()
    }

    /// Takes the new password and signs the operator in.
    ///
    /// # Errors
    ///
    /// Gives this back with the reason, to try another one.
    pub fn choose(mut self, new: &Sensitive) -> Result<Attended, Box<(Self, OperatorError)>> {
        let parts = &mut self.terminal.core.parts;
        let changed = parts.operators.change_first_password(&mut parts.journal, &self.change, new);
        match changed {
            Ok(signed_in) => Ok(Attended::new(Duty { core: self.terminal.core, signed_in })),
            Err(error) => Err(Box::new((self, error))),
        }
    }

    /// Gives up; nobody is signed in.
    #[must_use]
    pub fn leave(self) -> SelfTested {
        self.terminal
    }
}

/// Is a sign-in that was refused, with the terminal as it was.
#[derive(Debug)]
pub struct SignInRefused {
    /// The terminal, still without an operator.
    pub terminal: SelfTested,
    /// Why.
    pub error: OperatorError,
}

impl PoweredOn {
    /// Creates a terminal from its parts.
    #[must_use]
    pub fn new(mut parts: TerminalParts) -> Self {
        parts.take_up_parameters();
        Self(Box::new(Core {
            parts,
            sign_in_due: false,
            recovery_due: false,
            chip_failed: false,
            card_in: false,
            entry_point: EntryPoint::default(),
        }))
    }

    /// Tests the devices. A device that is unwell is reported, not fatal: the others still work.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: the terminal is consumed.
    pub async fn self_test(mut self, attendant: &mut dyn Attendant) -> SelfTested {
        let lines = test(&mut self.0, attendant).await;
        SelfTested { core: self.0, lines }
    }
}

impl SelfTested {
    /// Returns what the self-test found, one line a role.
    #[must_use]
    pub fn lines(&self) -> &[SelfTestLine] {
        &self.lines
    }

    /// Waits until another program asks for a device, and lets it go, see
    /// [`Devices::lend`](countertop_hub::Devices::lend).
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: no request is lost.
    pub async fn lend_devices(&mut self) -> countertop_hub::Role {
        self.core.parts.devices.lend().await
    }

    /// Returns the books.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.core.parts.journal
    }

    /// Tests the devices again.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: the terminal is consumed.
    pub async fn self_test(mut self, attendant: &mut dyn Attendant) -> Self {
        self.lines = test(&mut self.core, attendant).await;
        self
    }

    /// Signs an operator in by number and password.
    ///
    /// # Errors
    ///
    /// Gives the terminal back with the reason.
    pub fn sign_in(
        mut self,
        operator: OperatorNumber,
        password: &Sensitive,
    ) -> Result<OperatorSignIn, Box<SignInRefused>> {
        let parts = &mut self.core.parts;
        match parts.operators.sign_in(&mut parts.journal, operator, password) {
            Ok(SignIn::SignedIn(signed_in)) => {
                let duty = Duty { core: self.core, signed_in };
                Ok(OperatorSignIn::Attended(Attended::new(duty)))
            }
            Ok(SignIn::MustChangePassword(change)) => {
                Ok(OperatorSignIn::MustChangePassword(FirstPassword { terminal: self, change }))
            }
            Err(error) => Err(Box::new(SignInRefused { terminal: self, error })),
        }
    }

    pub(super) fn again(core: Box<Core>) -> Self {
        Self { core, lines: Vec::new() }
    }
}

async fn test(core: &mut Core, attendant: &mut dyn Attendant) -> Vec<SelfTestLine> {
    attendant.show(&Prompt::SelfTesting);
    let lines = core.parts.devices.self_test().await;
    attendant.show(&Prompt::SelfTested { lines: lines.clone() });
    lines
}
