//! The driver against pcscd and its virtual reader.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod chance;
mod common;
mod contactless;
mod frozen;
mod lanes;
mod monitor;
mod pulled;
mod session;

use std::time::Duration;

use common::{ATR_T0, ATR_T1, PATIENCE, RawCard, Service};
use countertop_chip::PcscDriver;
use countertop_device::{
    CardProtocol, CardSession, ChipReader, Device, DeviceError, DeviceErrorKind, Driver, Health,
    HealthLevel, Identity, Settings,
};
use tokio::time::timeout;

/// SELECT 2PAY.SYS.DDF01 is not what matters here: any case 4 command.
const SELECT: &[u8] = &[0x00, 0xA4, 0x04, 0x00, 0x02, 0xA0, 0x01, 0x00];

async fn soon<T>(future: impl Future<Output = T>) -> T {
    timeout(PATIENCE, future).await.expect("it hangs")
}

async fn connected(reader: &mut impl ChipReader) -> Box<dyn CardSession> {
    soon(reader.await_card()).await.unwrap();
    soon(reader.connect()).await.unwrap()
}

/// Settings for what is going to hang.
fn hasty() -> Settings {
    Settings::new().with("transmit_timeout_ms", 400).with("connect_timeout_ms", 1_000)
}

fn kind<T: std::fmt::Debug>(result: Result<T, DeviceError>) -> DeviceErrorKind {
    result.unwrap_err().kind()
}

#[tokio::test]
async fn a_card_comes_talks_and_leaves() {
    let service = Service::start();
    let mut reader = service.open().await;
    // No card yet: a wait that is dropped costs nothing.
    assert!(timeout(Duration::from_millis(50), reader.await_card()).await.is_err());
    let card = RawCard::insert(ATR_T1, |command| {
        assert_eq!(command, SELECT);
        Some(vec![0x6F, 0x00, 0x90, 0x00])
    });
    let mut session = connected(&mut reader).await;
    assert_eq!(session.protocol(), CardProtocol::T1);
    assert_eq!(session.answer_to_reset(), ATR_T1);
    let answer = soon(session.transmit(SELECT)).await.unwrap();
    assert_eq!(answer.expose(), [0x6F, 0x00, 0x90, 0x00]);
    soon(session.close()).await.unwrap();
    drop(card);
    soon(reader.await_removal()).await.unwrap();
    assert_eq!(kind(soon(reader.connect()).await), DeviceErrorKind::CardRemoved);
}

#[tokio::test]
async fn t0_fetches_what_the_card_has_to_say() {
    let service = Service::start();
    let mut reader = service.open().await;
    let _card = RawCard::insert(ATR_T0, |command| {
        Some(match command {
            [0x00, 0xA4, 0x04, 0x00, 0x02, 0xA0, 0x01] => vec![0x61, 0x03],
            [0x00, 0xC0, 0x00, 0x00, 0x03] => vec![1, 2, 3, 0x90, 0x00],
            [0x00, 0xB2, 0x01, 0x0C, 0x00] => vec![0x6C, 0x01],
            [0x00, 0xB2, 0x01, 0x0C, 0x01] => vec![7, 0x90, 0x00],
            _ => vec![0x6D, 0x00],
        })
    });
    let mut session = connected(&mut reader).await;
    assert_eq!(session.protocol(), CardProtocol::T0);
    let answer = soon(session.transmit(SELECT)).await.unwrap();
    assert_eq!(answer.expose(), [1, 2, 3, 0x90, 0x00]);
    let answer = soon(session.transmit(&[0x00, 0xB2, 0x01, 0x0C, 0x00])).await.unwrap();
    assert_eq!(answer.expose(), [7, 0x90, 0x00]);
    assert_eq!(kind(session.transmit(&[0x00]).await), DeviceErrorKind::InvalidInput);
}

#[tokio::test]
async fn a_card_pulled_in_the_middle_of_a_command() {
    let service = Service::start();
    let mut reader = service.open().await;
    let (card, heard) = RawCard::silent();
    let mut session = connected(&mut reader).await;
    let puller = std::thread::spawn(move || {
        heard.recv().unwrap();
        drop(card);
    });
    assert_eq!(kind(soon(session.transmit(SELECT)).await), DeviceErrorKind::CardRemoved);
    puller.join().unwrap();
    assert_eq!(kind(soon(session.transmit(SELECT)).await), DeviceErrorKind::CardRemoved);
    drop(session);
    soon(reader.await_removal()).await.unwrap();

    let _card = RawCard::insert(ATR_T1, |_| Some(vec![0x90, 0x00]));
    let mut session = connected(&mut reader).await;
    assert!(soon(session.transmit(SELECT)).await.is_ok());
}

#[tokio::test]
async fn a_command_that_hangs_times_out_and_the_reader_recovers() {
    let service = Service::start();
    let settings =
        Settings::new().with("transmit_timeout_ms", 1_000).with("connect_timeout_ms", 3_000);
    let mut reader = service.open_with(&settings).await;
    let (card, _heard) = RawCard::silent();
    let mut session = connected(&mut reader).await;
    assert_eq!(kind(soon(session.transmit(SELECT)).await), DeviceErrorKind::TimedOut);
    drop(session);
    drop(card);
    soon(reader.await_removal()).await.unwrap();
    let _card = RawCard::insert(ATR_T1, |_| Some(vec![0x90, 0x00]));
    let mut session = connected(&mut reader).await;
    assert!(soon(session.transmit(SELECT)).await.is_ok());
}

#[tokio::test]
async fn two_claimers() {
    let service = Service::start();
    let (mut first, mut second) = (service.open().await, service.open().await);
    let _card = RawCard::insert(ATR_T1, |_| Some(vec![0x90, 0x00]));
    let session = connected(&mut first).await;
    soon(second.await_card()).await.unwrap();
    assert_eq!(kind(soon(second.connect()).await), DeviceErrorKind::Busy);
    assert_eq!(kind(soon(first.connect()).await), DeviceErrorKind::Busy);
    soon(session.close()).await.unwrap();
    let session = soon(second.connect()).await.unwrap();
    // Dropping a session, and dropping a connect that nobody waits for, both end it.
    drop(session);
    drop(second.connect());
    assert!(soon(second.connect()).await.is_ok());
}

#[tokio::test]
async fn the_service_dies_and_comes_back() {
    let mut service = Service::start();
    let mut reader = service.open().await;
    let killed = {
        let wait = reader.await_card();
        tokio::pin!(wait);
        // The wait is under way before the service dies.
        assert!(timeout(Duration::from_millis(50), &mut wait).await.is_err());
        service.kill();
        kind(soon(&mut wait).await)
    };
    assert_eq!(killed, DeviceErrorKind::ServiceGone);
    assert_eq!(kind(soon(reader.await_card()).await), DeviceErrorKind::ServiceGone);
    assert_eq!(kind(soon(reader.connect()).await), DeviceErrorKind::ServiceGone);
    let report = reader.check_health(HealthLevel::Internal).await.unwrap();
    assert_eq!(report.health, Health::Bad);
    assert_eq!(kind(PcscDriver::new().list()), DeviceErrorKind::ServiceGone);

    service.restart();
    let _card = RawCard::insert(ATR_T1, |_| Some(vec![0x90, 0x00]));
    let mut session = connected(&mut reader).await;
    assert!(soon(session.transmit(SELECT)).await.is_ok());
}

#[tokio::test]
async fn the_service_dies_in_a_session() {
    let mut service = Service::start();
    let mut reader = service.open().await;
    let _card = RawCard::insert(ATR_T1, |_| Some(vec![0x90, 0x00]));
    let mut session = connected(&mut reader).await;
    service.kill();
    assert_eq!(kind(soon(session.transmit(SELECT)).await), DeviceErrorKind::ServiceGone);
    drop(session);
    service.restart();
    let _card = RawCard::insert(ATR_T1, |_| Some(vec![0x90, 0x00]));
    assert_eq!(connected(&mut reader).await.answer_to_reset(), ATR_T1);
}

#[tokio::test]
async fn lists_without_connecting_and_names_what_is_there() {
    let service = Service::start();
    let driver = PcscDriver::new();
    let names: Vec<_> =
        driver.list().unwrap().into_iter().map(|listing| listing.info.model).collect();
    assert!(names.contains(&"Virtual PCD 00 00".to_owned()), "{names:?}");
    let selector = "pcsc:No Such Reader".parse().unwrap();
    let error = driver.open(&selector, &Settings::new()).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::NotFound);
    assert!(error.help().unwrap().contains("Virtual PCD 00 00"));
    let selector = "tcp:localhost:1".parse().unwrap();
    assert_eq!(kind(driver.open(&selector, &Settings::new()).await), DeviceErrorKind::InvalidInput);
    let mut reader = service.open().await;
    let report = reader.check_health(HealthLevel::External).await.unwrap();
    assert_eq!(report.text, "no card is in");
}

#[tokio::test]
async fn the_reader_is_unplugged_and_comes_back() {
    let mut service = Service::start();
    let mut reader = service.open().await;
    service.restart_without_readers();
    assert_eq!(kind(await_card_after_restart(&mut reader).await), DeviceErrorKind::Disconnected);
    assert_eq!(kind(soon(reader.await_removal()).await), DeviceErrorKind::Disconnected);
    assert_eq!(kind(soon(reader.connect()).await), DeviceErrorKind::NotFound);
    service.restart();
    let _card = RawCard::insert(ATR_T1, |_| Some(vec![0x90, 0x00]));
    await_card_after_restart(&mut reader).await.unwrap();
    assert_eq!(connected(&mut reader).await.answer_to_reset(), ATR_T1);
}

/// Waits for a card. Whether the loss of the service met this wait or the time before it, is chance.
async fn await_card_after_restart(reader: &mut impl ChipReader) -> Result<(), DeviceError> {
    match soon(reader.await_card()).await {
        Err(error) if error.kind() == DeviceErrorKind::ServiceGone => {
            soon(reader.await_card()).await
        }
        result => result,
    }
}

#[tokio::test]
async fn closed_readers_leave_no_thread() {
    let service = Service::start();
    for round in 0..100 {
        let mut reader = service.open().await;
        if round % 2 == 0 {
            // Half of them are closed while the watching thread blocks, half before it does.
            assert!(timeout(Duration::from_millis(5), reader.await_card()).await.is_err());
        }
    }
    soon(async {
        while threads_of_ours() > 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

fn threads_of_ours() -> usize {
    task_files("status").iter().filter(|status| status.starts_with("Name:\tpcsc-")).count()
}

/// Returns a file of every thread of this process.
fn task_files(name: &str) -> Vec<String> {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    // A thread may end between the list and the look.
    tasks.filter_map(|task| std::fs::read_to_string(task.unwrap().path().join(name)).ok()).collect()
}

#[tokio::test]
async fn a_waiting_reader_does_not_poll() {
    let service = Service::start();
    let mut reader = service.open().await;
    assert!(timeout(Duration::from_millis(500), reader.await_card()).await.is_err());
    let before = wake_ups();
    assert!(timeout(Duration::from_millis(1_500), reader.await_card()).await.is_err());
    assert_eq!(wake_ups(), before);
}

/// Returns how often the threads of readers have gone to sleep.
fn wake_ups() -> Vec<String> {
    let statuses = task_files("status");
    let ours = statuses.iter().filter(|status| status.starts_with("Name:\tpcsc-"));
    let count = |status: &String| {
        let line = status.lines().find(|line| line.starts_with("voluntary_ctxt_switches"));
        line.unwrap_or_default().to_owned()
    };
    ours.map(count).collect()
}

#[tokio::test]
async fn a_service_that_goes_and_comes_back_changes_the_list() {
    let mut service = Service::start();
    let mut watch = PcscDriver::new().watch().unwrap();
    soon(watch.changed()).await.unwrap();
    // A wait that is dropped loses nothing.
    while timeout(Duration::from_millis(1_500), watch.changed()).await.is_ok() {}
    service.kill();
    soon(watch.changed()).await.unwrap();
    service.restart();
    soon(watch.changed()).await.unwrap();
    drop(watch);
    no_thread_named("pcsc-list").await;
}

#[tokio::test]
async fn a_watch_sleeps_while_there_is_no_service() {
    let mut service = Service::start();
    service.kill();
    let watch = PcscDriver::new().watch().unwrap();
    // It tries a few times first: a service that starts makes its socket before it listens.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let before = wake_ups();
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(wake_ups(), before);
    drop(watch);
    no_thread_named("pcsc-list").await;
    service.restart();
}

#[tokio::test]
async fn a_reader_that_is_not_on_usb_is_known_by_its_name() {
    let service = Service::start();
    let reader = service.open().await;
    let expected = Identity::from_name("Virtual PCD 00 00");
    assert_eq!(reader.info().identity, Some(expected.clone()));
    let listed = PcscDriver::new().list().unwrap();
    assert!(listed.iter().any(|listing| listing.info.identity == Some(expected.clone())));
}

/// Waits for the end of a thread that has let go of everything.
async fn no_thread_named(name: &str) {
    let name = format!("Name:\t{name}");
    let is_one = |status: &String| status.lines().next() == Some(&name);
    soon(async {
        while task_files("status").iter().any(is_one) {
            tokio::task::yield_now().await;
        }
    })
    .await;
}
