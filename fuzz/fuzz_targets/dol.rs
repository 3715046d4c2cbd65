//! Any bytes as a list of what a card asks for.
#![no_main]

use countertop_wire::tlv::Dol;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(list) = Dol::parse(data) {
        assert_eq!(Dol::parse(&list.to_bytes()).as_ref(), Ok(&list));
        let answer = list.answer(|_| Some([0x12, 0x34]));
        assert_eq!(answer.len(), list.data_length());
        let values = list.split(&answer).expect("an answer is as long as its list says");
        assert_eq!(values.len(), list.entries().len());
    }
});
