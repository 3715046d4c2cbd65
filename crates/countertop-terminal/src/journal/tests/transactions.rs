//! A transaction's ends, and orders that are refused.

use countertop_acquirer::ReversalReason;

use super::*;

#[test]
fn a_begun_transaction_is_pending_with_its_reversal() {
    let mut bench = Bench::new();
    let pending = bench.begin(1234);
    let record = bench.journal().by_stan(pending.stan()).unwrap();
    assert_eq!(record.state, TransactionState::Pending);
    let reversal = record.reversal.unwrap();
    assert_eq!((reversal.state, reversal.attempts), (ReversalState::Pending, 0));
    assert_eq!(reversal.reason, ReversalReason::NoAnswer);
    assert_eq!(record.card.unwrap().as_str(), "620000******0005");
}

#[test]
fn an_approval_drops_the_reversal_and_queues_both_receipts() {
    let mut bench = Bench::new();
    let approved = bench.approve(1234);
    let record = bench.journal().by_stan(approved.stan()).unwrap();
    assert_eq!(record.state, TransactionState::Approved);
    assert_eq!(record.reversal, None);
    assert_eq!(record.rrn.as_deref(), Some("101213000001"));
    assert_eq!(record.authorization_code.as_deref(), Some("A1B2C3"));
    assert_eq!(record.response_code, Some(ResponseCode::APPROVED));
    assert_eq!(record.started.to_string(), "2026/01/01 10:12:13");
    let copies: Vec<_> = bench.journal().pending_receipts().unwrap();
    let copies: Vec<_> = copies.iter().map(|job| job.copy).collect();
    assert_eq!(copies, ReceiptCopy::BOTH);
}

#[test]
fn what_the_chip_said_comes_back() {
    let mut bench = Bench::new();
    let emv = EmvVoucher {
        aid: "A000000333010101".into(),
        tvr: "0080048000".into(),
        cryptogram: Some(Cryptogram { kind: CryptogramKind::Tc, value: "A1A2A3A4A5A6A7A8".into() }),
        ..EmvVoucher::default()
    };
    let limit = Money::from_minor(100_000, Currency::CNY);
    let signature = SignatureState::Waived { limit };
    let pending = bench.begin(1);
    let completion = Completion { emv: Some(emv.clone()), signature };
    let answer = approval(pending.stan());
    let approved = bench.journal().approved(pending, &answer, &completion).unwrap();
    let record = bench.journal().by_stan(approved.stan()).unwrap();
    assert_eq!((record.emv, record.signature), (Some(emv), signature));
}

#[test]
fn nothing_sent_and_refused_drop_the_reversal() {
    let mut bench = Bench::new();
    let pending = bench.begin(1);
    let not_sent = pending.stan();
    bench.journal().not_sent(pending).unwrap();
    let pending = bench.begin(1);
    let declined = pending.stan();
    bench.journal().declined(pending, &answer("51")).unwrap();
    for (stan, state) in
        [(not_sent, TransactionState::NotSent), (declined, TransactionState::Declined)]
    {
        let record = bench.journal().by_stan(stan).unwrap();
        assert_eq!((record.state, record.reversal), (state, None));
    }
    assert_eq!(bench.journal().by_stan(declined).unwrap().response_code, Some(code("51")));
    assert!(bench.journal().pending_reversals().unwrap().is_empty());
    assert!(bench.journal().pending_receipts().unwrap().is_empty());
}

#[test]
fn the_unknown_and_the_not_completed_stay_to_be_reversed() {
    for (reason, expected) in [
        (UnknownReason::NoAnswer, ReversalReason::NoAnswer),
        (UnknownReason::BadMac, ReversalReason::BadMac),
    ] {
        let mut bench = Bench::new();
        let pending = bench.begin(1);
        bench.journal().unknown(pending, reason).unwrap();
        assert_eq!(bench.journal().pending_reversals().unwrap()[0].reason(), expected);
    }
    let mut bench = Bench::new();
    let pending = bench.begin(1);
    let approval = approval(pending.stan());
    let reason = ReversalReason::CannotComplete;
    bench.journal().cannot_complete(pending, &approval, reason).unwrap();
    let reversals = bench.journal().pending_reversals().unwrap();
    assert_eq!(reversals[0].reason(), ReversalReason::CannotComplete);
    assert_eq!(reversals[0].authorization_code(), Some("A1B2C3"));
    assert_eq!(bench.state(stan(1)), TransactionState::NotCompleted);
}

#[test]
fn one_transaction_is_under_way_at_a_time() {
    let mut bench = Bench::new();
    let pending = bench.begin(1);
    let request = bench.sale(2);
    let refused = bench.journal().begin(&new(&request), Some(&reversal()));
    assert!(matches!(refused, Err(JournalError::UnderWay { stan }) if stan == pending.stan()));
    bench.journal().not_sent(pending).unwrap();
    bench.journal().begin(&new(&request), Some(&reversal())).map(drop).unwrap();
}

#[test]
fn a_lost_token_is_recovered_without_a_restart() {
    let mut bench = Bench::new();
    drop(bench.begin(1));
    let recovery = bench.journal().recover().unwrap();
    assert_eq!(recovery.interrupted.len(), 1);
    assert_eq!(bench.state(stan(1)), TransactionState::Unknown);
}

#[test]
fn a_token_of_the_past_changes_nothing() {
    let mut bench = Bench::new();
    let pending = bench.begin(1);
    bench.journal().recover().unwrap();
    let answer = approval(pending.stan());
    let late = bench.journal().approved(pending, &answer, &Completion::default());
    assert!(matches!(late, Err(JournalError::Outdated { .. })));
    assert_eq!(bench.state(stan(1)), TransactionState::Unknown);
    assert!(bench.journal().pending_receipts().unwrap().is_empty());
}

#[test]
fn requests_that_do_not_fit_are_refused() {
    let mut bench = Bench::new();
    let fit = bench.sale(1);
    let euro = Money::from_minor(1, Currency::EUR);
    let nought = Money::from_minor(0, Currency::CNY);
    let other_batch = BatchNumber::new(7).unwrap();
    for unfit in [
        FinancialRequest { amount: euro, ..fit.clone() },
        FinancialRequest { amount: nought, ..fit.clone() },
        FinancialRequest { batch: other_batch, ..fit.clone() },
        FinancialRequest { kind: TransactionKind::Void, ..fit.clone() },
        FinancialRequest { amount: Money::from_minor(u64::MAX, Currency::CNY), ..fit },
    ] {
        let refused = bench.journal().begin(&new(&unfit), None);
        assert!(
            matches!(refused, Err(JournalError::Unfit { .. } | JournalError::OtherCurrency { .. })),
            "{refused:?}"
        );
    }
    assert!(bench.journal().transactions().unwrap().is_empty());
}

#[test]
fn a_number_is_used_once() {
    let mut bench = Bench::new();
    let request = bench.sale(1);
    let pending = bench.journal().begin(&new(&request), None).unwrap();
    bench.journal().not_sent(pending).unwrap();
    let again = bench.journal().begin(&new(&request), None);
    assert!(matches!(again, Err(JournalError::Unfit { .. })));
}

#[test]
fn a_full_journal_asks_for_settlement() {
    let mut bench =
        Bench::with(JournalSettings { transaction_limit: 2, ..JournalSettings::default() });
    bench.approve(1);
    bench.approve(2);
    let request = bench.sale(3);
    let full = bench.journal().begin(&new(&request), None).unwrap_err();
    assert_eq!(full.to_string(), "batch 000001 holds 2 transactions: settle first");
    bench.settle();
    bench.approve(3);
}

#[test]
fn cashiers_find_transactions() {
    let mut bench = Bench::new();
    assert_eq!(bench.journal().last().unwrap(), None);
    bench.approve(1);
    let request = bench.sale_with(2, chip("4111111111111111"));
    let pending = bench.journal().begin(&new(&request), None).unwrap();
    bench.journal().declined(pending, &answer("05")).unwrap();
    let journal = bench.journal();
    assert_eq!(journal.last().unwrap().unwrap().stan, stan(2));
    assert_eq!(journal.by_last_four("0005").unwrap().len(), 1);
    assert_eq!(journal.by_last_four("1111").unwrap()[0].stan, stan(2));
    assert!(journal.by_last_four("' OR 1").unwrap().is_empty());
    assert_eq!(journal.transactions().unwrap().len(), 2);
    let missing = journal.by_stan(stan(3)).unwrap_err();
    assert_eq!(missing.to_string(), "batch 000001 has no transaction 000003");
}

#[test]
fn every_state_leaves_an_event() {
    let mut bench = Bench::new();
    let sale = bench.approve(1);
    let pending = bench.begin_void(sale.stan()).unwrap();
    let answer = approval(pending.stan());
    bench.journal().approved(pending, &answer, &Completion::default()).unwrap();
    let journal = bench.journal.as_ref().unwrap();
    let mut select = journal.connection.prepare("SELECT event FROM events ORDER BY id").unwrap();
    let events = select.query_map([], |row| row.get(0)).unwrap();
    let events: Vec<String> = events.collect::<Result<_, _>>().unwrap();
    assert_eq!(events, ["pending", "approved", "pending", "approved", "voided"]);
}
