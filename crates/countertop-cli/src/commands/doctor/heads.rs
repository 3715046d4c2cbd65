//! Stripe readers whose head encrypts.

use core::time::Duration;

use countertop::magstripe::magtek::{self, MagtekError, MagtekHid};
use countertop_device::{Device as _, HealthLevel};
use countertop_hub::{Claims, DeviceConfig, DevicesConfig, Registry, Role};
use tokio::time::timeout;

use super::finding::Finding;
use super::scene::Scene;

/// Longer than the driver's own deadlines for its few questions.
const PATIENCE: Duration = Duration::from_secs(10);

/// Is a reader that was asked whether its head encrypts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) role: Role,
    pub(super) about: String,
    pub(super) encrypts: bool,
}

/// Asks the stripe readers of the configuration. Others are not touched: a question is a report that
/// is written to the device. A reader that another program has is left alone.
pub(super) async fn ask(registry: &Registry, devices: &DevicesConfig) -> Vec<Asked> {
    let mut asked = Vec::new();
    for (role, config) in devices.iter().filter(|(_, config)| config.driver == magtek::NAME) {
        if let Ok(Some(encrypts)) = timeout(PATIENCE, encrypts(registry, config)).await {
            asked.push(Asked { role, about: config.name(), encrypts });
        }
    }
    asked
}

/// Returns `None` when the reader cannot be asked; then another finding says why.
async fn encrypts(registry: &Registry, config: &DeviceConfig) -> Option<bool> {
    let target = registry.resolve(config).ok()?;
    let identity = target.info.as_ref().and_then(|info| info.identity.as_ref());
    let name = identity.map_or_else(|| target.selector.to_string(), ToString::to_string);
    let _claim = Claims::from_environment().claim(&name).ok()?;
    let mut reader = MagtekHid::open(&target.selector, &config.settings).await.ok()?;
    let report = reader.check_health(HealthLevel::Internal).await.ok()?;
    Some(report.text == MagtekError::EncryptedHead.to_string())
}

/// Tells of the heads that encrypt.
pub(super) fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let encrypting = scene.asked.iter().filter(|asked| asked.encrypts);
    encrypting
        .map(|asked| {
            let about = format!("{} at {}", asked.role, asked.about);
            let found = MagtekError::EncryptedHead.to_string();
            let why = "only the host of whoever loaded its keys can read a card from it";
            let finding = Finding::problem("stripe-head-encrypted", about, found, why);
            finding
                .by_hand("use a reader that is sold without encryption; no setting here changes it")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::scene::tests::{one, scene};
    use super::*;
    use crate::system::tests::Tree;

    #[test]
    fn only_heads_that_encrypt_are_told_of() {
        let tree = Tree::new();
        let system = tree.system();
        let mut scene = scene(&system);
        let asked =
            |encrypts| Asked { role: Role::Stripe, about: "hidraw:/dev/x".into(), encrypts };
        scene.asked = vec![asked(false), asked(true)];
        let findings = check(&scene);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].code, "stripe-head-encrypted");
        assert!(findings[0].cure.is_empty() && findings[0].by_hand.is_some());
    }

    #[tokio::test]
    async fn what_is_not_there_or_of_another_driver_is_not_asked() {
        let registry = countertop::registry();
        let gone = one(Role::Stripe, magtek::NAME, "hidraw:/dev/does-not-exist");
        assert!(ask(&registry, &gone).await.is_empty());
        let other = one(Role::Stripe, "msr605", "serial:/dev/null");
        assert!(ask(&registry, &other).await.is_empty());
    }
}
