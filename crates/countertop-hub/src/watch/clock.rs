//! Notices that the computer slept, without a service and without asking again and again.
//!
//! A timer on the wall clock that is far in the future and cancelled whenever that clock is set
//! (`TFD_TIMER_CANCEL_ON_SET`, timerfd_create(2)) wakes up after a resume, because the kernel sets the
//! clock then. That the boot clock has gained on the monotonic one, which stands still in sleep,
//! tells a resume from a clock that somebody set.

use core::time::Duration;
use std::io;
use std::os::fd::OwnedFd;

use async_trait::async_trait;
use countertop_device::DeviceError;
use rustix::io::Errno;
use rustix::time::{
    ClockId, Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, clock_gettime,
    timerfd_create, timerfd_settime,
};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

use super::{Change, ChangeSource};

/// Tells when the computer woke up.
#[derive(Debug)]
pub struct SleepWatch {
    timer: AsyncFd<OwnedFd>,
    slept: Duration,
}

/// Less is the time between two readings of the clocks, not sleep.
const SHORTEST_SLEEP: Duration = Duration::from_millis(10);

impl SleepWatch {
    /// Starts to watch the clock.
    ///
    /// # Errors
    ///
    /// When the kernel gives no timer.
    pub fn start() -> Result<Self, DeviceError> {
        let timer = timer().map_err(|error| fail(error, "start to watch"))?;
        Ok(Self { timer, slept: slept() })
    }

    /// Waits until the wall clock was set, by a person, a time service or a resume.
    async fn clock_set(&self) -> io::Result<()> {
        loop {
            let mut ready = self.timer.readable().await?;
            match rustix::io::read(self.timer.get_ref(), &mut [0; 8]) {
                Err(Errno::AGAIN) => ready.clear_ready(),
                Err(Errno::CANCELED) | Ok(_) => return arm(self.timer.get_ref()),
                Err(error) => return Err(error.into()),
            }
        }
    }
}

#[async_trait]
impl ChangeSource for SleepWatch {
    async fn next(&mut self) -> Result<Change, DeviceError> {
        loop {
            self.clock_set().await.map_err(|error| fail(error, "watch"))?;
            let before = std::mem::replace(&mut self.slept, slept());
            if self.slept.saturating_sub(before) > SHORTEST_SLEEP {
                return Ok(Change::Resumed);
            }
        }
    }
}

#[expect(
    deprecated,
    reason = "its replacement is unsafe to call and asks what an OwnedFd always keeps: one descriptor"
)]
fn timer() -> io::Result<AsyncFd<OwnedFd>> {
    let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
    let timer = timerfd_create(TimerfdClockId::Realtime, flags)?;
    arm(&timer)?;
    AsyncFd::with_interest(timer, Interest::READABLE)
}

fn arm(timer: &OwnedFd) -> io::Result<()> {
    // The largest second that every kernel takes: in the year 2262 nanoseconds end.
    const FAR: i64 = i64::MAX / 1_000_000_000;
    let never = Timespec { tv_sec: 0, tv_nsec: 0 };
    let far = Timespec { tv_sec: FAR, tv_nsec: 0 };
    let flags = TimerfdTimerFlags::ABSTIME | TimerfdTimerFlags::CANCEL_ON_SET;
    timerfd_settime(timer, flags, &Itimerspec { it_interval: never, it_value: far })?;
    Ok(())
}

/// Returns how long the computer has slept since it was started.
fn slept() -> Duration {
    let read = |clock| Duration::try_from(clock_gettime(clock)).unwrap_or_default();
    let boot = read(ClockId::Boottime);
    boot.saturating_sub(read(ClockId::Monotonic))
}

fn fail(error: io::Error, action: &str) -> DeviceError {
    DeviceError::from_io(error, "clock", action)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_clock_that_nobody_sets_tells_nothing() {
        let mut watch = SleepWatch::start().unwrap();
        let waited = tokio::time::timeout(Duration::from_millis(5), watch.next()).await;
        assert!(waited.is_err());
    }

    #[test]
    fn the_computer_does_not_sleep_meanwhile() {
        let before = slept();
        assert!(slept().saturating_sub(before) < SHORTEST_SLEEP);
    }
}
