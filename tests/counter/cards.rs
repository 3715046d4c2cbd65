//! Cards and codes of the customers.

use std::sync::atomic::{AtomicU32, Ordering};

use countertop_virtual::card::{CardProfile, Interface, PaymentCard};

/// A stripe card without a chip: service code 120.
pub(crate) const STRIPE: &str = "6200000000000005=30121200000000000";

/// The stripe of the chip card: service code 220.
pub(crate) const CHIP_STRIPE: &str = "6200000000000005=30122200000000000";

pub(crate) const PIN: &str = "123456";

pub(crate) fn debit() -> CardProfile {
    CardProfile::unionpay_debit()
}

pub(crate) fn contact(profile: CardProfile) -> PaymentCard {
    PaymentCard::new(profile).on(Interface::Contact)
}

pub(crate) fn contactless(profile: CardProfile) -> PaymentCard {
    PaymentCard::new(profile).on(Interface::Contactless)
}

/// Returns a payment code that was not used before.
pub(crate) fn payment_code() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("628888{:09}4321", NEXT.fetch_add(1, Ordering::Relaxed))
}
