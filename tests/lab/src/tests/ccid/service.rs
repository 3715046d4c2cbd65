//! pcscd with libccid, started, killed and started again by a test.

use std::fs::File;
use std::process::Stdio;
use std::time::Duration;

use countertop_chip::PcscDriver;
use countertop_device::Driver as _;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};

use crate::kernel::LONG;
use crate::lab_test::{TestResult, check};

/// Where pcscd writes what it does.
const LOG: &str = "/run/lab/pcscd.log";
/// How long its thread for a reader may take to end, which looks twice a second, and an opening.
const PATIENCE: Duration = Duration::from_secs(4);

/// Tells whether the last thread that was told to end has not.
fn waits_for_a_thread(log: &str) -> bool {
    let told = log.rfind("EHDestroyEventHandler() Stomping thread.");
    told > log.rfind("EHDestroyEventHandler() Thread stomped.")
}

/// Tells whether a reader is being opened.
fn opens(log: &str) -> bool {
    log.lines().next_back().is_some_and(|line| line.contains("OpenUSBByName()"))
}

/// Is a running pcscd without readers of configuration files.
#[derive(Debug)]
pub(crate) struct Service {
    child: Child,
}

impl Service {
    /// Starts pcscd and waits until it answers; what it says is in `pcscd.log`.
    pub(crate) async fn start() -> TestResult<Self> {
        let nothing = std::env::temp_dir().join("no-readers");
        std::fs::create_dir_all(&nothing)?;
        let log = File::options().create(true).append(true).open(LOG)?;
        let mut child = Command::new("/usr/sbin/pcscd")
            .args(["--foreground", "--info", "--config"])
            .arg(nothing)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true)
            .spawn()?;
        let end = Instant::now() + LONG;
        // Its socket takes connections before it answers them.
        while tokio::task::spawn_blocking(|| PcscDriver::new().list().is_err()).await? {
            check!(child.try_wait()?.is_none(), "pcscd ended");
            check!(Instant::now() < end, "pcscd does not answer");
            sleep(Duration::from_millis(5)).await;
        }
        Ok(Self { child })
    }

    /// Runs a test that pulls readers out of commands, beside the nurse, and kills the service behind it.
    pub(crate) async fn nursing(mut self, test: impl Future<Output = TestResult>) -> TestResult {
        let result = tokio::select! {
            result = test => result,
            failed = self.nurse() => failed,
        };
        self.kill().await?;
        result
    }

    /// Kills it and starts it again each time it can take no reader away any more, or bring one; never
    /// returns before that fails.
    ///
    /// pcscd (1.9.9) tells the thread that watches a reader to end by a mark that each command overwrites
    /// (`EHDestroyEventHandler`, `RFUnlockSharing`): when a command was under way while the cable was
    /// pulled, it may wait for that thread for ever, and sees no more readers come or go.
    ///
    /// libccid (1.5.2) has one context of libusb for all readers and no lock around it: when the last one is
    /// taken away while the next is opened, it frees what that opening uses (`close_libusb_if_needed`).
    async fn nurse(&mut self) -> TestResult {
        let mut ill_since = None;
        loop {
            sleep(Duration::from_secs(1)).await;
            let log = std::fs::read_to_string(LOG)?;
            let is_ill = waits_for_a_thread(&log) || opens(&log);
            ill_since = is_ill.then(|| ill_since.unwrap_or_else(Instant::now));
            if ill_since.is_some_and(|since| since.elapsed() > PATIENCE) {
                println!("pcscd waits for itself: it is started again");
                self.child.kill().await?;
                std::fs::write(LOG, "")?;
                *self = Self::start().await?;
                ill_since = None;
            }
        }
    }

    /// Kills it as `kill -9` does.
    pub(crate) async fn kill(mut self) -> TestResult {
        self.child.kill().await?;
        Ok(())
    }
}

#[cfg(test)]
mod checks {
    use super::*;

    #[test]
    fn an_opening_that_says_no_more_is_seen() {
        let opening = "1 ccid_usb.c:757:OpenUSBByName() bNumDataRatesSupported is 0\n";
        assert!(!opens(""));
        assert!(opens(opening));
        assert!(!opens(&format!("{opening}1 ifdhandler.c:389:IFDHGetCapabilities() tag: 0xFAE\n")));
    }

    #[test]
    fn a_thread_that_was_told_and_has_not_ended_is_seen() {
        let told = "1 eventhandler.c:175:EHDestroyEventHandler() Stomping thread.\n";
        let ended = "1 eventhandler.c:215:EHDestroyEventHandler() Thread stomped.\n";
        assert!(!waits_for_a_thread(""));
        assert!(waits_for_a_thread(told));
        assert!(!waits_for_a_thread(&format!("{told}{ended}")));
        assert!(waits_for_a_thread(&format!("{told}{ended}{told}")));
    }
}
