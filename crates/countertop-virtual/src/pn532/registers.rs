//! The chip's registers.

use std::collections::BTreeMap;

use countertop_wire::pn532::Modulation;
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

/// Names a framing in the air.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    TypeA,
    TypeB,
    Felica,
}

impl Framing {
    pub(super) fn of(modulation: Modulation) -> Self {
        match modulation {
            Modulation::TypeB => Self::TypeB,
            Modulation::Felica212 | Modulation::Felica424 => Self::Felica,
            _ => Self::TypeA,
        }
    }

    /// Bits 6 to 4 are the speed, bits 1 and 0 the framing.
    const fn mode(self) -> u8 {
        match self {
            Self::TypeA => 0x00,
            Self::TypeB => 0x03,
            Self::Felica => 0x12,
        }
    }
}

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

    /// Sets a framing with CRC, as the firmware does before it searches for targets.
    pub(super) fn set_framing(&mut self, framing: Framing) {
        self.write(CIU_TX_MODE, CRC_ENABLE | framing.mode());
        self.write(CIU_RX_MODE, CRC_ENABLE | framing.mode());
    }

    pub(super) fn sends_crc(&self) -> bool {
        self.read(CIU_TX_MODE) & CRC_ENABLE != 0
    }

    pub(super) fn checks_crc(&self) -> bool {
        self.read(CIU_RX_MODE) & CRC_ENABLE != 0
    }

    /// Returns in which framing a frame goes out; `None` when the host handles parity, which no
    /// target here understands.
    pub(super) fn framing(&self) -> Option<Framing> {
        if self.read(CIU_MANUAL_RCV) & PARITY_DISABLE != 0 {
            return None;
        }
        match self.read(CIU_TX_MODE) & FRAMING {
            0 => Some(Framing::TypeA),
            2 => Some(Framing::Felica),
            3 => Some(Framing::TypeB),
            _ => None,
        }
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
