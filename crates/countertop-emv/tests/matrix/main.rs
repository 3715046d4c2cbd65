//! The matrix of contact cards: schemes, authentication methods, verification methods, outcomes and
//! faults, each transaction compared bit by bit with what an oracle reads in the books.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "tests")]

mod case;
mod cases;
#[path = "../common/mod.rs"]
mod common;
mod oracle;
mod run;

use case::Case;

/// How many cases are drawn at random.
const DRAWN: usize = 300;

/// Runs all cases and tells of every one that came out otherwise.
async fn check(name: &str, cases: Vec<Case>) {
    let mut wrong = Vec::new();
    let count = cases.len();
    for (number, case) in cases.into_iter().enumerate() {
        let expected = oracle::expected(&case);
        match run::run(&case).await {
            Ok(observed) if observed == expected => {}
            observed => {
                wrong.push(format!("{number}: {case:?}\n  {expected:02X?}\n  {observed:02X?}"))
            }
        }
    }
    println!("{name}: {count} cases");
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn offline_data_authentication() {
    check("authentication", cases::authentication()).await;
}

#[tokio::test]
async fn extended_data_authentication() {
    check("extended", cases::extended()).await;
}

#[tokio::test]
async fn processing_restrictions() {
    check("restrictions", cases::restrictions()).await;
}

#[tokio::test]
async fn cardholder_verification() {
    check("verification", cases::verification()).await;
}

#[tokio::test]
async fn terminal_risk_management() {
    check("risk", cases::risk()).await;
}

#[tokio::test]
async fn action_analysis_and_completion() {
    check("completion", cases::completion()).await;
}

#[tokio::test]
async fn everything_at_once() {
    const SEED: u64 = 20_261_130;
    check(&format!("mixed, seed {SEED}"), cases::mixed(SEED, DRAWN)).await;
}

#[test]
fn there_are_as_many_cases_as_the_page_says() {
    const PAGE: &str = include_str!("../../../../docs/emv.md");
    let count = cases::authentication().len()
        + cases::extended().len()
        + cases::restrictions().len()
        + cases::verification().len()
        + cases::risk().len()
        + cases::completion().len();
    let words: Vec<_> = PAGE.split_whitespace().collect();
    let with_commas = |number: usize| format!("{},{:03}", number / 1000, number % 1000);
    for told in [
        format!("{} transactions", with_commas(count + DRAWN)),
        format!("{} of them", with_commas(count)),
        format!("{DRAWN} with"),
    ] {
        assert!(words.join(" ").contains(&told), "docs/emv.md does not say {told:?}");
    }
}
