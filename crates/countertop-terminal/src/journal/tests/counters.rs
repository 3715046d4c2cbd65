//! Trace numbers and batch numbers.

use super::*;

#[test]
fn numbers_survive_a_restart() {
    let mut bench = Bench::new();
    assert_eq!(bench.journal().next_stan().unwrap(), stan(1));
    assert_eq!(bench.journal().next_stan().unwrap(), stan(2));
    bench.reopen();
    assert_eq!(bench.journal().next_stan().unwrap(), stan(3));
    bench.settle();
    assert_eq!(bench.journal().next_stan().unwrap(), stan(4), "numbers go on in the next batch");
}

#[test]
fn numbers_wrap_and_never_repeat_in_a_batch() {
    let mut bench = Bench::new();
    let first = bench.journal().next_stan().unwrap();
    let rest = bench.journal().reserve_stans(999_998).unwrap();
    assert_eq!((first, rest), (stan(1), stan(2)));
    let exhausted = bench.journal().next_stan().unwrap_err();
    assert_eq!(exhausted.to_string(), "batch 000001 has used every trace number: settle first");
    bench.settle();
    assert_eq!(bench.journal().next_stan().unwrap(), stan(1), "1 follows 999999");
}

#[test]
fn a_batch_may_begin_anywhere_in_the_circle() {
    let mut bench = Bench::new();
    bench.journal().reserve_stans(999_997).unwrap();
    bench.settle();
    let numbers: Vec<_> = (0..4).map(|_| bench.journal().next_stan().unwrap().get()).collect();
    assert_eq!(numbers, [999_998, 999_999, 1, 2]);
}

#[test]
fn more_numbers_than_are_left_are_not_reserved() {
    let mut bench = Bench::new();
    assert!(bench.journal().reserve_stans(1_000_000).is_err());
    assert!(bench.journal().reserve_stans(u32::MAX).is_err());
    assert_eq!(bench.journal().next_stan().unwrap(), stan(1));
}

#[test]
fn the_host_assigns_the_number_of_an_empty_batch() {
    let mut bench = Bench::new();
    let assigned = BatchNumber::new(41).unwrap();
    bench.journal().adopt_batch(assigned).unwrap();
    assert_eq!(bench.journal().batch().unwrap(), assigned);
    bench.approve(1);
    bench.journal().adopt_batch(assigned).unwrap();
    let refused = bench.journal().adopt_batch(BatchNumber::FIRST);
    assert!(matches!(refused, Err(JournalError::BatchNotEmpty { .. })));
}

#[test]
fn batches_wrap() {
    let mut bench = Bench::new();
    bench.journal().adopt_batch(BatchNumber::new(999_999).unwrap()).unwrap();
    bench.approve(1);
    assert_eq!(bench.settle(), BatchNumber::FIRST);
    bench.approve(1);
    assert_eq!(bench.settle().get(), 2);
}

#[test]
fn a_batch_number_that_comes_again_is_another_batch() {
    let mut bench = Bench::new();
    let request = bench.sale(1);
    let pending = bench.journal().begin(&new(&request), None).unwrap();
    bench.journal().not_sent(pending).unwrap();
    bench.settle();
    bench.journal().adopt_batch(BatchNumber::FIRST).unwrap();
    let pending = bench.journal().begin(&new(&request), None).unwrap();
    bench.journal().not_sent(pending).unwrap();
    assert_eq!(bench.journal().transactions().unwrap().len(), 1);
}
