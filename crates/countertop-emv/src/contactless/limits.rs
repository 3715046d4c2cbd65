//! Pre-processing: which applications the amount allows (EMV Book B, clause 3.1).

use crate::parameters::{ApplicationParameters, ContactlessParameters, EmvParameters};
use crate::{PinSupport, TransactionData};

/// Bits of Terminal Transaction Qualifiers (`9F66`), bytes 1 and 2.
const ONLINE_PIN_SUPPORTED: u8 = 0x04;
const SIGNATURE_SUPPORTED: u8 = 0x02;
const ONLINE_CRYPTOGRAM_REQUIRED: u8 = 0x80;
const CVM_REQUIRED: u8 = 0x40;

/// Is an application that the amount allows, with the qualifiers of this transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Permitted<'a> {
    pub(super) application: &'a ApplicationParameters,
    pub(super) ttq: [u8; 4],
}

impl Permitted<'_> {
    /// Tells whether the cardholder is to be verified.
    pub(super) fn cvm_required(&self) -> bool {
        self.ttq[1] & CVM_REQUIRED != 0
    }

    /// Tells whether a PIN can go to the host.
    pub(super) fn online_pin(&self) -> bool {
        self.ttq[0] & ONLINE_PIN_SUPPORTED != 0
    }

    /// Tells whether a signature is taken.
    pub(super) fn signature(&self) -> bool {
        self.ttq[0] & SIGNATURE_SUPPORTED != 0
    }
}

/// Returns the applications that the amount allows.
pub(super) fn permitted<'a>(
    parameters: &'a EmvParameters,
    data: &TransactionData,
) -> Vec<Permitted<'a>> {
    let permit = |application: &'a ApplicationParameters| {
        let limits = application.contactless.as_ref()?;
        let allowed = data.amount.minor() < limits.transaction_limit;
        allowed.then(|| Permitted { application, ttq: qualifiers(limits, data) })
    };
    parameters.applications.iter().filter_map(permit).collect()
}

fn qualifiers(limits: &ContactlessParameters, data: &TransactionData) -> [u8; 4] {
    let [mut supported, mut wanted, third, fourth] = limits.ttq;
    if data.pin == PinSupport::None {
        supported &= !ONLINE_PIN_SUPPORTED;
    }
    // Without offline data authentication nothing can be approved offline.
    wanted |= ONLINE_CRYPTOGRAM_REQUIRED;
    // UnionPay: no verification up to the limit, inclusive.
    wanted &= !CVM_REQUIRED;
    if data.amount.minor() > limits.cvm_limit {
        wanted |= CVM_REQUIRED;
    }
    [supported, wanted, third, fourth]
}

#[cfg(test)]
mod tests {
    use countertop_device::{Currency, Money};

    use super::*;
    use crate::TransactionType;
    use crate::parameters::TerminalParameters;

    fn parameters() -> EmvParameters {
        let mut application = ApplicationParameters::new([0xA0, 0, 0, 3, 0x33], [0, 0x20]);
        application.contactless =
            Some(ContactlessParameters::new(500_000, 100_000, [0x36, 0, 0, 0]));
        EmvParameters::new(TerminalParameters::default())
            .with_application(application)
            .with_application(ApplicationParameters::new([0xA0, 0, 0, 0, 3], [0, 1]))
    }

    fn qualify(minor: u64, pin: PinSupport) -> Vec<[u8; 4]> {
        let amount = Money::from_minor(minor, Currency::CNY);
        let mut data =
            TransactionData::new(amount, TransactionType::PURCHASE, [0; 3], [0; 3], [0; 4]);
        data.pin = pin;
        permitted(&parameters(), &data).into_iter().map(|permitted| permitted.ttq).collect()
    }

    #[test]
    fn the_limits_are_exact() {
        assert_eq!(qualify(100_000, PinSupport::Online), [[0x36, 0x80, 0, 0]]);
        assert_eq!(qualify(100_001, PinSupport::Online), [[0x36, 0xC0, 0, 0]]);
        assert_eq!(qualify(499_999, PinSupport::None), [[0x32, 0xC0, 0, 0]]);
        assert_eq!(qualify(500_000, PinSupport::Online), [[0; 4]; 0]);
    }
}
