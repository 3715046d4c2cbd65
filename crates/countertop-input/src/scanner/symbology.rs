//! From AIM identifiers to symbologies.

use countertop_device::Symbology;
use countertop_wire::scanner::AimIdentifier;

/// Returns the symbology of an identifier (ISO/IEC 15424, table 1), where the function trait has it.
pub(crate) fn symbology_of(aim: AimIdentifier) -> Option<Symbology> {
    Some(match aim.code {
        b'A' => Symbology::Code39,
        b'C' => Symbology::Code128,
        b'E' => Symbology::EanUpc,
        b'I' => Symbology::Interleaved2Of5,
        b'L' => Symbology::Pdf417,
        b'Q' => Symbology::QrCode,
        b'd' => Symbology::DataMatrix,
        b'z' => Symbology::Aztec,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_case_sensitive() {
        let of = |code| symbology_of(AimIdentifier { code, modifier: b'0' });
        assert_eq!(of(b'd'), Some(Symbology::DataMatrix));
        assert_eq!(of(b'D'), None);
        assert_eq!(symbology_of(AimIdentifier::QR_CODE), Some(Symbology::QrCode));
    }
}
