//! Voids.

use super::*;

fn refusal(result: Result<PendingTransaction, JournalError>) -> VoidRefusal {
    match result.unwrap_err() {
        JournalError::NotVoidable { refusal, .. } => refusal,
        other => panic!("{other}"),
    }
}

fn void(bench: &mut Bench, sale: Stan) -> Stan {
    let pending = bench.begin_void(sale).unwrap();
    let stan = pending.stan();
    bench.journal().approved(pending, &approval(stan), &Completion::default()).unwrap();
    stan
}

#[test]
fn an_approved_void_and_its_sale_are_linked() {
    let mut bench = Bench::new();
    let sale = bench.approve(1234).stan();
    let void = void(&mut bench, sale);
    assert_eq!(bench.state(sale), TransactionState::Voided);
    let record = bench.journal().by_stan(void).unwrap();
    assert_eq!(record.original, Some(sale));
    assert_eq!(record.authorised_by, Some(OperatorNumber::SUPERVISOR));
    let side = bench.journal().totals().unwrap().domestic;
    assert_eq!((side.debit_amount, side.debit_count), (1234, 1));
    assert_eq!((side.credit_amount, side.credit_count), (1234, 1));
}

#[test]
fn the_request_of_a_void_has_the_sales_card_without_its_track() {
    let mut bench = Bench::new();
    let sale = bench.approve(1234).stan();
    bench.reopen();
    let voidable = bench.journal().voidable(sale).unwrap();
    let request = voidable.request(stan(9));
    assert_eq!(request.entry.pan().unwrap().expose(), PAN.as_bytes());
    let CardEntry::Chip { expiry, sequence, track2, emv, .. } = &request.entry else {
        panic!("a chip sale is voided as one");
    };
    assert_eq!((expiry.as_str(), *sequence), ("3012", Some(1)));
    assert!(track2.is_empty() && emv.is_empty());
    let original = request.original.unwrap();
    assert_eq!((original.stan, original.rrn.as_str()), (sale, "101213000001"));
}

#[test]
fn the_void_of_a_code_has_no_code() {
    let mut bench = Bench::new();
    let request = bench.sale_with(1, CardEntry::Code { code: secret(PAYMENT_CODE) });
    let pending = bench.journal().begin(&new(&request), Some(&reversal())).unwrap();
    let sale = pending.stan();
    bench.journal().approved(pending, &approval(sale), &Completion::default()).unwrap();
    let request = bench.journal().voidable(sale).unwrap().request(stan(9));
    assert!(matches!(request.entry, CardEntry::Code { code } if code.is_empty()));
    void(&mut bench, sale);
}

#[test]
fn a_sale_is_voided_once() {
    let mut bench = Bench::new();
    let sale = bench.approve(1).stan();
    let void = void(&mut bench, sale);
    assert_eq!(refusal(bench.begin_void(sale)), VoidRefusal::AlreadyVoided);
    assert_eq!(refusal(bench.begin_void(void)), VoidRefusal::NoSale);
}

#[test]
fn what_was_not_approved_is_not_voided() {
    let mut bench = Bench::new();
    let pending = bench.begin(1);
    let declined = pending.stan();
    bench.journal().declined(pending, &answer("51")).unwrap();
    let unknown = bench.leave_unknown(1);
    assert_eq!(refusal(bench.begin_void(declined)), VoidRefusal::NotApproved);
    assert_eq!(refusal(bench.begin_void(unknown)), VoidRefusal::Reversed);
    let missing = bench.begin_void(stan(77));
    assert!(matches!(missing, Err(JournalError::NotFound { .. })));
}

#[test]
fn a_sale_of_an_earlier_batch_is_not_voided() {
    let mut bench = Bench::new();
    let sale = bench.approve(1).stan();
    bench.settle();
    assert!(matches!(bench.begin_void(sale), Err(JournalError::NotFound { .. })));
}

#[test]
fn a_sale_without_reference_is_not_voided() {
    let mut bench = Bench::new();
    let pending = bench.begin(1);
    let sale = pending.stan();
    bench.journal().approved(pending, &answer("00"), &Completion::default()).unwrap();
    assert_eq!(refusal(bench.begin_void(sale)), VoidRefusal::NoReference);
}

#[test]
fn an_unknown_void_is_decided_by_its_reversal() {
    let mut bench = Bench::new();
    let sale = bench.approve(1).stan();
    let pending = bench.begin_void(sale).unwrap();
    let void = pending.stan();
    bench.journal().unknown(pending, UnknownReason::NoAnswer).unwrap();
    assert_eq!(bench.state(sale), TransactionState::Approved);
    assert_eq!(refusal(bench.begin_void(sale)), VoidRefusal::VoidUnresolved);
    let reversal = bench.journal().pending_reversals().unwrap().swap_remove(0);
    bench.journal().reversal_done(reversal, code("00")).unwrap();
    assert_eq!(bench.state(void), TransactionState::Reversed);
    self::void(&mut bench, sale);
}

#[test]
fn a_refused_void_leaves_the_sale() {
    let mut bench = Bench::new();
    let sale = bench.approve(1).stan();
    let pending = bench.begin_void(sale).unwrap();
    bench.journal().declined(pending, &answer("12")).unwrap();
    assert_eq!(bench.state(sale), TransactionState::Approved);
    void(&mut bench, sale);
}

#[test]
fn a_void_needs_its_own_grant_and_the_whole_amount() {
    let mut bench = Bench::new();
    let sale = bench.approve(2).stan();
    let journal = bench.journal();
    let voidable = journal.voidable(sale).unwrap();
    let request = voidable.request(journal.next_stan().unwrap());
    let refused = journal.begin_void(&voidable, &request, CASHIER, settle_grant(), None);
    assert!(matches!(refused, Err(JournalError::NotGranted { .. })));
    let half = FinancialRequest { amount: Money::from_minor(1, Currency::CNY), ..request };
    let grant = Grant::new(OperatorNumber::SUPERVISOR, Permission::Void);
    let refused = journal.begin_void(&voidable, &half, CASHIER, grant, None);
    assert!(matches!(refused, Err(JournalError::Unfit { .. })));
}
