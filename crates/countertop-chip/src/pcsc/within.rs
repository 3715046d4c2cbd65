//! A single call of the service, bounded in time.

use core::time::Duration;
use std::sync::mpsc;
use std::thread;

use countertop_device::{DeviceError, DeviceErrorKind};
use pcsc::Error;

use super::error;

/// Makes a call on a thread of its own, which is left alone when it takes longer than `limit`.
pub(super) fn limit<T: Send + 'static>(
    limit: Duration,
    device: &str,
    action: &str,
    call: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, DeviceError> {
    let (answer, answered) = mpsc::channel();
    thread::Builder::new()
        .name("pcsc-once".into())
        // Nobody hears an answer that comes too late.
        .spawn(move || drop(answer.send(call())))
        .map_err(|error| DeviceError::from_io(error, device, "start a thread"))?;
    match answered.recv_timeout(limit) {
        Ok(answer) => answer.map_err(|error| error::device_error(device, action, error)),
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            Err(DeviceError::new(DeviceErrorKind::Other, device, action))
        }
        Err(mpsc::RecvTimeoutError::Timeout) => {
            Err(DeviceError::new(DeviceErrorKind::TimedOut, device, action)
                .with_help("the service pcscd hangs: `sudo systemctl restart pcscd`"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_too_long_is_left_alone() {
        let (end, ended) = mpsc::channel::<()>();
        let hung = limit(Duration::from_millis(10), "pcsc", "list readers", move || {
            let _ = ended.recv();
            Ok(())
        });
        assert_eq!(hung.unwrap_err().kind(), DeviceErrorKind::TimedOut);
        drop(end);
        let done = limit(Duration::from_secs(10), "pcsc", "list readers", || Ok(7));
        assert_eq!(done.unwrap(), 7);
        let failed: Result<(), _> =
            limit(Duration::from_secs(10), "pcsc", "list", || Err(Error::NoService));
        assert_eq!(failed.unwrap_err().kind(), DeviceErrorKind::ServiceGone);
    }
}
