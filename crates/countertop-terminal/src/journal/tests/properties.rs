//! The journal against a model of it, by random working days with power cuts.

use std::collections::BTreeMap;

use countertop_acquirer::{ReversalReason, SettlementTotals, SideTotals};
use proptest::prelude::*;

use super::*;

#[derive(Debug, Clone, Copy)]
enum End {
    Approved,
    Declined,
    NotSent,
    Unknown,
    NotCompleted,
    PowerCut,
}

#[derive(Debug, Clone, Copy)]
enum Act {
    Sell { minor: u64, foreign: bool, end: End },
    Void { pick: usize, end: End },
    ReverseWith { done: bool },
    Restart,
    Settle,
}

fn end() -> impl Strategy<Value = End> {
    prop_oneof![
        4 => Just(End::Approved),
        1 => Just(End::Declined),
        1 => Just(End::NotSent),
        1 => Just(End::Unknown),
        1 => Just(End::NotCompleted),
        1 => Just(End::PowerCut),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        5 => (1..1_000_000_u64, any::<bool>(), end())
            .prop_map(|(minor, foreign, end)| Act::Sell { minor, foreign, end }),
        3 => (any::<prop::sample::Index>(), end())
            .prop_map(|(pick, end)| Act::Void { pick: pick.index(64), end }),
        3 => any::<bool>().prop_map(|done| Act::ReverseWith { done }),
        1 => Just(Act::Restart),
        1 => Just(Act::Settle),
    ]
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    minor: u64,
    foreign: bool,
    original: Option<Stan>,
    state: TransactionState,
    attempts: u32,
}

/// What the journal should hold of the open batch.
#[derive(Debug, Default)]
struct Model(BTreeMap<Stan, Entry>);

impl Model {
    fn waits(&self, entry: &Entry) -> bool {
        let limit = JournalSettings::default().reversal_attempts;
        matches!(entry.state, TransactionState::Unknown | TransactionState::NotCompleted)
            && entry.attempts < limit
    }

    fn waiting(&self) -> Option<Stan> {
        self.0.iter().find(|(_, entry)| self.waits(entry)).map(|(stan, _)| *stan)
    }

    fn untried(&self) -> bool {
        self.0.values().any(|entry| self.waits(entry) && entry.attempts == 0)
    }

    fn voidable(&self, stan: Stan) -> bool {
        let sale = &self.0[&stan];
        let in_doubt = |entry: &Entry| {
            entry.original == Some(stan)
                && matches!(entry.state, TransactionState::Unknown | TransactionState::NotCompleted)
        };
        sale.original.is_none()
            && sale.state == TransactionState::Approved
            && !self.0.values().any(in_doubt)
    }

    fn totals(&self) -> SettlementTotals {
        let side = |foreign: bool| {
            let mut side = SideTotals::default();
            for entry in self.0.values().filter(|entry| entry.foreign == foreign) {
                let counts =
                    matches!(entry.state, TransactionState::Approved | TransactionState::Voided);
                match (counts, entry.original) {
                    (false, _) => {}
                    (true, None) => {
                        side.debit_amount += entry.minor;
                        side.debit_count += 1;
                    }
                    (true, Some(_)) => {
                        side.credit_amount += entry.minor;
                        side.credit_count += 1;
                    }
                }
            }
            side
        };
        SettlementTotals { domestic: side(false), foreign: side(true) }
    }
}

/// Brings a transaction to its end, and returns the state it has then.
fn bring_to(bench: &mut Bench, pending: PendingTransaction, end: End) -> TransactionState {
    let approval = approval(pending.stan());
    let journal = bench.journal();
    match end {
        End::Approved => {
            journal.approved(pending, &approval, &Completion::default()).unwrap();
            TransactionState::Approved
        }
        End::Declined => {
            journal.declined(pending, &answer("51")).unwrap();
            TransactionState::Declined
        }
        End::NotSent => {
            journal.not_sent(pending).unwrap();
            TransactionState::NotSent
        }
        End::Unknown => {
            journal.unknown(pending, UnknownReason::NoAnswer).unwrap();
            TransactionState::Unknown
        }
        End::NotCompleted => {
            let reason = ReversalReason::CannotComplete;
            journal.cannot_complete(pending, &approval, reason).unwrap();
            TransactionState::NotCompleted
        }
        End::PowerCut => {
            drop(pending);
            assert_eq!(bench.reopen().interrupted.len(), 1);
            TransactionState::Unknown
        }
    }
}

fn sell(bench: &mut Bench, model: &mut Model, minor: u64, foreign: bool, end: End) {
    let request = bench.sale(minor);
    let new = NewTransaction { foreign, ..new(&request) };
    let begun = bench.journal().begin(&new, Some(&reversal()));
    if model.untried() {
        assert!(matches!(begun, Err(JournalError::ReversalWaits { .. })));
        return;
    }
    let state = bring_to(bench, begun.unwrap(), end);
    let entry = Entry { minor, foreign, original: None, state, attempts: 0 };
    assert!(model.0.insert(request.stan, entry).is_none(), "a number came twice");
}

fn void(bench: &mut Bench, model: &mut Model, pick: usize, end: End) {
    let Some(sale) = model.0.keys().copied().cycle().nth(pick) else { return };
    let begun = bench.begin_void(sale);
    if !model.voidable(sale) || model.untried() {
        assert!(begun.is_err(), "{begun:?}");
        return;
    }
    let pending = begun.unwrap();
    let stan = pending.stan();
    let state = bring_to(bench, pending, end);
    let original = model.0.get_mut(&sale).unwrap();
    if state == TransactionState::Approved {
        original.state = TransactionState::Voided;
    }
    let entry = Entry { original: Some(sale), state, attempts: 0, ..*original };
    assert!(model.0.insert(stan, entry).is_none(), "a number came twice");
}

fn reverse(bench: &mut Bench, model: &mut Model, done: bool) {
    let next = bench.journal().pending_reversals().unwrap().into_iter().next();
    assert_eq!(next.as_ref().map(PendingReversal::stan), model.waiting());
    let Some(reversal) = next else { return };
    let entry = model.0.get_mut(&reversal.stan()).unwrap();
    entry.attempts += 1;
    if done {
        bench.journal().reversal_done(reversal, code("25")).unwrap();
        entry.state = TransactionState::Reversed;
    } else {
        bench.journal().reversal_attempted(reversal, None).unwrap();
    }
}

fn settle(bench: &mut Bench, model: &mut Model) {
    if model.waiting().is_some() {
        let early = bench.journal().settlement_begin(settle_grant());
        assert!(matches!(early, Err(JournalError::ReversalWaits { .. })));
        return;
    }
    let (batch, totals) = (bench.journal().batch().unwrap(), model.totals());
    assert_eq!(bench.settle(), batch.next());
    let report = bench.journal().settlement_report().unwrap().unwrap();
    assert_eq!((report.batch, report.totals), (batch, totals));
    model.0.clear();
}

fn agree(bench: &mut Bench, model: &Model) {
    assert_eq!(bench.journal().totals().unwrap(), model.totals());
    let held = bench.journal().transactions().unwrap();
    let held: Vec<_> = held.iter().map(|record| (record.stan, record.state)).collect();
    let expected: Vec<_> = model.0.iter().map(|(stan, entry)| (*stan, entry.state)).collect();
    assert_eq!(held, expected);
    let receipts = bench.journal().pending_receipts().unwrap();
    let unprinted = |job: &&PrintJob| model.0.contains_key(&job.record.stan);
    assert!(receipts.iter().filter(unprinted).count() % 2 == 0, "receipts come in pairs");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn totals_are_the_sum_of_any_working_day(acts in prop::collection::vec(act(), 1..40)) {
        let mut bench = Bench::new();
        let mut model = Model::default();
        for act in acts {
            match act {
                Act::Sell { minor, foreign, end } => {
                    sell(&mut bench, &mut model, minor, foreign, end);
                }
                Act::Void { pick, end } => void(&mut bench, &mut model, pick, end),
                Act::ReverseWith { done } => reverse(&mut bench, &mut model, done),
                Act::Restart => {
                    prop_assert!(bench.reopen().interrupted.is_empty());
                }
                Act::Settle => settle(&mut bench, &mut model),
            }
            agree(&mut bench, &model);
        }
    }
}
