//! What other programs see of a device that is grabbed: nothing.

use std::time::Duration;

use countertop_device::DeviceErrorKind;
use countertop_input::wedge::WedgeScanner;
use countertop_transport::evdev::EvdevDevice;
use countertop_virtual::wedge::WedgeConfig;
use countertop_wire::keyboard::{BootReport, Modifiers};
use tokio::fs::File;
use tokio::io::AsyncReadExt as _;
use tokio::time::{sleep, timeout};

use super::bench::{Bench, CODE, Carrier, SOON, open, settings};
use crate::kernel;
use crate::lab_test::{TestResult, check};

/// Silence after which nothing comes any more.
const SILENCE: Duration = Duration::from_millis(500);

/// Is another program that reads the device, without grabbing it.
struct Other(evdev::EventStream);

impl Other {
    fn open(device: &EvdevDevice) -> TestResult<Self> {
        Ok(Self(evdev::Device::open(&device.node)?.into_event_stream()?))
    }

    /// Counts the events that come until it is silent.
    async fn count(&mut self) -> TestResult<usize> {
        let mut count = 0;
        while let Ok(event) = timeout(SILENCE, self.0.next_event()).await {
            event?;
            count += 1;
        }
        Ok(count)
    }
}

/// Reads what the kernel's console got until it is silent.
async fn console(tty: &mut File) -> TestResult<usize> {
    let mut count = 0;
    let mut bytes = [0; 256];
    while let Ok(read) = timeout(SILENCE, tty.read(&mut bytes)).await {
        count += read?;
    }
    Ok(count)
}

pub(super) async fn nobody_else_sees_a_code() -> TestResult {
    let (bench, device) = Bench::plugged(Carrier::Uhid, WedgeConfig::scanner()).await?;
    let mut other = Other::open(&device)?;
    let mut tty = File::open("/dev/tty1").await?;
    // A terminal forgets how it was set when nobody has it open.
    kernel::run("stty", &["-F", "/dev/tty1", "raw", "-echo"]).await?;
    // Not grabbed, both see it.
    bench.hand.type_text("abc").await?;
    check!(other.count().await? >= 12, "the other program sees no keys");
    check!(console(&mut tty).await? == 3, "the console did not get the keys");
    let mut scanner = open(&device).await?;
    for _ in 0..3 {
        bench.scan(&mut scanner, CODE).await?;
    }
    check!(other.count().await? == 0, "another program sees a code");
    drop(scanner);
    bench.hand.type_text("z").await?;
    check!(other.count().await? > 0, "the device was not released");
    let seen = console(&mut tty).await?;
    check!(seen == 1, "the console got {seen} characters in place of one");
    Ok(())
}

pub(super) async fn second_grab_is_busy() -> TestResult {
    let (bench, device) = Bench::plugged(Carrier::Uinput, WedgeConfig::scanner()).await?;
    let mut scanner = open(&device).await?;
    let second = WedgeScanner::open(&device.selector, &settings()).await;
    let kind = second.err().map(|error| error.kind());
    check!(kind == Some(DeviceErrorKind::Busy), "the second one got {kind:?}");
    bench.scan(&mut scanner, CODE).await?;
    drop(scanner);
    bench.scan(&mut open(&device).await?, CODE).await.map(drop)
}

/// A key that is held when a device is grabbed would stay pressed for the desktop.
pub(super) async fn held_keys_are_waited_for() -> TestResult {
    let (bench, device) = Bench::plugged(Carrier::Uinput, WedgeConfig::scanner()).await?;
    let mut other = Other::open(&device)?;
    let held = BootReport::of_key(Modifiers::SHIFT, 0x04);
    bench.hand.send_report(held).await?;
    sleep(Duration::from_millis(50)).await;
    let settings = settings().with("grab_ms", 300);
    let kind = WedgeScanner::open(&device.selector, &settings).await.err().map(|it| it.kind());
    check!(kind == Some(DeviceErrorKind::Busy), "with a key held, opening gave {kind:?}");
    other.count().await?;
    let let_go = async {
        sleep(Duration::from_millis(200)).await;
        bench.hand.send_report(BootReport::default()).await
    };
    let both = async { tokio::join!(open(&device), let_go) };
    let (scanner, let_go) = timeout(SOON, both).await?;
    let_go?;
    // Shift and A, and SYN_REPORT.
    let seen = other.count().await?;
    check!(seen >= 3, "the others saw {seen} events of the keys that went up");
    bench.scan(&mut scanner?, CODE).await.map(drop)
}
