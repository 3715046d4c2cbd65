//! Any bytes as a message of records, and as a tag's memory.
#![no_main]

use countertop_wire::ndef::{FoundTlv, Message, find_tlv, wrap_tlv};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(message) = Message::decode(data) {
        let bytes = message.encode();
        assert_eq!(Message::decode(&bytes).as_ref(), Ok(&message));
        for record in &message.records {
            let _ = (record.as_uri(), record.as_text());
        }
    }
    let _ = find_tlv(data);
    let wrapped = wrap_tlv(data);
    assert!(matches!(find_tlv(&wrapped), FoundTlv::Message(found) if found == data));
});
