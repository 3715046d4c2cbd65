//! What the issuer sends back in field 55.

use countertop_wire::tlv::{tags, tlvs};
use emv::Tlv;
use emv::contact::online_processing::OnlineAuthorisationResponse;
use emv::de::authorisation_response_code::AuthorisationResponseCode;

use crate::EmvError;

/// Declined offline (EMV Book 4, annex A6).
pub(super) const DECLINED_OFFLINE: AuthorisationResponseCode = AuthorisationResponseCode(*b"Z1");
/// Unable to go online, approved offline.
pub(super) const UNABLE_APPROVED: AuthorisationResponseCode = AuthorisationResponseCode(*b"Y3");
/// Unable to go online, declined offline.
pub(super) const UNABLE_DECLINED: AuthorisationResponseCode = AuthorisationResponseCode(*b"Z3");

/// Reads the host's field 55; what it does not know in there it passes over.
///
/// `code` stands in for a missing `8A`.
pub(super) fn parse(
    code: [u8; 2],
    field55: &[u8],
) -> Result<OnlineAuthorisationResponse, EmvError> {
    let mut response = OnlineAuthorisationResponse {
        authorisation_response_code: AuthorisationResponseCode(code),
        issuer_authentication_data: None,
        issuer_scripts: Vec::new(),
    };
    for object in tlvs(field55) {
        let object = object.map_err(|error| EmvError::malformed("the host's field 55", error))?;
        match object.tag {
            tags::AUTHORISATION_RESPONSE_CODE => {
                if let Ok(code) = object.value.try_into() {
                    response.authorisation_response_code = AuthorisationResponseCode(code);
                }
            }
            tags::ISSUER_AUTHENTICATION_DATA => {
                response.issuer_authentication_data = Some(object.value.to_vec());
            }
            tags::ISSUER_SCRIPT_TEMPLATE_1 | tags::ISSUER_SCRIPT_TEMPLATE_2 => {
                let encoded = countertop_wire::tlv::TlvWriter::new().put(object.tag, object.value);
                let script = Tlv::from_bytes(&encoded.finish())
                    .map_err(|error| EmvError::malformed("an issuer script", error))?;
                response.issuer_scripts.push(script);
            }
            _ => {}
        }
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_code_authentication_and_scripts() {
        let field = [
            &[0x8A, 0x02, b'0', b'0', 0x91, 0x0A][..],
            &[1; 10],
            &[0x72, 0x07, 0x86, 0x05, 0x84, 0x24, 0x00, 0x00, 0x00],
            &[0xDF, 0x31, 0x01, 0x00],
        ]
        .concat();
        let response = parse(*b"05", &field).unwrap();
        assert_eq!(response.authorisation_response_code.to_bytes(), *b"00");
        assert_eq!(response.issuer_authentication_data, Some(vec![1; 10]));
        assert_eq!(response.issuer_scripts.len(), 1);
    }

    #[test]
    fn an_empty_field_leaves_the_code() {
        let response = parse(*b"51", &[]).unwrap();
        assert_eq!(response.authorisation_response_code.to_bytes(), *b"51");
        assert!(parse(*b"00", &[0x91, 0x0A, 1]).is_err());
    }
}
