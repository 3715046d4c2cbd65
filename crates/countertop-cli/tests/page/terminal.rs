//! The terminal behind the page, over plain HTTP.

use countertop_tests::pcscd::Service;
use serde_json::{Value, json};

use crate::http;
use crate::program::Program;

fn sign_in(operator: &str, password: &str) -> Value {
    json!({ "command": "sign-in", "operator": operator, "password": password })
}

fn sale(amount: &str) -> Value {
    json!({ "command": "sale", "amount": amount })
}

#[test]
fn the_view_comes_whole_to_everyone_who_opens_the_page() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::bare(folder.path());
    let first = program.events().idle("signed-out");
    let second = program.events().until(|_| true);
    assert_eq!(first, second);
    assert_eq!(first["prompt"]["prompt"], "self-tested");
    for key in ["prompt", "devices", "transactions", "slips", "currency", "virtualCounter"] {
        assert!(first.get(key).is_some(), "{key}: {first}");
    }
}

#[test]
fn what_is_not_there_is_not_found() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::bare(folder.path());
    for path in ["/slips/1.png", "/slips/0.png", "/slips/x.png", "/slips/1", "/nothing"] {
        assert_eq!(program.get(path).status, 404, "{path}");
    }
    let act = json!({ "act": "insert" });
    let answer = http::post(&program.authority, "/api/counter", &act);
    assert_eq!(answer.status, 404, "there is no virtual counter");
}

#[test]
fn wrong_passwords_are_told_and_leave_the_terminal_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::bare(folder.path());
    program.events().idle("signed-out");
    for (operator, password, en) in [
        ("01", "9999", "operator number or password is wrong"),
        ("77", "0000", "operator number or password is wrong"),
        ("1x", "0000", "an operator's number has two digits, 00 to 99"),
    ] {
        let view = program.done(&sign_in(operator, password), "signed-out");
        assert_eq!(view["prompt"]["en"], en);
        assert_ne!(view["prompt"]["zh"], en, "in Chinese too");
    }
}

#[test]
fn a_first_password_is_changed_before_it_opens_anything() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::bare(folder.path());
    let mut events = program.events();
    events.idle("signed-out");
    program.command(&sign_in("00", "123456"));
    events.idle("first-password");
    let known = json!({ "command": "change-password", "new": "123456" });
    let view = program.done(&known, "first-password");
    assert_eq!(view["prompt"]["prompt"], "trouble", "a default is no password of one's own");
    program.command(&json!({ "command": "change-password", "new": "Zq7-tulip" }));
    // Without a host it goes no further.
    let view = events.idle("signed-in");
    assert_eq!((&view["operator"], &view["prompt"]["prompt"]), (&json!("00"), &json!("trouble")));
    assert!(!events.raw.contains("Zq7-tulip") && !events.raw.contains("123456"));
}

#[test]
fn wrong_amounts_are_told_and_leave_the_terminal_ready() {
    let _pcscd = Service::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let program = Program::at_virtual_counter(folder.path());
    program.sign_in();
    for amount in ["0.00", "", "12.345", "-1", "1,000", "99999999999.00", "twelve"] {
        let view = program.done(&sale(amount), "ready");
        assert_eq!(view["prompt"]["prompt"], "trouble", "{amount}: {view}");
        assert!(view["prompt"]["zh"].as_str().unwrap().contains("金额无效"), "{view}");
    }
    program.command(&sale("0.01"));
    program.events().prompt("present-card");
}

#[test]
fn a_busy_terminal_refuses_commands_until_it_is_cancelled() {
    let _pcscd = Service::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let program = Program::at_virtual_counter(folder.path());
    program.sign_in();
    let mut events = program.events();
    program.command(&sale("12.34"));
    for command in [sale("1.00"), json!({ "command": "settle" }), json!({ "command": "sign-out" })]
    {
        let answer = http::post(&program.authority, "/api/command", &command);
        assert_eq!(answer.status, 409, "{command}");
        assert!(answer.text().contains("busy"), "{}", answer.text());
    }
    events.prompt("present-card");
    program.answer(&json!({ "answer": "cancel" }));
    let view = events.idle("ready");
    assert_eq!(view["outcome"]["prompt"], "cancelled");
    assert_eq!(view["transactions"], json!([]), "nothing was charged");
}
