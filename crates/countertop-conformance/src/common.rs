//! What every driver must do, whatever it drives.

use core::fmt::Debug;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use core::time::Duration;

use countertop_device::{
    Device, DeviceError, DeviceErrorKind, Health, HealthLevel, HealthReport, Selector,
};
use tokio::time::timeout;

use crate::report::{Fault, require};
use crate::{Fixture, Tap};

/// Is a driver opened for one check.
pub(crate) struct Opened<T: ?Sized> {
    pub(crate) tap: Tap,
    pub(crate) function: Box<T>,
}

/// Opens the driver.
pub(crate) async fn open<F: Fixture>(fixture: &mut F) -> Result<Opened<F::Function>, Fault> {
    let (tap, deadline) = (Tap::default(), fixture.deadline());
    let function = within(deadline, "open", fixture.open(&tap)).await?;
    let function = function.map_err(|error| Fault::new(format!("open: {error}")))?;
    require(tap.is_connected(), || "the fixture has not wrapped the device's end".into())?;
    Ok(Opened { tap, function })
}

/// Lets arrive what is on its way to the device.
async fn settle() {
    tokio::time::sleep(Duration::from_millis(20)).await;
}

/// Waits for a future that must not hang.
pub(crate) async fn within<T>(
    deadline: Duration,
    what: &str,
    future: impl Future<Output = T>,
) -> Result<T, Fault> {
    let hangs = || Fault::new(format!("{what}: nothing within {deadline:?}"));
    timeout(deadline, future).await.map_err(|_elapsed| hangs())
}

/// Info performs no I/O and names driver and selector.
pub(crate) async fn identity<F: Fixture>(fixture: &mut F) -> Result<(), Fault> {
    let opened = open(fixture).await?;
    settle().await;
    let before = opened.tap.received();
    let info = opened.function.info().clone();
    let again = opened.function.info();
    require(info == *again, || format!("info changes by itself: {info:?}, then {again:?}"))?;
    settle().await;
    require(opened.tap.received() == before, || "info sends bytes to the device".into())?;
    let selector = info.selector.to_string();
    let parsed = selector.parse::<Selector>();
    require(parsed.as_ref() == Ok(&info.selector), || {
        format!("the selector `{selector}` is read back as {parsed:?}")
    })?;
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    require(!info.driver.is_empty() && info.driver.bytes().all(allowed), || {
        format!("the driver's name `{}` is not made of a to z, 0 to 9 and -", info.driver)
    })
}

/// A well device is well at the levels that need no person, twice.
pub(crate) async fn health<F: Fixture>(fixture: &mut F) -> Result<(), Fault> {
    let mut opened = open(fixture).await?;
    for level in [HealthLevel::Internal, HealthLevel::External, HealthLevel::Internal] {
        let report = check_health(fixture, &mut *opened.function, level).await?;
        let report = report.map_err(|error| Fault::new(format!("{level:?}: {error}")))?;
        require(report.health == Health::Good, || {
            format!("{level:?}: a well device is {report:?}")
        })?;
    }
    Ok(())
}

pub(crate) async fn check_health<F: Fixture>(
    fixture: &F,
    function: &mut F::Function,
    level: HealthLevel,
) -> Result<Result<HealthReport, DeviceError>, Fault> {
    let what = format!("health at level {level:?}");
    within(fixture.deadline(), &what, function.check_health(level)).await
}

/// A mute device is unwell or times out, and is well again afterwards. Drivers of devices that take
/// no commands cannot tell.
pub(crate) async fn mute<F: Fixture>(fixture: &mut F) -> Result<(), Fault> {
    let mut opened = open(fixture).await?;
    opened.tap.cut_after(0);
    let report = check_health(fixture, &mut *opened.function, HealthLevel::Internal).await?;
    let tells = opened.tap.lost() > 0;
    match report {
        Ok(report) => require(!tells || report.health != Health::Good, || {
            format!("the health of a mute device is {report:?}")
        })?,
        Err(error) => has_kind(fixture, &error, DeviceErrorKind::TimedOut)?,
    }
    opened.tap.release();
    let report = check_health(fixture, &mut *opened.function, HealthLevel::Internal).await?;
    let well = report.as_ref().is_ok_and(|report| report.health == Health::Good);
    require(well, || format!("after late answers, health is {report:?}"))
}

/// After the link closed, health says so in time.
pub(crate) async fn gone<F: Fixture>(fixture: &mut F) -> Result<(), Fault> {
    let mut opened = open(fixture).await?;
    opened.tap.hang_up();
    match check_health(fixture, &mut *opened.function, HealthLevel::Internal).await? {
        Ok(_report) => Ok(()),
        Err(error) => has_kind(fixture, &error, DeviceErrorKind::Disconnected),
    }
}

/// An error has the kind, says device and action, and betrays nothing.
pub(crate) fn has_kind<F: Fixture>(
    fixture: &F,
    error: &DeviceError,
    kind: DeviceErrorKind,
) -> Result<(), Fault> {
    require(error.kind() == kind, || format!("the kind is not {kind:?}: {error}"))?;
    require(!error.device().is_empty(), || format!("the error names no device: {error:?}"))?;
    require(!error.action().is_empty(), || format!("the error names no action: {error:?}"))?;
    keeps_secrets(fixture, error)?;
    keeps_secrets(fixture, &error.to_string())
}

/// `Debug` shows no secret, be it as text, in hexadecimal or as a list of numbers.
pub(crate) fn keeps_secrets<F: Fixture>(
    fixture: &F,
    value: &(impl Debug + ?Sized),
) -> Result<(), Fault> {
    let shown = format!("{value:?}");
    for secret in fixture.secrets() {
        let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        let list = format!("{secret:?}");
        let text = String::from_utf8_lossy(&secret).into_owned();
        for form in [&text, &hex, &hex.to_uppercase(), list.trim_matches(['[', ']'])] {
            require(!shown.contains(form), || "Debug shows a secret".into())?;
        }
    }
    Ok(())
}

/// Polls a future so often at the most, then gives it up.
pub(crate) struct DropAfter<'a, T> {
    future: Pin<Box<dyn Future<Output = T> + Send + 'a>>,
    polls: usize,
}

impl<'a, T> DropAfter<'a, T> {
    pub(crate) fn new(polls: usize, future: impl Future<Output = T> + Send + 'a) -> Self {
        Self { future: Box::pin(future), polls }
    }
}

impl<T> Future for DropAfter<'_, T> {
    type Output = Option<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        if self.polls == 0 {
            return Poll::Ready(None);
        }
        self.polls -= 1;
        match self.future.as_mut().poll(cx) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if self.polls == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    }
}
