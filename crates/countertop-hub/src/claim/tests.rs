//! Claims within one process; `tests/claims.rs` has two.

use std::os::unix::fs::PermissionsExt as _;

use countertop_device::DeviceErrorKind;

use super::*;

const PRINTER: &str = "04b8:0e15-s-6e0b2d9f4c3a1180";

fn claims() -> (tempfile::TempDir, Claims) {
    let folder = tempfile::tempdir().unwrap();
    let claims = Claims::in_folder(folder.path());
    (folder, claims)
}

fn files(folder: &tempfile::TempDir) -> Vec<String> {
    let entries = std::fs::read_dir(folder.path()).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_claim_is_exclusive_until_it_is_dropped_and_leaves_nothing() {
    let (folder, claims) = claims();
    let claim = claims.claim(PRINTER).unwrap().unwrap();
    assert_eq!(claim.name(), PRINTER);
    let error = claims.claim(PRINTER).unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::Busy);
    assert!(error.to_string().contains("this program holds it already"), "{error}");
    claims.claim("another").unwrap().unwrap();
    drop(claim);
    claims.claim(PRINTER).unwrap().unwrap();
    assert!(files(&folder).is_empty());
}

#[test]
fn the_file_names_process_program_and_device_and_is_not_everybodys() {
    let (folder, claims) = claims();
    let _claim = claims.claim("serial:/dev/ttyUSB0").unwrap().unwrap();
    assert_eq!(files(&folder).len(), 2, "lock and socket");
    for name in files(&folder) {
        let path = folder.path().join(name);
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o660, "{}", path.display());
        if path.extension().is_some_and(|it| it == "lock") {
            let text = std::fs::read_to_string(path).unwrap();
            let lines: Vec<_> = text.lines().collect();
            assert_eq!(lines[0], format!("{:>10}", std::process::id()));
            assert_eq!(lines[2], "serial:/dev/ttyUSB0");
        }
    }
}

#[test]
fn what_a_killed_process_left_is_taken_over() {
    let (folder, claims) = claims();
    let stale = folder.path().join(format!("countertop-{PRINTER}.lock"));
    std::fs::write(&stale, "   4000000\nkilled\n").unwrap();
    std::fs::write(folder.path().join(format!("countertop-{PRINTER}.4000000.sock")), "").unwrap();
    let claim = claims.claim(PRINTER).unwrap().unwrap();
    assert_eq!(files(&folder).len(), 2);
    drop(claim);
    assert!(files(&folder).is_empty());
}

#[test]
fn where_claims_cannot_be_kept_the_shop_goes_on() {
    let (folder, claims) = claims();
    let missing = Claims::in_folder(folder.path().join("missing"));
    assert!(missing.claim(PRINTER).unwrap().is_none());
    let lock = folder.path().join(format!("countertop-{PRINTER}.lock"));
    for make in [
        |path: &std::path::Path| std::os::unix::fs::symlink("/etc/hostname", path).unwrap(),
        |path: &std::path::Path| std::fs::create_dir(path).unwrap(),
        |path: &std::path::Path| {
            let other = path.with_extension("other");
            std::fs::write(&other, "precious").unwrap();
            std::fs::hard_link(other, path).unwrap();
        },
    ] {
        make(&lock);
        assert!(claims.claim(PRINTER).unwrap().is_none());
        let _ = std::fs::remove_file(&lock).or_else(|_| std::fs::remove_dir(&lock));
    }
    let other = std::fs::read_to_string(lock.with_extension("other")).unwrap();
    assert_eq!(other, "precious");
}

#[tokio::test]
async fn the_holder_may_keep_or_release() {
    let (_folder, claims) = claims();
    let mut claim = claims.claim(PRINTER).unwrap().unwrap();
    let asking = claims.clone();
    let asked = tokio::spawn(async move {
        let wait = Duration::from_secs(5);
        let kept = asking.request_release(PRINTER, wait).await.unwrap_err();
        (kept, asking.request_release(PRINTER, wait).await.unwrap())
    });
    let request = claim.release_requested().await;
    assert_eq!(request.pid(), Some(std::process::id()));
    assert!(request.program().is_some());
    request.keep();
    let request = claim.release_requested().await;
    claim.release_to(request).await;
    let (kept, granted) = asked.await.unwrap();
    assert_eq!(kept.kind(), DeviceErrorKind::Busy);
    assert!(kept.help().unwrap().contains("keeps the device"), "{kept:?}");
    assert!(granted.is_some());
}

#[tokio::test(start_paused = true)]
async fn a_holder_that_does_not_answer_keeps_the_device() {
    let (_folder, claims) = claims();
    let _claim = claims.claim(PRINTER).unwrap().unwrap();
    let error = claims.request_release(PRINTER, Duration::from_secs(1)).await.unwrap_err();
    assert!(error.help().unwrap().contains("did not answer"), "{error:?}");
}

#[tokio::test]
async fn what_nobody_holds_needs_no_request() {
    let (_folder, claims) = claims();
    assert!(claims.request_release(PRINTER, Duration::ZERO).await.unwrap().is_some());
}

#[test]
fn long_or_odd_names_become_short_ones() {
    assert_eq!(file_name(PRINTER), PRINTER);
    assert!(file_name("serial:/dev/ttyUSB0").starts_with("name-"));
    assert!(file_name(&"x".repeat(200)).len() < 40);
}
