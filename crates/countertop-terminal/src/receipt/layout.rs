//! What all slips of a terminal share, and how their lines are put together.

use std::collections::BTreeMap;

use countertop_device::document::Document;

use crate::journal::EntryMode;

/// Is what all slips of a terminal share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Columns of narrow characters: 32 on 58 mm paper, 48 on 80 mm.
    pub columns: u16,
    /// The merchant's name.
    pub merchant_name: String,
    /// The merchant's number, 15 characters.
    pub merchant_id: String,
    /// The terminal's number, 8 characters.
    pub terminal_id: String,
    /// Whether slips are marked as training, not valid as vouchers.
    pub training: bool,
    /// What the acquirer decides.
    pub profile: ReceiptProfile,
}

/// Is what the acquirer decides about slips.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptProfile {
    /// The title in Chinese.
    pub title: String,
    /// The title in English.
    pub title_english: String,
    /// The letter after the card number that says how the card came in.
    pub letters: EntryLetters,
    /// Names of issuers and acquirers by the numbers that the host answers.
    pub institutions: BTreeMap<String, String>,
    /// Lines at the foot: a telephone number, a version.
    pub footer: Vec<String>,
}

/// Is the letter after the card number that says how the card came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryLetters {
    /// Magnetic stripe.
    pub stripe: char,
    /// Magnetic stripe of a chip card.
    pub fallback: char,
    /// Contact chip.
    pub chip: char,
    /// Contactless.
    pub contactless: char,
    /// Keyed.
    pub manual: char,
    /// Payment code, no card.
    pub code: char,
}

impl Default for Layout {
    /// 32 columns, no merchant, live.
    fn default() -> Self {
        Self {
            columns: 32,
            merchant_name: String::new(),
            merchant_id: String::new(),
            terminal_id: String::new(),
            training: false,
            profile: ReceiptProfile::default(),
        }
    }
}

impl Default for ReceiptProfile {
    /// The UnionPay title, the common letters, no names and no foot.
    fn default() -> Self {
        Self {
            title: "银联POS签购单".into(),
            title_english: "POS SALES SLIP".into(),
            letters: EntryLetters::default(),
            institutions: BTreeMap::new(),
            footer: Vec::new(),
        }
    }
}

impl Default for EntryLetters {
    /// S, S, I, C, M, N.
    fn default() -> Self {
        Self { stripe: 'S', fallback: 'S', chip: 'I', contactless: 'C', manual: 'M', code: 'N' }
    }
}

impl EntryLetters {
    /// Returns the letter of an entry.
    #[must_use]
    pub fn of(&self, entry: EntryMode) -> char {
        match entry {
            EntryMode::Stripe => self.stripe,
            EntryMode::Fallback => self.fallback,
            EntryMode::Chip => self.chip,
            EntryMode::Contactless => self.contactless,
            EntryMode::Manual => self.manual,
            EntryMode::Code => self.code,
        }
    }
}

impl Layout {
    /// Adds `label:value`, the value on a line of its own when both do not fit on one.
    pub(super) fn field(&self, document: &mut Document, label: &str, value: &str) {
        let line = format!("{label}:{value}");
        if self.fits(&line) {
            document.line(line);
        } else {
            document.line(format!("{label}:")).line(format!("  {value}"));
        }
    }

    /// Adds two fields, on one line when they fit.
    pub(super) fn pair(&self, document: &mut Document, left: &str, right: &str) {
        if self.fits(&format!("{left} {right}")) {
            document.columns(left, right);
        } else {
            document.line(left).line(right);
        }
    }

    /// Returns the name of an institution, or its number when no name is known.
    pub(super) fn institution<'a>(&'a self, number: Option<&'a str>) -> &'a str {
        let number = number.unwrap_or_default().trim();
        self.profile.institutions.get(number).map_or(number, String::as_str)
    }

    fn fits(&self, line: &str) -> bool {
        width(line) <= usize::from(self.columns)
    }
}

/// Returns the columns of a text: one for an ASCII character, two for any other, as printers with a
/// Chinese font have it.
fn width(text: &str) -> usize {
    text.chars().map(|character| if character.is_ascii() { 1 } else { 2 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_characters_take_two_columns() {
        assert_eq!(width("批次号:000001"), 13);
    }

    #[test]
    fn lines_break_where_they_do_not_fit() {
        let layout = Layout { columns: 16, ..Layout::default() };
        let mut document = Document::new();
        layout.field(&mut document, "卡号", "620000**0005");
        layout.field(&mut document, "卡号", "6200000005");
        layout.pair(&mut document, "AB", "CD");
        layout.pair(&mut document, "0123456789", "0123456789");
        let mut expected = Document::new();
        expected.line("卡号:").line("  620000**0005").line("卡号:6200000005");
        expected.columns("AB", "CD").line("0123456789").line("0123456789");
        assert_eq!(document, expected);
    }

    #[test]
    fn institutions_have_names_or_numbers() {
        let mut layout = Layout::default();
        layout.profile.institutions.insert("01020000".into(), "工商银行".into());
        assert_eq!(layout.institution(Some("01020000   ")), "工商银行");
        assert_eq!(layout.institution(Some("01030000")), "01030000");
        assert_eq!(layout.institution(None), "");
    }
}
