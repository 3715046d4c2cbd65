//! Virtual PN532s in a process of their own.

use std::io::{BufRead as _, BufReader, Write as _};
use std::ops::Sub;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use countertop_virtual::ccid::FunctionCard;
use countertop_virtual::pn532::{Pn532Control, Target, VirtualPn532};
use countertop_virtual::pty::Pty;

/// The argument that makes this program the other process.
pub(crate) const CHILD: &str = "twins";
/// How long a real chip waits for an answer in the air.
const SILENCE: Duration = Duration::from_millis(5);

/// Is the other process, ended on drop.
pub(crate) struct Twins {
    child: Child,
    ask: ChildStdin,
    answers: BufReader<ChildStdout>,
    folder: tempfile::TempDir,
}

/// Is what the first of them has seen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    pub(crate) on: Duration,
    pub(crate) commands: u64,
}

impl Sub for Field {
    type Output = Self;

    fn sub(self, before: Self) -> Self {
        Self { on: self.on - before.on, commands: self.commands - before.commands }
    }
}

impl Twins {
    /// Starts so many, each but a single one with a card in its field.
    pub(crate) fn start(count: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([CHILD.as_ref(), folder.path().as_os_str(), count.to_string().as_ref()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let ask = child.stdin.take().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        let mut twins = Self { child, ask, answers, folder };
        twins.line();
        twins
    }

    pub(crate) fn path(&self, number: usize) -> String {
        link(self.folder.path(), number).display().to_string()
    }

    pub(crate) fn field(&mut self) -> Field {
        self.ask.write_all(b"\n").unwrap();
        let line = self.line();
        let (on, commands) = line.trim().split_once(' ').unwrap();
        Field {
            on: Duration::from_micros(on.parse().unwrap()),
            commands: commands.parse().unwrap(),
        }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        line
    }
}

impl Drop for Twins {
    fn drop(&mut self) {
        // It has ended, or ends now.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn link(folder: &Path, number: usize) -> std::path::PathBuf {
    folder.join(number.to_string())
}

/// Is the other process: serves for ever, and tells of the first one's field when a line comes.
pub(crate) async fn serve(folder: &Path, count: usize) {
    let mut controls: Vec<Pn532Control> = Vec::new();
    for number in 0..count {
        let pty = Pty::open(Some(&link(folder, number))).unwrap();
        let (chip, control) = VirtualPn532::new();
        tokio::spawn(chip.serve(pty));
        control.set_silence(SILENCE);
        if count > 1 {
            control.put(Target::iso_dep([8, 1, 2, 3], FunctionCard::new([], |_| vec![0x90, 0x00])));
        }
        controls.push(control);
    }
    println!("ready");
    let control = controls.swap_remove(0);
    let told = tokio::task::spawn_blocking(move || {
        for _line in std::io::stdin().lines() {
            println!("{} {}", control.field_on_time().as_micros(), control.commands());
        }
    });
    // The other ones are served meanwhile.
    told.await.unwrap();
    drop(controls);
}
