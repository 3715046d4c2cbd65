//! How soon a device can be used, and how soon its end is known.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use countertop_device::{DeviceErrorKind, DeviceEvent, Driver as _, Identity};
use countertop_hub::{Devices, Role};
use countertop_magstripe::magtek::MagtekHidDriver;
use countertop_printer::EscPosDriver;
use countertop_transport::hotplug::{KernelAction, KernelEvents};
use countertop_virtual::magtek::MagtekConfig;
use tokio::time::timeout;

use super::bench::{Printer, hear, hub, print, watch, within};
use crate::kernel::{self, LONG, Vanishing};
use crate::lab_test::{TestResult, check};

const ROUNDS: usize = 10;

/// From the node, with its permissions, to the first use. The time of udev, and that of libusb, are written
/// beside it: under emulation they are many times those of a computer.
const USABLE: Duration = Duration::from_millis(150);

/// From the end of a device, as udev tells it, to the hub's event; from the kernel's to a caller that
/// waits.
const GONE: Duration = Duration::from_millis(50);

/// Notes when a node of this folder that starts with `prefix` is there that was not.
struct Appearing(JoinHandle<Option<Instant>>);

impl Appearing {
    fn of(folder: &'static str, prefix: &'static str) -> Self {
        let before = nodes(Path::new(folder), prefix);
        Self(thread::spawn(move || {
            let end = Instant::now() + LONG;
            while Instant::now() < end {
                if nodes(Path::new(folder), prefix).iter().any(|node| !before.contains(node)) {
                    return Some(Instant::now());
                }
                thread::sleep(Duration::from_millis(1));
            }
            None
        }))
    }

    fn until_now(self) -> TestResult<Duration> {
        let now = Instant::now();
        let appeared = self.0.join().map_err(|_| "the stopwatch broke")?.ok_or("no node came")?;
        Ok(now.saturating_duration_since(appeared))
    }
}

fn nodes(folder: &Path, prefix: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let named = entries.filter(|it| it.file_name().to_string_lossy().starts_with(prefix));
    named.map(|entry| entry.path()).collect()
}

/// Notes when udev was done with what the kernel told: by then rules have run, and the hub hears of it.
struct Told(Arc<Mutex<Option<Instant>>>);

impl Told {
    fn of(action: KernelAction) -> TestResult<Self> {
        let mut events = KernelEvents::open(&["usb", "usbmisc", "hidraw"])?;
        let last = Arc::new(Mutex::new(None));
        let noted = Arc::downgrade(&last);
        tokio::spawn(async move {
            while let Ok(event) = events.next().await {
                let Some(last) = noted.upgrade() else { return };
                if event.action == action
                    && let Ok(mut last) = last.lock()
                {
                    *last = Some(Instant::now());
                }
            }
        });
        Ok(Self(last))
    }

    /// Returns the time since the last event, none when there was none yet.
    fn until_now(&self) -> Duration {
        let last = self.0.lock().ok().and_then(|last| *last);
        last.map_or(Duration::ZERO, |last| last.elapsed())
    }
}

fn arrived(event: &DeviceEvent) -> bool {
    matches!(event, DeviceEvent::Arrived(_))
}

fn departed(event: &DeviceEvent) -> bool {
    matches!(event, DeviceEvent::Departed(_))
}

/// Returns how long opening takes when the printer is there: libusb and the printer's own answers.
async fn opening(devices: &mut Devices) -> TestResult<Duration> {
    devices.printer.close();
    let started = Instant::now();
    timeout(LONG, devices.printer.open_when_present()).await??;
    Ok(started.elapsed())
}

pub(super) async fn plugged_and_pulled() -> TestResult {
    let mut printer = Printer::new(Some("LAB0001")).await?;
    let identity = Identity::from_serial_number(0x04b8, 0x0e15, "LAB0001");
    let hub = hub(Role::ReceiptPrinter, EscPosDriver.name(), identity);
    let mut events = watch(&hub);
    let (mut usable, mut whole, mut gone) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let mut devices = hub.devices();
        let waiting = tokio::spawn(async move {
            let opened = timeout(LONG, devices.printer.open_when_present()).await;
            (opened.map(|opened| opened.map(|_| ())), devices)
        });
        let told = Told::of(KernelAction::Arrived)?;
        let appearing = Appearing::of("/dev/usb", "lp");
        printer.plug(None).await?;
        let (opened, mut devices) = waiting.await?;
        usable.push(told.until_now());
        whole.push(appearing.until_now()?);
        opened??;
        hear(&mut events, "the printer's arrival", arrived).await?;
        let alone = opening(&mut devices).await?;
        if let Some(time) = usable.last_mut() {
            *time = time.saturating_sub(alone);
        }
        let text = format!("round {round}");
        print(&mut devices, &text).await?;
        check!(printer.has_printed(&text), "{text} is not on the paper");
        let path = printer.plugged()?.sysfs_path().ok_or("no folder in /sys")?;
        let (left, vanishing) = (Told::of(KernelAction::Departed)?, Vanishing::of(path));
        printer.plugged()?.pull();
        hear(&mut events, "the printer's end", departed).await?;
        gone.push(left.until_now());
        vanishing.report("the hub")?;
        printer.unplug().await?;
    }
    within("plugged to open, after the node, udev's time included", whole, LONG)?;
    within("the same without udev's time and the opening itself", usable, USABLE)?;
    within("pulled to told, after udev", gone, GONE)
}

pub(super) async fn reader_plugged_and_pulled() -> TestResult {
    kernel::modprobe(&["uhid", "hid_generic"]).await?;
    let (mut device, _hand) = MagtekConfig::swipe_reader().serial_number("LAB0001").build()?;
    let mut plugged = device.plug().await?;
    let listed = || MagtekHidDriver.list().ok()?.into_iter().next();
    let listing = kernel::wait_for("the reader's node", LONG, listed).await?;
    device = plugged.unplug().await?;
    let identity = listing.info.identity.ok_or("a reader without an identity")?;
    let hub = hub(Role::Stripe, MagtekHidDriver.name(), identity);
    let mut events = watch(&hub);
    let (mut usable, mut whole, mut gone) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let mut devices = hub.devices();
        let waiting = tokio::spawn(async move {
            let opened = timeout(LONG, devices.stripe.open_when_present()).await;
            (opened.map(|opened| opened.map(|_| ())), devices)
        });
        let told = Told::of(KernelAction::Arrived)?;
        let appearing = Appearing::of("/dev", "hidraw");
        plugged = device.plug().await?;
        let (opened, mut devices) = waiting.await?;
        usable.push(told.until_now());
        whole.push(appearing.until_now()?);
        opened??;
        // What is pulled before the hub has looked is told neither as arrived nor as departed.
        hear(&mut events, "the reader's arrival", arrived).await?;
        let swipe =
            tokio::spawn(
                async move { devices.stripe.open().await?.next_swipe().await.map(|_| ()) },
            );
        tokio::time::sleep(Duration::from_millis(20)).await;
        let node = nodes(Path::new("/sys/class/hidraw"), "hidraw").pop().ok_or("no hidraw")?;
        let vanishing = Vanishing::of(node);
        plugged.pull();
        let error = timeout(LONG, swipe).await??.err().ok_or("a swipe out of nothing")?;
        gone.push(vanishing.report("the caller")?);
        hear(&mut events, "the reader's end", departed).await?;
        check!(error.kind() == DeviceErrorKind::Disconnected, "the caller got {error}");
        device = plugged.unplug().await?;
    }
    within("plugged to open, after the node, udev's time included", whole, LONG)?;
    within("plugged to open, after udev", usable, USABLE)?;
    within("pulled to told, after the kernel", gone, GONE)
}
