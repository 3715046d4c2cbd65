//! Receipts that wait for the printer.

use countertop_device::SignatureImage;

use super::*;

#[test]
fn receipts_wait_until_they_went_out_whole() {
    let mut bench = Bench::new();
    let approved = bench.approve(1);
    let jobs = bench.journal().pending_receipts().unwrap();
    assert_eq!(jobs.len(), 2);
    bench.journal().printed(&jobs[0]).unwrap();
    assert_eq!(bench.reopen().pending_receipts, 1);
    let left = bench.journal().pending_receipts().unwrap();
    assert_eq!(left[0].copy, ReceiptCopy::Cardholder);
    assert!(!left[0].duplicate);
    bench.journal().printed(&left[0]).unwrap();
    assert!(bench.journal().pending_receipts().unwrap().is_empty());
    assert!(bench.journal().receipt_of(&approved, ReceiptCopy::Merchant).unwrap().duplicate);
}

#[test]
fn only_what_went_out_whole_is_a_duplicate() {
    let mut bench = Bench::new();
    let approved = bench.approve(1);
    let first = bench.journal().receipt(approved.stan(), ReceiptCopy::Merchant).unwrap();
    assert!(!first.duplicate);
    bench.journal().printed(&first).unwrap();
    assert!(bench.journal().receipt(approved.stan(), ReceiptCopy::Merchant).unwrap().duplicate);
    assert!(!bench.journal().receipt(approved.stan(), ReceiptCopy::Cardholder).unwrap().duplicate);
}

#[test]
fn a_refused_transaction_has_no_receipt() {
    let mut bench = Bench::new();
    let pending = bench.begin(1);
    let stan = pending.stan();
    bench.journal().declined(pending, &answer("51")).unwrap();
    let none = bench.journal().receipt(stan, ReceiptCopy::Merchant);
    assert!(matches!(none, Err(JournalError::Outdated { .. })));
}

#[test]
fn a_signature_comes_back_and_is_sealed() {
    let mut bench = Bench::new();
    let approved = bench.approve(1);
    let rows = b"a signature is personal data".repeat(3);
    let image = SignatureImage::from_rows(8, 84, rows.clone()).unwrap();
    bench.journal().signed(&approved, &image).unwrap();
    bench.reopen();
    let record = bench.journal().by_stan(approved.stan()).unwrap();
    assert_eq!(record.signature, SignatureState::Captured);
    assert_eq!(bench.journal().signature(record.id).unwrap(), Some(image));
    assert_eq!(bench.journal().signature(record.id + 1).unwrap(), None);
    assert!(!secrets::on_disk(&bench, &rows[..28]));
}
