//! What the reader takes from an answer to reset (ISO/IEC 7816-3, clause 8.2).

use countertop_wire::ccid::{Parameters, T0Parameters, T1Parameters};

/// Returns the parameters behind the reset: those of the first protocol that the card offers.
pub(super) fn parameters(answer_to_reset: &[u8]) -> Parameters {
    match first_protocol(answer_to_reset) {
        Some(1) => Parameters::T1(T1Parameters::default()),
        _ => Parameters::T0(T0Parameters::default()),
    }
}

/// Returns T of TD1; `None` without TD1, which means T=0.
fn first_protocol(answer_to_reset: &[u8]) -> Option<u8> {
    let [_ts, t0, rest @ ..] = answer_to_reset else { return None };
    let [.., td1] = rest.get(..interface_bytes(*t0))? else { return None };
    (t0 & 0x80 != 0).then_some(td1 & 0x0f)
}

/// Counts TA, TB, TC and TD that the upper four bits announce.
fn interface_bytes(indicator: u8) -> usize {
    (indicator & 0xf0).count_ones().try_into().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_first_protocol() {
        assert_eq!(first_protocol(&[0x3b, 0x00]), None);
        assert_eq!(first_protocol(&[0x3b, 0x61, 0x00, 0x00, 0x31]), None);
        assert_eq!(first_protocol(&[0x3b, 0x81, 0x81, 0x01, 0x00]), Some(1));
        assert_eq!(first_protocol(&[0x3b, 0xe3, 0x00, 0x00, 0x81, 0x31, 0xfe, 0x45]), Some(1));
        assert_eq!(first_protocol(&[0x3b, 0x80, 0x80, 0x01]), Some(0));
        assert_eq!(first_protocol(&[0x3b, 0xf0, 0x11]), None);
        assert_eq!(first_protocol(&[]), None);
    }
}
