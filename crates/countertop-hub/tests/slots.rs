//! Slots, roles and the self-test, with a driver made for the purpose.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use countertop_device::{
    CodeScanner, Device, DeviceError, DeviceErrorKind, DeviceInfo, Driver, Functions, Health,
    HealthLevel, HealthReport, Listing, Scan, Selector, Settings,
};
use countertop_hub::{Claims, DeviceConfig, Devices, DevicesConfig, Hub, Registry, Role};

#[derive(Debug, Default, Clone)]
struct Shelf {
    opened: Arc<AtomicU32>,
}

#[derive(Debug)]
struct Scanner {
    info: DeviceInfo,
    hangs: bool,
}

#[async_trait]
impl Driver for Shelf {
    fn name(&self) -> &'static str {
        "shelf"
    }

    fn list(&self) -> Result<Vec<Listing>, DeviceError> {
        Ok(Vec::new())
    }

    async fn open(&self, at: &Selector, settings: &Settings) -> Result<Functions, DeviceError> {
        self.opened.fetch_add(1, Ordering::SeqCst);
        if settings.text("absent").is_some() {
            return Err(DeviceError::new(DeviceErrorKind::NotFound, at.to_string(), "open"));
        }
        let info = DeviceInfo::new(at.clone(), "shelf", "Shelf Scanner");
        let hangs = settings.text("hangs").is_some();
        let mut functions = Functions::default();
        functions.scanner = Some(Box::new(Scanner { info, hangs }));
        Ok(functions)
    }
}

#[async_trait]
impl Device for Scanner {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    async fn check_health(&mut self, _: HealthLevel) -> Result<HealthReport, DeviceError> {
        if self.hangs {
            std::future::pending::<()>().await;
        }
        Ok(HealthReport::good("line is open"))
    }
}

#[async_trait]
impl CodeScanner for Scanner {
    async fn next_scan(&mut self) -> Result<Scan, DeviceError> {
        Err(DeviceError::new(DeviceErrorKind::Disconnected, "shelf", "read code"))
    }
}

fn scanner(driver: &str) -> DeviceConfig {
    DeviceConfig::new(driver, Selector::Virtual("shelf".into()))
}

fn devices(shelf: &Shelf, role: Role, config: DeviceConfig) -> Devices {
    let registry = Registry::new().with(shelf.clone());
    Devices::from_config(&registry, &DevicesConfig::default().with(role, config))
}

#[tokio::test]
async fn opens_when_used_and_again_after_loss() {
    let shelf = Shelf::default();
    let mut devices = devices(&shelf, Role::Scanner, scanner("shelf"));
    assert_eq!(shelf.opened.load(Ordering::SeqCst), 0);
    let error = devices.scanner.open().await.unwrap().next_scan().await.unwrap_err();
    devices.scanner.open().await.unwrap();
    assert_eq!(shelf.opened.load(Ordering::SeqCst), 1);
    devices.scanner.note(&error);
    devices.scanner.open().await.unwrap();
    assert_eq!(shelf.opened.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn an_empty_slot_says_how_to_fill_it() {
    let error = Devices::none().stripe.open().await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::NotFound);
    assert_eq!(error.help(), Some("add a table [devices.stripe] to the configuration"));
}

#[tokio::test]
async fn an_unknown_driver_is_named() {
    let shelf = Shelf::default();
    let mut devices = devices(&shelf, Role::Scanner, scanner("shelve"));
    let error = devices.scanner.open().await.unwrap_err();
    assert!(error.to_string().contains("no driver `shelve`"), "{error}");
}

#[tokio::test]
async fn a_misspelt_setting_is_named() {
    let shelf = Shelf::default();
    let config = scanner("shelf").with("sufix", "CR");
    let error = devices(&shelf, Role::Scanner, config).scanner.open().await.unwrap_err();
    assert!(error.to_string().contains("has no setting `sufix`"), "{error}");
    assert_eq!(error.help(), Some("correct or remove `sufix` in the table [devices.scanner]"));
}

#[tokio::test]
async fn a_driver_without_the_function_is_refused() {
    let shelf = Shelf::default();
    let mut devices = devices(&shelf, Role::Stripe, scanner("shelf"));
    let error = devices.stripe.open().await.unwrap_err();
    assert!(error.to_string().contains("gives no stripe"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn self_test_reports_each_role_once_and_never_hangs() {
    let shelf = Shelf::default();
    for (config, health, text) in [
        (scanner("shelf"), Health::Good, "line is open"),
        (scanner("shelf").with("hangs", true), Health::Bad, "no answer in time"),
        (scanner("shelf").with("absent", true), Health::Bad, "virtual:shelf: open: not found"),
    ] {
        let lines = devices(&shelf, Role::Scanner, config).self_test().await;
        assert_eq!(lines.len(), 1);
        assert_eq!((lines[0].role, lines[0].report.health), (Role::Scanner, health));
        assert_eq!(lines[0].report.text, text);
    }
}

#[tokio::test]
async fn what_another_program_asks_for_is_lent_and_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let claims = Claims::in_folder(folder.path());
    let at = Selector::Tcp { host: "shelf".into(), port: 9100 };
    let config =
        DevicesConfig::default().with(Role::Scanner, DeviceConfig::new("shelf", at.clone()));
    let registry = Registry::new().with(Shelf::default());
    let mut devices = Hub::with_claims(registry, config, claims.clone()).devices();
    devices.scanner.open().await.unwrap();
    let name = at.to_string();
    let error = claims.claim(&name).unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::Busy);
    let asked = claims.request_release(&name, Duration::from_secs(10));
    let (role, claim) = tokio::join!(devices.lend(), asked);
    assert_eq!(role, Role::Scanner);
    let error = devices.scanner.open().await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::Busy);
    drop(claim.unwrap().unwrap());
    devices.scanner.open().await.unwrap();
}
