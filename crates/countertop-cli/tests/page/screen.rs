//! The page in headless Chromium: a cashier at the keyboard, a customer at the side panel.

use std::fs;
use std::path::Path;
use std::process::Command;

use countertop_tests::pcscd::Service;

use crate::browser::{Browser, ENTER, ESCAPE, TAB};
use crate::program::Program;

fn open(program: &Program, folder: &Path) -> Option<Browser> {
    let browser = Browser::start(&folder.join("profile"))?;
    browser.open(&format!("http://{}/", program.authority));
    browser.idle("signed-out");
    browser.keys(&format!("01{TAB}0000{ENTER}"));
    browser.idle("ready");
    Some(browser)
}

#[test]
fn a_whole_chip_sale() {
    let _pcscd = Service::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let program = Program::at_virtual_counter(&folder.path().join("state"));
    let Some(browser) = open(&program, folder.path()) else { return };
    browser.keys(&format!("1234{ENTER}"));
    browser.prompt("present-card");
    browser.click("[data-act=insert]");
    browser.prompt("enter-pin");
    for key in "123456✓".chars() {
        browser.click(&format!("[data-pin='{key}']"));
    }
    browser.prompt("confirm");
    let facts = browser.script("return document.getElementById('question-facts').innerText");
    assert!(facts.as_str().unwrap().contains("CNY 12.34"), "{facts}");
    browser.keys(&ENTER.to_string());
    browser.prompt("take-card");
    browser.click("[data-act=remove]");
    browser.wait_for("document.querySelectorAll('#slip-list img').length === 2");
    browser.idle("ready");

    let row = browser.script("return document.querySelector('#transactions tr').className");
    assert_eq!(row, "approved");
    let stan = browser.script("return document.querySelector('#transactions tr').dataset.stan");
    for slip in ["1", "2"] {
        let picture = folder.path().join(format!("{slip}.png"));
        let png = program.get(&format!("/slips/{slip}.png"));
        assert!(png.head.contains("image/png") && png.body.starts_with(b"\x89PNG\r\n\x1a\n"));
        // Bytes 16 to 24 of a PNG are its width and height: 384 dots are 48 mm of paper.
        let size = |at: usize| u32::from_be_bytes(png.body[at..at + 4].try_into().unwrap());
        assert_eq!(size(16), 384);
        assert!((600..3_000).contains(&size(20)), "height {}", size(20));
        fs::write(&picture, &png.body).unwrap();
        check_code(&read_code(&picture), stan.as_str().unwrap());
    }
}

fn read_code(picture: &Path) -> String {
    let read = Command::new("zbarimg").args(["--quiet", "--raw"]).arg(picture).output();
    let read = read.unwrap_or_else(|error| panic!("zbarimg: {error}; install zbar-tools"));
    String::from_utf8(read.stdout).unwrap().trim().to_owned()
}

/// The code of a voucher says `ct:BATCH/STAN/RRN`.
fn check_code(code: &str, stan: &str) {
    let fields: Vec<&str> = code.strip_prefix("ct:").unwrap_or_default().split('/').collect();
    let [batch, number, rrn] = fields[..] else { panic!("no voucher's code: {code:?}") };
    assert_eq!((batch, number), ("000001", stan), "{code}");
    assert!(rrn.len() == 12 && rrn.bytes().all(|it| it.is_ascii_digit()), "{code}");
}

#[test]
fn keys_errors_and_a_reload() {
    let _pcscd = Service::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let program = Program::at_virtual_counter(&folder.path().join("state"));
    let Some(browser) = open(&program, folder.path()) else { return };
    let text = |id: &str| {
        let text = browser.script(&format!("return document.getElementById('{id}').textContent"));
        text.as_str().unwrap().to_owned()
    };
    browser.keys("90");
    assert_eq!(text("amount"), "CNY 0.90");
    browser.click("#keys button");
    assert_eq!(text("amount"), "CNY 9.07", "the first key of the pad is 7");
    browser.keys(&format!("{ESCAPE}{ENTER}"));
    browser.wait_for("!document.getElementById('error').hidden");
    assert!(text("error").contains("amount"), "{}", text("error"));

    browser.keys(&format!("500{ENTER}"));
    browser.prompt("present-card");
    browser.script("location.reload()");
    browser.prompt("present-card");
    assert!(text("prompt").contains("CNY 5.00"), "{}", text("prompt"));
    browser.click("#language");
    assert!(text("prompt").contains("请插卡"), "{}", text("prompt"));
    assert_eq!(text("cancel"), "取消");
    browser.keys(&ESCAPE.to_string());
    browser.idle("ready");
    assert!(text("prompt").contains("已取消"), "{}", text("prompt"));
}
