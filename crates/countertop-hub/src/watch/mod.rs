//! Devices that come and go, noticed by events: nothing is asked again and again.
//!
//! What changes comes from [`ChangeSource`]s: the kernel's events by udev, the drivers' own
//! watches (PC/SC), the clock that tells of a computer that woke up. On a change the drivers concerned
//! list again, and the hub tells the difference. The kernel and the clock are of the feature `watch`.

#[cfg(feature = "watch")]
mod clock;
#[cfg(feature = "watch")]
mod kernel;
mod source;

use core::convert::Infallible;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use countertop_device::{DeviceError, DeviceErrorKind, DeviceEvent, Driver, Listing};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::Hub;
#[cfg(feature = "watch")]
pub use clock::SleepWatch;
#[cfg(feature = "watch")]
pub use kernel::KernelWatch;
pub use source::{Change, ChangeSource};
use source::{DriverWatch, forward};

impl Hub {
    /// Watches what is attached, for as long as it is polled: first all that is there arrives, then
    /// each change is told as it comes. What leaves before its driver has listed it did not arrive: only
    /// who opened it meanwhile has met it.
    ///
    /// It sleeps between changes.
    ///
    /// # Errors
    ///
    /// When the kernel's events cannot be heard.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: watching ends. When it begins anew, what changed meanwhile is told.
    #[cfg(feature = "watch")]
    pub async fn watch(&self) -> Result<Infallible, DeviceError> {
        let subsystems: BTreeSet<_> =
            self.registry().drivers().flat_map(|driver| driver.subsystems()).copied().collect();
        let kernel = KernelWatch::open(subsystems.into_iter().collect())?;
        self.watch_by(vec![Box::new(kernel), Box::new(SleepWatch::start()?)]).await
    }

    /// Watches as `watch` does, with changes from `sources` and the drivers' own watches alone.
    ///
    /// # Errors
    ///
    /// When a source fails.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: watching ends. When it begins anew, what changed meanwhile is told.
    pub async fn watch_by(
        &self,
        sources: Vec<Box<dyn ChangeSource>>,
    ) -> Result<Infallible, DeviceError> {
        let _watched = self.watched();
        let (sender, mut changes) = mpsc::channel(64);
        // Dropped with this future, and the tasks with it.
        let mut tasks = JoinSet::new();
        for source in sources {
            tasks.spawn(forward(source, sender.clone()));
        }
        for driver in self.registry().drivers() {
            if let Some(watch) = driver.watch() {
                let source = DriverWatch::new(driver.name(), watch);
                tasks.spawn(forward(Box::new(source), sender.clone()));
            }
        }
        self.relist(&Concerned { all: true, ..Concerned::default() }).await;
        loop {
            let first = changes.recv().await.ok_or_else(ended)?;
            let mut concerned = Concerned::default();
            concerned.add(first?);
            while let Ok(change) = changes.try_recv() {
                concerned.add(change?);
            }
            if concerned.resumed {
                self.resume();
            }
            self.relist(&concerned).await;
        }
    }

    fn resume(&self) {
        tracing::info!("the computer woke up: devices are looked for again");
        // First: whoever hears of it and takes a device at once gets one that was opened anew.
        self.forget_opened();
        self.emit(None, DeviceEvent::Resumed);
        self.wake();
    }

    /// Lets the drivers concerned list again, each on a thread, because listing may block.
    async fn relist(&self, concerned: &Concerned) {
        let mut lists = JoinSet::new();
        for driver in self.registry().drivers().filter(|driver| concerned.is(driver.as_ref())) {
            let driver = Arc::clone(driver);
            lists.spawn_blocking(move || (driver.name(), list(driver.as_ref())));
        }
        while let Some(listed) = lists.join_next().await {
            if let Ok((driver, Some(list))) = listed {
                self.update(driver, list, &concerned.left);
            }
        }
    }
}

/// Lists what a driver sees; `None` when it cannot say, and what was known stays.
fn list(driver: &dyn Driver) -> Option<Vec<Listing>> {
    match driver.list() {
        Ok(list) => Some(list),
        // Without the service no device of it can be used.
        Err(error) if error.kind() == DeviceErrorKind::ServiceGone => Some(Vec::new()),
        Err(error) => {
            tracing::warn!(driver = driver.name(), %error, "devices cannot be listed");
            None
        }
    }
}

/// Collects whom the changes of one moment concern: one device that is plugged in makes many.
#[derive(Debug, Default)]
struct Concerned {
    all: bool,
    resumed: bool,
    subsystems: BTreeSet<String>,
    drivers: BTreeSet<String>,
    left: Vec<PathBuf>,
}

impl Concerned {
    fn add(&mut self, change: Change) {
        match change {
            Change::Any => self.all = true,
            Change::Resumed => (self.all, self.resumed) = (true, true),
            Change::Driver(name) => {
                self.drivers.insert(name);
            }
            Change::Kernel { subsystem, left } => {
                self.subsystems.insert(subsystem);
                self.left.extend(left);
            }
        }
    }

    fn is(&self, driver: &dyn Driver) -> bool {
        self.all
            || self.drivers.contains(driver.name())
            || driver.subsystems().iter().any(|it| self.subsystems.contains(*it))
    }
}

fn ended() -> DeviceError {
    DeviceError::new(DeviceErrorKind::Other, "hub", "watch devices")
        .with_source("nothing is left that tells of changes")
}
