//! Checks of health: the self-test at power-on, and single ones.

use core::time::Duration;

use countertop_device::{DeviceError, Health, HealthLevel, HealthReport};
use serde::Serialize;
use tokio::time::timeout;

use crate::{Devices, Role, Slot};

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
            lines.extend(self.check_health(role, HealthLevel::Internal).await);
        }
        lines
    }

    /// Checks the health of a role's device at one of UnifiedPOS's levels (`CheckHealth`); `None` for
    /// a role without a device.
    ///
    /// No level spends money or resets the device. A device that another program holds is not
    /// touched. At the external level the device acts, such as printing a test line, and at the
    /// interactive one a person takes part: ask for these only when somebody wants them.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: the line resynchronises at its next use.
    pub async fn check_health(&mut self, role: Role, level: HealthLevel) -> Option<SelfTestLine> {
        match role {
            Role::Chip => line(&mut self.chip, level).await,
            Role::Contactless => line(&mut self.contactless, level).await,
            Role::PinPad => line(&mut self.pin_pad, level).await,
            Role::ReceiptPrinter => line(&mut self.printer, level).await,
            Role::Scanner => line(&mut self.scanner, level).await,
            Role::SignaturePad => line(&mut self.signature, level).await,
            Role::Stripe => line(&mut self.stripe, level).await,
        }
    }
}

/// Returns how long a check may take before the device counts as bad. A person takes longer.
fn deadline(level: HealthLevel) -> Duration {
    Duration::from_secs(match level {
        HealthLevel::Internal => 15,
        HealthLevel::External => 60,
        HealthLevel::Interactive => 180,
    })
}

async fn line<T>(slot: &mut Slot<T>, level: HealthLevel) -> Option<SelfTestLine> {
    if !slot.assigned() {
        return None;
    }
    let bad = |text: String, help: Option<&str>| {
        let report = HealthReport::new(Health::Bad, text);
        (None, report, help.map(String::from))
    };
    let (model, report, help) = match timeout(deadline(level), check(slot, level)).await {
        Ok(Ok((model, report))) => (Some(model), report, None),
        Ok(Err(error)) => {
            slot.note(&error);
            bad(error.to_string(), error.help())
        }
        Err(_elapsed) => {
            slot.close();
            bad("no answer in time".into(), Some("check the cable and the power of the device"))
        }
    };
    Some(SelfTestLine { role: slot.role(), model, report, help })
}

async fn check<T>(
    slot: &mut Slot<T>,
    level: HealthLevel,
) -> Result<(String, HealthReport), DeviceError> {
    let device = slot.open_device().await?;
    let report = device.check_health(level).await?;
    Ok((device.info().model.clone(), report))
}
