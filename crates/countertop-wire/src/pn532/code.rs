//! Command codes (UM0701-02, 7). The code of a response is one more than its command's.

pub(super) const DIAGNOSE: u8 = 0x00;
pub(super) const GET_FIRMWARE_VERSION: u8 = 0x02;
pub(super) const GET_GENERAL_STATUS: u8 = 0x04;
pub(super) const READ_REGISTER: u8 = 0x06;
pub(super) const WRITE_REGISTER: u8 = 0x08;
pub(super) const READ_GPIO: u8 = 0x0c;
pub(super) const WRITE_GPIO: u8 = 0x0e;
pub(super) const SET_SERIAL_BAUD_RATE: u8 = 0x10;
pub(super) const SET_PARAMETERS: u8 = 0x12;
pub(super) const SAM_CONFIGURATION: u8 = 0x14;
pub(super) const POWER_DOWN: u8 = 0x16;
pub(super) const RF_CONFIGURATION: u8 = 0x32;
pub(super) const IN_DATA_EXCHANGE: u8 = 0x40;
pub(super) const IN_COMMUNICATE_THRU: u8 = 0x42;
pub(super) const IN_DESELECT: u8 = 0x44;
pub(super) const IN_JUMP_FOR_PSL: u8 = 0x46;
pub(super) const IN_LIST_PASSIVE_TARGET: u8 = 0x4a;
pub(super) const IN_PSL: u8 = 0x4e;
pub(super) const IN_ATR: u8 = 0x50;
pub(super) const IN_RELEASE: u8 = 0x52;
pub(super) const IN_SELECT: u8 = 0x54;
pub(super) const IN_JUMP_FOR_DEP: u8 = 0x56;
pub(super) const IN_AUTO_POLL: u8 = 0x60;
