//! A printer without an answer channel (protocol 1 of the printer class).

use std::fs;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use countertop_device::{Attention, DeviceErrorKind, HealthLevel, PrintOutcome, Settings};
use countertop_transport::{Line, open as open_link};
use countertop_virtual::usb::{
    ControlAnswer, PluggedDevice, UsbDescriptors, UsbDevice, UsbFunction,
};
use countertop_wire::usb::printer::{CLASS, PrinterRequest, SUBCLASS, UNIDIRECTIONAL};
use countertop_wire::usb::{EndpointDescriptor, Interface, SetupPacket};

use super::bench::{NODE, USB, USBLP, lines, open_printer};
use crate::kernel;
use crate::lab_test::{TestResult, check};

const LONG: Duration = Duration::from_secs(20);

/// Is a printer that says what its port says, and nothing else.
#[derive(Default, Clone)]
struct OneWay {
    status: Arc<AtomicU8>,
    received: Arc<Mutex<Vec<u8>>>,
}

/// Bytes that are kept; the rest was received too.
const KEPT: usize = 64 * 1024;

impl OneWay {
    fn take(&self) -> String {
        let mut received = self.received.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&std::mem::take(&mut *received)).into_owned()
    }
}

impl UsbFunction for OneWay {
    fn control(&mut self, setup: &SetupPacket, _: &[u8]) -> ControlAnswer {
        match PrinterRequest::parse(setup) {
            Some(PrinterRequest::GetPortStatus) => {
                ControlAnswer::Data(vec![self.status.load(Ordering::SeqCst)])
            }
            Some(PrinterRequest::SoftReset) => ControlAnswer::Accepted,
            _ => ControlAnswer::Stall,
        }
    }

    fn out(&mut self, _: u8, data: &[u8]) {
        let mut received = self.received.lock().unwrap_or_else(PoisonError::into_inner);
        if received.len() < KEPT {
            received.extend_from_slice(data);
        }
    }
}

/// Plugs in a printer without an answer channel.
async fn plug(one_way: &OneWay) -> TestResult<PluggedDevice> {
    kernel::modprobe(&["vhci_hcd", "usblp"]).await?;
    one_way.status.store(0x18, Ordering::SeqCst);
    let interface = Interface::new(0, CLASS, SUBCLASS, UNIDIRECTIONAL)
        .endpoint(EndpointDescriptor::bulk(0x01, 64));
    let descriptors = UsbDescriptors::new(0x04b8, 0x0e15).product("TM-U220").interface(interface);
    let plugged = UsbDevice::new(descriptors, one_way.clone())?.plug().await?;
    plugged.configured().await?;
    kernel::wait_node(NODE).await?;
    kernel::settle().await?;
    Ok(plugged)
}

/// Prints blindly and says so; its port tells of the paper; pulled, it is disconnected.
pub(super) async fn port_status_tells() -> TestResult {
    let one_way = OneWay::default();
    let plugged = plug(&one_way).await?;
    for selector in [USBLP, USB] {
        let mut printer = open_printer(selector, &Settings::new()).await?;
        let outcome = printer.print(&lines(10)).await?;
        check!(outcome == PrintOutcome::Unknown, "{selector}: the outcome is {outcome:?}");
        let received = one_way.take();
        check!(received.contains("line 9 of 10"), "{selector}: it received {received:?}");
        let state = printer.status().await?;
        check!(state.attention.is_none(), "{selector}: the state is {state:?}");
        one_way.status.store(0x38, Ordering::SeqCst);
        let error = printer.print(&lines(1)).await.err().ok_or("printed without paper")?;
        check!(error.kind() == DeviceErrorKind::NeedsAttention(Attention::PaperOut), "{error}");
        let health = printer.check_health(HealthLevel::Internal).await?;
        check!(health.text.contains("paper out"), "{selector}: {health:?}");
        one_way.status.store(0x18, Ordering::SeqCst);
    }
    let mut printer = open_printer(USBLP, &Settings::new()).await?;
    plugged.unplug().await?;
    let error = printer.print(&lines(1)).await.err().ok_or("a pulled printer prints")?;
    check!(error.kind() == DeviceErrorKind::Disconnected, "{error}");
    Ok(())
}

/// Writes 3 MB by both ways and says how fast, and how much memory it took.
pub(super) async fn three_megabytes() -> TestResult {
    const BYTES: usize = 3_000_000;
    let plugged = plug(&OneWay::default()).await?;
    for selector in [USBLP, USB] {
        let mut line = Line::new(open_link(&selector.parse()?, &Settings::new()).await?, selector);
        let job = vec![0x00; BYTES];
        line.write(&job[..100_000], LONG, "print").await?;
        let (before, began) = (memory()?, Instant::now());
        let mut most = before;
        for chunk in job.chunks(64 * 1024) {
            line.write(chunk, LONG, "print").await?;
            most = most.max(memory()?);
        }
        let (took, more) = (began.elapsed(), most - before);
        println!("{selector}: {BYTES} bytes in {took:?}, and at most {more} kB more than before");
        check!(more < 8 * 1024, "{selector}: {more} kB more than before");
    }
    kernel::wait_node(NODE).await?;
    plugged.unplug().await?;
    Ok(())
}

/// Returns the resident memory of this process in kB.
fn memory() -> TestResult<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    Ok(line.ok_or("no VmRSS")?.trim().trim_end_matches(" kB").parse()?)
}
