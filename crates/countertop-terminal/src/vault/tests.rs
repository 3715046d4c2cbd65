use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::*;

fn vault() -> Vault {
    Vault::ephemeral(Arc::new(SystemRandomness)).unwrap()
}

fn secret() -> Sensitive {
    Sensitive::from(b"6200000000000005".as_slice())
}

#[test]
fn what_is_sealed_opens_again() {
    let vault = vault();
    let sealed = vault.seal(&secret(), SealContext::Card(1)).unwrap();
    assert_eq!(vault.unseal(&sealed, SealContext::Card(1)).unwrap(), secret());
    assert!(!sealed.windows(6).any(|window| window == b"620000"));
}

#[test]
fn a_blob_opens_in_its_own_place_only() {
    let vault = vault();
    let sealed = vault.seal(&secret(), SealContext::Card(1)).unwrap();
    for context in [SealContext::Card(2), SealContext::Reversal(1), SealContext::KeyCheck] {
        assert!(matches!(vault.unseal(&sealed, context), Err(VaultError::Forged(_))), "{context}");
    }
}

#[test]
fn another_key_does_not_open_it() {
    let sealed = vault().seal(&secret(), SealContext::Card(1)).unwrap();
    assert!(vault().unseal(&sealed, SealContext::Card(1)).is_err());
}

#[test]
fn no_bit_and_no_length_can_be_changed() {
    let vault = vault();
    let sealed = vault.seal(&secret(), SealContext::Card(1)).unwrap();
    for length in 0..sealed.len() {
        assert!(vault.unseal(&sealed[..length], SealContext::Card(1)).is_err(), "{length}");
    }
    for bit in 0..sealed.len() * 8 {
        let mut changed = sealed.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(vault.unseal(&changed, SealContext::Card(1)).is_err(), "{bit}");
    }
}

#[test]
fn nonces_differ() {
    let vault = vault();
    let first = vault.seal(&secret(), SealContext::Card(1)).unwrap();
    assert_ne!(first, vault.seal(&secret(), SealContext::Card(1)).unwrap());
}

#[test]
fn the_key_survives_a_restart_and_is_the_owners_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.key");
    let first = Vault::open(&path, Arc::new(SystemRandomness)).unwrap();
    let sealed = first.seal(&secret(), SealContext::Reversal(7)).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let again = Vault::open(&path, Arc::new(SystemRandomness)).unwrap();
    assert_eq!(again.unseal(&sealed, SealContext::Reversal(7)).unwrap(), secret());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file stays");
}

#[test]
fn a_key_that_others_can_read_is_refused_with_the_cure() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.key");
    for mode in [0o640, 0o604, 0o644, 0o620] {
        fs::write(&path, [7; KEY_LENGTH]).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let error = Vault::open(&path, Arc::new(SystemRandomness)).unwrap_err();
        let cure = format!("chmod 600 {}", path.display());
        assert!(error.to_string().contains(&cure), "{error}");
    }
}

#[test]
fn half_a_key_is_no_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.key");
    fs::write(&path, [7; KEY_LENGTH - 1]).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    let error = Vault::open(&path, Arc::new(SystemRandomness)).unwrap_err();
    assert!(matches!(error, VaultError::NoKey { length: 31, .. }), "{error}");
}

#[test]
fn a_missing_folder_is_an_error() {
    let error = Vault::open(Path::new("/nonexistent/vault.key"), Arc::new(SystemRandomness));
    assert!(matches!(error, Err(VaultError::KeyFile { action: "make it", .. })));
}

#[derive(Debug)]
struct NoRandomness;

impl Randomness for NoRandomness {
    fn fill(&self, _: &mut [u8]) -> Result<(), RandomnessError> {
        Err(RandomnessError::new("none left"))
    }
}

#[test]
fn without_randomness_nothing_is_sealed_and_no_key_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.key");
    assert!(Vault::open(&path, Arc::new(NoRandomness)).is_err());
    assert!(!path.exists());
    let vault = Vault::with_key(&[1; KEY_LENGTH], Arc::new(NoRandomness));
    assert!(matches!(vault.seal(&secret(), SealContext::KeyCheck), Err(VaultError::Randomness(_))));
}
