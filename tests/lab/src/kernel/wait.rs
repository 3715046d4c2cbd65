//! Bounded waits for what the kernel and udev do in their own time.

use std::path::Path;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::threads::threads;
use crate::lab_test::TestResult;

/// Is more than the kernel and udev ever need under emulation.
pub(crate) const LONG: Duration = Duration::from_secs(20);

/// Looks every few milliseconds until there is something, and returns it.
///
/// # Errors
///
/// After `limit`, with what was waited for.
pub(crate) async fn wait_for<T>(
    what: &str,
    limit: Duration,
    mut look: impl FnMut() -> Option<T>,
) -> TestResult<T> {
    let end = Instant::now() + limit;
    loop {
        if let Some(found) = look() {
            return Ok(found);
        }
        if Instant::now() >= end {
            return Err(format!("waited {limit:?} in vain for {what}").into());
        }
        sleep(Duration::from_millis(5)).await;
    }
}

/// Waits for a call of a driver; one that hangs is told with where its threads stand in the kernel.
///
/// # Errors
///
/// After [`LONG`], with what was waited for.
pub(crate) async fn soon<F: Future>(what: &str, call: F) -> TestResult<F::Output> {
    match timeout(LONG, call).await {
        Ok(came) => Ok(came),
        Err(_elapsed) => {
            let threads = threads()?;
            Err(format!("waited in vain for {what}; the threads stand at\n{threads}").into())
        }
    }
}

/// Waits until this path is there.
pub(crate) async fn wait_node(path: impl AsRef<Path>) -> TestResult {
    let path = path.as_ref();
    wait_for(&path.display().to_string(), LONG, || path.exists().then_some(())).await
}

/// Waits until this path is gone.
pub(crate) async fn wait_gone(path: impl AsRef<Path>) -> TestResult {
    let path = path.as_ref();
    let what = format!("the end of {}", path.display());
    wait_for(&what, LONG, || (!path.exists()).then_some(())).await
}
