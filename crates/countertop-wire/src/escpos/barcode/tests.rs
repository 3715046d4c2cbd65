//! What bar codes take and refuse.

use std::collections::VecDeque;

use proptest::prelude::*;

use super::*;

fn data(system: BarcodeSystem, text: &str) -> Result<String, BarcodeError> {
    let barcode = Barcode::new(system, text.as_bytes().to_vec())?;
    assert_eq!(barcode.check(), Ok(()));
    Ok(String::from_utf8(barcode.data().to_vec()).unwrap())
}

#[test]
fn check_digits_are_added_and_verified() {
    use BarcodeSystem as Is;
    for (system, without, with) in [
        (Is::Ean13, "400638133393", "4006381333931"),
        (Is::Ean8, "9638507", "96385074"),
        (Is::UpcA, "03600029145", "036000291452"),
        (Is::UpcE, "425261", "04252614"),
        (Is::UpcE, "0425261", "04252614"),
        (Is::UpcE, "04210000526", "042100005264"),
    ] {
        assert_eq!(data(system, without).as_deref(), Ok(with));
        assert_eq!(data(system, with).as_deref(), Ok(with));
        let mut wrong = with.as_bytes().to_vec();
        let last = wrong.last_mut().unwrap();
        *last = b'0' + (*last - b'0' + 1) % 10;
        let error = Barcode::new(system, wrong).unwrap_err();
        assert!(matches!(error, BarcodeError::CheckDigit { .. }), "{error}");
    }
    let item = data(Is::DataBarOmnidirectional, "00012345678905");
    assert_eq!(item.as_deref(), Ok("0001234567890"));
}

#[test]
fn what_a_symbology_has_not_is_refused() {
    use BarcodeSystem as Is;
    for (system, text, message) in [
        (Is::Ean13, "40063813339", "Ean13 holds 12 or 13 characters, not 11"),
        (Is::Ean8, "963850A", "Ean8 has no character 41, which stands at place 7"),
        (Is::Ean13, "4006381333930", "the check digit of Ean13 is 0, not 1"),
        (Is::UpcE, "1425261", "UpcE cannot hold this: it begins with 0"),
        (Is::UpcE, "0abc", "UpcE has no character 61, which stands at place 2"),
        (Is::UpcE, "425", "UpcE holds 6, 7, 8, 11 or 12 characters, not 3"),
        (
            Is::UpcE,
            "03600029145",
            "UpcE cannot hold this: its noughts do not stand where UPC-E leaves them out",
        ),
        (Is::Itf, "123", "Itf cannot hold this: its digits come in pairs"),
        (Is::Code39, "a", "Code39 has no character 61, which stands at place 1"),
        (
            Is::Code39,
            "*A*B",
            "Code39 cannot hold this: * is its start and stop, and stands nowhere else",
        ),
        (
            Is::Code39,
            "**",
            "Code39 cannot hold this: * is its start and stop, and stands nowhere else",
        ),
        (Is::Code93, "", "Code93 holds 1 to 255 characters, not 0"),
        (
            Is::Codabar,
            "123",
            "Codabar cannot hold this: it begins and ends with A, B, C or D, which stand nowhere else",
        ),
        (
            Is::DataBarLimited,
            "2001234567890",
            "DataBarLimited cannot hold this: it begins with 0 or 1",
        ),
        (
            Is::Code128,
            "No. 1",
            "Code128 cannot hold this: it begins with {A, {B or {C and has characters of the set \
             that is named",
        ),
    ] {
        assert_eq!(data(system, text).unwrap_err().to_string(), message);
    }
    assert_eq!(data(Is::Codabar, "A40156B").as_deref(), Ok("A40156B"));
    for ends in ["A", "*A", "A*", "*A*"] {
        assert_eq!(data(Is::Code39, ends).as_deref(), Ok(ends));
    }
    assert!(Barcode::terminated(Is::Ean13, b"4006381333930".to_vec()).is_none());
}

#[test]
fn what_was_sent_is_kept_even_if_no_printer_prints_it() {
    for bytes in [&b"\x43\x034AB"[..], b"\x45\x04*A*B", b"\x04A*B\x00"] {
        let barcode = <Barcode as Parameter>::decode(bytes).unwrap();
        assert!(barcode.check().is_err());
        let mut out = Vec::new();
        barcode.emit(&mut out);
        assert_eq!(out, bytes);
        for length in 0..bytes.len() {
            assert_eq!(<Barcode as Parameter>::decode(&bytes[..length]), None);
        }
    }
}

#[test]
fn a_stacked_databar_begins_with_its_kind() {
    use crate::escpos::{StackedDataBar, SymbolData};
    let content = SymbolData::data_bar(StackedDataBar::Stacked, b"00012345678905".to_vec());
    assert_eq!(content.unwrap().bytes(), b"H0001234567890");
    let gs1 = Barcode::gs1(BarcodeSystem::DataBarExpanded, &[("10", "AB")]).unwrap();
    let content = SymbolData::data_bar(StackedDataBar::ExpandedStacked, gs1.data().to_vec());
    assert_eq!(content.unwrap().bytes(), b"L(10)AB");
    let wrong = SymbolData::data_bar(StackedDataBar::Stacked, b"00012345678906".to_vec());
    assert!(matches!(wrong, Err(BarcodeError::CheckDigit { .. })));
}

#[test]
fn numbers_are_those_of_the_manual() {
    for system in BarcodeSystem::ALL {
        let mut out = Vec::new();
        system.emit(&mut out);
        assert_eq!(out, [number(*system)]);
    }
}

#[test]
fn code128_takes_the_shortest_way() {
    for (text, expected) in [
        ("HI345678", &b"{BHI{C\x22\x38\x4E"[..]),
        ("12345", b"{C\x0C\x22{B5"),
        ("a\tb", b"{Ba{S\tb"),
        ("{12", b"{B{{12"),
    ] {
        let code = Code128::from_text(text).unwrap();
        let data = code.to_data();
        assert_eq!(data, expected, "{text}");
        assert_eq!(Code128::from_data(&data), Some(code));
    }
    // Start B, then A, I and M, each by its place, modulo 103.
    let sum = 104 + 33 + 2 * 41 + 3 * 45;
    assert_eq!(u32::from(Code128::from_text("AIM").unwrap().check()), sum % 103);
    assert!(Code128::from_text("é").is_err() && Code128::from_text("").is_err());
    assert!(Barcode::code128(&"a".repeat(254)).is_err());
}

#[test]
fn gs1_values_are_checked_and_separated() {
    let elements = [("01", "0401234567890"), ("10", "AB(1)"), ("17", "261231"), ("21", "7")];
    let barcode = Barcode::gs1(BarcodeSystem::Gs1128, &elements).unwrap();
    assert_eq!(barcode.data(), b"(01)04012345678901(10)AB{(1{){1(17)261231(21)7");
    for (identifier, value) in [
        ("01", "04012345678902"),
        ("17", "26123"),
        ("1", "1"),
        ("10", ""),
        ("30", "x"),
        ("10", "é"),
    ] {
        let error = Barcode::gs1(BarcodeSystem::Gs1128, &[(identifier, value)]).unwrap_err();
        assert!(matches!(error, BarcodeError::Identifier { .. }), "{identifier} {value}");
    }
    assert!(Barcode::gs1(BarcodeSystem::Ean13, &[("01", "1")]).is_err());
}

/// Is where a search stands: how much is encoded, in which set, with a shift to come or not.
type Node = (usize, usize, bool);

/// Returns the fewest symbol characters, by trying all of them one after the other.
fn shortest(text: &[u8]) -> usize {
    let in_a = |byte: u8| byte < 0x60;
    let in_b = |byte: u8| (0x20..0x80).contains(&byte);
    let mut queue: VecDeque<(Node, usize)> = (0..3).map(|set| ((0, set, false), 1)).collect();
    let mut seen = std::collections::HashSet::new();
    while let Some(((at, set, shift), cost)) = queue.pop_front() {
        if at == text.len() && !shift {
            return cost;
        }
        if !seen.insert((at, set, shift)) {
            continue;
        }
        let next = text.get(at).copied();
        let of = if shift { 1 - set } else { set };
        if next.is_some_and(|byte| (of == 0 && in_a(byte)) || (of == 1 && in_b(byte))) {
            queue.push_back(((at + 1, set, false), cost + 1));
        }
        let pair = text.get(at..at + 2).is_some_and(|two| two.iter().all(u8::is_ascii_digit));
        if set == 2 && pair {
            queue.push_back(((at + 2, set, false), cost + 1));
        }
        if !shift {
            queue.extend((0..3).map(|other| ((at, other, false), cost + 1)));
            if set < 2 {
                queue.push_back(((at, set, true), cost + 1));
            }
        }
    }
    unreachable!("every text has a way")
}

proptest! {
    #[test]
    fn code128_is_never_longer_than_it_must_be(text in "[0-9aZ\t{]{1,14}") {
        let code = Code128::from_text(&text).unwrap();
        prop_assert_eq!(code.values().len(), shortest(text.as_bytes()));
    }

    #[test]
    fn code128_comes_back(text in "[\x00-\x7F]{1,60}") {
        let code = Code128::from_text(&text).unwrap();
        prop_assert_eq!(Code128::from_data(&code.to_data()), Some(code.clone()));
        prop_assert!(code.check() < 103);
    }

    #[test]
    fn no_data_panics(data: Vec<u8>) {
        for system in BarcodeSystem::ALL {
            if let Ok(barcode) = Barcode::new(*system, data.clone()) {
                prop_assert!(barcode.check().is_ok(), "{system:?}");
            }
        }
    }

    #[test]
    fn upc_e_stands_for_one_upc_a(digits in "[0-9]{6}") {
        let six: [u8; 6] = digits.as_bytes().try_into().unwrap();
        prop_assert!(check::is_compressible(check::expand(six)));
    }
}
