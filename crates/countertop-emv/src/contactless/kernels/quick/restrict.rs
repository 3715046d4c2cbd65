//! Processing restrictions (clause 5.5).

use super::{Stop, Taken};
use crate::CryptogramKind;
use crate::contactless::primitives::{Cash, allows_cash, allows_cashback, cash_of, has_expired};
use crate::contactless::qualifiers::{Bit, CardQualifiers};
use crate::contactless::{Outcome, Reason};

impl Taken<'_> {
    /// Looks at dates and usage; the card's qualifiers say what follows.
    pub(super) fn restrict(&mut self) -> Result<(), Stop> {
        self.restrict_dates();
        let country = self.activation.parameters.terminal.country_code;
        match cash_of(self.activation.data) {
            Cash::Only if !allows_cash(&self.objects, country) => {
                self.switch_or_decline(CardQualifiers::SWITCH_FOR_CASH)
            }
            Cash::Back if !allows_cashback(&self.objects, country) => {
                self.switch_or_decline(CardQualifiers::SWITCH_FOR_CASHBACK)
            }
            _ => Ok(()),
        }
    }

    /// Requirement 5.5.1.1: only what the card approves itself can be too late; else the host sees
    /// the date.
    fn restrict_dates(&mut self) {
        let approved = self.cryptogram.kind == CryptogramKind::Tc;
        if !approved || !has_expired(&self.objects, self.activation.data.date) {
            return;
        }
        if self.card_has(CardQualifiers::ONLINE_IF_EXPIRED) && self.can_go_online() {
            self.go_online();
        } else {
            self.decline.get_or_insert(Reason::Expired);
        }
    }

    /// Requirements 5.5.1.3 and 5.5.1.4.
    fn switch_or_decline(&mut self, bit: Bit) -> Result<(), Stop> {
        if self.card_has(bit) {
            return Err(Outcome::try_another_interface(Reason::CardAsks, None).into());
        }
        self.decline.get_or_insert(Reason::ServiceNotAllowed);
        Ok(())
    }
}
