use proptest::prelude::*;

use super::super::{Direction, UsbError};
use super::*;

fn composite() -> Configuration {
    let association =
        InterfaceAssociation { first: 0, count: 2, class: 2, subclass: 2, protocol: 1, string: 0 };
    Configuration {
        interfaces: vec![
            Interface::new(0, 2, 2, 1)
                .association(association)
                .class_descriptor(&[5, 0x24, 0, 0x10, 0x01])
                .endpoint(EndpointDescriptor::interrupt(0x83, 8, 16)),
            Interface::new(1, 10, 0, 0),
            Interface::new(1, 10, 0, 0)
                .alternate(1)
                .endpoint(EndpointDescriptor::bulk(0x81, 64))
                .endpoint(EndpointDescriptor::bulk(0x02, 64)),
        ],
        ..Configuration::default()
    }
}

#[test]
fn device_both_ways() {
    let device = DeviceDescriptor {
        manufacturer: 1,
        serial_number: 3,
        ..DeviceDescriptor::new(0x0403, 0x6001)
    };
    let bytes = device.to_bytes();
    let expected = [18, 1, 0, 2, 0, 0, 0, 64, 0x03, 0x04, 0x01, 0x60, 0, 1, 1, 0, 3, 1];
    assert_eq!(bytes, expected);
    assert_eq!(DeviceDescriptor::parse(&bytes), Ok(device));
    for length in 0..18 {
        let error = UsbError::Truncated { what: "device descriptor", length };
        assert_eq!(DeviceDescriptor::parse(&bytes[..length]), Err(error));
    }
    assert_eq!(device.qualifier(), [10, 6, 0, 2, 0, 0, 0, 64, 1, 0]);
}

#[test]
fn another_descriptor_is_refused() {
    let mut bytes = DeviceDescriptor::new(1, 2).to_bytes();
    bytes[1] = CONFIGURATION;
    let error = UsbError::WrongType { what: "device descriptor", found: 2 };
    assert_eq!(DeviceDescriptor::parse(&bytes), Err(error));
    bytes[1] = DEVICE;
    bytes[0] = 17;
    let error = UsbError::BadLength { what: "device descriptor", length: 17 };
    assert_eq!(DeviceDescriptor::parse(&bytes), Err(error));
}

#[test]
fn configuration_both_ways() {
    let configuration = composite();
    let bytes = configuration.to_bytes().unwrap();
    assert_eq!(bytes[..9], [9, 2, 0x46, 0, 2, 1, 0, 0x80, 50]);
    assert_eq!(bytes.len(), 0x46);
    assert_eq!(Configuration::parse(&bytes), Ok(configuration));
    for length in 0..bytes.len() {
        assert!(matches!(Configuration::parse(&bytes[..length]), Err(UsbError::Truncated { .. })));
    }
}

#[test]
fn an_endpoint_needs_an_interface() {
    let mut bytes = Configuration::default().to_bytes().unwrap();
    bytes.extend(EndpointDescriptor::bulk(0x81, 64).to_bytes());
    bytes[2] = 16;
    assert_eq!(Configuration::parse(&bytes), Err(UsbError::OutsideInterface(ENDPOINT)));
    bytes[9] = 0;
    let error = UsbError::BadLength { what: "descriptor", length: 0 };
    assert_eq!(Configuration::parse(&bytes), Err(error));
}

#[test]
fn a_configuration_has_an_end() {
    let interface = Interface::new(0, 3, 0, 0).class_descriptor(&vec![0; 0x1_0000]);
    let configuration = Configuration { interfaces: vec![interface], ..Configuration::default() };
    assert_eq!(configuration.to_bytes(), Err(UsbError::TooLong(0x1_0012)));
}

#[test]
fn endpoints_say_what_they_are() {
    let bulk = EndpointDescriptor::bulk(0x81, 0x1200);
    assert_eq!((bulk.direction(), bulk.transfer_type()), (Direction::In, TransferType::Bulk));
    assert_eq!(bulk.packet_size(), 0x200);
    let interrupt = EndpointDescriptor::interrupt(0x02, 8, 10);
    assert_eq!(interrupt.direction(), Direction::Out);
    assert_eq!(interrupt.transfer_type(), TransferType::Interrupt);
    assert_eq!(EndpointDescriptor::parse(&interrupt.to_bytes()), Ok(interrupt));
}

#[test]
fn strings_both_ways() {
    let bytes = string("A中").unwrap();
    assert_eq!(bytes, [6, 3, 0x41, 0, 0x2d, 0x4e]);
    assert_eq!(parse_string(&bytes).unwrap(), "A中");
    for length in 0..bytes.len() {
        assert!(matches!(parse_string(&bytes[..length]), Err(UsbError::Truncated { .. })));
    }
    assert_eq!(parse_languages(&languages()), Ok(vec![ENGLISH_UNITED_STATES]));
    assert_eq!(string(&"x".repeat(126)).unwrap().len(), 254);
    assert_eq!(string(&"x".repeat(127)), Err(UsbError::BadString(256)));
    assert_eq!(parse_string(&[3, 3, 0x41]), Err(UsbError::BadString(3)));
    assert_eq!(parse_string(&[4, 3, 0x00, 0xd8]), Err(UsbError::BadString(4)));
}

proptest! {
    #[test]
    fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..128)) {
        let _ = Configuration::parse(&bytes);
        let _ = parse_string(&bytes);
        let _ = RawDescriptors::new(&bytes).count();
    }
}
