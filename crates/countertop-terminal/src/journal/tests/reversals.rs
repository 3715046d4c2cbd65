//! Reversals: order, counts and ends.

use countertop_acquirer::ReversalReason;

use super::*;
use crate::operators::{Grant, Permission};

fn next(bench: &mut Bench) -> PendingReversal {
    bench.journal().pending_reversals().unwrap().swap_remove(0)
}

#[test]
fn an_untried_reversal_goes_before_the_next_transaction() {
    let mut bench = Bench::new();
    let unknown = bench.leave_unknown(1);
    let request = bench.sale(2);
    let refused = bench.journal().begin(&new(&request), None);
    assert!(matches!(refused, Err(JournalError::ReversalWaits { stan }) if stan == unknown));
    let reversal = next(&mut bench);
    assert_eq!(reversal.reversal(), &super::reversal());
    bench.journal().reversal_attempted(reversal, None).unwrap();
    bench.journal().begin(&new(&request), None).map(drop).unwrap();
}

#[test]
fn an_acknowledged_reversal_reverses() {
    for done in ["00", "12", "25"] {
        let mut bench = Bench::new();
        let unknown = bench.leave_unknown(1);
        let reversal = next(&mut bench);
        bench.journal().reversal_done(reversal, code(done)).unwrap();
        let record = bench.journal().by_stan(unknown).unwrap();
        assert_eq!(record.state, TransactionState::Reversed);
        let reversal = record.reversal.unwrap();
        assert_eq!((reversal.state, reversal.attempts), (ReversalState::Done, 1));
        assert_eq!(reversal.last_code, Some(code(done)));
        assert!(bench.journal().pending_reversals().unwrap().is_empty());
        assert!(bench.journal().unresolved().unwrap().is_empty());
    }
}

#[test]
fn exhausted_reversals_are_kept_as_unresolved() {
    for limit in [1, 3] {
        let settings = JournalSettings { reversal_attempts: limit, ..JournalSettings::default() };
        let mut bench = Bench::with(settings);
        let unknown = bench.leave_unknown(1);
        for left in (1..limit).rev() {
            let reversal = next(&mut bench);
            let progress = bench.journal().reversal_attempted(reversal, Some(code("96"))).unwrap();
            assert_eq!(progress, ReversalProgress::Pending { attempts_left: left });
            bench.reopen();
        }
        let reversal = next(&mut bench);
        let progress = bench.journal().reversal_attempted(reversal, None).unwrap();
        assert_eq!(progress, ReversalProgress::Exhausted);
        assert!(bench.journal().pending_reversals().unwrap().is_empty());
        bench.reopen();
        let unresolved = bench.journal().unresolved().unwrap();
        assert_eq!(unresolved.len(), 1);
        assert_eq!(unresolved[0].stan, unknown);
        assert_eq!(unresolved[0].reversal.unwrap().state, ReversalState::Exhausted);
        bench.settle();
        let report = bench.journal().settlement_report().unwrap().unwrap();
        assert_eq!(report.unresolved().count(), 1);
    }
}

#[test]
fn repetitions_change_their_reason() {
    for (first, answer, then) in [
        (UnknownReason::NoAnswer, None, ReversalReason::Other),
        (UnknownReason::NoAnswer, Some("96"), ReversalReason::Other),
        (UnknownReason::NoAnswer, Some("A0"), ReversalReason::Other),
        (UnknownReason::BadMac, Some("A0"), ReversalReason::BadMac),
        (UnknownReason::BadMac, Some("98"), ReversalReason::Other),
    ] {
        let mut bench = Bench::new();
        let pending = bench.begin(1);
        bench.journal().unknown(pending, first).unwrap();
        let reversal = next(&mut bench);
        bench.journal().reversal_attempted(reversal, answer.map(code)).unwrap();
        assert_eq!(next(&mut bench).reason(), then, "{first:?} {answer:?}");
    }
}

#[test]
fn an_attempt_counts_once() {
    let mut bench = Bench::new();
    bench.leave_unknown(1);
    let (one, same) = (next(&mut bench), next(&mut bench));
    bench.journal().reversal_attempted(one, None).unwrap();
    let twice = bench.journal().reversal_attempted(same, None);
    assert!(matches!(twice, Err(JournalError::Outdated { .. })));
    assert_eq!(next(&mut bench).attempts(), 1);
}

#[test]
fn a_supervisor_sends_an_exhausted_reversal_again() {
    let settings = JournalSettings { reversal_attempts: 1, ..JournalSettings::default() };
    let mut bench = Bench::with(settings);
    let unknown = bench.leave_unknown(1);
    let grant = || Grant::new(OperatorNumber::SUPERVISOR, Permission::RetryReversal);
    let early = bench.journal().retry_reversal(unknown, grant());
    assert!(matches!(early, Err(JournalError::Outdated { .. })));
    let reversal = next(&mut bench);
    bench.journal().reversal_attempted(reversal, None).unwrap();
    let wrong = bench.journal().retry_reversal(unknown, settle_grant());
    assert!(matches!(wrong, Err(JournalError::NotGranted { .. })));
    bench.journal().retry_reversal(unknown, grant()).unwrap();
    let reversal = next(&mut bench);
    bench.journal().reversal_done(reversal, code("00")).unwrap();
    assert_eq!(bench.state(unknown), TransactionState::Reversed);
    assert_eq!(bench.journal().audit_log(9).unwrap()[0].action, "retry-reversal");
}

#[test]
fn a_kind_without_reversal_stays_unresolved() {
    let mut bench = Bench::new();
    let request = bench.sale(1);
    let pending = bench.journal().begin(&new(&request), None).unwrap();
    bench.journal().unknown(pending, UnknownReason::NoAnswer).unwrap();
    assert!(bench.journal().pending_reversals().unwrap().is_empty());
    assert_eq!(bench.journal().unresolved().unwrap().len(), 1);
}
