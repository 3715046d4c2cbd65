//! The self-test at power-on.

use core::time::Duration;

use countertop_device::{Device, DeviceError, Health, HealthLevel, HealthReport};
use serde::Serialize;
use tokio::time::timeout;

use crate::{Devices, Printer, Role, Slot};

/// Is the self-test's finding on one role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SelfTestLine {
    /// The role.
    pub role: Role,
    /// The device's model, or nothing when it could not be opened.
    pub model: Option<String>,
    /// The verdict and what was found.
    pub report: HealthReport,
    /// The cure, where there is one.
    pub help: Option<String>,
}

/// A device that takes longer is reported as bad; the others are tested all the same.
const DEADLINE: Duration = Duration::from_secs(15);

impl Devices {
    /// Checks the health of every device that has a role, at the internal level: nothing is
    /// printed, shown or reset, and no money moves.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: the lines resynchronise at their next use.
    pub async fn self_test(&mut self) -> Vec<SelfTestLine> {
        let mut lines = Vec::new();
        for role in Role::ALL {
            let line = match role {
                Role::Chip => line(&mut self.chip, |it| it.as_mut()).await,
                Role::Contactless => line(&mut self.contactless, |it| it.as_mut()).await,
                Role::PinPad => line(&mut self.pin_pad, |it| it.as_mut()).await,
                Role::ReceiptPrinter => line(&mut self.printer, printer).await,
                Role::Scanner => line(&mut self.scanner, |it| it.as_mut()).await,
                Role::SignaturePad => line(&mut self.signature, |it| it.as_mut()).await,
                Role::Stripe => line(&mut self.stripe, |it| it.as_mut()).await,
            };
            lines.extend(line);
        }
        lines
    }
}

fn printer(it: &mut Printer) -> &mut dyn Device {
    it.printer.as_mut()
}

async fn line<T>(
    slot: &mut Slot<T>,
    as_device: impl FnOnce(&mut T) -> &mut dyn Device,
) -> Option<SelfTestLine> {
    if !slot.assigned() {
        return None;
    }
    let role = slot.role();
    let checked = match timeout(DEADLINE, check(slot, as_device)).await {
        Ok(checked) => checked,
        Err(_elapsed) => {
            slot.close();
            return Some(SelfTestLine {
                role,
                model: None,
                report: HealthReport::new(Health::Bad, "no answer in time"),
                help: Some("check the cable and the power of the device".into()),
            });
        }
    };
    Some(match checked {
        Ok((model, report)) => SelfTestLine { role, model: Some(model), report, help: None },
        Err(error) => {
            slot.note(&error);
            SelfTestLine {
                role,
                model: None,
                report: HealthReport::new(Health::Bad, error.to_string()),
                help: error.help().map(String::from),
            }
        }
    })
}

async fn check<T>(
    slot: &mut Slot<T>,
    as_device: impl FnOnce(&mut T) -> &mut dyn Device,
) -> Result<(String, HealthReport), DeviceError> {
    let device = as_device(slot.open().await?);
    let report = device.check_health(HealthLevel::Internal).await?;
    Ok((device.info().model.clone(), report))
}
