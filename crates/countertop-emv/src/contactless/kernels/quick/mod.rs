//! Kernels 3 and 7: Visa (qVSDC, EMV Book C-3) and UnionPay (qUICS, EMV Book C-7).
//!
//! Both put the whole transaction into GET PROCESSING OPTIONS: the card reads the terminal's
//! qualifiers, decides, and answers with its cryptogram. What they differ in is in [`Rules`]. The
//! clauses named in these files are those of Book C-3; Book C-7 has the same steps in its clause 3.

mod authenticate;
mod conclude;
mod cvm;
mod read;
mod restrict;
mod rules;

use countertop_device::CardSession;
use countertop_wire::tlv::{Tag, tags};

pub(super) use rules::{Rules, UNIONPAY, VISA};

use super::{Activation, Stop};
use crate::contactless::outcome::{AuthenticationResult, UserInterface};
use crate::contactless::primitives::{Objects, StaticData, read_cryptogram};
use crate::contactless::qualifiers::{CardQualifiers, TerminalQualifiers};
use crate::contactless::{ContactlessCvm, Outcome, Reason};
use crate::{ApplicationCryptogram, CryptogramKind, EmvError, TerminalVerificationResults};

/// Is a card that has answered, and what the kernel makes of it.
struct Taken<'a> {
    rules: &'a Rules,
    activation: &'a Activation<'a>,
    objects: Objects,
    signed: StaticData,
    cryptogram: ApplicationCryptogram,
    qualifiers: Option<CardQualifiers>,
    /// "Decline required by reader".
    decline: Option<Reason>,
    /// "Online required by reader".
    online: bool,
    tvr: TerminalVerificationResults,
    authentication: AuthenticationResult,
}

/// Runs an application to its outcome.
pub(super) async fn run(
    rules: &Rules,
    activation: &Activation<'_>,
    session: &mut dyn CardSession,
    ui: &mut dyn UserInterface,
) -> Result<Outcome, Stop> {
    let mut taken = read::read(rules, activation, session, ui).await?;
    taken.follow_cryptogram();
    taken.restrict()?;
    taken.authenticate()?;
    let cvm = taken.verify();
    Ok(taken.conclude(cvm)?)
}

impl<'a> Taken<'a> {
    fn new(
        rules: &'a Rules,
        activation: &'a Activation<'a>,
        objects: Objects,
        signed: StaticData,
    ) -> Result<Self, EmvError> {
        for tag in rules.mandatory {
            objects.mandatory(*tag)?;
        }
        let information = match objects.get(tags::CRYPTOGRAM_INFORMATION_DATA) {
            Some([information]) => *information,
            _ => information_of(objects.mandatory(tags::ISSUER_APPLICATION_DATA)?)?,
        };
        let value = objects.fixed(tags::APPLICATION_CRYPTOGRAM)?;
        let cryptogram = read_cryptogram(&objects, information, value)?;
        let qualifiers = objects.sized(tags::CARD_TRANSACTION_QUALIFIERS).map(CardQualifiers);
        Ok(Self {
            rules,
            activation,
            objects,
            signed,
            cryptogram,
            qualifiers,
            decline: None,
            online: false,
            tvr: TerminalVerificationResults::default(),
            authentication: AuthenticationResult::NotPerformed,
        })
    }

    /// Takes over what the card has decided (requirement 5.4.3.2).
    fn follow_cryptogram(&mut self) {
        match self.cryptogram.kind {
            CryptogramKind::Aac => self.decline = Some(Reason::CardDeclines),
            CryptogramKind::Arqc => self.go_online(),
            CryptogramKind::Tc => {
                if self.ttq().has(TerminalQualifiers::ONLINE_CRYPTOGRAM_REQUIRED) {
                    self.go_online();
                }
            }
        }
    }

    fn ttq(&self) -> TerminalQualifiers {
        self.activation.combination.ttq
    }

    fn card_has(&self, bit: crate::contactless::qualifiers::Bit) -> bool {
        self.qualifiers.is_some_and(|qualifiers| qualifiers.has(bit))
    }

    fn can_go_online(&self) -> bool {
        !self.ttq().has(TerminalQualifiers::OFFLINE_ONLY)
    }

    fn go_online(&mut self) {
        self.online = true;
        if !self.can_go_online() {
            self.decline.get_or_insert(Reason::OfflineOnly);
        }
    }

    /// Tells whether nobody but the card decides.
    fn is_offline(&self) -> bool {
        self.decline.is_none() && !self.online
    }

    /// Decides how the cardholder is verified (clause 5.7); none declines.
    fn verify(&mut self) -> Option<ContactlessCvm> {
        if self.decline.is_some() {
            return None;
        }
        let cvm = cvm::decide(self);
        match cvm {
            None => self.decline = Some(Reason::CvmNotPossible),
            Some(ContactlessCvm::OnlinePin) => self.go_online(),
            Some(_) => {}
        }
        cvm
    }

    fn terminal(&self, tag: Tag) -> Vec<u8> {
        self.activation.terminal(tag).unwrap_or_default()
    }
}

/// Takes Cryptogram Information Data out of Issuer Application Data, where a quick card has it:
/// bits 6 and 5 of the second byte of the Card Verification Results (requirement 5.4.3.1).
fn information_of(issuer_application_data: &[u8]) -> Result<u8, EmvError> {
    match issuer_application_data {
        [_, _, _, _, verification, ..] => Ok(verification << 2 & 0xC0),
        _ => Err(EmvError::malformed("a command", "no card verification results")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_is_in_the_issuer_application_data() {
        for (verification, kind) in
            [(0xA0, CryptogramKind::Arqc), (0x90, CryptogramKind::Tc), (0x80, CryptogramKind::Aac)]
        {
            let information = information_of(&[7, 1, 1, 3, verification, 0, 0, 1]).unwrap();
            assert_eq!(CryptogramKind::from_information(information), Some(kind));
        }
        assert!(information_of(&[7, 1, 1, 3]).is_err());
    }
}
