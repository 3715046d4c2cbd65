//! Data objects of an answer of which some bytes are withheld.

use core::fmt::Write as _;

use countertop_wire::apdu_log::Octets;
use countertop_wire::tlv::{Dol, Format, Tag, Tlv, tags};

/// How deep templates are looked into.
const DEEPEST: usize = 8;

/// Is a data object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Object {
    /// How many templates it is in.
    pub(super) depth: usize,
    pub(super) tag: Tag,
    /// The value; none of a template, or when it is withheld.
    pub(super) value: Option<Vec<u8>>,
    pub(super) length: usize,
}

/// What stands for a value that is not shown.
pub(super) const WITHHELD: &str = "withheld";

/// Returns the data objects of an answer without its status word, templates before what is in them;
/// `None` when it is not made of data objects.
pub(super) fn objects(data: &Octets) -> Option<Vec<Object>> {
    let bytes = data.played();
    let shown: Vec<bool> = data.to_string().split(' ').map(|byte| byte != "**").collect();
    let mut found = Vec::new();
    collect(&bytes, &shown, 0, &mut found)?;
    Some(found)
}

fn collect(bytes: &[u8], shown: &[bool], depth: usize, found: &mut Vec<Object>) -> Option<()> {
    if depth > DEEPEST {
        return None;
    }
    let mut rest = bytes;
    while !rest.is_empty() {
        if let [0x00 | 0xff, after @ ..] = rest {
            rest = after;
            continue;
        }
        let (Tlv { tag, value }, after) = Tlv::parse(rest).ok()?;
        let end = bytes.len() - after.len();
        let shown = shown.get(end - value.len()..end)?;
        let is_shown = !tag.is_constructed() && shown.iter().all(|shown| *shown);
        let kept = is_shown.then(|| value.to_vec());
        found.push(Object { depth, tag, value: kept, length: value.len() });
        if tag.is_constructed() {
            collect(value, shown, depth + 1, found)?;
        }
        rest = after;
    }
    Some(())
}

impl Object {
    /// Returns tag and name.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.tag, self.tag.name().unwrap_or("(no name known)"))
    }

    /// Returns the value as people read it; nothing of a template.
    pub(super) fn words(&self) -> String {
        match &self.value {
            _ if self.tag.is_constructed() => String::new(),
            None => format!("{WITHHELD}, {} bytes", self.length),
            Some(value) => words(self.tag, value),
        }
    }

    /// Returns a line of a tree.
    pub(super) fn line(&self) -> String {
        let line = format!("{}{}: {}", "  ".repeat(self.depth), self.name(), self.words());
        line.trim_end().trim_end_matches(':').to_owned()
    }
}

/// Returns a value as people read it.
pub(super) fn words(tag: Tag, value: &[u8]) -> String {
    const LISTS: [Tag; 5] = [tags::CDOL1, tags::CDOL2, tags::PDOL, tags::DDOL, tags::TDOL];
    if LISTS.contains(&tag) || tag == tags::LOG_FORMAT {
        return list(value).unwrap_or_else(|| hex(value));
    }
    let printable = value.iter().all(|byte| matches!(byte, b' '..=b'~'));
    match tag.format() {
        Format::Text if printable => String::from_utf8_lossy(value).trim_end().to_owned(),
        // Names of files that are words: the payment system environments.
        Format::Binary if tag == tags::DEDICATED_FILE_NAME && printable => {
            String::from_utf8_lossy(value).into_owned()
        }
        _ => hex(value),
    }
}

/// Returns what a data object list asks for.
fn list(value: &[u8]) -> Option<String> {
    let list = Dol::parse(value).ok()?;
    let mut text = String::new();
    for entry in list.entries() {
        let comma = if text.is_empty() { "" } else { ", " };
        // Writing to a string does not fail.
        let _ = write!(text, "{comma}{}[{}]", entry.tag, entry.length);
    }
    Some(text)
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

#[cfg(test)]
mod tests {
    use countertop_wire::apdu_log::{LogProtocol, Redaction, Redactor};

    use super::*;

    /// A record with a well-known test number, a name, and a list.
    const RECORD: &[u8] = &[
        0x70, 0x16, 0x5a, 0x08, 0x62, 0, 0, 0, 0, 0, 0, 0x05, 0x50, 0x04, b'C', b'a', b'r', b'd',
        0x8c, 0x02, 0x9a, 0x03,
    ];

    fn shown() -> Octets {
        let mut redactor = Redactor::new(Redaction::Cardholder, LogProtocol::T1);
        redactor.command(&[0x00, 0xb2, 0x01, 0x0c, 0x00]);
        redactor.answer(RECORD)
    }

    #[test]
    fn a_tree_names_objects_and_hides_the_cardholder() {
        let record = [&[0x70, 0x14][..], &RECORD[2..]].concat();
        let mut redactor = Redactor::new(Redaction::Cardholder, LogProtocol::T1);
        redactor.command(&[0x00, 0xb2, 0x01, 0x0c, 0x00]);
        let answer = redactor.answer(&[&record[..], &[0x90, 0x00]].concat());
        let data = super::super::trace::without_status(&answer);
        let lines: Vec<_> = objects(&data).unwrap().iter().map(Object::line).collect();
        assert_eq!(
            lines,
            [
                "70 READ RECORD Response Message Template",
                "  5A Application Primary Account Number (PAN): withheld, 8 bytes",
                "  50 Application Label: Card",
                "  8C Card Risk Management Data Object List 1 (CDOL1): 9A[3]",
            ]
        );
    }

    #[test]
    fn what_is_no_tree_is_none() {
        assert_eq!(objects(&shown()), None);
        for length in 1..=4 {
            let cut = Octets::shown(&[0x70, 0x14, 0x50, 0x12][..length]);
            assert_eq!(objects(&cut), None, "{length}");
        }
        assert_eq!(objects(&Octets::default()), Some(Vec::new()));
    }
}
