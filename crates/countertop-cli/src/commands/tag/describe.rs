//! A tag in words and in JSON.

use core::fmt::Write as _;

use countertop::nfc::tag::TagState;
use countertop_device::ContactlessTarget;
use countertop_wire::ndef::{Handover, HandoverKind, Message, Record, SmartPoster, TypeName};
use serde_json::{Value, json};

pub(super) fn text(target: &ContactlessTarget, state: TagState, message: &Message) -> String {
    let access = if state.writable { "writable" } else { "read only" };
    let used = message.encode().len();
    let mut text = format!(
        "{}, {used} of {} bytes used, {access}, UID {}\n",
        state.kind.name(),
        state.capacity,
        hex(&target.uid)
    );
    if message.records.is_empty() {
        text.push_str("no message\n");
    }
    for (number, record) in (1..).zip(&message.records) {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{number}. {}", record_text(record));
    }
    text
}

fn record_text(record: &Record) -> String {
    if let Some(uri) = record.as_uri() {
        return format!("link: {uri}");
    }
    if let Some(text) = record.as_text() {
        return format!("text ({}): {}", text.language, text.text);
    }
    if let Some(poster) = SmartPoster::from_record(record) {
        let titles: Vec<_> = poster.titles.iter().map(|title| title.text.as_str()).collect();
        return format!("smart poster: {} {}", poster.uri, titles.join(", "));
    }
    if let Some(package) = record.as_android_application() {
        return format!("Android application: {package}");
    }
    if let Some(handover) = Handover::from_record(record) {
        return format!("{}: {} carriers", kind_name(&handover), handover.carriers.len());
    }
    let (name, length) = (String::from_utf8_lossy(&record.kind), record.payload.len());
    format!("{} {name}: {length} bytes", type_name(record.type_name))
}

pub(super) fn json(target: &ContactlessTarget, state: TagState, message: &Message) -> Value {
    json!({
        "kind": state.kind.name(),
        "uid": hex(&target.uid),
        "capacity": state.capacity,
        "used": message.encode().len(),
        "writable": state.writable,
        "records": message.records.iter().map(record_json).collect::<Vec<_>>(),
    })
}

fn record_json(record: &Record) -> Value {
    if let Some(uri) = record.as_uri() {
        return json!({ "type": "uri", "uri": uri });
    }
    if let Some(text) = record.as_text() {
        return json!({ "type": "text", "language": text.language, "text": text.text });
    }
    if let Some(poster) = SmartPoster::from_record(record) {
        let title =
            |it: &countertop_wire::ndef::Text| json!({ "language": it.language, "text": it.text });
        let titles: Vec<_> = poster.titles.iter().map(title).collect();
        return json!({ "type": "smart-poster", "uri": poster.uri, "titles": titles });
    }
    if let Some(package) = record.as_android_application() {
        return json!({ "type": "android-application", "package": package });
    }
    if let Some(handover) = Handover::from_record(record) {
        let carriers: Vec<_> = handover.carriers.iter().map(|it| hex(&it.data)).collect();
        return json!({ "type": kind_name(&handover), "carriers": carriers });
    }
    json!({
        "type": type_name(record.type_name),
        "name": String::from_utf8_lossy(&record.kind),
        "payload": hex(&record.payload),
    })
}

fn kind_name(handover: &Handover) -> &'static str {
    match handover.kind {
        HandoverKind::Request(_) => "handover-request",
        HandoverKind::Select => "handover-select",
    }
}

fn type_name(name: TypeName) -> &'static str {
    match name {
        TypeName::Empty => "empty",
        TypeName::WellKnown => "well-known",
        TypeName::Media => "media",
        TypeName::AbsoluteUri => "absolute-uri",
        TypeName::External => "external",
        _ => "unknown",
    }
}

pub(super) fn dump_text(memory: &[(usize, Vec<u8>)]) -> String {
    let line = |(number, bytes): &(usize, Vec<u8>)| {
        let shown = |byte: &u8| if byte.is_ascii_graphic() { char::from(*byte) } else { '.' };
        let text: String = bytes.iter().map(shown).collect();
        format!("{number:04x}  {}  {text}\n", hex(bytes))
    };
    memory.iter().map(line).collect()
}

pub(super) fn dump_json(target: &ContactlessTarget, memory: &[(usize, Vec<u8>)]) -> Value {
    let unit = |(number, bytes): &(usize, Vec<u8>)| json!({ "number": number, "data": hex(bytes) });
    json!({ "uid": hex(&target.uid), "memory": memory.iter().map(unit).collect::<Vec<_>>() })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use countertop_wire::ndef::Carrier;

    use super::*;

    #[test]
    fn each_record_has_words() {
        for (record, text, kind) in [
            (Record::uri("https://example.com"), "link: https://example.com", "uri"),
            (Record::text("zh", "谢谢"), "text (zh): 谢谢", "text"),
            (
                SmartPoster::new("tel:1").with_title("en", "Call").to_record(),
                "smart poster: tel:1 Call",
                "smart-poster",
            ),
            (
                Record::android_application("com.example"),
                "Android application: com.example",
                "android-application",
            ),
            (
                Handover::select(vec![Carrier::active("0")]).to_record(),
                "handover-select: 1 carriers",
                "handover-select",
            ),
            (Record::media("text/vcard", "x"), "media text/vcard: 1 bytes", "media"),
            (Record::external("a.b:c", "xy"), "external a.b:c: 2 bytes", "external"),
            (Record::empty(), "empty : 0 bytes", "empty"),
        ] {
            assert_eq!(record_text(&record), text);
            assert_eq!(record_json(&record)["type"], kind);
        }
    }

    #[test]
    fn a_dump_shows_numbers_and_letters() {
        assert_eq!(dump_text(&[(4, b"\x03\x02ab".to_vec())]), "0004  03026162  ..ab\n");
    }
}
