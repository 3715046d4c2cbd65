//! Claiming and opening a device.

use std::sync::Arc;

use countertop_device::{DeviceError, DeviceErrorKind, DeviceInfo, Driver, Functions, Identity};

use super::Source;
use super::opened::{Held, Opened};
use crate::kind::Kind;
use crate::monitor::power_after;
use crate::{DeviceConfig, Hub, Role, Target, resolve};

/// Claims and opens what `source` names. It borrows no device, so that its future can move between
/// threads.
pub(super) async fn open<T>(
    source: &Source,
    role: Role,
    kind: Kind<T>,
    hub: &Hub,
) -> Result<Opened<T>, DeviceError> {
    let (driver, config) = match source {
        Source::Driver(driver, config) => (driver, config),
        Source::Broken(reason) => {
            return Err(DeviceError::new(DeviceErrorKind::InvalidInput, role.name(), "open")
                .with_source(reason.clone()));
        }
        Source::Unassigned | Source::Given => return Err(no_device(role)),
    };
    let opened = claim_and_open(driver, config, role, kind, hub).await;
    if let Err(error) = &opened
        && let Some(state) = power_after(error.kind())
    {
        hub.set_power(role, None, state);
    }
    opened
}

async fn claim_and_open<T>(
    driver: &Arc<dyn Driver>,
    config: &DeviceConfig,
    role: Role,
    kind: Kind<T>,
    hub: &Hub,
) -> Result<Opened<T>, DeviceError> {
    let target = find(driver, config).await?;
    let claim = hub.claims().claim_target(&target)?;
    let (functions, placed) = open_target(driver, config, &target, role).await?;
    let mut device = (kind.take)(functions)
        .ok_or_else(|| invalid(&target, format!("driver `{}` gives no {role}", config.driver)))?;
    let mut info = (kind.device)(&mut device).info().clone();
    check_identity(config, &target, &info, placed)?;
    if let Some(listed) = &target.info {
        // Not every driver knows whom it opened.
        info.identity = info.identity.or_else(|| listed.identity.clone());
        info.place = info.place.or_else(|| listed.place.clone());
    }
    let held = Held::new(claim, hub, role, info);
    Ok(Opened::new(kind, device, &target.claim, held))
}

async fn find(driver: &Arc<dyn Driver>, config: &DeviceConfig) -> Result<Target, DeviceError> {
    if let Some(target) = resolve::without_list(config) {
        return Ok(target);
    }
    let (driver, config) = (driver.clone(), config.clone());
    // Listing reads files of the kernel, or asks a service.
    let resolved = tokio::task::spawn_blocking(move || resolve::resolve(driver.as_ref(), &config));
    resolved.await.map_err(|error| {
        DeviceError::new(DeviceErrorKind::Other, "hub", "find device").with_source(error)
    })?
}

/// Opens the device, and tells whether the driver looked at the place that it was given.
async fn open_target(
    driver: &Arc<dyn Driver>,
    config: &DeviceConfig,
    target: &Target,
    role: Role,
) -> Result<(Functions, bool), DeviceError> {
    let mut settings = config.settings.clone();
    if let Some(place) = &target.place {
        settings = settings.with("place", place);
    }
    let functions = driver.open(&target.selector, &settings).await?;
    let own = |key: &&str| target.place.is_none() || *key != "place";
    if let Some(key) = settings.unread().find(own) {
        let reason = format!("driver `{}` has no setting `{key}` for this device", config.driver);
        let cure = format!("correct or remove `{key}` in the table [devices.{role}]");
        return Err(invalid(target, reason).with_help(cure));
    }
    let placed = target.place.is_some() && !settings.unread().any(|key| key == "place");
    Ok((functions, placed))
}

/// Refuses a twin that answers in place of the device that is meant.
fn check_identity(
    config: &DeviceConfig,
    target: &Target,
    info: &DeviceInfo,
    placed: bool,
) -> Result<(), DeviceError> {
    let Some(wanted) = target.place.as_ref().or(config.identity.as_ref()) else { return Ok(()) };
    let known: Vec<&Identity> = [&info.identity, &info.place].into_iter().flatten().collect();
    let sure = match known.is_empty() {
        false => known.contains(&wanted),
        // The driver does not say whom it opened: it was told the place, or there is no twin.
        true => placed || target.place.is_none(),
    };
    if sure {
        return Ok(());
    }
    Err(invalid(target, format!("it is not {wanted} that answers at this address"))
        .with_help("unplug the other device of this model, or use one with a serial number"))
}

fn invalid(target: &Target, reason: String) -> DeviceError {
    DeviceError::new(DeviceErrorKind::InvalidInput, target.selector.to_string(), "open")
        .with_source(reason)
}

fn no_device(role: Role) -> DeviceError {
    DeviceError::new(DeviceErrorKind::NotFound, role.name(), "open")
        .with_source("no device has this role")
        .with_help(format!("add a table [devices.{role}] to the configuration"))
}
