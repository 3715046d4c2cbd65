//! The place for the customer's signature, and what stands there instead.

use countertop_device::SignatureImage;
use countertop_device::document::{Block, Document, Picture};

use super::amount;
use crate::journal::{PrintJob, ReceiptCopy, SignatureState};

const BLANK_LINES: u8 = 3;

/// Adds the signature, or its place, or why there is none; on the merchant's copy also what the
/// customer agrees to.
pub(super) fn add(document: &mut Document, job: &PrintJob, image: Option<&SignatureImage>) {
    match (job.record.signature, job.copy) {
        (SignatureState::Waived { limit }, _) => {
            let (sign, limit) = (amount::currency(limit.currency()), limit.decimal());
            document
                .line(format!("交易金额未超过{limit}元,免密免签"))
                .line(format!("NOT ABOVE {sign} {limit}:"))
                .line("NO PIN, NO SIGNATURE");
        }
        (SignatureState::NotRequired, _) => {
            document.line("无需签名 NO SIGNATURE REQUIRED");
        }
        (_, ReceiptCopy::Cardholder) => {}
        (_, ReceiptCopy::Merchant) => add_field(document, image),
    }
    if job.copy == ReceiptCopy::Merchant {
        document
            .line("本人确认以上交易,")
            .line("同意将其记入本卡账户")
            .line("I ACKNOWLEDGE SATISFACTORY")
            .line("RECEIPT OF GOODS/SERVICES");
    }
}

fn add_field(document: &mut Document, image: Option<&SignatureImage>) {
    document.line("持卡人签名(CARDHOLDER SIGNATURE)");
    match image {
        Some(image) => document.push(Block::Picture(picture(image))),
        None => document.push(Block::Feed(BLANK_LINES)),
    };
    document.rule();
}

fn picture(image: &SignatureImage) -> Picture {
    Picture { width: image.width(), rows: image.rows().to_vec() }
}
