//! `countertop print --watch` while things happen to the printer.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

use super::*;

/// Is a virtual printer, the hand at it, and who watches it.
struct Bench {
    printer: Program,
    control: BufReader<TcpStream>,
    watch: Program,
    _folder: tempfile::TempDir,
}

impl Bench {
    fn start(options: &[&str], flags: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = [&["--control", "0"], options].concat();
        let printer = virtual_printer(&folder.path().join("paper"), &options);
        let control = TcpStream::connect(printer.line("control: ").unwrap()).unwrap();
        let at = printer.line("printer: ").unwrap();
        let mut watch = countertop(&["print", "--watch", "--to", &at]);
        let watch = Program::start(watch.args(flags)).unwrap();
        Self { printer, control: BufReader::new(control), watch, _folder: folder }
    }

    fn ask(&mut self, request: &Value) {
        writeln!(self.control.get_ref(), "{request}").unwrap();
        let mut answer = String::new();
        self.control.read_line(&mut answer).unwrap();
        assert_eq!(answer, "{\"ok\":true}\n", "{request}");
    }

    fn fault(&mut self, fault: &str) {
        self.ask(&json!({ "do": "fault", "fault": fault }));
    }

    fn mend(&mut self, kind: &str) {
        self.ask(&json!({ "do": "mend", "kind": kind }));
    }

    /// Returns the next line, whatever it is.
    fn told(&self) -> String {
        self.watch.line("").unwrap()
    }

    fn told_json(&self) -> Value {
        serde_json::from_str(&self.told()).unwrap()
    }

    /// Ends who watches; nothing more may have been told.
    fn interrupt(mut self) {
        self.watch.signal("INT").unwrap();
        assert!(self.watch.wait().unwrap().success());
        let end = self.watch.line("").unwrap_err().to_string();
        assert!(end.ends_with("errors: []"), "{end}");
    }

    /// Ends the printer; `gone` is the last line.
    fn kill(mut self, gone: &str) {
        self.printer.signal("KILL").unwrap();
        assert_eq!(self.told(), gone);
        assert!(!self.watch.wait().unwrap().success());
        self.watch.line("").unwrap_err();
    }
}

#[test]
fn changes_are_told_until_the_interrupt() {
    let mut bench = Bench::start(&[], &[]);
    assert_eq!(bench.told(), "ready, drawer closed");
    bench.fault("cover-open");
    assert_eq!(bench.told(), "cover open, drawer closed");
    bench.mend("cover-open");
    assert_eq!(bench.told(), "ready, drawer closed");
    bench.fault("paper-near-end");
    assert_eq!(bench.told(), "ready, the roll will end soon, drawer closed");
    bench.interrupt();
}

#[test]
fn changes_are_told_to_programs_too() {
    let state = |attention: Value, near_end: bool| {
        json!({
            "ready": attention.is_null(),
            "attention": attention,
            "paper_near_end": near_end,
            "drawer_open": false,
        })
    };
    let mut bench = Bench::start(&["--fault", "paper-near-end"], &["--json"]);
    assert_eq!(bench.told_json(), state(Value::Null, true));
    bench.fault("cover-open");
    assert_eq!(bench.told_json(), state(json!("CoverOpen"), true));
    bench.mend("cover-open");
    assert_eq!(bench.told_json(), state(Value::Null, true));
    bench.mend("paper-near-end");
    assert_eq!(bench.told_json(), state(Value::Null, false));
    bench.interrupt();
}

#[test]
fn a_printer_that_is_gone_ends_the_watch() {
    for (flags, gone) in [(&[][..], "gone"), (&["--json"][..], r#"{"gone":true}"#)] {
        let bench = Bench::start(&[], flags);
        bench.told();
        bench.kill(gone);
    }
}

#[test]
fn a_printer_that_hangs_up_while_idle_is_watched_on() {
    let mut bench = Bench::start(&["--idle-close", "1"], &[]);
    assert_eq!(bench.told(), "ready, drawer closed");
    // It hangs up twice meanwhile: nothing of that is told.
    std::thread::sleep(Duration::from_millis(2500));
    bench.fault("cover-open");
    assert_eq!(bench.told(), "cover open, drawer closed");
    bench.interrupt();
}
