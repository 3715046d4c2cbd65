//! Chip parameters that the host sent.

use countertop_acquirer::ParameterTable::{Applications, CaPublicKeys};

use super::Bench;

fn records(first: u8) -> Vec<Vec<u8>> {
    vec![vec![first; 3], vec![first + 1; 300]]
}

#[test]
fn tables_are_kept_apart_and_over_a_restart() {
    let mut bench = Bench::new();
    assert_eq!(bench.journal().parameters(Applications).unwrap(), None);
    bench.journal().replace_parameters(Applications, &records(1)).unwrap();
    bench.journal().replace_parameters(CaPublicKeys, &records(7)).unwrap();
    bench.reopen();
    let loaded = bench.journal().parameters(Applications).unwrap().unwrap();
    assert_eq!(loaded.records, records(1));
    assert_eq!(bench.journal().parameters(CaPublicKeys).unwrap().unwrap().records, records(7));
    let log = bench.journal().audit_log(10).unwrap();
    let loads: Vec<_> = log.iter().filter(|entry| entry.action == "load-parameters").collect();
    assert_eq!(loads.len(), 2);
    assert_eq!(loads[0].detail, "2 chip applications");
}

#[test]
fn a_table_is_replaced_as_a_whole() {
    let mut bench = Bench::new();
    bench.journal().replace_parameters(CaPublicKeys, &records(1)).unwrap();
    bench.journal().replace_parameters(CaPublicKeys, &records(5)[..1]).unwrap();
    let loaded = bench.journal().parameters(CaPublicKeys).unwrap().unwrap();
    assert_eq!(loaded.records, records(5)[..1]);
}
