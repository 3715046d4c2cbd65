//! A device that is plugged in, and a program that works with it without end.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use countertop_device::{
    DeviceError, DeviceErrorKind, Driver, Functions, Identity, Listing, Settings,
};
use countertop_virtual::usb::{PluggedDevice, UsbDevice};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::kernel::{LONG, soon};
use crate::lab_test::{TestResult, check};

/// Is what a program does with a device.
#[async_trait]
pub(super) trait Work: Send + 'static {
    /// Returns the driver.
    fn driver(&self) -> &'static dyn Driver;

    /// Takes what was opened.
    fn take(&mut self, functions: Functions) -> Option<()>;

    /// Prepares what was plugged in and opened, where the kernel wants it.
    async fn prepare(&mut self) -> TestResult {
        Ok(())
    }

    /// Does one useful thing with the device, and checks that it is right.
    async fn exchange(&mut self) -> Result<(), DeviceError>;

    /// Says at which step of an exchange it is.
    fn doing(&self) -> &'static str {
        "an exchange"
    }

    /// Closes the device.
    fn close(&mut self);
}

/// Is what the program tells.
#[derive(Debug)]
pub(super) enum Report {
    /// It has found the device, opened it and done one useful thing.
    Works(Identity),
    /// The device has failed.
    Failed(DeviceError, Instant),
    /// Something that must not be.
    Wrong(String),
}

/// Is a device that can be pulled, and the program that works with it.
pub(super) struct Station {
    pub(super) name: &'static str,
    plugged: Option<PluggedDevice>,
    reports: mpsc::Receiver<Report>,
    again: mpsc::Sender<()>,
    program: JoinHandle<()>,
}

impl Station {
    /// Plugs the device in and starts the program, which has to find it.
    pub(super) async fn start(
        name: &'static str,
        device: UsbDevice,
        work: impl Work,
    ) -> TestResult<(Self, Identity)> {
        let (tell, reports) = mpsc::channel(8);
        let (again, go) = mpsc::channel(1);
        let program = tokio::spawn(program(work, tell, go));
        let plugged = device.plug().await?;
        plugged.configured().await?;
        let mut station = Self { name, plugged: Some(plugged), reports, again, program };
        let identity = station.works().await?;
        Ok((station, identity))
    }

    /// Waits until the program works, and returns the identity that it found.
    async fn works(&mut self) -> TestResult<Identity> {
        match timeout(2 * LONG, self.reports.recv()).await {
            Ok(Some(Report::Works(identity))) => Ok(identity),
            Ok(Some(Report::Wrong(what))) => Err(format!("{}: {what}", self.name).into()),
            other => Err(format!("{}: it should work, but {other:?}", self.name).into()),
        }
    }

    /// Fails when the program has met an error by itself.
    pub(super) fn undisturbed(&mut self) -> TestResult {
        match self.reports.try_recv() {
            Err(mpsc::error::TryRecvError::Empty) => Ok(()),
            other => Err(format!("{}: nobody pulled it, but {other:?}", self.name).into()),
        }
    }

    /// Pulls the plug; returns the error that the program got, and how long after.
    pub(super) async fn pull(&mut self) -> TestResult<(DeviceError, Duration)> {
        let began = Instant::now();
        self.plugged.as_ref().ok_or("not plugged")?.pull();
        match timeout(LONG, self.reports.recv()).await {
            Ok(Some(Report::Failed(error, at))) => Ok((error, at.saturating_duration_since(began))),
            Ok(Some(Report::Wrong(what))) => Err(format!("{}: {what}", self.name).into()),
            other => Err(format!("{}: pulled, but {other:?}", self.name).into()),
        }
    }

    /// Plugs the device in again, at the same port, and waits until the program works with it.
    pub(super) async fn replug(&mut self) -> TestResult<Identity> {
        let plugged = self.plugged.take().ok_or("not plugged")?;
        let port = plugged.port();
        let device = plugged.unplug().await?;
        let plugged = device.plug_at(port).await?;
        plugged.configured().await?;
        self.plugged = Some(plugged);
        self.again.send(()).await?;
        self.works().await
    }

    /// Ends the program and pulls the plug.
    pub(super) async fn end(self) -> TestResult {
        self.program.abort();
        if let Some(plugged) = self.plugged {
            plugged.unplug().await?;
        }
        Ok(())
    }
}

async fn program(mut work: impl Work, tell: mpsc::Sender<Report>, mut go: mpsc::Receiver<()>) {
    loop {
        let report = match find_and_work(&mut work, &tell).await {
            Ok((error, at)) => Report::Failed(error, at),
            Err(error) => Report::Wrong(error.to_string()),
        };
        work.close();
        if tell.send(report).await.is_err() || go.recv().await.is_none() {
            return;
        }
    }
}

/// Finds the device, opens it, and works until it fails.
async fn find_and_work(
    work: &mut impl Work,
    tell: &mpsc::Sender<Report>,
) -> TestResult<(DeviceError, Instant)> {
    let identity = begin(work).await?;
    tell.send(Report::Works(identity)).await?;
    let mut troubles = 0;
    loop {
        match exchange(work).await? {
            Ok(()) => troubles = 0,
            // A command that was under way when the plug was pulled may end in silence, or be cut off, and
            // libccid takes a reader that went for a card that left until the kernel has noticed;
            // the next one tells.
            Err(error) if unclear(&error) && troubles < 3 => {
                println!("on the way: {error}");
                troubles += 1;
            }
            Err(error) => return Ok((error, Instant::now())),
        }
    }
}

fn unclear(error: &DeviceError) -> bool {
    matches!(
        error.kind(),
        DeviceErrorKind::TimedOut | DeviceErrorKind::Protocol | DeviceErrorKind::CardRemoved
    )
}

/// Tries until one useful thing is done. A device that has just been plugged in may need more than one
/// try: a service still lists the one that was pulled, and an emulated processor keeps no library's
/// deadlines.
async fn begin(work: &mut impl Work) -> TestResult<Identity> {
    let end = Instant::now() + LONG;
    loop {
        let listing = find(work.driver()).await?;
        match try_once(work, &listing).await? {
            Ok(()) => return listing.info.identity.ok_or_else(|| "it has no identity".into()),
            Err(error) if Instant::now() >= end => return Err(error.into()),
            Err(error) => println!("once more: {error}"),
        }
        work.close();
        sleep(Duration::from_millis(100)).await;
    }
}

async fn try_once(work: &mut impl Work, listing: &Listing) -> TestResult<Result<(), DeviceError>> {
    let settings = Settings::new();
    let opening = work.driver().open(&listing.info.selector, &settings);
    match soon("the opening", opening).await? {
        Ok(functions) => work.take(functions).ok_or("the driver gives another function")?,
        Err(error) => return Ok(Err(error)),
    }
    soon("the preparation", work.prepare()).await??;
    exchange(work).await
}

/// Does one useful thing; one that hangs is told with the step that it hangs at.
async fn exchange(work: &mut impl Work) -> TestResult<Result<(), DeviceError>> {
    let result = soon("an exchange", work.exchange()).await;
    result.map_err(|error| format!("{}: {error}", work.doing()).into())
}

/// Looks until the driver lists a device.
async fn find(driver: &dyn Driver) -> TestResult<Listing> {
    let end = Instant::now() + LONG;
    loop {
        if let Ok(found) = driver.list()
            && let Some(listing) = found.into_iter().next()
        {
            return Ok(listing);
        }
        check!(Instant::now() < end, "the driver does not list the device");
        sleep(Duration::from_millis(10)).await;
    }
}
