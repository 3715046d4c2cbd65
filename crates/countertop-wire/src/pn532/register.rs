//! Addresses of registers of the contactless interface unit (PN532 data sheet, 8.6.23).

/// General modes.
pub const CIU_MODE: u16 = 0x6301;
/// Transmission: bit 7 appends the CRC, bits 1 and 0 are the framing.
pub const CIU_TX_MODE: u16 = 0x6302;
/// Reception: bit 7 checks and strips the CRC, bits 1 and 0 are the framing.
pub const CIU_RX_MODE: u16 = 0x6303;
/// Antenna drivers: bits 1 and 0 switch the field on.
pub const CIU_TX_CONTROL: u16 = 0x6304;
/// Automatic settings of the antenna drivers.
pub const CIU_TX_AUTO: u16 = 0x6305;
/// Manual settings of the receiver: bit 4 disables parity.
pub const CIU_MANUAL_RCV: u16 = 0x630d;
/// The unit's command.
pub const CIU_COMMAND: u16 = 0x6331;
/// States of the unit: bit 3 is on while Crypto1 runs.
pub const CIU_STATUS2: u16 = 0x6338;
/// The buffer of 64 bytes.
pub const CIU_FIFO_DATA: u16 = 0x6339;
/// How many bytes are in the buffer.
pub const CIU_FIFO_LEVEL: u16 = 0x633a;
/// Bits 2 to 0: valid bits of the last byte received, 0 for all.
pub const CIU_CONTROL: u16 = 0x633c;
/// Bits 2 to 0: bits of the last byte to send, 0 for all.
pub const CIU_BIT_FRAMING: u16 = 0x633d;

/// Bit 7 of [`CIU_TX_MODE`] and [`CIU_RX_MODE`]: the chip handles the CRC.
pub const CRC_ENABLE: u8 = 0x80;
/// Bits 1 and 0 of [`CIU_TX_MODE`] and [`CIU_RX_MODE`]: 0 type A, 1 active, 2 FeliCa, 3 type B.
pub const FRAMING: u8 = 0x03;
/// Bits 2 to 0 of [`CIU_BIT_FRAMING`].
pub const TX_LAST_BITS: u8 = 0x07;
