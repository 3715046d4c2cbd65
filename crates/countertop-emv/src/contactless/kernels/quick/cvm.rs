//! How the cardholder of a quick transaction is verified (clause 5.7).

use countertop_wire::tlv::tags;

use super::Taken;
use super::rules::WithoutQualifiers;
use crate::CryptogramKind;
use crate::contactless::ContactlessCvm;
use crate::contactless::qualifiers::{CardQualifiers, TerminalQualifiers};

/// Is what the decision depends on.
#[derive(Debug, Clone, Copy)]
struct Case {
    ttq: TerminalQualifiers,
    qualifiers: Option<CardQualifiers>,
    /// The copy of the qualifiers in Card Authentication Related Data (`9F69`): none, broken, or it.
    signed: Option<Option<CardQualifiers>>,
    arqc: bool,
    without: WithoutQualifiers,
}

/// Decides by what both sides want and can; `None` when there is no method in common.
pub(super) fn decide(taken: &Taken<'_>) -> Option<ContactlessCvm> {
    let related = taken.objects.get(tags::CARD_AUTHENTICATION_RELATED_DATA);
    let case = Case {
        ttq: taken.ttq(),
        qualifiers: taken.qualifiers,
        signed: related.map(qualifiers_in),
        arqc: taken.cryptogram.kind == CryptogramKind::Arqc,
        without: taken.rules.without_qualifiers,
    };
    case.decide()
}

/// Card Authentication Related Data: version, card's unpredictable number, qualifiers.
fn qualifiers_in(related: &[u8]) -> Option<CardQualifiers> {
    match related {
        [_, _, _, _, _, first, second, ..] => Some(CardQualifiers([*first, *second])),
        _ => None,
    }
}

impl Case {
    fn decide(self) -> Option<ContactlessCvm> {
        match self.qualifiers {
            Some(qualifiers) => self.by_qualifiers(qualifiers),
            None if self.required() => self.without_qualifiers(),
            None => Some(ContactlessCvm::None),
        }
    }

    fn required(self) -> bool {
        self.ttq.has(TerminalQualifiers::CVM_REQUIRED)
    }

    fn online_pin(self) -> Option<ContactlessCvm> {
        self.ttq.has(TerminalQualifiers::ONLINE_PIN).then_some(ContactlessCvm::OnlinePin)
    }

    fn signature(self) -> Option<ContactlessCvm> {
        self.ttq.has(TerminalQualifiers::SIGNATURE).then_some(ContactlessCvm::Signature)
    }

    /// Requirement 5.7.1.1.
    fn without_qualifiers(self) -> Option<ContactlessCvm> {
        match self.without {
            WithoutQualifiers::PinFirst => self.online_pin().or_else(|| self.signature()),
            WithoutQualifiers::SignatureFirst => {
                let device = self.ttq.has(TerminalQualifiers::CONSUMER_DEVICE);
                self.signature().or_else(|| self.online_pin().filter(|_| device))
            }
        }
    }

    /// Requirements 5.7.1.2 and 5.7.1.3. What the card asks for counts under the reader's limit too.
    fn by_qualifiers(self, qualifiers: CardQualifiers) -> Option<ContactlessCvm> {
        if qualifiers.has(CardQualifiers::ONLINE_PIN_REQUIRED)
            && let Some(pin) = self.online_pin()
        {
            return Some(pin);
        }
        if qualifiers.has(CardQualifiers::CONSUMER_DEVICE_PERFORMED) {
            return self.is_proved(qualifiers).then_some(ContactlessCvm::ConsumerDevice);
        }
        if qualifiers.has(CardQualifiers::SIGNATURE_REQUIRED)
            && let Some(signature) = self.signature()
        {
            return Some(signature);
        }
        (!self.required()).then_some(ContactlessCvm::None)
    }

    /// The word of a device counts if it is signed, or if the host will see it.
    fn is_proved(self, qualifiers: CardQualifiers) -> bool {
        match self.signed {
            Some(signed) => signed == Some(qualifiers),
            None => self.arqc,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Option<ContactlessCvm> = Some(ContactlessCvm::None);
    const PIN: Option<ContactlessCvm> = Some(ContactlessCvm::OnlinePin);
    const SIGNATURE: Option<ContactlessCvm> = Some(ContactlessCvm::Signature);
    const DEVICE: Option<ContactlessCvm> = Some(ContactlessCvm::ConsumerDevice);

    fn case(ttq: [u8; 3], qualifiers: Option<[u8; 2]>) -> Case {
        let [first, second, third] = ttq;
        Case {
            ttq: TerminalQualifiers([first, second, third, 0]),
            qualifiers: qualifiers.map(CardQualifiers),
            signed: None,
            arqc: true,
            without: WithoutQualifiers::SignatureFirst,
        }
    }

    #[test]
    fn decides() {
        for (ttq, qualifiers, expected) in [
            ([0x06, 0x00, 0], None, NONE),
            ([0x06, 0x00, 0], Some([0x00, 0x00]), NONE),
            // What the card asks for counts under the limit too.
            ([0x06, 0x00, 0], Some([0x80, 0x00]), PIN),
            ([0x02, 0x00, 0], Some([0x80, 0x00]), NONE),
            ([0x06, 0x40, 0], Some([0x80, 0x00]), PIN),
            ([0x06, 0x40, 0], Some([0x40, 0x00]), SIGNATURE),
            ([0x06, 0x40, 0], Some([0xC0, 0x80]), PIN),
            ([0x02, 0x40, 0], Some([0xC0, 0x00]), SIGNATURE),
            ([0x06, 0x40, 0], Some([0x40, 0x80]), DEVICE),
            ([0x06, 0x40, 0], Some([0x00, 0x00]), None),
            ([0x02, 0x40, 0], Some([0x80, 0x00]), None),
        ] {
            assert_eq!(case(ttq, qualifiers).decide(), expected, "{ttq:02X?} {qualifiers:02X?}");
        }
    }

    #[test]
    fn a_card_without_qualifiers() {
        for (ttq, visa, unionpay) in [
            ([0x06, 0x40, 0x40], SIGNATURE, PIN),
            ([0x02, 0x40, 0x00], SIGNATURE, SIGNATURE),
            ([0x04, 0x40, 0x40], PIN, PIN),
            ([0x04, 0x40, 0x00], None, PIN),
            ([0x00, 0x40, 0x40], None, None),
        ] {
            assert_eq!(case(ttq, None).decide(), visa, "{ttq:02X?}");
            let without = WithoutQualifiers::PinFirst;
            assert_eq!(Case { without, ..case(ttq, None) }.decide(), unionpay, "{ttq:02X?}");
        }
    }

    #[test]
    fn a_devices_word_wants_proof() {
        let case = case([0x06, 0x40, 0], Some([0x00, 0x80]));
        let signed = |qualifiers| Case { signed: Some(qualifiers), ..case };
        assert_eq!(signed(Some(CardQualifiers([0x00, 0x80]))).decide(), DEVICE);
        assert_eq!(signed(Some(CardQualifiers([0x80, 0x80]))).decide(), None);
        assert_eq!(signed(None).decide(), None);
        assert_eq!(Case { arqc: false, ..case }.decide(), None);
        assert_eq!(qualifiers_in(&[1, 2, 3, 4, 5, 6, 7]), Some(CardQualifiers([6, 7])));
        assert_eq!(qualifiers_in(&[1, 2, 3, 4, 5, 6]), None);
    }
}
