//! Terminal action analysis (Book C-2, clause 7.8).

use countertop_wire::tlv::tags;

use super::Transaction;
use crate::CryptogramKind;
use crate::contactless::primitives::Tvr;

impl Transaction<'_> {
    /// Returns the cryptogram that the reader asks for.
    pub(super) fn analyse_action(&self) -> CryptogramKind {
        let application = self.activation.combination.application;
        let meets = |ours: [u8; 5], cards: [u8; 5]| self.tvr.meets(ours) || self.tvr.meets(cards);
        let denial = self.objects.sized(tags::ISSUER_ACTION_CODE_DENIAL).unwrap_or([0; 5]);
        if meets(application.tac_denial, denial) {
            return CryptogramKind::Aac;
        }
        let code = |tag| self.objects.sized(tag).unwrap_or([0xFF; 5]);
        match self.activation.parameters.terminal.terminal_type & 0x0F {
            // Offline only.
            3 | 6 => match meets(application.tac_default, code(tags::ISSUER_ACTION_CODE_DEFAULT)) {
                true => CryptogramKind::Aac,
                false => CryptogramKind::Tc,
            },
            // Online only.
            1 | 4 => CryptogramKind::Arqc,
            _ if meets(application.tac_online, code(tags::ISSUER_ACTION_CODE_ONLINE)) => {
                CryptogramKind::Arqc
            }
            _ => self.approve_or_ask(),
        }
    }

    /// Without anybody who takes an offline approval, none is asked for.
    fn approve_or_ask(&self) -> CryptogramKind {
        if self.activation.combination.limits.offline_approval {
            CryptogramKind::Tc
        } else {
            CryptogramKind::Arqc
        }
    }
}
