//! QEMU's monitor, from inside the guest: hardware that comes and goes without the guest's doing.

use std::fs::OpenOptions;

use serde_json::{Value, json};
use tokio::fs::File;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::time::timeout;

use super::LONG;
use crate::lab_test::{TestResult, check};

const PORT: &str = "/dev/virtio-ports/lab.monitor";

/// A conversation with QEMU in its machine protocol (QEMU, docs/interop/qmp-spec).
#[derive(Debug)]
pub(crate) struct Qemu {
    commands: File,
    answers: BufReader<File>,
    sent: u64,
}

impl Qemu {
    /// Opens the monitor. One test at a time can.
    pub(crate) async fn open() -> TestResult<Self> {
        let port = OpenOptions::new().read(true).write(true).open(PORT);
        let port = port.map_err(|error| format!("cannot open {PORT}: {error}"))?;
        let answers = BufReader::new(File::from_std(port.try_clone()?));
        let mut qemu = Self { commands: File::from_std(port), answers, sent: 0 };
        // Refused when a test before has done it: QEMU's end of the port stays open.
        let _ = qemu.ask("qmp_capabilities", &json!({})).await?;
        Ok(qemu)
    }

    /// Gives a command and returns what QEMU says to it.
    ///
    /// # Errors
    ///
    /// QEMU's own, with its words.
    pub(crate) async fn execute(&mut self, command: &str, arguments: &Value) -> TestResult<Value> {
        let answer = self.ask(command, arguments).await?;
        let error = &answer["error"]["desc"];
        check!(error.is_null(), "QEMU refuses {command} {arguments}: {error}");
        Ok(answer["return"].clone())
    }

    /// Plugs in a device of QEMU's: `driver`, `id` and its other properties.
    pub(crate) async fn plug(&mut self, properties: &Value) -> TestResult {
        self.execute("device_add", properties).await.map(drop)
    }

    /// Pulls out the device with this id.
    pub(crate) async fn unplug(&mut self, id: &str) -> TestResult {
        self.execute("device_del", &json!({ "id": id })).await.map(drop)
    }

    async fn ask(&mut self, command: &str, arguments: &Value) -> TestResult<Value> {
        self.sent += 1;
        // Ids differ from those of a test before, whose answers may still be under way.
        let id = format!("{}.{}", std::process::id(), self.sent);
        let line = json!({ "execute": command, "arguments": arguments, "id": id });
        self.commands.write_all(format!("{line}\n").as_bytes()).await?;
        self.commands.flush().await?;
        let answer = timeout(LONG, self.answer(&id)).await;
        answer.map_err(|_| format!("QEMU does not answer to {command}"))?
    }

    /// Leaves out greeting and events.
    async fn answer(&mut self, id: &str) -> TestResult<Value> {
        loop {
            let mut line = String::new();
            check!(self.answers.read_line(&mut line).await? > 0, "QEMU closed its monitor");
            match serde_json::from_str::<Value>(&line) {
                Ok(message) if message["id"] == id => return Ok(message),
                _ => {}
            }
        }
    }
}
