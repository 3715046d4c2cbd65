//! The cash drawer behind a printer.

use std::sync::Arc;

use async_trait::async_trait;
use countertop_device::{
    CashDrawer, Device, DeviceError, DeviceErrorKind, DeviceInfo, HealthLevel, HealthReport,
};
use tokio::sync::Mutex;

use super::transport::Session;
use super::{EscPosSettings, commands, health};

/// Opens the drawer that is connected to a printer.
///
/// The pulse goes through the printer's buffer, so a printer that is offline gives it when it comes
/// back, when nobody stands at the drawer; therefore an offline printer is an error here.
#[derive(Debug)]
pub struct EscPosDrawer {
    info: DeviceInfo,
    settings: Arc<EscPosSettings>,
    session: Arc<Mutex<Session>>,
}

impl EscPosDrawer {
    pub(super) fn new(
        info: DeviceInfo,
        settings: Arc<EscPosSettings>,
        session: Arc<Mutex<Session>>,
    ) -> Self {
        Self { info, settings, session }
    }
}

#[async_trait]
impl Device for EscPosDrawer {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    /// Asks the printer at every level, and opens the drawer at the interactive one.
    async fn check_health(&mut self, level: HealthLevel) -> Result<HealthReport, DeviceError> {
        let state = self.session.lock().await.any_state("check health").await?;
        let attention = state.as_ref().and_then(|state| state.attention);
        if level != HealthLevel::Interactive || attention.is_some() {
            return Ok(health::of_state(state));
        }
        self.open_drawer().await?;
        Ok(HealthReport::good("gave the pulse; is the drawer open?"))
    }
}

#[async_trait]
impl CashDrawer for EscPosDrawer {
    async fn open_drawer(&mut self) -> Result<(), DeviceError> {
        const ACTION: &str = "open drawer";
        let mut session = self.session.lock().await;
        session.ready(ACTION).await?;
        session.write(&commands::drawer_pulse(self.settings.drawer_pulse), ACTION).await
    }

    async fn drawer_opened(&mut self) -> Result<bool, DeviceError> {
        const ACTION: &str = "read drawer switch";
        let mut session = self.session.lock().await;
        let state = session.state(ACTION).await?;
        let open = state.and_then(|state| state.drawer_open);
        open.ok_or_else(|| session.error(DeviceErrorKind::TimedOut, ACTION))
    }
}
