//! A small WebDriver client (W3C WebDriver, level 1) for headless Chromium.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::http;

/// Keys that are no character (W3C WebDriver, 17.4.2).
pub(crate) const ENTER: char = '\u{e007}';
pub(crate) const TAB: char = '\u{e004}';
pub(crate) const ESCAPE: char = '\u{e00c}';

/// The key under which WebDriver names an element (W3C WebDriver, 12.2).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

const FLAGS: [&str; 10] = [
    "--headless",
    // Tests may run as root, and in containers with a small /dev/shm.
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,800",
];

/// Is a browser with one window; it is closed with this value.
#[derive(Debug)]
pub(crate) struct Browser {
    driver: Child,
    authority: String,
    session: String,
}

impl Browser {
    /// Starts a browser with a new profile; `None` when the tests are to do without one.
    pub(crate) fn start(profile: &Path) -> Option<Self> {
        if std::env::var_os("COUNTERTOP_NO_BROWSER").is_some_and(|it| it == "1") {
            println!("left out: COUNTERTOP_NO_BROWSER is 1");
            return None;
        }
        let (driver, authority) = driver();
        let mut browser = Self { driver, authority, session: String::new() };
        let mut flags = FLAGS.map(String::from).to_vec();
        flags.push(format!("--user-data-dir={}", profile.display()));
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "goog:chromeOptions": { "args": flags },
            "timeouts": { "script": 40_000 },
        } } });
        let session = browser.begin(&wanted);
        browser.session = format!("/session/{}", session["sessionId"].as_str().unwrap());
        Some(browser)
    }

    /// Begins a session. On a busy machine Chromium gives up on its own processes at times.
    fn begin(&self, wanted: &Value) -> Value {
        for _ in 0..3 {
            let answer = http::post(&self.authority, "/session", wanted);
            if answer.status == 200 {
                return answer.json()["value"].take();
            }
            println!("no session: {}", answer.text());
        }
        self.post("/session", wanted)
    }

    /// Opens a page.
    pub(crate) fn open(&self, url: &str) {
        self.post_in("/url", &json!({ "url": url }));
    }

    /// Types at whatever has the focus.
    pub(crate) fn keys(&self, keys: &str) {
        let strokes = keys.chars().flat_map(|key| {
            ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key.to_string() }))
        });
        let strokes: Vec<Value> = strokes.collect();
        let board = json!({ "type": "key", "id": "keyboard", "actions": strokes });
        self.post_in("/actions", &json!({ "actions": [board] }));
    }

    /// Clicks the first element that a CSS selector finds; it has to be visible.
    pub(crate) fn click(&self, selector: &str) {
        let element = self.element(selector);
        self.post_in(&format!("/element/{element}/click"), &json!({}));
    }

    /// Runs a script in the page and returns what it returns.
    pub(crate) fn script(&self, script: &str) -> Value {
        self.post_in("/execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// Waits until an expression is true in the page; it is looked at whenever the page changes.
    pub(crate) fn wait_for(&self, expression: &str) {
        let script = format!(
            "const done = arguments[0];
             const look = () => {{ if ({expression}) {{ watch.disconnect(); done(); }} }};
             const watch = new MutationObserver(look);
             watch.observe(document, {{ subtree: true, childList: true, attributes: true }});
             look();"
        );
        let answer = self.request("/execute/async", &json!({ "script": script, "args": [] }));
        assert_eq!(answer.status, 200, "{expression}: {}\n{}", answer.text(), self.shown());
    }

    /// Waits for a prompt of the terminal.
    pub(crate) fn prompt(&self, prompt: &str) {
        self.wait_for(&format!("document.body.dataset.prompt === '{prompt}'"));
    }

    /// Waits until a command is done and the terminal is at `stage`.
    pub(crate) fn idle(&self, stage: &str) {
        let data = "document.body.dataset";
        self.wait_for(&format!("{data}.stage === '{stage}' && {data}.busy === 'false'"));
    }

    fn shown(&self) -> String {
        self.script("return document.body.innerText").to_string()
    }

    fn element(&self, selector: &str) -> String {
        let wanted = json!({ "using": "css selector", "value": selector });
        self.post_in("/element", &wanted)[ELEMENT].as_str().unwrap().to_owned()
    }

    fn post_in(&self, path: &str, body: &Value) -> Value {
        let answer = self.request(path, body);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.json()["value"].take()
    }

    fn request(&self, path: &str, body: &Value) -> http::Response {
        http::post(&self.authority, &format!("{}{path}", self.session), body)
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        self.post_in(path, body)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if !self.session.is_empty() {
            http::request(&self.authority, &format!("DELETE {}", self.session), &[], "");
        }
        // It is ending either way.
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// Starts the browser's driver on a free port.
fn driver() -> (Child, String) {
    let cure = "install chromium and chromium-driver, or set COUNTERTOP_NO_BROWSER=1";
    let mut driver = Command::new("chromedriver")
        .arg("--port=0")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("chromedriver: {error}; {cure}"));
    let mut lines = BufReader::new(driver.stdout.as_mut().unwrap()).lines().map_while(Result::ok);
    let port = lines.find_map(|line| {
        let port = line.split("started successfully on port ").nth(1)?;
        port.trim_end_matches('.').parse::<u16>().ok()
    });
    let port = port.unwrap_or_else(|| panic!("chromedriver did not start; {cure}"));
    (driver, format!("127.0.0.1:{port}"))
}
