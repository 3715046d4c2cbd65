//! Hashes of passwords: argon2id (RFC 9106) in the PHC text form.

use argon2::password_hash::Error as HashError;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use countertop_device::Sensitive;

use super::{OperatorError, OperatorNumber, PasswordCost};
use crate::vault::Randomness;

const SALT_LENGTH: usize = 16;

/// Returns the hash of a password with a new salt.
pub(super) fn hash(
    number: OperatorNumber,
    password: &Sensitive,
    cost: PasswordCost,
    randomness: &dyn Randomness,
) -> Result<String, OperatorError> {
    let mut salt = [0; SALT_LENGTH];
    randomness.fill(&mut salt)?;
    let hash = hasher(cost)
        .and_then(|hasher| hasher.hash_password_with_salt(password.expose(), &salt))
        .map_err(|error| failed(number, error))?;
    Ok(hash.to_string())
}

/// Tells whether a password is the hashed one. The hash names its own cost.
pub(super) fn verify(
    number: OperatorNumber,
    password: &Sensitive,
    hash: &str,
) -> Result<bool, OperatorError> {
    match Argon2::default().verify_password(password.expose(), hash) {
        Ok(()) => Ok(true),
        Err(HashError::PasswordInvalid) => Ok(false),
        Err(error) => Err(failed(number, error)),
    }
}

fn hasher(cost: PasswordCost) -> Result<Argon2<'static>, HashError> {
    let params = Params::new(cost.memory_kib, cost.passes, 1, None)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn failed(number: OperatorNumber, error: HashError) -> OperatorError {
    OperatorError::Hash { number, reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::SystemRandomness;

    const NUMBER: OperatorNumber = OperatorNumber::SUPERVISOR;
    const CHEAP: PasswordCost = PasswordCost { memory_kib: 8, passes: 1 };

    fn password(text: &str) -> Sensitive {
        Sensitive::from(text.as_bytes())
    }

    #[test]
    fn a_hash_knows_its_password_alone() {
        let hash = hash(NUMBER, &password("258013"), CHEAP, &SystemRandomness).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{hash}");
        assert!(verify(NUMBER, &password("258013"), &hash).unwrap());
        assert!(!verify(NUMBER, &password("258014"), &hash).unwrap());
        assert!(!verify(NUMBER, &password(""), &hash).unwrap());
    }

    #[test]
    fn salts_differ() {
        let hash = || hash(NUMBER, &password("258013"), CHEAP, &SystemRandomness).unwrap();
        assert_ne!(hash(), hash());
    }

    #[test]
    fn a_hash_made_elsewhere_is_understood() {
        // The reference implementation's vector: `echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1`.
        let hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$\
                    CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        assert!(verify(NUMBER, &password("password"), hash).unwrap());
    }

    #[test]
    fn garbage_is_no_hash() {
        assert!(matches!(
            verify(NUMBER, &password("258013"), "plain text"),
            Err(OperatorError::Hash { .. })
        ));
    }

    #[test]
    fn an_absurd_cost_is_an_error() {
        let cost = PasswordCost { memory_kib: 0, passes: 0 };
        let refused = hash(NUMBER, &password("258013"), cost, &SystemRandomness);
        assert!(matches!(refused, Err(OperatorError::Hash { .. })));
    }
}
