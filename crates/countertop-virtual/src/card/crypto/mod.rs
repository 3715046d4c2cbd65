//! What a payment card and its issuer compute (EMV Book 2).

mod certificate;
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
pub(super) use generate::Role;
pub use keys::CryptogramVersion;
pub(super) use keys::{
    IssuerMasterKey, application_cryptogram, authorisation_response_cryptogram, icc_master_key,
};
pub(super) use rsa::PrivateKey;
pub(super) use triple_des::{Key, encrypt_block};
