//! RSA as EMV uses it (EMV Book 2, annexes A2.1 and B2.1).

use core::fmt;

use num_bigint::BigUint;
use sha1::{Digest as _, Sha1};

use super::generate::{self, Role};
use super::test_keys as keys;

/// The header, the hash and the trailer around the recoverable part of a signature.
const OVERHEAD: usize = 1 + 20 + 1;

/// Is a private key.
#[derive(Clone)]
pub(crate) struct PrivateKey {
    modulus: BigUint,
    private_exponent: BigUint,
    public_exponent: BigUint,
    length: usize,
}

impl PrivateKey {
    /// Returns the fixed key of the test certification authority.
    pub(crate) fn certification_authority() -> Self {
        Self::new(&keys::CA_MODULUS, &keys::CA_PRIVATE_EXPONENT)
    }

    /// Returns the fixed key of the test issuer.
    pub(crate) fn issuer() -> Self {
        Self::new(&keys::ISSUER_MODULUS, &keys::ISSUER_PRIVATE_EXPONENT)
    }

    /// Returns the fixed key of every test card.
    pub(crate) fn icc() -> Self {
        Self::new(&keys::ICC_MODULUS, &keys::ICC_PRIVATE_EXPONENT)
    }

    /// Returns the key of a role: a fixed one for the usual size, else one that is made on the spot.
    pub(crate) fn of(role: Role, bits: u16, exponent: u32) -> Self {
        let fixed = match role {
            Role::Authority => Self::certification_authority(),
            Role::Issuer => Self::issuer(),
            Role::Icc => Self::icc(),
            Role::IccPin => return generate::key(role, bits, exponent),
        };
        if exponent == 3 && fixed.len() * 8 == usize::from(bits) {
            return fixed;
        }
        generate::key(role, bits, exponent)
    }

    fn new(modulus: &[u8], private_exponent: &[u8]) -> Self {
        let number = BigUint::from_bytes_be;
        Self::from_parts(number(modulus), number(private_exponent), BigUint::from(3_u8))
    }

    pub(super) fn from_parts(
        modulus: BigUint,
        private_exponent: BigUint,
        public_exponent: BigUint,
    ) -> Self {
        let length = modulus.to_bytes_be().len();
        Self { modulus, private_exponent, public_exponent, length }
    }

    /// Returns the length of the modulus in bytes.
    pub(crate) fn len(&self) -> usize {
        self.length
    }

    /// Returns the modulus, big-endian.
    pub(crate) fn modulus(&self) -> Vec<u8> {
        self.modulus.to_bytes_be()
    }

    /// Returns the public exponent, big-endian.
    pub(crate) fn public_exponent(&self) -> Vec<u8> {
        self.public_exponent.to_bytes_be()
    }

    /// Returns `data` raised to the private exponent, as long as the modulus.
    pub(crate) fn apply(&self, data: &[u8]) -> Vec<u8> {
        let result = BigUint::from_bytes_be(data)
            .modpow(&self.private_exponent, &self.modulus)
            .to_bytes_be();
        let mut out = vec![0; self.length.saturating_sub(result.len())];
        out.extend_from_slice(&result);
        out
    }

    /// Returns the signature with message recovery over `recoverable` and `rest` (annex A2.1).
    ///
    /// `recoverable` is filled up with `BB`, and cut off at what the signature can hold.
    pub(crate) fn sign(&self, recoverable: &[u8], rest: &[u8]) -> Vec<u8> {
        let mut message = recoverable.to_vec();
        message.resize(self.length.saturating_sub(OVERHEAD), 0xbb);
        let hash = Sha1::new().chain_update(&message).chain_update(rest).finalize();
        let mut block = vec![0x6a];
        block.extend_from_slice(&message);
        block.extend_from_slice(&hash);
        block.push(0xbc);
        self.apply(&block)
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({} bits)", 8 * self.length)
    }
}
