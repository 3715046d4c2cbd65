//! A link over a device that is made of memory.

use std::collections::VecDeque;
use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use countertop_device::{Access, DeviceErrorKind, Selector, Settings};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;

use super::pipe::Pipe;
use super::select::Wanted;
use super::state::OUTGOING;
use super::{UsbLink, error, list_in};
use crate::Line;
use crate::sysfs::UsbParent;

const SOON: Duration = Duration::from_secs(5);

/// Is a device that takes and gives bytes as it is told.
#[derive(Debug, Default)]
struct Fake {
    state: Mutex<FakeState>,
    changed: Condvar,
    one_way: bool,
}

#[derive(Debug, Default)]
struct FakeState {
    answers: VecDeque<Vec<u8>>,
    printed: Vec<u8>,
    /// Bytes that it still takes.
    room: usize,
    gone: bool,
    released: u32,
    given_back: u32,
    /// Reads that were begun.
    reads: u32,
}

impl Fake {
    fn with_room(room: usize) -> Arc<Self> {
        let fake = Self::default();
        fake.act(|state| state.room = room);
        Arc::new(fake)
    }

    fn act<T>(&self, act: impl FnOnce(&mut FakeState) -> T) -> T {
        let result = act(&mut self.state.lock().unwrap());
        self.changed.notify_all();
        result
    }

    fn link(self: &Arc<Self>) -> UsbLink {
        UsbLink::start(Arc::clone(self) as Arc<dyn Pipe>, "usb:04b8:0e15".to_owned()).unwrap()
    }

    /// Waits until `ready` is so, the device is gone or the interface let go.
    fn block(&self, ready: impl Fn(&FakeState) -> bool) -> io::Result<()> {
        let waits = |it: &mut FakeState| !it.gone && it.released == 0 && !ready(it);
        let state = self.changed.wait_while(self.state.lock().unwrap(), waits).unwrap();
        match (state.gone, state.released) {
            (true, _) => Err(io::Error::from_raw_os_error(error::GONE)),
            (false, 0) => Ok(()),
            (false, _) => Err(io::Error::from_raw_os_error(5)),
        }
    }
}

impl Pipe for Fake {
    fn is_bidirectional(&self) -> bool {
        !self.one_way
    }

    fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        self.act(|state| state.reads += 1);
        self.block(|state| !state.answers.is_empty())?;
        let answer = self.act(|state| state.answers.pop_front()).unwrap_or_default();
        buffer[..answer.len()].copy_from_slice(&answer);
        Ok(answer.len())
    }

    fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        self.block(|state| state.room > 0)?;
        Ok(self.act(|state| {
            let count = bytes.len().min(state.room);
            state.room -= count;
            state.printed.extend_from_slice(&bytes[..count]);
            count
        }))
    }

    fn release(&self) {
        self.act(|state| state.released += 1);
    }

    fn give_back(&self) {
        self.act(|state| {
            assert!(state.released > 0, "given back before it was let go");
            state.given_back += 1;
        });
    }
}

fn line(link: UsbLink) -> Line {
    Line::new(Box::new(link), "usb:04b8:0e15")
}

#[tokio::test]
async fn bytes_go_both_ways() {
    let fake = Fake::with_room(usize::MAX);
    let mut link = fake.link();
    let job = vec![0x55; 100_000];
    timeout(SOON, link.write_all(&job)).await.unwrap().unwrap();
    timeout(SOON, link.flush()).await.unwrap().unwrap();
    assert_eq!(fake.act(|state| state.printed.len()), job.len());
    assert_eq!((link.unsent(), link.taken()), (0, 100_000));
    fake.act(|state| state.answers.extend([vec![0x12], vec![0x37, 0x22]]));
    let mut answers = [0; 3];
    timeout(SOON, link.read_exact(&mut answers)).await.unwrap().unwrap();
    assert_eq!(answers, [0x12, 0x37, 0x22]);
}

#[tokio::test]
async fn what_a_stalled_device_has_not_taken_is_known_to_the_byte() {
    let fake = Fake::with_room(1_234);
    let mut link = fake.link();
    link.write_all(&[0x55; 3_000]).await.unwrap();
    assert!(timeout(Duration::from_millis(50), link.flush()).await.is_err());
    assert_eq!((link.unsent(), link.taken()), (1_766, 1_234));
    fake.act(|state| state.room = usize::MAX);
    timeout(SOON, link.flush()).await.unwrap().unwrap();
    assert_eq!(link.unsent(), 0);
}

#[tokio::test]
async fn a_stalled_device_makes_the_writer_wait() {
    let fake = Fake::with_room(0);
    let mut line = line(fake.link());
    let job = vec![0x55; OUTGOING + 1];
    let error = line.write(&job, Duration::from_millis(50), "print").await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::TimedOut);
}

#[tokio::test]
async fn dropping_a_blocked_link_gives_the_device_back() {
    let fake = Fake::with_room(0);
    let mut link = fake.link();
    link.write_all(&[0x55; 100]).await.unwrap();
    let before = Instant::now();
    drop(link);
    assert!(before.elapsed() < SOON);
    let (printed, given_back) = fake.act(|state| (state.printed.len(), state.given_back));
    assert_eq!((printed, given_back), (0, 1));
}

#[tokio::test]
async fn a_panic_gives_the_device_back() {
    let fake = Fake::with_room(0);
    let link = fake.link();
    let task = tokio::spawn(async move {
        let _link = link;
        panic!("on purpose");
    });
    assert!(task.await.unwrap_err().is_panic());
    assert_eq!(fake.act(|state| state.given_back), 1);
}

#[tokio::test]
async fn a_pulled_device_ends_reads_writes_and_what_comes_after() {
    let fake = Fake::with_room(10);
    let mut line = line(fake.link());
    let mut answer = Vec::new();
    let pull = async {
        tokio::task::yield_now().await;
        fake.act(|state| state.gone = true);
    };
    let (read, ()) = tokio::join!(line.read_some(&mut answer, SOON, "read status"), pull);
    assert_eq!(read.unwrap_err().kind(), DeviceErrorKind::Disconnected);
    for _ in 0..2 {
        let error = line.write(&[0x0A; 100], SOON, "print").await.unwrap_err();
        assert_eq!(error.kind(), DeviceErrorKind::Disconnected);
    }
    drop(line);
    assert_eq!(fake.act(|state| state.given_back), 1);
}

#[tokio::test]
async fn a_device_pulled_while_it_prints_ends_the_flush() {
    let fake = Fake::with_room(10);
    let mut line = line(fake.link());
    let (written, ()) = tokio::join!(line.write(&[0x0A; 100], SOON, "print"), async {
        tokio::task::yield_now().await;
        fake.act(|state| state.gone = true);
    });
    assert_eq!(written.unwrap_err().kind(), DeviceErrorKind::Disconnected);
}

#[tokio::test]
async fn a_device_without_answers_is_never_read() {
    let fake = Arc::new(Fake { one_way: true, ..Fake::default() });
    fake.act(|state| state.room = 100);
    let mut link = fake.link();
    link.write_all(&[0x0A]).await.unwrap();
    timeout(SOON, link.flush()).await.unwrap().unwrap();
    assert!(timeout(Duration::from_millis(20), link.read_u8()).await.is_err());
    drop(link);
    assert_eq!(fake.act(|state| (state.reads, state.given_back)), (0, 1));
}

#[tokio::test]
async fn an_idle_device_is_let_go_before_it_is_given_back() {
    for one_way in [true, false] {
        for _ in 0..100 {
            let fake = Arc::new(Fake { one_way, ..Fake::default() });
            drop(fake.link());
            assert_eq!(fake.act(|state| state.given_back), 1);
        }
    }
}

#[tokio::test]
async fn a_device_that_answers_with_nothing_is_left_alone_for_a_while() {
    let fake = Fake::with_room(0);
    fake.act(|state| state.answers.extend([vec![], vec![], vec![0x16]]));
    let mut link = fake.link();
    let before = Instant::now();
    assert_eq!(timeout(SOON, link.read_u8()).await.unwrap().unwrap(), 0x16);
    assert!(before.elapsed() >= Duration::from_millis(100));
    assert!(fake.act(|state| state.reads) <= 4);
}

#[tokio::test]
async fn what_nobody_reads_makes_the_device_wait() {
    let fake = Fake::with_room(0);
    fake.act(|state| state.answers.extend((0..100).map(|_| vec![0x16; 1024])));
    let mut link = fake.link();
    let mut all = vec![0; 100 * 1024];
    timeout(SOON, link.read_exact(&mut all)).await.unwrap().unwrap();
    assert!(all.iter().all(|byte| *byte == 0x16));
}

/// Makes a bus with a printer at each of `ports`, the first with a serial number.
fn bus(ports: &[&str]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("pci0000:00/0000:00:14.0/usb1");
    let devices = folder.path().join("devices");
    fs::create_dir_all(&devices).unwrap();
    for (number, port) in (1..).zip(ports) {
        let device = root.join(format!("1-{port}"));
        let interface = device.join(format!("1-{port}:1.0"));
        fs::create_dir_all(interface.join(format!("usbmisc/lp{number}"))).unwrap();
        fs::write(root.join("version"), "2.00").unwrap();
        let number = number.to_string();
        let files =
            [("idVendor", "04b8"), ("idProduct", "0e15"), ("busnum", "1"), ("devnum", &number)];
        for (file, text) in files {
            fs::write(device.join(file), text).unwrap();
        }
        if number == "1" {
            fs::write(device.join("serial"), "LAB0001").unwrap();
        }
        let numbers = [
            ("bInterfaceNumber", "00"),
            ("bInterfaceClass", "07"),
            ("bInterfaceSubClass", "01"),
            ("bInterfaceProtocol", "02"),
        ];
        for (file, text) in numbers {
            fs::write(interface.join(file), text).unwrap();
        }
        symlink("../../../../drivers/usblp", interface.join("driver")).unwrap();
        symlink(&device, devices.join(format!("1-{port}"))).unwrap();
    }
    (folder, devices)
}

#[test]
fn lists_printers_with_their_driver_and_node() {
    let (folder, devices) = bus(&["1", "2.3"]);
    fs::create_dir_all(folder.path().join("bus/usb/001")).unwrap();
    fs::write(folder.path().join("bus/usb/001/002"), "").unwrap();
    let found = list_in(&devices, folder.path()).unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!(found[1].port, "1-2.3");
    assert_eq!(found[1].node, "/dev/bus/usb/001/002");
    assert_eq!(found[0].access, Access::PermissionDenied, "there is no node");
    assert_eq!(found[1].access, Access::Accessible);
    assert_ne!(found[0].identity, found[0].place);
    assert_eq!(found[1].identity, found[1].place);
    let printer = found[1].printer().unwrap();
    assert_eq!(printer.driver.as_deref(), Some("usblp"));
    assert_eq!(printer.usblp.as_deref(), Some("/dev/usb/lp2"));
    assert_eq!(list_in(Path::new("/none"), folder.path()).unwrap(), []);
}

#[test]
fn twins_are_selected_by_serial_number_port_or_place() {
    let (_folder, devices) = bus(&["1", "2.3"]);
    let list = || UsbParent::list_in(&devices);
    let find = |selector: &str, settings: &Settings| {
        let selector: Selector = selector.parse().unwrap();
        Wanted::new(&selector, settings).unwrap().find(list()).map(|found| found.port())
    };
    let any = Settings::new();
    assert_eq!(find("usb:04b8:0e15", &any).unwrap(), "1-1", "the first");
    assert_eq!(find("usb:04b8:0e15:LAB0001", &any).unwrap(), "1-1");
    let port = any.clone().with("port", "1-2.3");
    assert_eq!(find("usb:04b8:0e15", &port).unwrap(), "1-2.3");
    let place = any.clone().with("place", list()[1].place());
    assert_eq!(find("usb:04b8:0e15", &place).unwrap(), "1-2.3");
    let error = find("usb:04b8:0e15:LAB0001", &port).unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::NotFound);
    assert!(error.to_string().ends_with("(nothing of this kind at port 1-2.3)"), "{error}");
    assert_eq!(find("usb:04b8:0e16", &any).unwrap_err().kind(), DeviceErrorKind::NotFound);
}

#[tokio::test]
async fn what_is_not_plugged_in_is_not_found() {
    let selector: Selector = "usb:ffff:ffff".parse().unwrap();
    let error = super::open_printer(&selector, &Settings::new()).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::NotFound);
    let settings = Settings::new().with("detach", "maybe");
    let error = super::open_printer(&selector, &settings).await.unwrap_err();
    assert!(error.to_string().contains("setting `detach` cannot be `maybe`"), "{error}");
}
