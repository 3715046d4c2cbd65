//! Names of the codes in a message.

/// Returns the name of a processing code (field 3) by its first two digits.
#[must_use]
pub fn processing_name(code: &str) -> Option<&'static str> {
    Some(match code.get(..2)? {
        "00" => "purchase",
        "03" => "pre-authorization",
        "20" => "refund or void",
        "31" => "balance inquiry",
        "60" => "load from the assigned account",
        "62" => "load from another account",
        "63" => "load of cash",
        _ => return None,
    })
}

/// Returns the name of a POS entry mode (field 22) by its first two digits.
#[must_use]
pub fn entry_mode_name(mode: &str) -> Option<&'static str> {
    Some(match mode.get(..2)? {
        "01" => "keyed",
        "02" => "magnetic stripe",
        "03" | "04" => "code scanned",
        "05" => "chip",
        "07" => "contactless chip",
        "80" => "magnetic stripe, fallback of a chip card",
        "91" | "96" => "mobile",
        "92" => "telephone",
        "98" => "contactless chip, full dialogue",
        _ => return None,
    })
}

/// Returns the name of a POS condition code (field 25).
#[must_use]
pub fn condition_name(code: &str) -> Option<&'static str> {
    Some(match code {
        "00" => "normal",
        "06" => "pre-authorization",
        "60" => "incremental pre-authorization",
        "64" => "instalments",
        "65" => "points",
        "67" => "reservation",
        "91" => "e-cash load",
        _ => return None,
    })
}

/// Returns the name of a transaction type code (field 60.1).
#[must_use]
pub fn transaction_type_name(code: u8) -> Option<&'static str> {
    Some(match code {
        0 => "management",
        1 => "balance inquiry",
        7 | 8 => "signature upload",
        10 => "pre-authorization",
        11 => "pre-authorization void",
        20 => "completion",
        21 => "completion void",
        22 => "sale",
        23 => "void",
        24 => "completion advice",
        25 => "refund",
        27 => "offline refund",
        30 => "offline settlement",
        32 => "adjustment",
        34 => "tip",
        36 => "offline chip sale",
        45 => "e-cash load from the assigned account",
        46 => "e-cash load of cash",
        47 => "e-cash load from another account",
        _ => return None,
    })
}

/// Returns the name of a network management code (field 60.3).
#[must_use]
pub fn management_name(code: u16) -> Option<&'static str> {
    Some(match code {
        0 => "none",
        1 => "sign-in, single-length keys",
        2 => "sign-out",
        3 => "sign-in, double-length keys",
        4 => "sign-in, double-length keys and track key",
        201 => "settlement or batch upload",
        202 => "batch upload end, unbalanced",
        203 | 205 => "chip online upload",
        204 | 206 => "chip offline upload",
        207 => "batch upload end, balanced",
        301 => "echo test",
        360 | 364 => "parameter download",
        361 => "parameter download end",
        362 => "status upload",
        370 => "CA public key download",
        371 => "CA public key download end",
        372 | 373 => "CA public key query",
        380 => "chip parameter download",
        381 => "chip parameter download end",
        382 => "chip parameter query",
        394 | 395 => "quick payment parameters",
        396..=399 => "card range tables",
        401 => "master key download",
        800..=899 => "signature upload",
        951 => "script result",
        960 | 961 => "card ranges",
        _ => return None,
    })
}

/// Returns the meaning of a response code (field 39 of a response).
#[must_use]
pub fn response_name(code: &str) -> Option<&'static str> {
    Some(match code {
        "00" => "approved",
        "01" | "02" => "refer to the issuer",
        "03" => "invalid merchant",
        "04" | "07" | "34" | "35" | "37" | "67" => "retain the card",
        "05" => "not honoured",
        "10" => "approved in part",
        "11" | "A2" | "A4" | "A5" | "A6" => "approved with a remark",
        "12" => "invalid transaction",
        "13" => "invalid amount",
        "14" => "invalid card number",
        "15" => "no such issuer",
        "22" => "improper operation",
        "25" => "original not found",
        "30" => "format error",
        "33" | "54" => "card expired",
        "36" => "card restricted",
        "38" | "75" => "PIN tries exceeded",
        "40" => "not supported by the issuer",
        "41" => "lost card",
        "43" => "stolen card",
        "45" | "93" => "use the chip",
        "51" => "insufficient funds",
        "55" => "wrong PIN",
        "57" => "not permitted to the card",
        "58" => "not permitted to the terminal",
        "59" => "card verification failed",
        "61" => "amount limit exceeded",
        "62" => "restricted card",
        "64" => "amount differs from the original",
        "65" => "too many transactions",
        "68" | "98" => "no answer from the issuer",
        "77" => "sign in again",
        "79" => "upload offline data again",
        "90" => "day being closed",
        "91" => "issuer not available",
        "92" => "no route",
        "94" => "duplicate",
        "96" => "switch fault",
        "97" => "terminal unknown",
        "99" => "PIN format or key wrong",
        "A0" => "message authentication code wrong",
        "A1" => "currency differs",
        "A3" => "account wrong",
        "A7" => "switch fault",
        _ => return None,
    })
}

/// Returns the meaning of a reversal's reason (field 39 of a reversal request).
#[must_use]
pub fn reversal_reason_name(code: &str) -> Option<&'static str> {
    Some(match code {
        "06" => "other",
        "96" => "terminal could not complete",
        "98" => "no answer in time",
        "A0" => "message authentication code of the answer wrong",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_names_and_garbage_has_none() {
        assert_eq!(processing_name("200000"), Some("refund or void"));
        assert_eq!(entry_mode_name("051"), Some("chip"));
        assert_eq!(transaction_type_name(22), Some("sale"));
        assert_eq!(management_name(301), Some("echo test"));
        assert_eq!(response_name("A0"), Some("message authentication code wrong"));
        assert_eq!(reversal_reason_name("98"), Some("no answer in time"));
        for text in ["", "é", "?", "99"] {
            assert_eq!(processing_name(text), None);
            assert_eq!(entry_mode_name(text), None);
            assert_eq!(condition_name(text), None);
        }
    }
}
