//! What each symbology may hold.

use super::{BarcodeError, BarcodeSystem, Code128, check};

type Checked = Result<Vec<u8>, BarcodeError>;

/// Checks data, and adds a check digit that is missing.
pub(super) fn complete(system: BarcodeSystem, data: Vec<u8>) -> Checked {
    use BarcodeSystem as Is;
    match system {
        Is::UpcA => with_check_digit(system, data, 11, "11 or 12"),
        Is::Ean13 => with_check_digit(system, data, 12, "12 or 13"),
        Is::Ean8 => with_check_digit(system, data, 7, "7 or 8"),
        Is::UpcE => upc_e(data),
        Is::Itf => pairs(data),
        Is::Codabar => codabar(data),
        Is::Code39 => code39(data),
        Is::Code93 => set(system, data, 1, |byte| byte < 0x80),
        Is::Code128 => code128(data),
        Is::Code128Auto => set(system, data, 1, |_| true),
        Is::Gs1128 => set(system, data, 2, |byte| byte < 0x80),
        Is::DataBarExpanded => set(system, data, 2, is_gs1),
        Is::DataBarOmnidirectional | Is::DataBarTruncated | Is::DataBarLimited => {
            item_number(system, data)
        }
    }
}

/// Characters of GS1 element strings, and Epson's escapes of FNC1 and parentheses.
fn is_gs1(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b" !\"%&'()*+,-./:;<=>?_{".contains(&byte)
}

fn set(system: BarcodeSystem, data: Vec<u8>, least: usize, has: impl Fn(u8) -> bool) -> Checked {
    let expected = if least == 1 { "1 to 255" } else { "2 to 255" };
    length(system, &data, least..=255, expected)?;
    match data.iter().position(|byte| !has(*byte)) {
        None => Ok(data),
        Some(at) => Err(BarcodeError::Character { system, place: at + 1, byte: data[at] }),
    }
}

fn length(
    system: BarcodeSystem,
    data: &[u8],
    range: core::ops::RangeInclusive<usize>,
    expected: &'static str,
) -> Result<(), BarcodeError> {
    if range.contains(&data.len()) {
        return Ok(());
    }
    Err(BarcodeError::Length { system, length: data.len(), expected })
}

fn digits(system: BarcodeSystem, data: Vec<u8>) -> Checked {
    set(system, data, 1, |byte| byte.is_ascii_digit())
}

/// Checks or adds the digit after the first `count`.
fn with_check_digit(
    system: BarcodeSystem,
    data: Vec<u8>,
    count: usize,
    expected: &'static str,
) -> Checked {
    length(system, &data, count..=count + 1, expected)?;
    let mut data = digits(system, data)?;
    let (body, given) = data.split_at(count);
    let computed = check::digit(body);
    match given.first() {
        None => data.push(computed),
        Some(given) => same(system, *given, computed)?,
    }
    Ok(data)
}

fn same(system: BarcodeSystem, given: u8, expected: u8) -> Result<(), BarcodeError> {
    if given == expected {
        return Ok(());
    }
    let (given, expected) = (char::from(given), char::from(expected));
    Err(BarcodeError::CheckDigit { system, given, expected })
}

/// UPC-E comes as its six digits, with the number system before and the check digit after them, or as
/// the UPC-A that it stands for.
fn upc_e(data: Vec<u8>) -> Checked {
    let system = BarcodeSystem::UpcE;
    let data = digits(system, data)?;
    let form = |reason| BarcodeError::Form { system, reason };
    match data.as_slice() {
        [a, b, c, d, e, f] => Ok(completed(&[*a, *b, *c, *d, *e, *f])),
        [b'0', a, b, c, d, e, f, check @ ..] if check.len() <= 1 => {
            let whole = completed(&[*a, *b, *c, *d, *e, *f]);
            if let (Some(given), Some(computed)) = (check.first(), whole.last()) {
                same(system, *given, *computed)?;
            }
            Ok(whole)
        }
        [_, _, _, _, _, _, _] | [_, _, _, _, _, _, _, _] => Err(form("it begins with 0")),
        [body @ .., _] if body.len() == 11 => long_upc_e(body, &data),
        body if body.len() == 11 => long_upc_e(body, &data),
        _ => {
            Err(BarcodeError::Length { system, length: data.len(), expected: "6, 7, 8, 11 or 12" })
        }
    }
}

/// Puts number system and check digit around six digits.
fn completed(six: &[u8; 6]) -> Vec<u8> {
    let check = check::digit(&check::expand(*six));
    [&b"0"[..], six, &[check]].concat()
}

fn long_upc_e(body: &[u8], data: &[u8]) -> Checked {
    let system = BarcodeSystem::UpcE;
    let eleven: Option<[u8; 11]> = body.try_into().ok();
    if !eleven.is_some_and(check::is_compressible) {
        let reason = "its noughts do not stand where UPC-E leaves them out";
        return Err(BarcodeError::Form { system, reason });
    }
    with_check_digit(system, data.to_vec(), 11, "11 or 12")
}

fn pairs(data: Vec<u8>) -> Checked {
    let system = BarcodeSystem::Itf;
    length(system, &data, 2..=254, "2 to 254")?;
    let data = digits(system, data)?;
    if data.len() % 2 == 1 {
        return Err(BarcodeError::Form { system, reason: "its digits come in pairs" });
    }
    Ok(data)
}

/// Start and stop may be in the data, and are added otherwise; at an inner one the printer ends the code
/// and prints what is behind it as text (GS k).
fn code39(data: Vec<u8>) -> Checked {
    let system = BarcodeSystem::Code39;
    let data = set(system, data, 1, |byte| {
        matches!(byte, b'0'..=b'9' | b'A'..=b'Z') || b" $%*+-./".contains(&byte)
    })?;
    let inner = data.strip_prefix(b"*").unwrap_or(&data);
    let inner = inner.strip_suffix(b"*").unwrap_or(inner);
    if inner.is_empty() || inner.contains(&b'*') {
        let reason = "* is its start and stop, and stands nowhere else";
        return Err(BarcodeError::Form { system, reason });
    }
    Ok(data)
}

fn codabar(data: Vec<u8>) -> Checked {
    let system = BarcodeSystem::Codabar;
    let is_end = |byte: &u8| matches!(byte, b'A'..=b'D' | b'a'..=b'd');
    let data = set(system, data, 2, |byte| {
        byte.is_ascii_digit() || b"$+-./:".contains(&byte) || is_end(&byte)
    })?;
    let [first, inner @ .., last] = data.as_slice() else { return Ok(data) };
    if !is_end(first) || !is_end(last) || inner.iter().any(is_end) {
        let reason = "it begins and ends with A, B, C or D, which stand nowhere else";
        return Err(BarcodeError::Form { system, reason });
    }
    Ok(data)
}

fn code128(data: Vec<u8>) -> Checked {
    let system = BarcodeSystem::Code128;
    length(system, &data, 2..=255, "2 to 255")?;
    match Code128::from_data(&data) {
        Some(_) => Ok(data),
        None => {
            let reason = "it begins with {A, {B or {C and has characters of the set that is named";
            Err(BarcodeError::Form { system, reason })
        }
    }
}

/// A GTIN, whose check digit the printer adds: one that was given is verified and left out.
fn item_number(system: BarcodeSystem, data: Vec<u8>) -> Checked {
    let mut data = with_check_digit(system, data, 13, "13 or 14")?;
    data.pop();
    if system == BarcodeSystem::DataBarLimited && !matches!(data.first(), Some(b'0' | b'1')) {
        return Err(BarcodeError::Form { system, reason: "it begins with 0 or 1" });
    }
    Ok(data)
}
