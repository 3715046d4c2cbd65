//! What a payment card and its issuer compute (EMV Book 2).

mod certificate;
mod ec_certificate;
mod elliptic;
mod generate;
mod keys;
mod rsa;
mod test_keys;
#[cfg(test)]
mod tests;
mod triple_des;

pub(super) use certificate::{
    Certified, Validity, icc_certificate, issuer_certificate, signed_static_data,
};
pub(super) use ec_certificate::{AuthorityName, ec_icc_certificate, ec_issuer_certificate};
pub(super) use elliptic::EcPrivateKey;
#[cfg(test)]
pub(super) use elliptic::tests::verifies;
pub(super) use generate::Role;
pub use keys::CryptogramVersion;
pub(super) use keys::{
    IssuerMasterKey, application_cryptogram, authorisation_response_cryptogram, icc_master_key,
};
pub(super) use rsa::PrivateKey;
pub(super) use triple_des::{Key, encrypt_block};
