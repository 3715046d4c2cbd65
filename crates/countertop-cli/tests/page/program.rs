//! The program under test.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::http::{self, Events, Response};

/// Is a running terminal; it is ended with this value.
#[derive(Debug)]
pub(crate) struct Program {
    child: Child,
    /// Where the page is, as `127.0.0.1:PORT`.
    pub(crate) authority: String,
}

impl Program {
    /// Starts a terminal at the virtual counter.
    pub(crate) fn at_virtual_counter(state: &Path) -> Self {
        Self::start(state, &[])
    }

    /// Starts a terminal without devices and without a host.
    pub(crate) fn bare(folder: &Path) -> Self {
        let config = folder.join("empty.toml");
        std::fs::write(&config, "").unwrap();
        Self::start(&folder.join("state"), &["--config", config.to_str().unwrap()])
    }

    fn start(state: &Path, more: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_countertop"))
            .args(["run", "--port", "0", "--state"])
            .arg(state)
            .args(more)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().split("http://").nth(1).unwrap_or_else(|| panic!("no page: {line}"));
        let authority = url.trim_end_matches('/').to_owned();
        Self { child, authority }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn events(&self) -> Events {
        Events::open(&self.authority)
    }

    pub(crate) fn get(&self, path: &str) -> Response {
        http::get(&self.authority, path)
    }

    /// Gives a command and waits until it is done and the terminal is at `stage`.
    ///
    /// Views between may be left out, so what came before the command is not looked at.
    pub(crate) fn done(&self, command: &Value, stage: &str) -> Value {
        self.command(command);
        self.events().idle(stage)
    }

    /// Gives a command that has to be taken.
    pub(crate) fn command(&self, command: &Value) {
        self.taken("/api/command", command);
    }

    pub(crate) fn answer(&self, answer: &Value) {
        self.taken("/api/answer", answer);
    }

    /// Does something at the virtual counter.
    pub(crate) fn act(&self, act: &Value) {
        self.taken("/api/counter", act);
    }

    fn taken(&self, path: &str, body: &Value) {
        let answer = http::post(&self.authority, path, body);
        assert_eq!(answer.status, 202, "{path} {body}: {}", answer.text());
    }

    /// Signs the first cashier in and waits until the terminal is ready.
    pub(crate) fn sign_in(&self) {
        self.events().idle("signed-out");
        self.done(&json!({ "command": "sign-in", "operator": "01", "password": "0000" }), "ready");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It is ending either way.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
