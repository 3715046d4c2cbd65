//! What kernels 3 and 7 differ in.

use countertop_wire::tlv::{Tag, tags};

use crate::contactless::KernelId;

/// Holds what a payment system wants otherwise than the other.
#[derive(Debug)]
pub(in crate::contactless) struct Rules {
    pub(super) kernel: KernelId,
    /// What the card must give (Book C-3, requirement 5.4.2.1; Book C-7, clause 3.4).
    pub(super) mandatory: &'static [Tag],
    /// What a card without qualifiers is asked for.
    pub(super) without_qualifiers: WithoutQualifiers,
    /// Whether signed static data authenticate an online transaction (Book C-3, clause 5.6.2).
    pub(super) signed_static: bool,
}

/// Says how the cardholder is verified when the card has no qualifiers and the reader wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WithoutQualifiers {
    /// By signature; online PIN where confirmation on the device is there too (Book C-3,
    /// requirement 5.7.1.1).
    SignatureFirst,
    /// By online PIN, else by signature, as UnionPay wants it.
    PinFirst,
}

/// Kernel 3.
pub(in crate::contactless) const VISA: Rules = Rules {
    kernel: KernelId::VISA,
    mandatory: &[
        tags::APPLICATION_INTERCHANGE_PROFILE,
        tags::APPLICATION_TRANSACTION_COUNTER,
        tags::APPLICATION_CRYPTOGRAM,
        tags::ISSUER_APPLICATION_DATA,
        tags::TRACK_2_EQUIVALENT_DATA,
    ],
    without_qualifiers: WithoutQualifiers::SignatureFirst,
    signed_static: true,
};

/// Kernel 7.
pub(in crate::contactless) const UNIONPAY: Rules = Rules {
    kernel: KernelId::UNIONPAY,
    mandatory: &[
        tags::APPLICATION_INTERCHANGE_PROFILE,
        tags::APPLICATION_TRANSACTION_COUNTER,
        tags::APPLICATION_CRYPTOGRAM,
        tags::ISSUER_APPLICATION_DATA,
    ],
    without_qualifiers: WithoutQualifiers::PinFirst,
    signed_static: false,
};
