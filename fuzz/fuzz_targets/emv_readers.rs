//! Any bytes as what a card says of itself, read by the crate emv: file control information, file locators,
//! lists.
#![no_main]

use emv::core::dol::Dol;
use emv::core::fci::AdfFci;
use emv::core::processing_options::ProcessingOptionsResponse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = AdfFci::parse(data);
    let _ = ProcessingOptionsResponse::parse(data);
    if let Ok(list) = Dol::parse(data) {
        assert_eq!(Dol::parse(&list.encode()), Ok(list));
    }
});
