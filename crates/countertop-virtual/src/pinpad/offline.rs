//! Enciphering a PIN for the card.

use countertop_wire::pin_block::{Pin, encipherment_data};
use countertop_wire::pinpad::{OfflinePinRequest, OfflinePinResponse};
use num_bigint::BigUint;
use zeroize::Zeroizing;

/// Builds the data of EMV Book 2, clause 7.2 and raises them to the exponent.
pub(super) fn encipher(pin: &Pin, request: &OfflinePinRequest) -> OfflinePinResponse {
    let len = request.modulus.len();
    let mut random = Zeroizing::new(vec![0; len]);
    let filled = getrandom::fill(&mut random).is_ok();
    let data = encipherment_data(pin, request.challenge, len, &random);
    let (true, Ok(data)) = (filled, data) else { return OfflinePinResponse::KeyRefused };
    let modulus = BigUint::from_bytes_be(&request.modulus);
    let data = BigUint::from_bytes_be(&data);
    // RSA needs data below the modulus, whose first byte is 80 or more (EMV Book 2, annex B2.1).
    if data >= modulus {
        return OfflinePinResponse::KeyRefused;
    }
    let cipher = data.modpow(&BigUint::from_bytes_be(&request.exponent), &modulus).to_bytes_be();
    let mut padded = Zeroizing::new(vec![0; len.saturating_sub(cipher.len())]);
    padded.extend_from_slice(&cipher);
    OfflinePinResponse::Enciphered(padded)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The product of the Mersenne primes 2^521 - 1 and 2^607 - 1, with exponent 65537.
    fn key() -> (Vec<u8>, BigUint) {
        let mersenne = |bits: u32| (BigUint::from(1u8) << bits) - 1u8;
        let (p, q) = (mersenne(521), mersenne(607));
        let phi = (&p - 1u8) * (&q - 1u8);
        let private = BigUint::from(65_537u32).modinv(&phi).unwrap();
        ((p * q).to_bytes_be(), private)
    }

    fn request(modulus: Vec<u8>) -> OfflinePinRequest {
        OfflinePinRequest {
            modulus,
            exponent: vec![1, 0, 1],
            challenge: [1, 2, 3, 4, 5, 6, 7, 8],
            prompt: String::new(),
            half_minutes: None,
        }
    }

    #[test]
    fn the_card_finds_its_pin() {
        let (modulus, private) = key();
        let pin = Pin::new(b"1234").unwrap();
        let OfflinePinResponse::Enciphered(cipher) = encipher(&pin, &request(modulus.clone()))
        else {
            panic!("not enciphered")
        };
        assert_eq!(cipher.len(), modulus.len());
        let modulus = BigUint::from_bytes_be(&modulus);
        let data = BigUint::from_bytes_be(&cipher).modpow(&private, &modulus).to_bytes_be();
        assert_eq!(data[..9], [0x7f, 0x24, 0x12, 0x34, 0xff, 0xff, 0xff, 0xff, 0xff]);
        assert_eq!(data[9..17], [1, 2, 3, 4, 5, 6, 7, 8]);
    }

    #[test]
    fn refuses_a_modulus_that_is_too_small() {
        let pin = Pin::new(b"1234").unwrap();
        for modulus in [vec![0xff; 16], vec![0x01; 32], vec![0; 20]] {
            assert_eq!(encipher(&pin, &request(modulus)), OfflinePinResponse::KeyRefused);
        }
    }
}
