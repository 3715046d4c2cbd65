//! The voucher of an approved transaction.

use countertop_acquirer::TransactionKind;
use countertop_device::SignatureImage;
use countertop_device::document::{Align, Document, Size, Style};

use super::{Layout, amount, moment, signature};
use crate::journal::{PrintJob, ReceiptCopy, TransactionRecord, TransactionState};

/// Builds the voucher of an approved transaction: the merchant's copy, with the customer's
/// signature or a line for it, or the cardholder's.
///
/// The code at the foot refers to the transaction, `ct:BATCH/STAN/RRN`; it holds no card data.
#[must_use]
pub fn voucher(layout: &Layout, job: &PrintJob, image: Option<&SignatureImage>) -> Document {
    let record = &job.record;
    let profile = &layout.profile;
    let mut document = layout.head(&profile.title, &profile.title_english);
    copy_mark(&mut document, job);
    layout.merchant(&mut document);
    document.line(format!("操作员号(OPERATOR):{}", record.operator));
    layout.institutions(&mut document, record);
    layout.card(&mut document, record);
    layout.field(&mut document, "交易类型(TRANS TYPE)", amount::kind(record.kind));
    layout.numbers(&mut document, record);
    layout.field(&mut document, "日期/时间", &moment::of(record));
    document.styled(
        format!("金额(AMOUNT):{}", amount::printed(record.amount, record.kind)),
        Align::Left,
        Style { size: Size::TALL, ..Style::BOLD },
    );
    document.rule();
    layout.remarks(&mut document, record);
    if let Some(emv) = &record.emv {
        layout.chip(&mut document, emv);
    }
    document.rule();
    signature::add(&mut document, job, image);
    document.qr(reference(record));
    layout.foot(document)
}

fn copy_mark(document: &mut Document, job: &PrintJob) {
    match job.copy {
        ReceiptCopy::Merchant => document.columns("商户存根", "MERCHANT COPY"),
        ReceiptCopy::Cardholder => document.columns("持卡人存根", "CARDHOLDER COPY"),
    };
    if job.duplicate {
        document.centred(DUPLICATED, Style::BOLD);
    }
}

const DUPLICATED: &str = "重打印凭证/DUPLICATED";

/// Lays out the mark that stands above a slip of which a part may be on paper already.
#[must_use]
pub fn duplicate_mark() -> Document {
    let mut document = Document::new();
    document.centred(DUPLICATED, Style::BOLD);
    document
}

impl Layout {
    /// Adds batch and voucher number, and what the host gave of authorisation code and reference
    /// number.
    pub(super) fn numbers(&self, document: &mut Document, record: &TransactionRecord) {
        let (batch, stan) = (record.batch, record.stan);
        self.pair(document, &format!("批次号:{batch}"), &format!("凭证号:{stan}"));
        let code = record.authorization_code.as_ref().map(|code| format!("授权码:{code}"));
        let rrn = record.rrn.as_ref().map(|rrn| format!("参考号:{rrn}"));
        match (code, rrn) {
            (Some(code), Some(rrn)) => self.pair(document, &code, &rrn),
            (Some(only), None) | (None, Some(only)) => {
                document.line(only);
            }
            (None, None) => {}
        }
    }

    fn remarks(&self, document: &mut Document, record: &TransactionRecord) {
        document.line("备注(REFERENCE):");
        if let Some(original) = record.original {
            self.field(document, "原凭证号(ORIGINAL VOUCHER)", &original.to_string());
        }
        if let Some(operator) = record.authorised_by {
            self.field(document, "授权操作员(AUTHORISED BY)", &operator.to_string());
        }
        if record.kind == TransactionKind::Sale && record.state == TransactionState::Voided {
            document.line("已撤销(VOIDED)");
        }
    }
}

/// Returns how a voucher's code refers to its transaction.
fn reference(record: &TransactionRecord) -> String {
    let rrn = record.rrn.as_deref().unwrap_or("-");
    format!("ct:{}/{}/{rrn}", record.batch, record.stan)
}
