//! Pre-processing: which applications the amount allows (EMV Book B, clause 3.1.1).

use crate::contactless::KernelId;
use crate::contactless::qualifiers::TerminalQualifiers;
use crate::parameters::{ApplicationParameters, ContactlessParameters, EmvParameters};
use crate::{PinSupport, TransactionData};

/// Is an application and a kernel that the amount allows, with the indicators of this transaction
/// (EMV Book B, table 3-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::contactless) struct Combination<'a> {
    pub(in crate::contactless) application: &'a ApplicationParameters,
    pub(in crate::contactless) limits: &'a ContactlessParameters,
    pub(in crate::contactless) kernel: KernelId,
    /// Terminal Transaction Qualifiers (`9F66`) of this transaction.
    pub(in crate::contactless) ttq: TerminalQualifiers,
}

/// Returns the combinations that the amount allows.
pub(super) fn allowed<'a>(
    parameters: &'a EmvParameters,
    data: &TransactionData,
) -> Vec<Combination<'a>> {
    let combine = |application: &'a ApplicationParameters| {
        let limits = application.contactless.as_ref()?;
        let kernel = kernel_of(application, limits);
        let ttq = indicate(limits, kernel, data)?;
        Some(Combination { application, limits, kernel, ttq })
    };
    parameters.applications.iter().filter_map(combine).collect()
}

fn kernel_of(application: &ApplicationParameters, limits: &ContactlessParameters) -> KernelId {
    let of_provider = || KernelId::of_provider(&application.aid).unwrap_or(KernelId::ANY);
    limits.kernel.map_or_else(of_provider, |number| KernelId(u32::from(number)))
}

/// Returns the qualifiers of this transaction; `None` when contactless is not allowed
/// (EMV Book B, requirements 3.1.1.2 to 3.1.1.13).
fn indicate(
    limits: &ContactlessParameters,
    kernel: KernelId,
    data: &TransactionData,
) -> Option<TerminalQualifiers> {
    let amount = data.amount.minor();
    let mut ttq = TerminalQualifiers(limits.ttq);
    ttq.clear_transient();
    if data.pin == PinSupport::None {
        ttq.clear(TerminalQualifiers::ONLINE_PIN);
    }
    if amount == 0 && !(limits.zero_amount_allowed && zero_can_go_online(ttq)) {
        return None;
    }
    if amount >= transaction_limit(limits, kernel) {
        return None;
    }
    if wants_online_cryptogram(limits, data) {
        ttq.set(TerminalQualifiers::ONLINE_CRYPTOGRAM_REQUIRED);
    }
    if cvm_limit_exceeded(limits, kernel, amount) {
        ttq.set(TerminalQualifiers::CVM_REQUIRED);
    }
    Some(ttq)
}

/// Returns the limit up to which there can be a transaction at all. Kernel 2 has two, and knows only from the card
/// which one counts (Book C-2, S456.14).
fn transaction_limit(limits: &ContactlessParameters, kernel: KernelId) -> u64 {
    let on_device = limits.kernel_2.transaction_limit_on_device;
    match on_device.filter(|_| kernel == KernelId::MASTERCARD && limits.kernel_2.on_device_cvm) {
        Some(limit) => limits.transaction_limit.max(limit),
        None => limits.transaction_limit,
    }
}

/// Requirement 3.1.1.11: an amount of zero is for the host, which an offline-only reader has not.
fn zero_can_go_online(ttq: TerminalQualifiers) -> bool {
    !ttq.has(TerminalQualifiers::OFFLINE_ONLY)
}

/// Requirements 3.1.1.3 and 3.1.1.6 to 3.1.1.11; and without somebody who takes what was approved
/// offline, every transaction is for the host.
fn wants_online_cryptogram(limits: &ContactlessParameters, data: &TransactionData) -> bool {
    let amount = data.amount.minor();
    let single_unit = 10_u64.checked_pow(data.amount.currency().exponent().into());
    let status_check = limits.status_check && Some(amount) == single_unit;
    !limits.offline_approval || amount == 0 || amount > limits.floor_limit || status_check
}

/// Requirement 3.1.1.8: from the limit on. UnionPay's limit without PIN is inclusive.
fn cvm_limit_exceeded(limits: &ContactlessParameters, kernel: KernelId, amount: u64) -> bool {
    if kernel == KernelId::UNIONPAY {
        amount > limits.cvm_limit
    } else {
        amount >= limits.cvm_limit
    }
}

#[cfg(test)]
mod tests {
    use countertop_device::{Currency, Money};

    use super::*;
    use crate::TransactionType;
    use crate::parameters::TerminalParameters;

    const UNIONPAY: [u8; 5] = [0xA0, 0, 0, 3, 0x33];
    const VISA: [u8; 5] = [0xA0, 0, 0, 0, 3];

    fn limits() -> ContactlessParameters {
        let mut limits = ContactlessParameters::new(500_000, 100_000, [0x36, 0, 0, 0x80]);
        limits.offline_approval = true;
        limits.floor_limit = 50_000;
        limits
    }

    fn qualify(
        rid: [u8; 5],
        limits: ContactlessParameters,
        minor: u64,
        pin: PinSupport,
    ) -> Option<[u8; 4]> {
        let mut application = ApplicationParameters::new(rid, [0, 0x20]);
        application.contactless = Some(limits);
        let parameters = EmvParameters::new(TerminalParameters::default())
            .with_application(application)
            .with_application(ApplicationParameters::new([0xA0, 0, 0, 0, 4], [0, 1]));
        let amount = Money::from_minor(minor, Currency::CNY);
        let mut data =
            TransactionData::new(amount, TransactionType::PURCHASE, [0; 3], [0; 3], [0; 4]);
        data.pin = pin;
        let allowed = allowed(&parameters, &data);
        assert!(allowed.len() <= 1);
        allowed.first().map(|combination| combination.ttq.0)
    }

    #[test]
    fn the_limits_are_exact() {
        let online = PinSupport::Online;
        for (rid, minor, pin, expected) in [
            (UNIONPAY, 50_000, online, Some([0x36, 0x00, 0, 0x80])),
            (UNIONPAY, 50_001, online, Some([0x36, 0x80, 0, 0x80])),
            (UNIONPAY, 100_000, online, Some([0x36, 0x80, 0, 0x80])),
            (UNIONPAY, 100_001, online, Some([0x36, 0xC0, 0, 0x80])),
            (UNIONPAY, 499_999, PinSupport::None, Some([0x32, 0xC0, 0, 0x80])),
            (UNIONPAY, 500_000, online, None),
            (VISA, 99_999, online, Some([0x36, 0x80, 0, 0x80])),
            (VISA, 100_000, online, Some([0x36, 0xC0, 0, 0x80])),
        ] {
            assert_eq!(qualify(rid, limits(), minor, pin), expected, "{minor}");
        }
    }

    /// A phone may pay more than a card, and only the card tells which it is.
    #[test]
    fn kernel_2_has_the_larger_of_its_limits() {
        let mut limits = limits();
        limits.kernel_2.transaction_limit_on_device = Some(600_000);
        for (kernel, confirms, minor, allowed) in [
            (2, true, 599_999, true),
            (2, true, 600_000, false),
            (2, false, 500_000, false),
            (3, true, 500_000, false),
        ] {
            limits.kernel = Some(kernel);
            limits.kernel_2.on_device_cvm = confirms;
            let qualified = qualify(VISA, limits, minor, PinSupport::Online);
            assert_eq!(qualified.is_some(), allowed, "{kernel} {minor}");
        }
    }

    #[test]
    fn without_offline_approval_all_is_for_the_host() {
        let mut limits = limits();
        limits.offline_approval = false;
        let ttq = qualify(UNIONPAY, limits, 1, PinSupport::Online);
        assert_eq!(ttq, Some([0x36, 0x80, 0, 0x80]));
    }

    #[test]
    fn zero_is_for_the_host_if_anybody() {
        let mut limits = limits();
        let zero = |limits| qualify(VISA, limits, 0, PinSupport::Online);
        assert_eq!(zero(limits), Some([0x36, 0x80, 0, 0x80]));
        limits.ttq[0] |= 0x08;
        assert_eq!(zero(limits), None, "offline-only");
        limits.ttq[0] &= !0x08;
        limits.zero_amount_allowed = false;
        assert_eq!(zero(limits), None, "not allowed");
    }

    #[test]
    fn one_unit_checks_the_status() {
        let mut limits = limits();
        limits.status_check = true;
        let ttq = |minor| qualify(VISA, limits, minor, PinSupport::Online).unwrap()[1];
        assert_eq!(ttq(100), 0x80);
        assert_eq!(ttq(101), 0x00);
    }

    #[test]
    fn transient_bits_of_the_configuration_do_not_count() {
        let mut limits = limits();
        limits.ttq = [0x36, 0xC0, 0, 0x80];
        let ttq = qualify(VISA, limits, 1, PinSupport::Online);
        assert_eq!(ttq, Some([0x36, 0x00, 0, 0x80]));
    }
}
