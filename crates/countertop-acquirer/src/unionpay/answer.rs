//! Which answers belong to a request, and what they say.

use countertop_device::Sensitive;
use countertop_wire::iso8583::Message;
use countertop_wire::unionpay::{Institutions, gbk};

use crate::{HostAnswer, ResponseCode};

/// The fields that an answer repeats: processing code, amount, trace number, terminal, merchant.
const REPEATED: [u8; 5] = [3, 4, 11, 41, 42];

/// Tells why an answer does not belong to a request; `None` when it does.
pub(super) fn mismatch(request: &Message, answer: &Message) -> Option<String> {
    let (expected, got) = (request.mti().response(), answer.mti());
    if expected != got {
        return Some(format!("answer is {got}, not {expected}"));
    }
    let asked = |field: &u8| request.get(*field).is_some();
    let differs = |field: &u8| request.get(*field) != answer.get(*field);
    let field = REPEATED.into_iter().filter(asked).find(differs)?;
    Some(format!("field {field} of the answer is not that of the request"))
}

/// Returns field 39.
pub(super) fn code(answer: &Message) -> Result<ResponseCode, String> {
    let code = answer.get(39).and_then(|code| <[u8; 2]>::try_from(code).ok());
    code.and_then(ResponseCode::new).ok_or_else(|| "answer without a response code".into())
}

/// Reads the answer to a financial request.
pub(super) fn read(answer: &Message) -> Result<HostAnswer, String> {
    let text = |field| answer.text(field).map(|text| text.trim().to_owned());
    let institutions = answer.get(44).map(Institutions::parse).unwrap_or_default();
    let scheme = answer.get(63).and_then(|texts| texts.get(..3)).map(gbk);
    Ok(HostAnswer {
        code: code(answer)?,
        date: text(13),
        time: text(12),
        settlement_date: text(15),
        rrn: text(37),
        authorization_code: text(38),
        issuer: institutions.issuer,
        acquirer: institutions.acquirer,
        scheme,
        emv: answer.get(55).map(Sensitive::from).unwrap_or_default(),
    })
}
