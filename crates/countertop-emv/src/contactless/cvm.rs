//! How the cardholder of a contactless transaction is verified.

use super::limits::Permitted;

/// Bits of Card Transaction Qualifiers (`9F6C`), bytes 1 and 2.
const ONLINE_PIN_REQUIRED: u8 = 0x80;
const SIGNATURE_REQUIRED: u8 = 0x40;
const VERIFIED_ON_DEVICE: u8 = 0x80;

/// Is the cardholder verification method of a contactless transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ContactlessCvm {
    /// None: the amount is not above the limit.
    None,
    /// The cardholder has confirmed on the own device.
    ConsumerDevice,
    /// The PIN pad enciphers a PIN for the host.
    OnlinePin,
    /// The cardholder signs the voucher.
    Signature,
}

/// Decides by what both sides want and can; `None` when there is no method in common.
///
/// A card without qualifiers is asked for a PIN first, as UnionPay wants it.
pub(super) fn decide(
    permitted: &Permitted<'_>,
    qualifiers: Option<&[u8]>,
) -> Option<ContactlessCvm> {
    if !permitted.cvm_required() {
        return Some(ContactlessCvm::None);
    }
    let (pin, signature) = match qualifiers {
        Some([_, second, ..]) if second & VERIFIED_ON_DEVICE != 0 => {
            return Some(ContactlessCvm::ConsumerDevice);
        }
        Some([first, ..]) => (first & ONLINE_PIN_REQUIRED != 0, first & SIGNATURE_REQUIRED != 0),
        Some([]) | None => (true, true),
    };
    if pin && permitted.online_pin() {
        Some(ContactlessCvm::OnlinePin)
    } else if signature && permitted.signature() {
        Some(ContactlessCvm::Signature)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameters::ApplicationParameters;

    #[test]
    fn decides() {
        let application = ApplicationParameters::new([0xA0, 0, 0, 3, 0x33], [0, 0x20]);
        let with = |ttq| Permitted { application: &application, ttq };
        let all = with([0x06, 0x40, 0, 0]);
        let signature = with([0x02, 0x40, 0, 0]);
        for (permitted, qualifiers, expected) in [
            (&with([0x06, 0x00, 0, 0]), Some(&[0xC0, 0x00][..]), Some(ContactlessCvm::None)),
            (&all, Some(&[0x80, 0x00][..]), Some(ContactlessCvm::OnlinePin)),
            (&all, Some(&[0x40, 0x00][..]), Some(ContactlessCvm::Signature)),
            (&all, Some(&[0xC0, 0x80][..]), Some(ContactlessCvm::ConsumerDevice)),
            (&all, Some(&[0x00, 0x00][..]), None),
            (&all, None, Some(ContactlessCvm::OnlinePin)),
            (&signature, None, Some(ContactlessCvm::Signature)),
            (&signature, Some(&[0x80, 0x00][..]), None),
        ] {
            assert_eq!(decide(permitted, qualifiers), expected, "{permitted:?} {qualifiers:?}");
        }
    }
}
