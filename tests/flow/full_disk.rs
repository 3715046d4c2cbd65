//! A disk that is full: the scenarios run in a child process, whose folder is a small file system of
//! its own in a mount namespace.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use countertop_terminal::flow::Ending;
use countertop_terminal::journal::TransactionState;
use countertop_virtual::acquirer::{Behaviour, EntryState};
use countertop_wire::iso8583::Mti;

use crate::counter::{Counter, completed};

const FOLDER: &str = "COUNTERTOP_TEST_SMALL_DISK";

/// Runs one test of this program on a small disk.
fn on_a_small_disk(test: &str) {
    let folder = tempfile::tempdir().unwrap();
    let script = format!(
        "mount -t tmpfs -o size=4m tmpfs '{0}'
         trap \"umount '{0}'\" EXIT
         {FOLDER}='{0}' \"$0\" {test} --exact --nocapture",
        folder.path().display()
    );
    let (program, arguments) = shell();
    let output = Command::new(program)
        .args(arguments)
        .args(["-euc", &script])
        .arg(std::env::current_exe().unwrap())
        .output()
        .expect("install the Debian package util-linux");
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&said));
}

/// Returns a shell that may mount, in a namespace of its own where that can be had: not in a chroot.
fn shell() -> (&'static str, &'static [&'static str]) {
    const NAMESPACES: [&[&str]; 2] = [&["--mount", "sh"], &["--map-root-user", "--mount", "sh"]];
    let works = |arguments: &&[&str]| {
        let tried = Command::new("unshare").args(*arguments).args(["-c", "true"]).output();
        tried.is_ok_and(|output| output.status.success())
    };
    match NAMESPACES.into_iter().find(works) {
        Some(arguments) => ("unshare", arguments),
        None => ("sh", &[]),
    }
}

/// Returns the folder on the small disk, in the child only.
fn small_disk() -> Option<PathBuf> {
    std::env::var_os(FOLDER).map(PathBuf::from)
}

fn ballast(folder: &Path) -> PathBuf {
    folder.join("ballast")
}

/// Fills the disk to its last byte.
fn fill(folder: &Path) {
    let mut file = File::create(ballast(folder)).unwrap();
    while file.write_all(&[0; 512]).is_ok() {}
}

fn free(folder: &Path) {
    std::fs::remove_file(ballast(folder)).unwrap();
}

#[test]
fn before_a_sale() {
    match small_disk() {
        None => on_a_small_disk("full_disk::before_a_sale"),
        Some(folder) => run(full_before_a_sale(folder)),
    }
}

#[test]
fn after_the_host_approved() {
    match small_disk() {
        None => on_a_small_disk("full_disk::after_the_host_approved"),
        Some(folder) => run(full_after_the_host_approved(folder)),
    }
}

fn run(scenario: impl Future<Output = ()>) {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    runtime.worker_threads(2).enable_all().build().unwrap().block_on(scenario);
}

async fn full_before_a_sale(folder: PathBuf) {
    let (mut counter, ready) = Counter::with(|desk| desk.folder.clone_from(&folder)).await;
    fill(&folder);
    counter.clerk.pays_by_tap();
    let (ready, ending) = counter.sale(ready, "5.00").await;
    let Ending::Failed(error) = &ending else { panic!("{ending:?}") };
    assert!(error.to_string().contains("disk full: free space"), "{error}");
    assert_eq!(counter.host.seen(Mti::FINANCIAL), 0);
    free(&folder);
    counter.sells_again(ready).await;
}

async fn full_after_the_host_approved(folder: PathBuf) {
    let (mut counter, ready) = Counter::with(|desk| desk.folder.clone_from(&folder)).await;
    let late = Behaviour::Delay(Duration::from_millis(800));
    counter.host.control.next_of(Mti::FINANCIAL, late);
    let (control, place) = (counter.host.control.clone(), folder.clone());
    let count = control.seen().len() + 1;
    let filling = tokio::spawn(async move {
        control.wait_for_requests(count).await;
        fill(&place);
    });
    counter.clerk.pays_by_chip();
    let (ready, ending) = counter.sale(ready, "12.00").await;
    filling.await.unwrap();
    // The approval could not be written: it does not count, and is undone once there is room.
    let Ending::Unknown(stan) = ending else { panic!("{ending:?}") };
    assert_eq!(counter.host.control.ledger()[0].state, EntryState::Approved);
    free(&folder);
    counter.clerk.forget();
    counter.clerk.pays_by_tap();
    let (ready, ending) = counter.sale(ready, "5.00").await;
    completed(&ending);
    assert_eq!(ready.journal().by_stan(stan).unwrap().state, TransactionState::Reversed);
    assert_eq!(counter.host.control.ledger()[0].state, EntryState::Reversed);
    counter.sells_again(ready).await;
}
