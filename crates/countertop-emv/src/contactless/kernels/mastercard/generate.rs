//! GENERATE AC (Book C-2, clauses 5.4 and 7.6).

use countertop_device::CardSession;
use countertop_wire::apdu::{CommandApdu, ResponseApdu};
use countertop_wire::tlv::{Dol, tags};

use super::{APPLICATION_CAPABILITIES, Stop, TornLog, Transaction};
use crate::contactless::primitives::{Tvr, TvrBit};
use crate::exchange::{ALL, send};
use crate::{CryptogramKind, EmvError};

/// Application Capabilities Information, byte 2: CDA over AAC as well.
const CDA_OVER_ALL: u8 = 0x01;

/// Is Reference Control Parameter: what the card is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Control {
    pub(super) kind: CryptogramKind,
    pub(super) signed: bool,
}

impl Default for Control {
    fn default() -> Self {
        Self { kind: CryptogramKind::Aac, signed: false }
    }
}

impl Control {
    /// Returns P1 of GENERATE AC.
    pub(super) fn to_byte(self) -> u8 {
        let kind = match self.kind {
            CryptogramKind::Aac => 0x00,
            CryptogramKind::Tc => 0x40,
            CryptogramKind::Arqc => 0x80,
        };
        if self.signed { kind | 0x10 } else { kind }
    }

    /// Tells whether the card may answer with this kind (S9.23): never more than was asked for.
    pub(super) fn allows(self, kind: CryptogramKind) -> bool {
        match kind {
            CryptogramKind::Tc => self.kind == CryptogramKind::Tc,
            CryptogramKind::Arqc => self.kind != CryptogramKind::Aac,
            CryptogramKind::Aac => true,
        }
    }
}

impl Transaction<'_> {
    /// GAC.20 to GAC.27: whether a signature is asked for; a device that confirms is not believed
    /// without.
    pub(super) fn request(&self, wanted: CryptogramKind) -> Control {
        if !self.combined || self.tvr.has(TvrBit::CDA_FAILED) {
            let kind = if self.on_device_cvm() { CryptogramKind::Aac } else { wanted };
            return Control { kind, signed: false };
        }
        let signed = wanted != CryptogramKind::Aac || self.signs_refusals();
        Control { kind: wanted, signed }
    }

    fn signs_refusals(&self) -> bool {
        let capabilities = self.objects.get(APPLICATION_CAPABILITIES).unwrap_or_default();
        capabilities.get(1).is_some_and(|byte| byte & CDA_OVER_ALL != 0)
    }

    /// Gets the cryptogram: of the torn transaction of this card, if there is one (S456.43), else a
    /// new one. A card that leaves meanwhile is remembered.
    pub(super) async fn cryptogram(
        &mut self,
        session: &mut dyn CardSession,
        torn: &mut TornLog,
    ) -> Result<ResponseApdu, Stop> {
        if let Some(answer) = self.recover(session, torn).await? {
            return Ok(answer);
        }
        let list = Dol::parse(self.objects.mandatory(tags::CDOL1)?)?;
        self.cdol_data = list.answer(|tag| self.value(tag));
        let command = CommandApdu::new(0x80, 0xAE, self.control.to_byte(), 0)
            .with_data(self.cdol_data.clone())
            .expecting(ALL);
        match send(session, &command).await {
            Ok(answer) if answer.is_success() => Ok(answer),
            Ok(answer) => {
                let status = answer.status();
                Err(EmvError::Refused { command: "GENERATE AC", status }.into())
            }
            Err(error) => {
                self.remember(torn, &error);
                Err(error.into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_card_never_gives_more_than_it_was_asked_for() {
        use CryptogramKind::{Aac, Arqc, Tc};
        for (asked, byte, allowed) in [
            (Aac, 0x10, [true, false, false]),
            (Arqc, 0x90, [true, true, false]),
            (Tc, 0x50, [true, true, true]),
        ] {
            let control = Control { kind: asked, signed: true };
            assert_eq!(control.to_byte(), byte);
            assert_eq!([Aac, Arqc, Tc].map(|kind| control.allows(kind)), allowed);
        }
        assert_eq!(Control::default().to_byte(), 0x00);
    }
}
