//! Any bytes as a host message.
#![no_main]

use countertop_wire::iso8583::{Message, dissect};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(dissection) = dissect(data) {
        let length: usize = dissection.fields.iter().map(|field| field.bytes.len()).sum();
        assert!(length <= data.len());
    }
    if let Ok(message) = Message::parse(data) {
        let bytes = message.emit();
        let again = Message::parse(&bytes).expect("what was written is read");
        assert_eq!(again.emit(), bytes);
    }
});
