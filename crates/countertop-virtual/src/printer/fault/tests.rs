use core::time::Duration;
use std::collections::HashSet;

use super::*;

#[test]
fn text_says_what_and_when() {
    for (text, fault) in [
        ("mute", Fault::new(FaultKind::Mute)),
        ("paper-out@rows=800", Fault::new(FaultKind::PaperOut).at(FaultTrigger::Rows(800))),
        ("unplug@byte=1200", Fault::new(FaultKind::Unplug).at(FaultTrigger::Byte(1200))),
        (
            "cover-open@command=3,for=250ms",
            Fault::new(FaultKind::CoverOpen)
                .at(FaultTrigger::Command(3))
                .lasting(Duration::from_millis(250)),
        ),
    ] {
        assert_eq!(text.parse(), Ok(fault));
        assert_eq!(fault.to_string(), text);
    }
    let seconds: Fault = "offline,for=2s".parse().unwrap();
    assert_eq!(seconds.duration(), Some(Duration::from_secs(2)));
}

#[test]
fn mistakes_are_named() {
    for (text, told) in [
        ("paper", "no fault is named `paper`; there are cover-open, cutter-jam"),
        ("", "no fault is named ``"),
        ("mute@", "@byte=N"),
        ("mute@rows=", "not @rows="),
        ("mute@rows=-1", "not @rows=-1"),
        ("mute@lines=3", "not @lines=3"),
        ("mute,2s", "for=2s"),
        ("mute,for=2", "not for=2"),
        ("mute,for=99999999999999999999s", "not for="),
        ("mute,for=18446744073709551615s", "not for="),
    ] {
        let error = text.parse::<Fault>().unwrap_err().to_string();
        assert!(error.contains(told), "{text}: {error}");
    }
}

#[test]
fn every_kind_has_its_name() {
    let names: HashSet<_> = FaultKind::ALL.iter().map(|kind| kind.name()).collect();
    assert_eq!(names.len(), FaultKind::ALL.len());
    for kind in FaultKind::ALL {
        assert_eq!(kind.name().parse(), Ok(Fault::new(*kind)));
    }
}

#[test]
fn a_seed_decides() {
    assert_eq!(Fault::random(7, 1000, 500), Fault::random(7, 1000, 500));
    let faults: Vec<_> = (0..500).map(|seed| Fault::random(seed, 1000, 500)).collect();
    for kind in FaultKind::ALL {
        assert!(faults.iter().any(|fault| fault.kind() == *kind), "{kind:?}");
    }
    for fault in faults {
        match fault.trigger() {
            FaultTrigger::Byte(count) => assert!(count <= 1000),
            FaultTrigger::Command(count) => assert!(count <= 62),
            FaultTrigger::Rows(count) => assert!(count <= 500),
            FaultTrigger::Now => panic!("{fault}"),
        }
    }
}
