//! Cash drawers (UnifiedPOS: CashDrawer).

use async_trait::async_trait;

use crate::{Device, DeviceError};

/// Opens a cash drawer.
#[async_trait]
pub trait CashDrawer: Device {
    /// Gives the pulse that opens the drawer.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: the pulse may or may not have been given.
    async fn open_drawer(&mut self) -> Result<(), DeviceError>;

    /// Reports the level of the drawer's switch, `true` for open.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: the next call resynchronises the line.
    async fn drawer_opened(&mut self) -> Result<bool, DeviceError>;
}
