//! Fields 44, 54 and 63: institutions, balances and texts of a response.

use encoding_rs::GBK;

/// Names issuer and acquirer (field 44): eleven characters each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Institutions {
    /// Issuer's number or name.
    pub issuer: Option<String>,
    /// Acquirer's number or name.
    pub acquirer: Option<String>,
}

/// Is one of the amounts of field 54.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdditionalAmount {
    /// Kind of account.
    pub account: u8,
    /// Kind of amount: 1 ledger balance, 2 available balance.
    pub kind: u8,
    /// Numeric currency code.
    pub currency: u16,
    /// Whether the amount is a credit.
    pub credit: bool,
    /// Amount in minor units.
    pub amount: u64,
}

impl Institutions {
    /// Reads field 44. Blank halves are absent.
    #[must_use]
    pub fn parse(field: &[u8]) -> Self {
        let (issuer, acquirer) = field.split_at(field.len().min(11));
        Self { issuer: filled(issuer), acquirer: filled(acquirer) }
    }

    /// Returns field 44; ASCII names, cut to eleven characters.
    #[must_use]
    pub fn emit(&self) -> Vec<u8> {
        let half = |name: &Option<String>| format!("{:<11.11}", name.as_deref().unwrap_or(""));
        format!("{}{}", half(&self.issuer), half(&self.acquirer)).into_bytes()
    }
}

/// Decodes text in GBK; bytes that are none become U+FFFD.
#[must_use]
pub fn gbk(bytes: &[u8]) -> String {
    GBK.decode_without_bom_handling(bytes).0.into_owned()
}

/// Reads the amounts of field 54, twenty characters each; `None` when it is not made of them.
#[must_use]
pub fn split_additional_amounts(field: &str) -> Option<Vec<AdditionalAmount>> {
    if !field.is_ascii() || !field.len().is_multiple_of(20) {
        return None;
    }
    (0..field.len()).step_by(20).map(|start| additional_amount(field.get(start..)?)).collect()
}

fn additional_amount(field: &str) -> Option<AdditionalAmount> {
    let credit = match field.get(7..8)? {
        "C" => true,
        "D" => false,
        _ => return None,
    };
    Some(AdditionalAmount {
        account: field.get(..2)?.parse().ok()?,
        kind: field.get(2..4)?.parse().ok()?,
        currency: field.get(4..7)?.parse().ok()?,
        credit,
        amount: field.get(8..20)?.parse().ok()?,
    })
}

fn filled(half: &[u8]) -> Option<String> {
    let text = gbk(half);
    let text = text.trim();
    (!text.is_empty()).then(|| text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn institutions_round_trip() {
        let both = Institutions::parse(b"0001000000010000   ");
        assert_eq!(both.issuer.as_deref(), Some("00010000000"));
        assert_eq!(both.acquirer.as_deref(), Some("10000"));
        assert_eq!(Institutions::parse(&both.emit()), both);
        assert_eq!(Institutions::parse(b"   "), Institutions::default());
        assert_eq!(Institutions::default().emit(), [b' '; 22]);
    }

    #[test]
    fn chinese_names_are_gbk() {
        let name = Institutions::parse(&[0xD2, 0xF8, 0xC1, 0xAA]);
        assert_eq!(name.issuer.as_deref(), Some("银联"));
        assert_eq!(gbk(&[0xFF]), "\u{FFFD}");
    }

    #[test]
    fn balances_are_read() {
        let amounts = split_additional_amounts("1002156C000000012345").unwrap();
        assert_eq!(amounts.len(), 1);
        assert_eq!((amounts[0].currency, amounts[0].credit, amounts[0].amount), (156, true, 12345));
        for field in ["1002156C00000001234", "1002156X000000012345", "é002156C00000001234"] {
            assert_eq!(split_additional_amounts(field), None);
        }
    }
}
