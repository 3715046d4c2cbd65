//! Every slip as text, against snapshots.

use countertop_acquirer::{
    BatchNumber, ResponseCode, ReversalReason, SettlementAnswer, SettlementFlag, SettlementTotals,
    SideTotals, Stan, TransactionKind,
};
use countertop_device::document::{Align, Block, Document};
use countertop_device::{Currency, Money, Sensitive, SignatureImage};

use super::*;
use crate::journal::{
    Cryptogram, CryptogramKind, EmvVoucher, EntryMode, PrintJob, ReceiptCopy, RecordedReversal,
    ReversalState, SettlementReport, SignatureState, TransactionRecord, TransactionState,
};
use crate::vault::MaskedPan;
use crate::{OperatorNumber, Timestamp};

fn columns(text: &str) -> usize {
    text.chars().map(|character| if character.is_ascii() { 1 } else { 2 }).sum()
}

/// Shows a document as text; lines that a printer would break are broken at the margin.
fn render(document: &Document, width: usize) -> String {
    let mut text = String::new();
    for block in &document.blocks {
        match block {
            Block::Text { text: line, align, style } => {
                let (mut rows, limit) =
                    (vec![String::new()], if style.size.width() == 2 { width / 2 } else { width });
                for character in line.chars() {
                    let last = rows.last_mut().unwrap();
                    if columns(last) + columns(&character.to_string()) > limit {
                        rows.push(character.to_string());
                    } else {
                        last.push(character);
                    }
                }
                for row in rows {
                    let scale = if style.size.width() == 2 { 2 } else { 1 };
                    let room = width.saturating_sub(columns(&row) * scale);
                    let indent = match align {
                        Align::Left => 0,
                        Align::Centre => room / 2,
                        Align::Right => room,
                    };
                    text += &format!("{}{row}\n", " ".repeat(indent));
                }
            }
            Block::Columns { left, right, .. } => {
                let used = columns(left) + columns(right);
                let gap = " ".repeat(width.saturating_sub(used));
                let own_line = " ".repeat(width.saturating_sub(columns(right)));
                let between = if used < width { gap } else { format!("\n{own_line}") };
                text += &format!("{left}{between}{right}\n");
            }
            Block::Rule(_) => text += &format!("{}\n", "-".repeat(width)),
            Block::Feed(count) => text += &"\n".repeat(usize::from(*count)),
            Block::Code(code) => text += &format!("[QR {}]\n", code.content),
            Block::Picture(picture) => {
                text += &format!("[picture {}x{}]\n", picture.width, picture.height());
            }
            Block::Cut => text += "=== cut ===\n",
            other => panic!("{other:?}"),
        }
    }
    text
}

fn layout(columns: u16) -> Layout {
    let mut profile =
        ReceiptProfile { footer: vec!["服务热线 95516".into()], ..ReceiptProfile::default() };
    profile.institutions.insert("01020000".into(), "工商银行".into());
    profile.institutions.insert("48020000".into(), "银联商务".into());
    Layout {
        columns,
        merchant_name: "平安里便利店".into(),
        merchant_id: "000000000000001".into(),
        terminal_id: "10000001".into(),
        training: false,
        profile,
    }
}

fn stan(number: u32) -> Stan {
    Stan::new(number).unwrap()
}

fn yuan(minor: u64) -> Money {
    Money::from_minor(minor, Currency::CNY)
}

fn code(text: &str) -> ResponseCode {
    ResponseCode::try_from(text.to_owned()).unwrap()
}

/// A chip sale of 12.34 yuan, to be signed.
fn sale() -> TransactionRecord {
    TransactionRecord {
        id: 2,
        batch: BatchNumber::FIRST,
        stan: stan(2),
        kind: TransactionKind::Sale,
        amount: yuan(1234),
        entry: EntryMode::Chip,
        card: Some(MaskedPan::of_pan(&Sensitive::from(b"6200000000000005".as_slice()))),
        scheme: Some("CUP".into()),
        foreign: false,
        state: TransactionState::Approved,
        response_code: Some(ResponseCode::APPROVED),
        host_date: Some("0101".into()),
        host_time: Some("101214".into()),
        settlement_date: Some("0101".into()),
        rrn: Some("101213000002".into()),
        authorization_code: Some("A1B2C3".into()),
        issuer: Some("01020000   ".into()),
        acquirer: Some("48020000   ".into()),
        emv: Some(EmvVoucher {
            aid: "A000000333010101".into(),
            label: Some("PBOC DEBIT".into()),
            preferred_name: None,
            tvr: "0080048000".into(),
            tsi: Some("F800".into()),
            atc: Some("0001".into()),
            cryptogram: Some(Cryptogram {
                kind: CryptogramKind::Tc,
                value: "A1A2A3A4A5A6A7A8".into(),
            }),
        }),
        signature: SignatureState::Required,
        operator: OperatorNumber::FIRST_CASHIER,
        authorised_by: None,
        original: None,
        started: Timestamp::new(1_767_233_533, 8 * 3600),
        reversal: None,
    }
}

fn tap() -> TransactionRecord {
    TransactionRecord {
        entry: EntryMode::Contactless,
        signature: SignatureState::Waived { limit: yuan(100_000) },
        ..sale()
    }
}

fn void() -> TransactionRecord {
    TransactionRecord {
        id: 3,
        stan: stan(3),
        kind: TransactionKind::Void,
        emv: None,
        original: Some(stan(2)),
        authorised_by: Some(OperatorNumber::SUPERVISOR),
        ..sale()
    }
}

fn unresolved() -> TransactionRecord {
    TransactionRecord {
        stan: stan(4),
        state: TransactionState::Unknown,
        host_date: None,
        host_time: None,
        rrn: None,
        authorization_code: None,
        emv: None,
        reversal: Some(RecordedReversal {
            state: ReversalState::Exhausted,
            reason: ReversalReason::Other,
            attempts: 3,
            last_code: Some(code("96")),
        }),
        ..sale()
    }
}

fn report() -> SettlementReport {
    let side = |debit_amount, debit_count, credit_amount, credit_count| SideTotals {
        debit_amount,
        debit_count,
        credit_amount,
        credit_count,
    };
    SettlementReport {
        batch: BatchNumber::FIRST,
        operator: OperatorNumber::SUPERVISOR,
        started: Timestamp::new(1_767_264_000, 8 * 3600),
        currency: Currency::CNY,
        totals: SettlementTotals { domestic: side(1_234, 1, 1_234, 1), foreign: side(0, 0, 0, 0) },
        answer: Some(SettlementAnswer {
            code: ResponseCode::APPROVED,
            domestic: SettlementFlag::Balanced,
            foreign: SettlementFlag::Unbalanced,
            rrn: Some("180000000009".into()),
        }),
        transactions: vec![
            TransactionRecord { state: TransactionState::Voided, ..sale() },
            void(),
            unresolved(),
        ],
    }
}

fn job(record: TransactionRecord, copy: ReceiptCopy) -> PrintJob {
    PrintJob { record, copy, duplicate: false }
}

fn voucher_text(width: u16, job: &PrintJob) -> String {
    render(&voucher(&layout(width), job, None), usize::from(width))
}

#[test]
fn merchant_copy_of_a_chip_sale() {
    let job = job(sale(), ReceiptCopy::Merchant);
    insta::assert_snapshot!("sale_merchant_32", voucher_text(32, &job));
    insta::assert_snapshot!("sale_merchant_48", voucher_text(48, &job));
}

#[test]
fn cardholder_copy_of_a_chip_sale() {
    let job = job(sale(), ReceiptCopy::Cardholder);
    insta::assert_snapshot!("sale_cardholder_32", voucher_text(32, &job));
}

#[test]
fn tap_below_the_limit() {
    let job = job(tap(), ReceiptCopy::Merchant);
    insta::assert_snapshot!("tap_merchant_32", voucher_text(32, &job));
}

#[test]
fn void_of_a_sale() {
    let job = job(void(), ReceiptCopy::Merchant);
    insta::assert_snapshot!("void_merchant_32", voucher_text(32, &job));
    insta::assert_snapshot!("void_merchant_48", voucher_text(48, &job));
}

#[test]
fn signature_of_a_pad() {
    let image = SignatureImage::from_rows(240, 80, vec![0x18; 2400]).unwrap();
    let record = TransactionRecord { signature: SignatureState::Captured, ..sale() };
    let merchant = job(record.clone(), ReceiptCopy::Merchant);
    let slip = voucher(&layout(32), &merchant, Some(&image));
    insta::assert_snapshot!("sale_signed_32", render(&slip, 32));
    let cardholder = voucher(&layout(32), &job(record, ReceiptCopy::Cardholder), Some(&image));
    assert!(!render(&cardholder, 32).contains("picture"), "the signature is the merchant's");
}

#[test]
fn duplicate_in_training() {
    let layout = Layout { training: true, ..layout(32) };
    let job = PrintJob { duplicate: true, ..job(sale(), ReceiptCopy::Cardholder) };
    let text = render(&voucher(&layout, &job, None), 32);
    insta::assert_snapshot!("duplicate_training_32", text);
}

#[test]
fn a_voided_sale_says_so() {
    let record = TransactionRecord { state: TransactionState::Voided, ..sale() };
    assert!(voucher_text(32, &job(record, ReceiptCopy::Merchant)).contains("已撤销(VOIDED)"));
    assert!(!voucher_text(32, &job(void(), ReceiptCopy::Merchant)).contains("VOIDED"));
}

#[test]
fn every_entry_has_its_letter() {
    for (entry, letter) in [
        (EntryMode::Stripe, 'S'),
        (EntryMode::Fallback, 'S'),
        (EntryMode::Chip, 'I'),
        (EntryMode::Contactless, 'C'),
        (EntryMode::Manual, 'M'),
        (EntryMode::Code, 'N'),
    ] {
        let record = TransactionRecord { entry, ..sale() };
        let text = voucher_text(32, &job(record, ReceiptCopy::Merchant));
        assert!(text.contains(&format!("620000******0005  {letter}\n")), "{text}");
    }
}

#[test]
fn a_cryptogram_has_its_name() {
    for (kind, line) in [
        (CryptogramKind::Tc, "TC:A1A2A3A4A5A6A7A8"),
        (CryptogramKind::Arqc, "\nARQC:A1A2A3A4A5A6A7A8"),
    ] {
        let mut record = sale();
        let emv = record.emv.as_mut().unwrap();
        emv.cryptogram = Some(Cryptogram { kind, value: "A1A2A3A4A5A6A7A8".into() });
        assert!(voucher_text(32, &job(record, ReceiptCopy::Merchant)).contains(line));
    }
}

#[test]
fn without_the_hosts_time_the_terminals_is_printed() {
    let record = TransactionRecord { host_date: None, ..sale() };
    let text = voucher_text(32, &job(record, ReceiptCopy::Merchant));
    assert!(text.contains("日期/时间:2026/01/01 10:12:13"), "{text}");
}

#[test]
fn failures() {
    let report = FailureReport {
        step: "host",
        message: "no answer in time; the transaction is reversed",
        at: Timestamp::new(1_767_233_533, 8 * 3600),
        operator: Some(OperatorNumber::FIRST_CASHIER),
        transaction: Some((BatchNumber::FIRST, stan(4))),
        code: Some(code("68")),
    };
    insta::assert_snapshot!("failure_32", render(&failure(&layout(32), &report), 32));
    let slip = reversal_failure(&layout(32), &unresolved());
    insta::assert_snapshot!("reversal_failure_32", render(&slip, 32));
}

#[test]
fn settlements() {
    for width in [32, 48] {
        let slip = settlement(&layout(width), &report());
        insta::assert_snapshot!(format!("settlement_{width}"), render(&slip, usize::from(width)));
    }
    let list = settlement_details(&layout(32), &report());
    insta::assert_snapshot!("settlement_details_32", render(&list, 32));
}

#[test]
fn an_unsent_settlement_says_so() {
    let report = SettlementReport { answer: None, transactions: Vec::new(), ..report() };
    let text = render(&settlement(&layout(32), &report), 32);
    assert!(text.contains("未对账 NOT SENT") && !text.contains("UNRESOLVED"), "{text}");
}

#[test]
fn long_names_and_empty_fields_fit() {
    let mut layout = layout(32);
    layout.merchant_name = "一家名字长得一行放不下的便利店连锁公司".into();
    let record = TransactionRecord {
        card: None,
        issuer: None,
        acquirer: None,
        rrn: None,
        authorization_code: None,
        amount: yuan(999_999_999_999),
        ..sale()
    };
    let text = render(&voucher(&layout, &job(record, ReceiptCopy::Merchant), None), 32);
    assert!(text.contains("[QR ct:000001/000002/-]"), "{text}");
    assert!(text.contains("RMB 9999999999.99"), "{text}");
}

#[test]
fn printers_with_a_chinese_font_have_every_character() {
    let slips = [
        voucher_text(48, &job(tap(), ReceiptCopy::Merchant)),
        voucher_text(48, &job(void(), ReceiptCopy::Cardholder)),
        render(&reversal_failure(&layout(48), &unresolved()), 48),
        render(&settlement(&layout(48), &report()), 48),
        render(&settlement_details(&layout(48), &report()), 48),
        render(&settlement(&Layout { training: true, ..layout(48) }, &report()), 48),
    ];
    for slip in slips {
        let (_, _, lost) = encoding_rs::GBK.encode(&slip);
        assert!(!lost, "{slip}");
    }
}
