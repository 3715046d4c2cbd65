//! Bar codes by their system, as GS k names them.

use countertop_wire::escpos::BarcodeSystem;

use super::code93::code93;
use super::code128::{code128_automatic, code128_escaped, gs1_128};
use super::databar::{databar_expanded, databar_limited, databar_omnidirectional};
use super::linear::{linear, upc_e};
use super::{LinearCode, SymbolError};

/// Encodes a bar code's data, in the form in which GS k takes it for `system`.
///
/// # Errors
///
/// When the data has a character that the system has not, a wrong length or a wrong check digit.
pub fn barcode(system: BarcodeSystem, data: &[u8]) -> Result<LinearCode, SymbolError> {
    let text = || data.iter().map(|byte| char::from(*byte)).collect::<String>();
    let databar = |bars| LinearCode { bars, text: item_number(text().trim_start_matches("(01)")) };
    match system {
        BarcodeSystem::Code128 => code128_escaped(data),
        BarcodeSystem::Code93 => code93(data),
        BarcodeSystem::Code128Auto => code128_automatic(data),
        BarcodeSystem::Gs1128 => gs1_128(data),
        BarcodeSystem::UpcE => upc_e(data),
        BarcodeSystem::DataBarOmnidirectional | BarcodeSystem::DataBarTruncated => {
            databar_omnidirectional(data).map(databar)
        }
        BarcodeSystem::DataBarLimited => databar_limited(data).map(databar),
        BarcodeSystem::DataBarExpanded => {
            Ok(LinearCode { bars: databar_expanded(data)?, text: text() })
        }
        // The last of an odd number of digits is ignored.
        BarcodeSystem::Itf => {
            let even = &data[..data.len() / 2 * 2];
            Ok(LinearCode { bars: linear(system, even)?, text: even.escape_ascii().to_string() })
        }
        other => {
            Ok(LinearCode { bars: linear(other, data)?, text: with_check_digit(other, text()) })
        }
    }
}

/// Returns a GTIN-14 as people read it, with the check digit that GS1 DataBar does not carry.
fn item_number(digits: &str) -> String {
    let digits = digits.get(..13).unwrap_or(digits);
    let item = with_check_digit_behind(digits);
    format!("(01){item}")
}

/// Adds the check digit of a retail code that came without.
fn with_check_digit(system: BarcodeSystem, text: String) -> String {
    let digits = match system {
        BarcodeSystem::Ean13 => 12,
        BarcodeSystem::Ean8 => 7,
        BarcodeSystem::UpcA => 11,
        _ => return text,
    };
    if text.len() != digits {
        return text;
    }
    with_check_digit_behind(&text)
}

/// Adds the check digit of GS1 (General Specifications, 7.9.1).
fn with_check_digit_behind(text: &str) -> String {
    let weighed =
        text.bytes().rev().enumerate().map(|(at, digit)| {
            u32::from(digit.wrapping_sub(b'0')) * if at % 2 == 0 { 3 } else { 1 }
        });
    let check = (10 - weighed.sum::<u32>() % 10) % 10;
    format!("{text}{check}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readable_text_has_what_is_encoded() {
        let text = |system, data: &[u8]| barcode(system, data).unwrap().text;
        assert_eq!(text(BarcodeSystem::Ean13, b"400638133393"), "4006381333931");
        assert_eq!(text(BarcodeSystem::Ean8, b"9638507"), "96385074");
        assert_eq!(text(BarcodeSystem::UpcA, b"03600029145"), "036000291452");
        assert_eq!(text(BarcodeSystem::UpcE, b"425261"), "04252614");
        assert_eq!(text(BarcodeSystem::Itf, b"12345"), "1234");
        assert_eq!(text(BarcodeSystem::Code39, b"AB"), "AB");
        assert_eq!(text(BarcodeSystem::DataBarLimited, b"0950110153000"), "(01)09501101530003");
        assert_eq!(text(BarcodeSystem::Gs1128, b"(10)AB"), "(10)AB");
    }

    #[test]
    fn code39_has_its_stars_at_its_ends_alone() {
        let bars = |data: &[u8]| barcode(BarcodeSystem::Code39, data).map(|code| code.bars);
        let plain = bars(b"AB").unwrap();
        for data in [&b"*AB"[..], b"AB*", b"*AB*"] {
            assert_eq!(bars(data).unwrap(), plain);
        }
        assert!(bars(b"A*B").is_err() && bars(b"**AB").is_err());
    }

    #[test]
    fn no_data_of_any_system_panics() {
        let systems = [
            BarcodeSystem::UpcA,
            BarcodeSystem::UpcE,
            BarcodeSystem::Ean13,
            BarcodeSystem::Ean8,
            BarcodeSystem::Code39,
            BarcodeSystem::Itf,
            BarcodeSystem::Codabar,
            BarcodeSystem::Code93,
            BarcodeSystem::Code128,
            BarcodeSystem::Code128Auto,
            BarcodeSystem::Gs1128,
            BarcodeSystem::DataBarOmnidirectional,
            BarcodeSystem::DataBarTruncated,
            BarcodeSystem::DataBarLimited,
            BarcodeSystem::DataBarExpanded,
        ];
        let mut seed = 0x2545_F491_u32;
        for round in 0..3000 {
            let data: Vec<u8> = (0..round % 31)
                .map(|_| {
                    seed ^= seed << 13;
                    seed ^= seed >> 17;
                    seed ^= seed << 5;
                    b"0123456789(){}*AZaz1\x00\x1D\xFF"[(seed >> 8) as usize % 23]
                })
                .collect();
            for system in systems {
                if let Ok(code) = barcode(system, &data) {
                    assert!(code.bars.width() > 0, "{system:?} {}", data.escape_ascii());
                }
            }
        }
    }
}
