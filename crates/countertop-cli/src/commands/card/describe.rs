//! A card in words and in JSON.

use core::fmt::Write as _;

use countertop_device::{CardProtocol, Currency, Money};
use countertop_wire::tlv::{Tag, numeric, tags};
use serde_json::{Map, Value, json};

use super::objects::{Object, WITHHELD, hex};
use super::read::{Application, LogRecord, ReadCard};
use super::reset;

/// Is a card with the reader that it was read in.
pub(super) struct Described {
    pub(super) reader: String,
    pub(super) card: ReadCard,
}

impl Described {
    pub(super) fn text(&self) -> String {
        let card = &self.card;
        let mut text = format!("reader: {}\nprotocol: {}\n", self.reader, protocol(card.protocol));
        if card.protocol == CardProtocol::IsoDep {
            // Writing to a string does not fail.
            let _ = writeln!(text, "answer to select: {}", hex(&card.answer_to_reset));
        } else {
            text.push_str(&reset::text(&card.answer_to_reset));
        }
        let directory = card.directory.unwrap_or("none; known applications were tried");
        let _ = writeln!(text, "directory: {directory}");
        if card.applications.is_empty() {
            text.push_str("no payment application\n");
        }
        for application in &card.applications {
            application_text(application, &mut text);
        }
        text
    }

    pub(super) fn json(&self) -> Value {
        let card = &self.card;
        let reset = if card.protocol == CardProtocol::IsoDep {
            json!({ "bytes": hex(&card.answer_to_reset) })
        } else {
            reset::json(&card.answer_to_reset)
        };
        json!({
            "reader": self.reader,
            "protocol": protocol(card.protocol),
            "answer_to_reset": reset,
            "directory": card.directory,
            "applications": card.applications.iter().map(application_json).collect::<Vec<_>>(),
        })
    }
}

fn protocol(protocol: CardProtocol) -> &'static str {
    match protocol {
        CardProtocol::T0 => "T=0",
        CardProtocol::T1 => "T=1",
        CardProtocol::IsoDep => "ISO/IEC 14443-4",
        _ => "other",
    }
}

fn application_text(application: &Application, text: &mut String) {
    let label = application.label().unwrap_or_else(|| "no label".into());
    let _ = writeln!(text, "\napplication {}: {label}", hex(&application.aid));
    if let Some((command, status)) = &application.refused {
        let _ = writeln!(text, "  {command} is refused: {status}");
    }
    if let Some(pan) = &application.masked_pan {
        let _ = writeln!(text, "  card number {pan}");
    }
    for object in &application.objects {
        let _ = writeln!(text, "  {}", Object { depth: 0, ..object.clone() }.line());
    }
    if let Some(log) = &application.log {
        let _ = writeln!(text, "  transaction log: {} records", log.len());
        for (number, record) in (1..).zip(log) {
            let _ = writeln!(text, "  {number}. {}", record_text(record));
        }
    }
}

fn application_json(application: &Application) -> Value {
    let refused = application.refused.as_ref().map(
        |(command, status)| json!({ "command": command, "status": format!("{:04X}", status.0) }),
    );
    let log = application.log.as_ref().map(|log| log.iter().map(record_json).collect::<Vec<_>>());
    json!({
        "aid": hex(&application.aid),
        "label": application.label(),
        "masked_pan": application.masked_pan,
        "refused": refused,
        "objects": application.objects.iter().map(object_json).collect::<Vec<_>>(),
        "log": log,
    })
}

fn object_json(object: &Object) -> Value {
    json!({
        "tag": object.tag.to_string(),
        "name": object.tag.name(),
        "value": object.value.as_deref().map(hex),
    })
}

/// What may be shown of a log: nothing that a card could put elsewhere is looked at.
const SHOWN: [(Tag, &str); 7] = [
    (tags::TRANSACTION_DATE, "date"),
    (tags::TRANSACTION_TIME, "time"),
    (tags::AMOUNT_AUTHORISED, "amount"),
    (tags::AMOUNT_OTHER, "amount_other"),
    (tags::MERCHANT_NAME_AND_LOCATION, "merchant"),
    (tags::TRANSACTION_TYPE, "type"),
    (tags::APPLICATION_TRANSACTION_COUNTER, "counter"),
];

fn shown(record: &LogRecord) -> Vec<(&'static str, String)> {
    let words = |(tag, name): &(Tag, &'static str)| Some((*name, words(record, *tag)?));
    SHOWN.iter().filter_map(words).collect()
}

fn words(record: &LogRecord, tag: Tag) -> Option<String> {
    let value = find(record, tag)?;
    Some(match tag {
        tags::TRANSACTION_DATE => pairs(value, "-", "20"),
        tags::TRANSACTION_TIME => pairs(value, ":", ""),
        tags::AMOUNT_AUTHORISED | tags::AMOUNT_OTHER => amount(record, value),
        tags::MERCHANT_NAME_AND_LOCATION => String::from_utf8_lossy(value).trim().to_owned(),
        tags::APPLICATION_TRANSACTION_COUNTER => {
            value.iter().fold(0u32, |sum, byte| sum << 8 | u32::from(*byte)).to_string()
        }
        _ => hex(value),
    })
}

fn find(record: &LogRecord, tag: Tag) -> Option<&[u8]> {
    record.iter().find(|(found, _)| *found == tag).map(|(_, value)| value.as_slice())
}

fn pairs(value: &[u8], between: &str, before: &str) -> String {
    let pairs: Vec<_> = value.iter().map(|byte| format!("{byte:02X}")).collect();
    format!("{before}{}", pairs.join(between))
}

/// Returns an amount in the record's currency; in minor units where that is not known.
fn amount(record: &LogRecord, value: &[u8]) -> String {
    const KNOWN: [Currency; 4] = [Currency::CNY, Currency::EUR, Currency::JPY, Currency::USD];
    let Some(minor) = numeric::decode(value) else { return hex(value) };
    let code = find(record, tags::TRANSACTION_CURRENCY_CODE).and_then(numeric::decode);
    let currency = KNOWN.into_iter().find(|known| Some(u64::from(known.numeric())) == code);
    match (currency, code) {
        (Some(currency), _) => {
            format!("{} {currency}", Money::from_minor(minor, currency).decimal())
        }
        (None, Some(code)) => format!("{minor} minor units of currency {code:03}"),
        (None, None) => format!("{minor} minor units"),
    }
}

/// Tells whether a recording has withheld the record: noughts are played for it.
fn is_withheld(record: &LogRecord) -> bool {
    record.iter().all(|(_, value)| value.iter().all(|byte| *byte == 0))
}

fn record_text(record: &LogRecord) -> String {
    if is_withheld(record) {
        return WITHHELD.into();
    }
    let fields: Vec<_> = shown(record)
        .into_iter()
        .map(|(name, words)| match name {
            "date" | "time" | "amount" | "merchant" => words,
            name => format!("{} {words}", name.replace('_', " ")),
        })
        .collect();
    fields.join(", ")
}

fn record_json(record: &LogRecord) -> Value {
    if is_withheld(record) {
        return Value::Null;
    }
    let fields = shown(record).into_iter().map(|(name, words)| (name.to_owned(), words.into()));
    Value::Object(fields.collect::<Map<_, _>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_record_in_words() {
        let mut record: LogRecord = vec![
            (tags::TRANSACTION_DATE, vec![0x26, 0x11, 0x30]),
            (tags::AMOUNT_AUTHORISED, vec![0, 0, 0, 0, 0x12, 0x34]),
            (tags::TRANSACTION_CURRENCY_CODE, vec![0x01, 0x56]),
            (tags::APPLICATION_TRANSACTION_COUNTER, vec![0x01, 0x02]),
            // A card may log what it likes; this is not for showing.
            (tags::APPLICATION_PAN, vec![0x62, 0, 0, 0, 0, 0, 0, 5]),
        ];
        assert_eq!(record_text(&record), "2026-11-30, 12.34 CNY, counter 258");
        assert_eq!(record_json(&record)["amount"], "12.34 CNY");
        record[2].1 = vec![0x03, 0x44];
        assert!(record_text(&record).contains("1234 minor units of currency 344"));
        for (_, value) in &mut record {
            value.fill(0);
        }
        assert_eq!(record_text(&record), "withheld");
        assert_eq!(record_json(&record), Value::Null);
    }
}
