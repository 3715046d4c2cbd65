//! Claims between processes: the other one is this test program again, which holds a claim.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use countertop_device::{DeviceError, DeviceErrorKind};
use countertop_hub::{Claim, Claims};

const PRINTER: &str = "04b8:0e15-s-6e0b2d9f4c3a1180";

/// Tells the other process what it is to do.
const PART: &str = "COUNTERTOP_TEST_PART";

/// Is the other process's part; as a test of its own it has nothing to do.
#[tokio::test]
async fn other_process() {
    let Ok(part) = std::env::var(PART) else { return };
    let mut claim = Claims::from_environment().claim(PRINTER).unwrap().unwrap();
    println!("\nclaimed");
    match part.as_str() {
        "keep" => claim.release_requested().await.keep(),
        "release" => {
            let request = claim.release_requested().await;
            claim.release_to(request).await;
            return;
        }
        _ => {}
    }
    // Until the test hangs up.
    let _ = std::io::stdin().lines().next();
}

struct Other(Child);

impl Other {
    /// Starts the other process and waits until it has claimed the printer.
    fn start(folder: &Path, part: &str) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["other_process", "--exact", "--nocapture"])
            .env("COUNTERTOP_LOCK_DIR", folder)
            .env(PART, part)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        lines.find(|line| line.as_ref().unwrap().contains("claimed")).unwrap().unwrap();
        std::thread::spawn(move || lines.for_each(drop));
        Self(child)
    }

    fn end(mut self) {
        self.0.stdin.take().unwrap().write_all(b"\n").unwrap();
        assert!(self.0.wait().unwrap().success());
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn refused(claims: &Claims) -> DeviceError {
    let error = claims.claim(PRINTER).unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::Busy);
    error
}

#[test]
fn the_second_claimer_is_told_who_holds_the_device() {
    let folder = tempfile::tempdir().unwrap();
    let claims = Claims::in_folder(folder.path());
    let other = Other::start(folder.path(), "hold");
    let (pid, error) = (other.0.id(), refused(&claims));
    assert!(error.to_string().contains(&format!("process {pid}")), "{error}");
    assert!(error.to_string().contains("`claims-"), "names the program: {error}");
    assert!(error.help().unwrap().contains(&format!("kill {pid}")), "{error:?}");
    other.end();
    claims.claim(PRINTER).unwrap().unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_claim_ends_with_its_process_however_that_ends() {
    let folder = tempfile::tempdir().unwrap();
    let claims = Claims::in_folder(folder.path());
    let mut other = Other::start(folder.path(), "hold");
    refused(&claims);
    other.0.kill().unwrap();
    other.0.wait().unwrap();
    drop(claims.claim(PRINTER).unwrap().unwrap());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left behind");
}

async fn ask(folder: &Path) -> Result<Option<Claim>, DeviceError> {
    Claims::in_folder(folder).request_release(PRINTER, Duration::from_secs(10)).await
}

#[tokio::test]
async fn another_process_releases_or_keeps_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let keeps = Other::start(folder.path(), "keep");
    let error = ask(folder.path()).await.unwrap_err();
    assert!(error.help().unwrap().contains("keeps the device"), "{error:?}");
    keeps.end();
    let _releases = Other::start(folder.path(), "release");
    assert!(ask(folder.path()).await.unwrap().is_some());
}

#[tokio::test]
async fn a_process_that_dies_while_it_is_asked_has_released() {
    let folder = tempfile::tempdir().unwrap();
    let mut holds = Other::start(folder.path(), "hold");
    let path = folder.path().to_owned();
    let asked = tokio::spawn(async move { ask(&path).await });
    tokio::task::yield_now().await;
    holds.0.kill().unwrap();
    holds.0.wait().unwrap();
    assert!(asked.await.unwrap().unwrap().is_some());
}

#[test]
fn of_many_at_once_one_holds_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let held = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let claims = Claims::in_folder(folder.path());
                let mut times = 0;
                while times < 100 {
                    let Ok(claim) = claims.claim(PRINTER) else { continue };
                    assert!(claim.is_some(), "the folder can be written");
                    assert!(!held.swap(true, Ordering::SeqCst), "two hold it");
                    held.store(false, Ordering::SeqCst);
                    times += 1;
                }
            });
        }
    });
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
