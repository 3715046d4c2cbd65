//! Derived unique keys per transaction (ANSI X9.24-1:2009, annex A), with its test keys.

use countertop_wire::pin_block::DesKey;
use zeroize::Zeroizing;

/// The base derivation key and key serial number of annex A.4.
const BASE_DERIVATION_KEY: [u8; 16] = [
    0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF, 0xFE, 0xDC, 0xBA, 0x98, 0x76, 0x54, 0x32, 0x10,
];
const KEY_SERIAL_NUMBER: u128 = 0xFFFF_9876_5432_10E0_0000;

/// The counter's 21 bits.
const COUNTER: u128 = 0x1F_FFFF;
/// Makes another key of a key (annex A.2).
const SECOND: u128 = 0xC0C0_C0C0_0000_0000_C0C0_C0C0_0000_0000;
/// The variant of a key that encrypts PINs, and tracks at a MagneSafe.
const PIN_VARIANT: u128 = 0x0000_0000_0000_00FF_0000_0000_0000_00FF;

/// Is a source of keys: a serial number and the initial key that belongs to it.
#[derive(Debug)]
pub(super) struct Dukpt {
    initial: DoubleKey,
    serial: u128,
}

/// Is the key of one transaction.
#[derive(Debug)]
pub(super) struct TransactionKey(DoubleKey);

struct DoubleKey(Zeroizing<u128>);

impl Dukpt {
    pub(super) fn test_keys() -> Self {
        let base = u128::from_be_bytes(BASE_DERIVATION_KEY);
        let block = high_bytes(KEY_SERIAL_NUMBER & !COUNTER);
        let left = DoubleKey::new(base).encrypt(block);
        let right = DoubleKey::new(base ^ SECOND).encrypt(block);
        Self { initial: DoubleKey::of(left, right), serial: KEY_SERIAL_NUMBER }
    }

    /// Returns the serial number of the key in use, with its counter.
    pub(super) fn key_serial_number(&self) -> [u8; 10] {
        let [_, _, _, _, _, _, serial @ ..] = self.serial.to_be_bytes();
        serial
    }

    /// Goes on to the next key.
    pub(super) fn next_key(&mut self) -> TransactionKey {
        let counter = (self.serial & COUNTER).wrapping_add(1) & COUNTER;
        self.serial = self.serial & !COUNTER | counter;
        let mut key = *self.initial.0;
        let mut register = self.serial & !COUNTER;
        for bit in (0..21).rev().map(|place| 1 << place).filter(|bit| counter & bit != 0) {
            register |= bit;
            key = one_way(key, low_bytes(register));
        }
        TransactionKey(DoubleKey::new(key ^ PIN_VARIANT))
    }
}

/// The non-reversible key generation process (annex A.2).
fn one_way(key: u128, register: [u8; 8]) -> u128 {
    let half = |key: u128| {
        let [left, right] = [high_half(key), low_bytes(key)];
        let crossed = xor(register, right);
        // A key of eight bytes is always one.
        let enciphered = DesKey::new(&left).map(|left| left.encrypt_block(crossed));
        xor(enciphered.unwrap_or_default(), right)
    };
    join(half(key ^ SECOND), half(key))
}

impl TransactionKey {
    /// Encrypts in CBC mode from zeros, filled up with zeros (99875475, section 2, "Encrypted track
    /// data").
    pub(super) fn encrypt(&self, data: &[u8]) -> Vec<u8> {
        let mut chain = [0; 8];
        let mut encrypted = Vec::with_capacity(data.len().next_multiple_of(8));
        for part in data.chunks(8) {
            let mut block = [0; 8];
            for (place, byte) in block.iter_mut().zip(part) {
                *place = *byte;
            }
            chain = self.0.encrypt(xor(chain, block));
            encrypted.extend(chain);
        }
        encrypted
    }
}

impl DoubleKey {
    fn new(key: u128) -> Self {
        Self(Zeroizing::new(key))
    }

    fn of(left: [u8; 8], right: [u8; 8]) -> Self {
        Self::new(join(left, right))
    }

    fn encrypt(&self, block: [u8; 8]) -> [u8; 8] {
        // A key of sixteen bytes is always one.
        DesKey::new(&self.0.to_be_bytes()).map(|key| key.encrypt_block(block)).unwrap_or_default()
    }
}

impl core::fmt::Debug for DoubleKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("DoubleKey")
    }
}

fn xor(a: [u8; 8], b: [u8; 8]) -> [u8; 8] {
    (u64::from_be_bytes(a) ^ u64::from_be_bytes(b)).to_be_bytes()
}

fn join(left: [u8; 8], right: [u8; 8]) -> u128 {
    u128::from(u64::from_be_bytes(left)) << 64 | u128::from(u64::from_be_bytes(right))
}

fn high_half(value: u128) -> [u8; 8] {
    low_bytes(value >> 64)
}

/// Returns the first eight of a serial number's ten bytes.
fn high_bytes(serial: u128) -> [u8; 8] {
    low_bytes(serial >> 16)
}

fn low_bytes(value: u128) -> [u8; 8] {
    let [_, _, _, _, _, _, _, _, low @ ..] = value.to_be_bytes();
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_those_of_the_standard() {
        // ANSI X9.24-1:2009, annex A.4.
        let mut keys = Dukpt::test_keys();
        assert_eq!(*keys.initial.0, 0x6AC2_92FA_A131_5B4D_858A_B3A3_D7D5_933A);
        let first = keys.next_key();
        assert_eq!(
            keys.key_serial_number(),
            [0xFF, 0xFF, 0x98, 0x76, 0x54, 0x32, 0x10, 0xE0, 0, 1]
        );
        assert_eq!(*first.0.0 ^ PIN_VARIANT, 0x0426_66B4_9184_CFA3_68DE_9628_D039_7BC9);
    }

    #[test]
    fn encrypts_as_the_manual() {
        // 99875475, appendix C: the beginning of a track 1 under the eighth key.
        let mut keys = Dukpt::test_keys();
        let key = (0..8).map(|_| keys.next_key()).last().unwrap();
        assert_eq!(key.encrypt(b"%B545230")[..4], [0xC2, 0x5C, 0x1D, 0x11]);
        assert_eq!(key.encrypt(b"").len(), 0);
        assert_eq!(key.encrypt(&[0; 9]).len(), 16);
    }
}
