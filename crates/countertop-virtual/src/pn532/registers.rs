//! The chip's registers.

use std::collections::BTreeMap;

use countertop_wire::pn532::register::{
    CIU_BIT_FRAMING, CIU_CONTROL, CIU_FIFO_DATA, CIU_MANUAL_RCV, CIU_RX_MODE, CIU_TX_CONTROL,
    CIU_TX_MODE, CRC_ENABLE, FRAMING, TX_LAST_BITS,
};

/// Is the register file. Registers that nothing here depends on keep what is written to them.
#[derive(Debug)]
pub(super) struct Registers(BTreeMap<u16, u8>);

/// Bit of CIU_ManualRCV: the host handles parity.
const PARITY_DISABLE: u8 = 0x10;
/// Bits of CIU_TxControl: both antenna drivers.
const DRIVERS: u8 = 0x03;

impl Registers {
    pub(super) fn new() -> Self {
        let resets = [(CIU_TX_MODE, CRC_ENABLE), (CIU_RX_MODE, CRC_ENABLE), (CIU_TX_CONTROL, 0x80)];
        Self(BTreeMap::from(resets))
    }

    pub(super) fn read(&self, address: u16) -> u8 {
        self.0.get(&address).copied().unwrap_or_default()
    }

    pub(super) fn write(&mut self, address: u16, value: u8) {
        self.0.insert(address, value);
    }

    /// Sets type A at 106 kbit/s with CRC, as the firmware does before it searches for targets.
    pub(super) fn set_type_a(&mut self) {
        self.write(CIU_TX_MODE, CRC_ENABLE);
        self.write(CIU_RX_MODE, CRC_ENABLE);
    }

    pub(super) fn sends_crc(&self) -> bool {
        self.read(CIU_TX_MODE) & CRC_ENABLE != 0
    }

    pub(super) fn checks_crc(&self) -> bool {
        self.read(CIU_RX_MODE) & CRC_ENABLE != 0
    }

    /// Whether a target of type A understands what is sent: framing 0, and parity by the chip.
    pub(super) fn speaks_type_a(&self) -> bool {
        self.read(CIU_TX_MODE) & FRAMING == 0 && self.read(CIU_MANUAL_RCV) & PARITY_DISABLE == 0
    }

    pub(super) fn tx_last_bits(&self) -> u8 {
        self.read(CIU_BIT_FRAMING) & TX_LAST_BITS
    }

    pub(super) fn set_rx_last_bits(&mut self, bits: u8) {
        let rest = self.read(CIU_CONTROL) & !TX_LAST_BITS;
        self.write(CIU_CONTROL, rest | bits);
    }

    pub(super) fn set_fifo(&mut self, byte: u8) {
        self.write(CIU_FIFO_DATA, byte);
    }

    pub(super) fn drives_field(&self) -> bool {
        self.read(CIU_TX_CONTROL) & DRIVERS != 0
    }

    pub(super) fn set_field(&mut self, on: bool) {
        let rest = self.read(CIU_TX_CONTROL) & !DRIVERS;
        self.write(CIU_TX_CONTROL, if on { rest | DRIVERS } else { rest });
    }
}
