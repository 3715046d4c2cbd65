//! What a transaction's results say, bit by bit.

use countertop_emv::{CvmResults, TerminalVerificationResults};

/// Is the byte, the bit and the meaning of a result.
type Meaning = (usize, u8, &'static str);

/// Terminal Verification Results (EMV Book 3, annex C5).
const TVR: [Meaning; 30] = [
    (0, 0x80, "offline data authentication was not performed"),
    (0, 0x40, "SDA failed"),
    (0, 0x20, "ICC data missing"),
    (0, 0x10, "card appears on terminal exception file"),
    (0, 0x08, "DDA failed"),
    (0, 0x04, "CDA failed"),
    (0, 0x02, "SDA selected"),
    (1, 0x80, "ICC and terminal have different application versions"),
    (1, 0x40, "expired application"),
    (1, 0x20, "application not yet effective"),
    (1, 0x10, "requested service not allowed for card product"),
    (1, 0x08, "new card"),
    (2, 0x80, "cardholder verification was not successful"),
    (2, 0x40, "unrecognised CVM"),
    (2, 0x20, "PIN try limit exceeded"),
    (2, 0x10, "PIN entry required and PIN pad not present or not working"),
    (2, 0x08, "PIN entry required, PIN pad present, but PIN was not entered"),
    (2, 0x04, "online PIN entered"),
    (3, 0x80, "transaction exceeds floor limit"),
    (3, 0x40, "lower consecutive offline limit exceeded"),
    (3, 0x20, "upper consecutive offline limit exceeded"),
    (3, 0x10, "transaction selected randomly for online processing"),
    (3, 0x08, "merchant forced transaction online"),
    (4, 0x80, "default TDOL used"),
    (4, 0x40, "issuer authentication failed"),
    (4, 0x20, "script processing failed before final GENERATE AC"),
    (4, 0x10, "script processing failed after final GENERATE AC"),
    (4, 0x08, "relay resistance threshold exceeded"),
    (4, 0x04, "relay resistance time limits exceeded"),
    (4, 0x02, "relay resistance protocol performed"),
];

/// Transaction Status Information (EMV Book 3, annex C6).
const TSI: [Meaning; 6] = [
    (0, 0x80, "offline data authentication was performed"),
    (0, 0x40, "cardholder verification was performed"),
    (0, 0x20, "card risk management was performed"),
    (0, 0x10, "issuer authentication was performed"),
    (0, 0x08, "terminal risk management was performed"),
    (0, 0x04, "script processing was performed"),
];

fn meanings(table: &[Meaning], bytes: &[u8]) -> Vec<&'static str> {
    let is_set = |(byte, bit, _): &&Meaning| bytes.get(*byte).is_some_and(|it| it & bit != 0);
    table.iter().filter(is_set).map(|(_, _, text)| *text).collect()
}

pub(super) fn tvr(results: TerminalVerificationResults) -> Vec<&'static str> {
    meanings(&TVR, &results.0)
}

pub(super) fn tsi(information: [u8; 2]) -> Vec<&'static str> {
    meanings(&TSI, &information)
}

/// Says method, condition and result (EMV Book 3, annex C3; Book 4, annex A4).
pub(super) fn cvm(results: CvmResults) -> String {
    const NOT_PERFORMED: u8 = 0x3f;
    let [method, condition, result] = results.0;
    if method == NOT_PERFORMED {
        return format!("{}: {}", self::method(method), self::result(result));
    }
    format!("{} {}: {}", self::method(method), self::condition(condition), self::result(result))
}

fn method(code: u8) -> &'static str {
    match code & 0x3f {
        0x00 => "fail CVM processing",
        0x01 => "plaintext PIN by the card",
        0x02 => "online PIN",
        0x03 => "plaintext PIN by the card, and signature",
        0x04 => "enciphered PIN by the card",
        0x05 => "enciphered PIN by the card, and signature",
        0x1e => "signature",
        0x1f => "no CVM required",
        0x3f => "no CVM performed",
        _ => "a method of another scheme",
    }
}

fn condition(code: u8) -> &'static str {
    match code {
        0x00 => "always",
        0x01 => "if unattended cash",
        0x02 => "if neither cash nor cashback",
        0x03 => "if the terminal supports it",
        0x04 => "if manual cash",
        0x05 => "if cashback",
        0x06 => "if under X",
        0x07 => "if over X",
        0x08 => "if under Y",
        0x09 => "if over Y",
        _ => "under a condition of another scheme",
    }
}

fn result(code: u8) -> &'static str {
    match code {
        0x01 => "failed",
        0x02 => "successful",
        _ => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_have_their_names() {
        let results = TerminalVerificationResults([0x08, 0x40, 0x10, 0x80, 0x00]);
        assert_eq!(
            tvr(results),
            [
                "DDA failed",
                "expired application",
                "PIN entry required and PIN pad not present or not working",
                "transaction exceeds floor limit"
            ]
        );
        assert!(tvr(TerminalVerificationResults([0; 5])).is_empty());
        assert_eq!(tsi([0xe8, 0x00]).len(), 4);
        assert_eq!(
            cvm(CvmResults([0x1e, 0x03, 0x00])),
            "signature if the terminal supports it: unknown"
        );
        assert_eq!(cvm(CvmResults([0x3f, 0x00, 0x01])), "no CVM performed: failed");
        assert_eq!(cvm(CvmResults([0x42, 0x00, 0x02])), "online PIN always: successful");
    }

    #[test]
    fn no_bit_is_named_twice() {
        for table in [&TVR[..], &TSI] {
            for (place, (byte, bit, _)) in table.iter().enumerate() {
                assert_eq!(bit.count_ones(), 1);
                assert!(table[place + 1..].iter().all(|other| (other.0, other.1) != (*byte, *bit)));
            }
        }
    }
}
