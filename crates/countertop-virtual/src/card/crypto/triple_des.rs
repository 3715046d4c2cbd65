//! Triple DES with two keys.

use des::cipher::{Array, BlockCipherDecrypt as _, BlockCipherEncrypt as _, KeyInit as _};
use des::{Des, TdesEde2};
use zeroize::Zeroizing;

/// Is a double-length DES key.
pub(crate) type Key = Zeroizing<[u8; 16]>;

/// Returns `block` enciphered with triple DES.
pub(crate) fn encrypt_block(key: &Key, block: [u8; 8]) -> [u8; 8] {
    let mut block = Array::from(block);
    TdesEde2::new(&Array::from(**key)).encrypt_block(&mut block);
    block.into()
}

/// Returns the MAC of `data` by algorithm 3 of ISO/IEC 9797-1 (EMV Book 2, annex A1.2.1).
///
/// `data` is taken as padded already; a last incomplete block is filled up with zeros.
pub(crate) fn mac(key: &Key, data: &[u8]) -> [u8; 8] {
    let (left, right) = halves(key);
    let mut state = Array::from([0; 8]);
    for block in data.chunks(8) {
        for (byte, data) in state.iter_mut().zip(block) {
            *byte ^= data;
        }
        left.encrypt_block(&mut state);
    }
    right.decrypt_block(&mut state);
    left.encrypt_block(&mut state);
    state.into()
}

fn halves(key: &Key) -> (Des, Des) {
    let [mut left, mut right] = [[0; 8]; 2];
    left.copy_from_slice(&key[..8]);
    right.copy_from_slice(&key[8..]);
    (Des::new(&Array::from(left)), Des::new(&Array::from(right)))
}
