//! Message authentication codes (field 64).

use sm4::Sm4;
use sm4::cipher::{BlockCipherEncrypt, KeyInit};
use zeroize::Zeroizing;

use crate::pin_block::DesKey;

/// Says that a key has none of the lengths that its algorithm takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("key of {0} bytes; DES takes 8 or 16, SM4 16")]
pub struct BadKeyLength(pub usize);

/// Names how a message authentication code is computed from the block that it protects: the bytes
/// from the message type through the last field before field 64.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum MacAlgorithm {
    /// UnionPay's ECB code: XOR of all blocks as hexadecimal text, then DES or triple DES twice.
    #[default]
    UnionPayEcb,
    /// ANSI X9.9: CBC-MAC of the block; field 64 holds its eight bytes.
    AnsiX99,
    /// UnionPay's ECB code with SM4 in place of DES.
    Sm4,
}

impl MacAlgorithm {
    /// Computes field 64 in software, as a host does.
    ///
    /// # Errors
    ///
    /// [`BadKeyLength`]: DES takes 8 or 16 bytes, SM4 16.
    pub fn compute(self, key: &[u8], block: &[u8]) -> Result<[u8; 8], BadKeyLength> {
        match self {
            Self::UnionPayEcb => ecb_mac(key, block),
            Self::AnsiX99 => cbc_mac(key, block),
            Self::Sm4 => sm4_mac(key, block),
        }
    }
}

/// Cuts a message with field 64 into the block that its code protects, and the code.
///
/// Returns `None` when the bitmap does not have field 64 as its last, or bytes are missing.
#[must_use]
pub fn split_mac(message: &[u8]) -> Option<(&[u8], [u8; 8])> {
    let bitmap = crate::iso8583::Bitmap::parse(message.get(2..)?)?;
    if bitmap.fields().last() != Some(64) {
        return None;
    }
    let (block, code) = message.split_last_chunk::<8>()?;
    (block.len() >= 2 + bitmap.len()).then_some((block, *code))
}

/// Folds a block to the sixteen characters that a PIN pad takes: the XOR of its 8-byte pieces,
/// padded with zeros, as upper-case hexadecimal text.
///
/// UnionPay's ECB code is the DES-CBC-MAC over these sixteen characters, so that a PIN pad that
/// computes CBC-MACs computes it.
#[must_use]
pub fn fold(block: &[u8]) -> [u8; 16] {
    hex_characters(xor_pieces::<8>(block))
}

/// Folds a block for SM4: 16-byte pieces, thirty-two characters.
#[must_use]
pub fn sm4_fold(block: &[u8]) -> [u8; 32] {
    hex_characters(xor_pieces::<16>(block))
}

/// Returns field 64 for the whole last block of a CBC-MAC over [`fold`]: its first four bytes as
/// upper-case hexadecimal text.
#[must_use]
pub fn mac_text(last_block: [u8; 8]) -> [u8; 8] {
    let [first, second, third, fourth, ..] = last_block;
    hex_characters([first, second, third, fourth])
}

/// Computes UnionPay's ECB code with a key of single or double length.
///
/// # Errors
///
/// [`BadKeyLength`] unless the key has 8 or 16 bytes.
pub fn ecb_mac(key: &[u8], block: &[u8]) -> Result<[u8; 8], BadKeyLength> {
    cbc_mac(key, &fold(block)).map(mac_text)
}

/// Computes the CBC-MAC of ANSI X9.9 with a zero start, the block padded with zeros.
///
/// # Errors
///
/// [`BadKeyLength`] unless the key has 8 or 16 bytes.
pub fn cbc_mac(key: &[u8], block: &[u8]) -> Result<[u8; 8], BadKeyLength> {
    let key = DesKey::new(key).map_err(|_| BadKeyLength(key.len()))?;
    Ok(key.cbc_mac(block))
}

/// Computes UnionPay's ECB code with SM4 in place of DES. The key has 16 bytes.
///
/// # Errors
///
/// [`BadKeyLength`] for any other number of bytes.
pub fn sm4_mac(key: &[u8], block: &[u8]) -> Result<[u8; 8], BadKeyLength> {
    let key = Sm4::new_from_slice(key).map_err(|_| BadKeyLength(key.len()))?;
    let step = |state: [u8; 16], piece: &[u8]| {
        let mut state = xor(state, piece).into();
        key.encrypt_block(&mut state);
        state.into()
    };
    let last = Zeroizing::new(sm4_fold(block).chunks(16).fold([0; 16], step));
    let [first, second, third, fourth, ..] = *last;
    Ok(hex_characters([first, second, third, fourth]))
}

fn xor_pieces<const N: usize>(block: &[u8]) -> [u8; N] {
    block.chunks(N).fold([0; N], xor)
}

fn xor<const N: usize>(mut state: [u8; N], piece: &[u8]) -> [u8; N] {
    state.iter_mut().zip(piece).for_each(|(byte, other)| *byte ^= other);
    state
}

fn hex_characters<const N: usize, const M: usize>(bytes: [u8; N]) -> [u8; M] {
    let mut characters = [b'0'; M];
    for (pair, byte) in characters.chunks_exact_mut(2).zip(bytes) {
        pair.copy_from_slice(&[hex_digit(byte >> 4), hex_digit(byte & 0x0F)]);
    }
    characters
}

fn hex_digit(nibble: u8) -> u8 {
    if nibble < 10 { b'0' + nibble } else { b'A' + nibble - 10 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_pads_with_zeros() {
        assert_eq!(&fold(&[]), b"0000000000000000");
        assert_eq!(&fold(&[1, 2, 3, 4, 5, 6, 7, 8, 0xF1]), b"F002030405060708");
        assert_eq!(&sm4_fold(&[0xAB]), b"AB000000000000000000000000000000");
    }

    #[test]
    fn the_ecb_code_is_a_cbc_mac_of_the_fold() {
        let key = DesKey::new(&[0x3C; 8]).unwrap();
        let folded = fold(b"any block of a message");
        let (first, second) = folded.split_at(8);
        let inner = key.encrypt_block(first.try_into().unwrap());
        let outer = key.encrypt_block(xor(inner, second));
        assert_eq!(ecb_mac(&[0x3C; 8], b"any block of a message"), Ok(mac_text(outer)));
    }

    #[test]
    fn keys_of_other_lengths_are_refused() {
        assert_eq!(ecb_mac(&[0; 24], &[]), Err(BadKeyLength(24)));
        assert_eq!(cbc_mac(&[], &[]), Err(BadKeyLength(0)));
        assert_eq!(sm4_mac(&[0; 8], &[]), Err(BadKeyLength(8)));
    }

    #[test]
    fn only_a_last_field_64_is_a_code() {
        let mut message = vec![0x02, 0x00, 0, 0, 0, 0, 0, 0, 0, 1];
        message.extend(b"BB364F2C");
        let (block, code) = split_mac(&message).unwrap();
        assert_eq!((block.len(), &code), (10, b"BB364F2C"));
        for length in 0..message.len() {
            assert_eq!(split_mac(&message[..length]), None);
        }
        message[9] = 0;
        assert_eq!(split_mac(&message), None);
    }
}
