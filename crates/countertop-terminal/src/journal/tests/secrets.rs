//! What must never be on the disk in clear.

use std::fs;

use super::*;

/// Tells whether any file of the journal holds these bytes.
pub(super) fn on_disk(bench: &Bench, bytes: &[u8]) -> bool {
    let files = fs::read_dir(bench.folder.path()).unwrap();
    files
        .map(|file| fs::read(file.unwrap().path()).unwrap())
        .any(|content| content.windows(bytes.len()).any(|window| window == bytes))
}

fn assert_no_secret(bench: &Bench) {
    for secret in
        [PAN, "4111111111111111", TRACK2, PAYMENT_CODE, "field 55 with", "a reversal with"]
    {
        assert!(!on_disk(bench, secret.as_bytes()), "{secret}");
    }
    let packed: Vec<u8> = (0..PAN.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&PAN[at..at + 2], 16).unwrap())
        .collect();
    assert!(!on_disk(bench, &packed), "the number as packed digits");
}

#[test]
fn no_secret_reaches_the_disk() {
    let mut bench = Bench::new();
    let sale = bench.approve(1).stan();
    assert_no_secret(&bench);
    for entry in [
        CardEntry::Stripe {
            pan: secret("4111111111111111"),
            expiry: "3012".into(),
            track2: secret("4111111111111111=30122010000000000"),
            fallback: true,
        },
        CardEntry::Contactless {
            pan: secret(PAN),
            expiry: "3012".into(),
            sequence: None,
            track2: secret(TRACK2),
            emv: secret("field 55 with more"),
        },
        CardEntry::Code { code: secret(PAYMENT_CODE) },
    ] {
        let request = bench.sale_with(2, entry);
        let pending = bench.journal().begin(&new(&request), Some(&reversal())).unwrap();
        assert_no_secret(&bench);
        let answer = HostAnswer { emv: secret("field 55 with an answer"), ..approval(stan(9)) };
        bench.journal().approved(pending, &answer, &Completion::default()).unwrap();
    }
    let pending = bench.begin_void(sale).unwrap();
    bench.journal().unknown(pending, UnknownReason::BadMac).unwrap();
    assert_no_secret(&bench);
    bench.reopen();
    assert_no_secret(&bench);
    assert!(on_disk(&bench, b"620000******0005"), "the search works");
}

#[test]
fn no_debug_text_shows_a_secret() {
    let mut bench = Bench::new();
    let sale = bench.approve(1).stan();
    let voidable = bench.journal().voidable(sale).unwrap();
    bench.leave_unknown(1);
    let reversals = bench.journal().pending_reversals().unwrap();
    let shown = format!("{voidable:?}{reversals:?}{:?}", bench.journal());
    assert!(!shown.contains(PAN) && !shown.contains("a reversal with"));
}
