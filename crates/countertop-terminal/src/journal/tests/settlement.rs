//! Settlement and its interruptions.

use countertop_acquirer::{SettlementAnswer, SettlementFlag};

use super::*;

fn start(bench: &mut Bench) -> StartedSettlement {
    match bench.journal().settlement_begin(settle_grant()).unwrap() {
        Settlement::Started(started) => started,
        other => panic!("{other:?}"),
    }
}

fn unbalanced() -> SettlementAnswer {
    SettlementAnswer { domestic: SettlementFlag::Unbalanced, ..balanced() }
}

#[test]
fn a_settlement_resumes_at_every_step() {
    let mut bench = Bench::new();
    bench.approve(1234);
    let started = start(&mut bench);
    assert_eq!(started.totals().domestic.debit_amount, 1234);
    drop(started);

    assert!(bench.reopen().settlement_interrupted);
    let started = start(&mut bench);
    drop(bench.journal().settlement_answered(started, &unbalanced()).unwrap());

    assert!(bench.reopen().settlement_interrupted);
    let Some(Settlement::ToUpload(upload)) = bench.journal().settlement().unwrap() else {
        panic!("an unbalanced batch is uploaded");
    };
    drop(bench.journal().settlement_uploaded(upload).unwrap());

    bench.reopen();
    let Some(Settlement::ToPrint(print)) = bench.journal().settlement().unwrap() else {
        panic!("the slip is printed after the upload");
    };
    assert_eq!(print.totals().domestic.debit_amount, 1234);
    drop(bench.journal().settlement_printed(print).unwrap());

    bench.reopen();
    let Some(Settlement::ToClose(printed)) = bench.journal().settlement().unwrap() else {
        panic!("the batch is closed after the slip");
    };
    assert_eq!(bench.journal().close_batch(printed).unwrap().get(), 2);
    assert!(!bench.reopen().settlement_interrupted);
    assert!(bench.journal().settlement().unwrap().is_none());
    assert_eq!(bench.journal().totals().unwrap(), Default::default());
    assert!(bench.journal().transactions().unwrap().is_empty());
}

#[test]
fn a_settled_batch_is_reported() {
    let mut bench = Bench::new();
    assert_eq!(bench.journal().settlement_report().unwrap(), None);
    bench.approve(1234);
    bench.settle();
    bench.approve(1);
    let report = bench.journal().settlement_report().unwrap().unwrap();
    assert_eq!(report.batch, BatchNumber::FIRST);
    assert_eq!(report.totals.domestic.debit_amount, 1234);
    assert_eq!(report.transactions.len(), 1);
    assert!(report.answer.unwrap().balanced());
    let log = bench.journal().audit_log(1).unwrap();
    assert_eq!((log[0].action.as_str(), log[0].detail.as_str()), ("close-batch", "000001"));
}

#[test]
fn nothing_is_sold_during_a_settlement() {
    let mut bench = Bench::new();
    bench.approve(1);
    let request = bench.sale(2);
    let started = start(&mut bench);
    let refused = bench.journal().begin(&new(&request), None);
    assert!(matches!(refused, Err(JournalError::InSettlement { .. })));
    assert!(matches!(bench.begin_void(stan(1)), Err(JournalError::InSettlement { .. })));
    bench.journal().settlement_abandoned(started).unwrap();
    bench.journal().begin(&new(&request), None).map(drop).unwrap();
}

#[test]
fn everything_comes_to_its_end_before_a_settlement() {
    let mut bench = Bench::new();
    let pending = bench.begin(1);
    let early = bench.journal().settlement_begin(settle_grant());
    assert!(matches!(early, Err(JournalError::UnderWay { .. })));
    bench.journal().unknown(pending, UnknownReason::NoAnswer).unwrap();
    for _ in 0..3 {
        let early = bench.journal().settlement_begin(settle_grant());
        assert!(matches!(early, Err(JournalError::ReversalWaits { .. })));
        let reversal = bench.journal().pending_reversals().unwrap().swap_remove(0);
        bench.journal().reversal_attempted(reversal, None).unwrap();
    }
    drop(start(&mut bench));
}

#[test]
fn a_settlement_needs_its_grant() {
    let mut bench = Bench::new();
    let grant = Grant::new(OperatorNumber::SUPERVISOR, Permission::Void);
    let refused = bench.journal().settlement_begin(grant);
    assert!(matches!(refused, Err(JournalError::NotGranted { .. })));
}

#[test]
fn a_step_is_taken_once() {
    let mut bench = Bench::new();
    let (one, same) = (start(&mut bench), start(&mut bench));
    drop(bench.journal().settlement_answered(one, &balanced()).unwrap());
    let twice = bench.journal().settlement_answered(same, &unbalanced());
    assert!(matches!(twice, Err(JournalError::Outdated { .. })));
}

#[test]
fn an_upload_holds_the_sales_that_stand() {
    let mut bench = Bench::new();
    let voided = bench.approve(1).stan();
    bench.approve(2);
    let pending = bench.begin_void(voided).unwrap();
    let void_answer = approval(pending.stan());
    bench.journal().approved(pending, &void_answer, &Completion::default()).unwrap();
    let pending = bench.begin(3);
    bench.journal().declined(pending, &answer("51")).unwrap();
    let records = bench.journal().batch_records().unwrap();
    assert_eq!(records.len(), 1);
    assert_eq!((records[0].stan, records[0].amount.minor()), (stan(2), 2));
    assert_eq!(records[0].pan.as_ref().unwrap().expose(), PAN.as_bytes());
}

#[test]
fn closing_a_batch_drops_its_card_data() {
    let mut bench = Bench::new();
    bench.approve(1);
    let unknown = bench.leave_unknown(1);
    for _ in 0..3 {
        let reversal = bench.journal().pending_reversals().unwrap().swap_remove(0);
        bench.journal().reversal_attempted(reversal, None).unwrap();
    }
    assert_eq!(bench.state(unknown), TransactionState::Unknown);
    bench.settle();
    let count = "SELECT (SELECT count(*) FROM transactions WHERE sealed_card IS NOT NULL)
                      + (SELECT count(*) FROM reversals WHERE sealed_reversal IS NOT NULL)";
    let left: i64 = bench.journal().connection.query_row(count, [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
}

#[test]
fn domestic_and_foreign_cards_are_summed_apart() {
    let mut bench = Bench::new();
    bench.approve(1);
    let request = bench.sale(20);
    let foreign = NewTransaction { foreign: true, ..new(&request) };
    let pending = bench.journal().begin(&foreign, None).unwrap();
    let approval = approval(pending.stan());
    bench.journal().approved(pending, &approval, &Completion::default()).unwrap();
    let totals = bench.journal().totals().unwrap();
    assert_eq!((totals.domestic.debit_amount, totals.foreign.debit_amount), (1, 20));
}
