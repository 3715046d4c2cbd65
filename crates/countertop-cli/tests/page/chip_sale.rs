//! A chip sale over plain HTTP: what it shows, and what it never shows.

use countertop_tests::pcscd::Service;
use serde_json::json;

use crate::program::Program;

/// The test card's number, PIN, and the password that the supervisor takes.
const SECRETS: [&str; 3] = ["6200000000000005", "123456", "Zq7-tulip"];

#[test]
fn no_secret_is_shown_and_the_journal_keeps_the_sale() {
    let _pcscd = Service::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let program = Program::at_virtual_counter(folder.path());
    let mut events = program.events();
    events.idle("signed-out");
    program.command(&json!({ "command": "sign-in", "operator": "00", "password": "123456" }));
    events.idle("first-password");
    program.command(&json!({ "command": "change-password", "new": "Zq7-tulip" }));
    events.idle("ready");
    program.done(&json!({ "command": "sign-out" }), "signed-out");
    program.sign_in();

    program.command(&json!({ "command": "sale", "amount": "12.34" }));
    events.prompt("present-card");
    program.act(&json!({ "act": "insert" }));
    events.prompt("enter-pin");
    program.act(&json!({ "act": "pin", "digits": "123456" }));
    let asked = events.until(|view| view["question"]["question"] == "confirm");
    assert_eq!(asked["question"]["card"], "620000******0005");
    program.answer(&json!({ "answer": "confirm", "yes": true }));
    events.prompt("take-card");
    program.act(&json!({ "act": "remove" }));
    let sold = events.until(|view| view["busy"] == false && view["outcome"].is_object());
    assert_eq!(sold["outcome"]["prompt"], "approved");
    assert_eq!(sold["transactions"][0]["state"], "approved");

    let stan = &sold["transactions"][0]["stan"];
    let refused = json!({ "command": "void", "stan": stan, "password": "not-the-one" });
    assert_eq!(program.done(&refused, "ready")["transactions"][0]["state"], "approved");
    program.command(&json!({ "command": "void", "stan": stan, "password": "Zq7-tulip" }));
    events.until(|view| view["transactions"][0]["state"] == "voided");
    for secret in SECRETS {
        assert!(!events.raw.contains(secret), "{secret} was shown");
    }

    drop(program);
    let again = Program::at_virtual_counter(folder.path());
    let view = again.events().idle("signed-out");
    assert_eq!(view["transactions"][0]["stan"], *stan, "{view}");
}
