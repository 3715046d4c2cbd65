//! Any bytes as data objects, tags, lists and numbers.
#![no_main]

use countertop_wire::tlv::{Tag, Tlv, TlvWriter, find, find_anywhere, numeric, tags, tlvs};
use libfuzzer_sys::fuzz_target;

fn walk(bytes: &[u8], depth: usize) {
    for object in tlvs(bytes).flatten() {
        let written = TlvWriter::new().put(object.tag, object.value).finish();
        let (again, rest) = Tlv::parse(&written).expect("what was written is read");
        assert_eq!((again.tag, again.value, rest), (object.tag, object.value, &[][..]));
        if depth > 0 && object.tag.is_constructed() {
            walk(object.value, depth - 1);
        }
    }
}

fuzz_target!(|data: &[u8]| {
    walk(data, 8);
    let path = [tags::FCI_TEMPLATE, tags::FCI_PROPRIETARY_TEMPLATE, tags::APPLICATION_LABEL];
    let _ = find(data, &path);
    let _ = find_anywhere(data, tags::APPLICATION_LABEL);
    if let Ok((tag, rest)) = Tag::parse(data) {
        let mut written = Vec::new();
        tag.write(&mut written);
        assert_eq!(written, data[..data.len() - rest.len()]);
        let _ = (tag.name(), tag.format(), tag.to_string());
    }
    if let Some(value) = numeric::decode(data) {
        assert_eq!(numeric::encode(value, data.len()).as_deref(), Some(data));
    }
    let _ = numeric::decode_compressed(data);
});
