//! Any bytes as messages of a reader and of its host, and as its descriptor.
#![no_main]

use countertop_wire::ccid::{ClassDescriptor, Command, Header, Notification, Response};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(command) = Command::decode(data) {
        assert_eq!(Command::decode(&command.encode()), Ok(command));
    }
    if let Ok(response) = Response::decode(data) {
        let _ = response.encode();
    }
    for slots in [1, 2, 9] {
        if let Ok(notification) = Notification::decode(data, slots) {
            let _ = notification.encode();
        }
    }
    if let Ok(descriptor) = ClassDescriptor::decode(data) {
        assert_eq!(ClassDescriptor::decode(&descriptor.encode()), Ok(descriptor));
    }
    if let Ok(header) = Header::decode(data) {
        let _ = header.message_length();
    }
});
