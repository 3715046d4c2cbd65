//! Any bytes as a command and as a response.
#![no_main]

use countertop_wire::apdu::{CommandApdu, ResponseApdu};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(command) = CommandApdu::parse(data) {
        let bytes = command.to_bytes();
        assert_eq!(CommandApdu::parse(&bytes).as_ref(), Ok(&command));
        let _ = format!("{command:?}");
    }
    if let Ok(response) = ResponseApdu::parse(data) {
        assert_eq!(response.to_bytes(), data);
        let _ = format!("{response:?} {:?}", response.status());
    }
});
