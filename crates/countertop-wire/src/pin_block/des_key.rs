//! Single- and double-length DES keys: block encryption, check values, MACs.

use core::fmt;

use des::cipher::{Array, BlockCipherDecrypt as _, BlockCipherEncrypt as _, KeyInit as _};
use des::{Des, TdesEde2};
use zeroize::{Zeroize as _, Zeroizing};

use super::PinBlockError;

/// Is a DES key of 8 bytes, or a triple-DES key of 16. Wiped on drop; its `Debug` shows its length.
#[derive(Clone, PartialEq, Eq)]
pub struct DesKey(Zeroizing<Vec<u8>>);

impl DesKey {
    /// Takes a key of 8 or 16 bytes; parity bits do not matter.
    ///
    /// # Errors
    ///
    /// [`PinBlockError::KeyLength`] for any other length.
    pub fn new(bytes: &[u8]) -> Result<Self, PinBlockError> {
        match bytes.len() {
            8 | 16 => Ok(Self(Zeroizing::new(bytes.to_vec()))),
            _ => Err(PinBlockError::KeyLength),
        }
    }

    /// Tells whether the key has 16 bytes.
    #[must_use]
    pub fn is_double(&self) -> bool {
        self.0.len() == 16
    }

    /// Encrypts one block: DES, or triple DES (EDE) with a double-length key.
    #[must_use]
    pub fn encrypt_block(&self, block: [u8; 8]) -> [u8; 8] {
        let mut block = Array::from(block);
        match halves(&self.0) {
            (left, None) => Des::new(&left.into()).encrypt_block(&mut block),
            (left, Some(right)) => TdesEde2::new(&join(left, right)).encrypt_block(&mut block),
        }
        block.into()
    }

    /// Decrypts one block.
    #[must_use]
    pub fn decrypt_block(&self, block: [u8; 8]) -> [u8; 8] {
        let mut block = Array::from(block);
        match halves(&self.0) {
            (left, None) => Des::new(&left.into()).decrypt_block(&mut block),
            (left, Some(right)) => TdesEde2::new(&join(left, right)).decrypt_block(&mut block),
        }
        block.into()
    }

    /// Unwraps a key that was encrypted under this one block by block (ECB).
    ///
    /// # Errors
    ///
    /// [`PinBlockError::KeyLength`] for a cryptogram that is not 8 or 16 bytes.
    pub fn unwrap_key(&self, cryptogram: &[u8]) -> Result<Self, PinBlockError> {
        let (blocks, rest) = cryptogram.as_chunks::<8>();
        if !rest.is_empty() {
            return Err(PinBlockError::KeyLength);
        }
        let mut clear =
            blocks.iter().flat_map(|block| self.decrypt_block(*block)).collect::<Vec<_>>();
        let key = Self::new(&clear);
        clear.zeroize();
        key
    }

    /// Wraps `key` under this one block by block (ECB), as a host does.
    #[must_use]
    pub fn wrap_key(&self, key: &Self) -> Vec<u8> {
        let (blocks, _none) = key.0.as_chunks::<8>();
        blocks.iter().flat_map(|block| self.encrypt_block(*block)).collect()
    }

    /// Returns the key check value: zeros encrypted under the key. Hosts give its first 3 or 4 bytes.
    #[must_use]
    pub fn check_value(&self) -> [u8; 8] {
        self.encrypt_block([0; 8])
    }

    /// Goes one step in a CBC-MAC: encrypts `block` XOR `chain`.
    #[must_use]
    pub fn chain(&self, chain: [u8; 8], block: [u8; 8]) -> [u8; 8] {
        self.encrypt_block(xor(chain, block))
    }

    /// Computes the CBC-MAC of `data`, filled up with zeros: ANSI X9.9 (ISO/IEC 9797-1 algorithm 1,
    /// padding 1), with triple DES under a double-length key.
    #[must_use]
    pub fn cbc_mac(&self, data: &[u8]) -> [u8; 8] {
        blocks(data).fold([0; 8], |chain, block| self.chain(chain, block))
    }

    /// Computes the retail MAC of `data`, filled up with zeros: ANSI X9.19 (ISO/IEC 9797-1 algorithm
    /// 3, padding 1). The same as [`cbc_mac`](Self::cbc_mac) with a single-length key.
    #[must_use]
    pub fn retail_mac(&self, data: &[u8]) -> [u8; 8] {
        let left = self.left();
        let mac = left.cbc_mac(data);
        self.finish_retail_mac(mac)
    }

    /// Turns the CBC-MAC under the [left half](Self::left) into the retail MAC.
    #[must_use]
    pub fn finish_retail_mac(&self, mac: [u8; 8]) -> [u8; 8] {
        match halves(&self.0) {
            (_, None) => mac,
            // E(D(E(x))) of the whole key after D of its left half leaves D of the right, E of the left.
            (..) => self.encrypt_block(self.left().decrypt_block(mac)),
        }
    }

    /// Returns the left half of a double-length key, or the key itself.
    #[must_use]
    pub fn left(&self) -> Self {
        let (left, _) = halves(&self.0);
        Self(Zeroizing::new(left.to_vec()))
    }
}

impl fmt::Debug for DesKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DesKey({} bytes)", self.0.len())
    }
}

/// Returns the two halves; the second is missing in a single-length key.
fn halves(key: &[u8]) -> ([u8; 8], Option<[u8; 8]>) {
    let (blocks, _none) = key.as_chunks::<8>();
    (blocks.first().copied().unwrap_or_default(), blocks.get(1).copied())
}

fn join(left: [u8; 8], right: [u8; 8]) -> des::cipher::Key<TdesEde2> {
    let mut key = des::cipher::Key::<TdesEde2>::default();
    let (first, second) = key.split_at_mut(8);
    first.copy_from_slice(&left);
    second.copy_from_slice(&right);
    key
}

fn xor(left: [u8; 8], right: [u8; 8]) -> [u8; 8] {
    core::array::from_fn(|place| left[place] ^ right[place])
}

fn blocks(data: &[u8]) -> impl Iterator<Item = [u8; 8]> {
    data.chunks(8).map(|chunk| {
        let mut block = [0; 8];
        block.iter_mut().zip(chunk).for_each(|(place, byte)| *place = *byte);
        block
    })
}
