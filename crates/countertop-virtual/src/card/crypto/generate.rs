//! Test keys of any size, made on the spot.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use num_bigint::BigUint;
use sha1::{Digest as _, Sha1};

use super::rsa::PrivateKey;

/// Names whose key it is; every role has keys of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    Authority,
    Issuer,
    Icc,
    IccPin,
}

type Known = Mutex<BTreeMap<(Role, u16, u32), PrivateKey>>;

/// Returns the key of a role with a modulus of `bits`, always the same one.
///
/// The primes come from SHA-1 over the role and the size, so that a run can be repeated: the key
/// protects nothing. It is made once in a process.
pub(super) fn key(role: Role, bits: u16, exponent: u32) -> PrivateKey {
    static KNOWN: LazyLock<Known> = LazyLock::new(Known::default);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    known.entry((role, bits, exponent)).or_insert_with(|| generate(role, bits, exponent)).clone()
}

fn generate(role: Role, bits: u16, exponent: u32) -> PrivateKey {
    let mut stream = Stream::new(&format!("{role:?} {bits} {exponent}"));
    let exponent = BigUint::from(exponent);
    let one = BigUint::from(1_u8);
    loop {
        let p = prime(&mut stream, bits / 2, &exponent);
        let q = prime(&mut stream, bits - bits / 2, &exponent);
        let modulus = &p * &q;
        let inverse = exponent.modinv(&((&p - &one) * (&q - &one)));
        if let Some(private_exponent) = inverse.filter(|_| p != q) {
            return PrivateKey::from_parts(modulus, private_exponent, exponent);
        }
    }
}

/// Returns a prime of `bits`, with its two highest bits set, that goes with `exponent`.
fn prime(stream: &mut Stream, bits: u16, exponent: &BigUint) -> BigUint {
    let one = BigUint::from(1_u8);
    loop {
        let mut candidate = stream.number(bits);
        candidate.set_bit(0, true);
        candidate.set_bit(u64::from(bits) - 1, true);
        candidate.set_bit(u64::from(bits) - 2, true);
        let fits = (&candidate - &one) % exponent != BigUint::ZERO;
        if fits && is_prime(&candidate) {
            return candidate;
        }
    }
}

/// Tells whether a large odd number is prime, but for an error nobody has ever seen (Miller–Rabin).
fn is_prime(candidate: &BigUint) -> bool {
    let divides = |prime: &u16| (candidate % *prime) == BigUint::ZERO;
    if SMALL_PRIMES.iter().any(divides) {
        return false;
    }
    let one = BigUint::from(1_u8);
    let before = candidate - &one;
    let twos = before.trailing_zeros().unwrap_or_default();
    let odd = &before >> twos;
    SMALL_PRIMES.iter().take(16).all(|base| {
        let mut power = BigUint::from(*base).modpow(&odd, candidate);
        if power == one || power == before {
            return true;
        }
        (1..twos).any(|_| {
            power = &power * &power % candidate;
            power == before
        })
    })
}

/// The odd primes under 1000.
static SMALL_PRIMES: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let is_prime =
        |number: &u16| (3..*number).step_by(2).all(|other| !number.is_multiple_of(other));
    (3..1000).step_by(2).filter(is_prime).collect()
});

/// Is a source of numbers that are always the same.
pub(super) struct Stream {
    seed: Vec<u8>,
    counter: u32,
}

impl Stream {
    pub(super) fn new(seed: &str) -> Self {
        Self { seed: seed.as_bytes().to_vec(), counter: 0 }
    }

    pub(super) fn number(&mut self, bits: u16) -> BigUint {
        let length = usize::from(bits).div_ceil(8);
        let mut bytes = Vec::new();
        while bytes.len() < length {
            self.counter = self.counter.wrapping_add(1);
            let block =
                Sha1::new().chain_update(&self.seed).chain_update(self.counter.to_be_bytes());
            bytes.extend_from_slice(&block.finalize());
        }
        bytes.truncate(length);
        BigUint::from_bytes_be(&bytes) >> (8 * length - usize::from(bits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_undoes_its_own_signature() {
        for (bits, exponent) in [(1024, 3), (1024, 65_537), (1056, 3)] {
            let key = key(Role::Icc, bits, exponent);
            assert_eq!(key.len(), usize::from(bits) / 8);
            let message = vec![0x6a; key.len()];
            let signed = key.apply(&message);
            let back =
                emv::core::iso9796_2::rsa_recover(&signed, &key.public_exponent(), &key.modulus());
            assert_eq!(back.unwrap(), message, "{bits} {exponent}");
        }
    }

    #[test]
    fn keys_are_the_same_in_every_run_and_differ_by_role() {
        let [issuer, icc] = [Role::Issuer, Role::Icc].map(|role| generate(role, 512, 3).modulus());
        assert_eq!(issuer, generate(Role::Issuer, 512, 3).modulus());
        assert_ne!(issuer, icc);
        assert_eq!(issuer[0] >> 7, 1, "all bits are used");
    }

    #[test]
    fn primes_are_told_from_others() {
        let mersenne = (BigUint::from(1_u8) << 127_u32) - 1_u8;
        assert!(is_prime(&mersenne));
        assert!(!is_prime(&(&mersenne * &mersenne)));
        // A Carmichael number with large factors: 1009 divides none of the small ones.
        assert!(!is_prime(&(BigUint::from(1009_u32) * 1013_u32)));
    }
}
