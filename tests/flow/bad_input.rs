//! Storage and configuration that are not as they should be: a clear message with the cure, books
//! intact, and a terminal that goes on once it is cured.

use std::os::unix::fs::PermissionsExt;

use countertop_device::{DeviceErrorKind, Selector};
use countertop_hub::{DeviceConfig, Devices, DevicesConfig, Role};
use countertop_terminal::journal::JournalError;

use crate::counter::{Counter, completed};

/// Returns the error of opening the books.
fn refused(counter: &Counter) -> String {
    counter.desk.open_journal().unwrap_err().to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_journal_is_opened_once() {
    let (mut counter, ready) = Counter::open().await;
    let error = counter.desk.open_journal().unwrap_err();
    assert!(matches!(error, JournalError::InUse { .. }), "{error}");
    assert!(error.to_string().contains("end that one first"), "{error}");
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_journal_that_is_damaged_is_not_used() {
    let (mut counter, ready) = Counter::open().await;
    counter.clerk.pays_by_tap();
    let (ready, ending) = counter.sale(ready, "5.00").await;
    completed(&ending);
    drop(ready);
    let path = counter.desk.folder.join("journal.db");
    let good = std::fs::read(&path).unwrap();
    for damage in [b"not a database at all".to_vec(), vec![0; 4_096], {
        let mut damaged = good.clone();
        let middle = damaged.len() / 2;
        damaged[100..middle].fill(0x5A);
        damaged
    }] {
        std::fs::write(&path, &damage).unwrap();
        let error = refused(&counter);
        assert!(error.contains("journal.db: it is damaged"), "{error}");
        assert!(error.contains("backup"), "{error}");
        assert_eq!(std::fs::read(&path).unwrap(), damage, "it is left as it was");
    }
    std::fs::write(&path, &good).unwrap();
    let ready = counter.start().await;
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_file_that_others_can_read_is_refused() {
    let (mut counter, ready) = Counter::open().await;
    drop(ready);
    let key = counter.desk.folder.join("journal.key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let error = refused(&counter);
    assert!(error.contains("journal.key") && error.contains("chmod"), "{error}");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    let ready = counter.start().await;
    counter.sells_again(ready).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_key_opens_nothing() {
    let (mut counter, ready) = Counter::open().await;
    drop(ready);
    let key = counter.desk.folder.join("journal.key");
    let good = std::fs::read(&key).unwrap();
    std::fs::write(&key, vec![7; good.len()]).unwrap();
    let error = refused(&counter);
    assert!(error.contains("another key sealed it"), "{error}");
    std::fs::write(&key, &good).unwrap();
    let ready = counter.start().await;
    counter.sells_again(ready).await;
}

#[tokio::test]
async fn an_unknown_driver_and_a_missing_device_say_what_to_do() {
    let at: Selector = "serial:/dev/no-such-line".parse().unwrap();
    let config = DevicesConfig::default()
        .with(Role::Stripe, DeviceConfig::new("msr999", at.clone()))
        .with(Role::Scanner, DeviceConfig::new("serial-scanner", at.clone()))
        .with(Role::PinPad, DeviceConfig::new("visa-pinpad", "pcsc:Reader".parse().unwrap()));
    let mut devices = Devices::from_config(&countertop::registry(), &config);
    let error = devices.stripe.open().await.unwrap_err();
    assert!(error.to_string().contains("there is no driver `msr999`"), "{error}");
    let error = devices.scanner.open().await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::NotFound, "{error}");
    assert!(error.help().unwrap().contains("countertop devices"), "{error}");
    let error = devices.pin_pad.open().await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::InvalidInput, "{error}");
    assert!("toaster:1".parse::<Selector>().unwrap_err().to_string().contains("no selector"));
}
