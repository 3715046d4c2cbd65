use proptest::prelude::*;

use super::operation::{self, ExportedDevice, Request};
use super::*;
use crate::usb::{Direction, SetupPacket};

fn get_device() -> Command {
    Command::Submit(Submit::control(0x0d05, SetupPacket::new(0x80, 6, 0x0100, 0, 64)))
}

#[test]
fn commands_both_ways() {
    let bytes = get_device().to_bytes();
    let mut expected = [0; 48];
    expected[3] = 1;
    expected[6..8].copy_from_slice(&[0x0d, 0x05]);
    expected[15] = 1;
    expected[27] = 64;
    expected[40..].copy_from_slice(&[0x80, 6, 0, 1, 0, 0, 64, 0]);
    assert_eq!(bytes, expected);
    let unlink = Command::Unlink(Unlink { sequence: 7, device: 0x0001_0002, victim: 6 });
    for command in [get_device(), unlink] {
        assert_eq!(Command::parse(&command.to_bytes()), Ok(command));
        for length in 0..HEADER_LENGTH {
            let cut = &command.to_bytes()[..length];
            assert_eq!(Command::parse(cut), Err(UsbipError::Truncated(length)));
        }
    }
}

#[test]
fn only_data_that_goes_out_follows() {
    let out = Command::Submit(Submit::new(1, Direction::Out, 2, 100));
    assert_eq!(out.data_length(), 100);
    assert_eq!(get_device().data_length(), 0);
    let Command::Submit(submit) = out else { panic!() };
    assert_eq!(submit.address(), 0x02);
    let isochronous = Submit { packets: 3, ..submit };
    assert_eq!(Command::Submit(isochronous).data_length(), 148);
    assert!(!Submit { packets: u32::MAX, ..submit }.is_isochronous());
}

#[test]
fn replies_both_ways() {
    let submit = RetSubmit { sequence: 9, status: status::STALL, actual_length: 5 };
    let unlink = RetUnlink { sequence: 10, status: status::UNLINKED };
    for reply in [Reply::Submit(submit), Reply::Unlink(unlink)] {
        let bytes = reply.to_bytes();
        assert_eq!(Reply::parse(&bytes), Ok(reply));
        for length in 0..HEADER_LENGTH {
            assert_eq!(Reply::parse(&bytes[..length]), Err(UsbipError::Truncated(length)));
        }
    }
    assert_eq!(Reply::Submit(submit).to_bytes()[20..24], [0xff, 0xff, 0xff, 0xe0]);
}

#[test]
fn impossible_headers_are_refused() {
    let with = |offset: usize, byte: u8| {
        let mut bytes = get_device().to_bytes();
        bytes[offset] = byte;
        Command::parse(&bytes)
    };
    assert_eq!(with(3, 9), Err(UsbipError::UnknownCommand(9)));
    assert_eq!(with(15, 2), Err(UsbipError::BadDirection(2)));
    assert_eq!(with(19, 16), Err(UsbipError::BadEndpoint(16)));
    assert!(matches!(with(24, 0xff), Err(UsbipError::BadTransferLength(_))));
    assert_eq!(Reply::parse(&get_device().to_bytes()), Err(UsbipError::UnknownCommand(1)));
}

fn printer() -> ExportedDevice {
    ExportedDevice {
        path: "/sys/devices/virtual/1-1".into(),
        bus_id: "1-1".into(),
        bus_number: 1,
        device_number: 2,
        speed: 2,
        vendor: 0x04b8,
        product: 0x0e15,
        device_release: 0x0100,
        class: [0, 0, 0],
        configuration_value: 1,
        configurations: 1,
        interfaces: vec![[7, 1, 2]],
    }
}

#[test]
fn the_list_both_ways() {
    assert_eq!(Request::DeviceList.to_bytes(), [0x01, 0x11, 0x80, 0x05, 0, 0, 0, 0]);
    let bytes = operation::device_list(&[printer()]).unwrap();
    assert_eq!(bytes.len(), 12 + 0x138 + 4);
    assert_eq!(operation::parse_device_list(&bytes).unwrap(), [printer()]);
    for length in 0..bytes.len() {
        let error = operation::parse_device_list(&bytes[..length]).unwrap_err();
        assert!(matches!(error, UsbipError::Truncated(_)), "{error}");
    }
}

#[test]
fn an_import_both_ways() {
    for request in [Request::DeviceList, Request::Import] {
        assert_eq!(Request::parse(&request.to_bytes()), Ok(request));
    }
    let without_interfaces = ExportedDevice { interfaces: vec![], ..printer() };
    let bytes = operation::imported(Some(&printer())).unwrap();
    assert_eq!(bytes.len(), 8 + ExportedDevice::LENGTH);
    assert_eq!(operation::parse_imported(&bytes), Ok(Some(without_interfaces)));
    for length in 0..bytes.len() {
        assert!(operation::parse_imported(&bytes[..length]).is_err());
    }
    let refused = operation::imported(None).unwrap();
    assert_eq!(operation::parse_imported(&refused), Ok(None));
}

#[test]
fn names_fit_their_fields() {
    let field = operation::bus_id("1-1.2").unwrap();
    assert_eq!(operation::parse_bus_id(&field), Ok("1-1.2"));
    assert!(operation::bus_id(&"1".repeat(31)).is_ok());
    assert_eq!(operation::bus_id(&"1".repeat(32)), Err(UsbipError::BadName));
    assert_eq!(operation::parse_bus_id(&[b'1'; 32]), Err(UsbipError::BadName));
    let other = [0x01, 0x06, 0x80, 0x05, 0, 0, 0, 0];
    assert_eq!(Request::parse(&other), Err(UsbipError::BadVersion(0x0106)));
}

proptest! {
    #[test]
    fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
        let _ = Command::parse(&bytes).map(|command| command.data_length());
        let _ = Reply::parse(&bytes);
        let _ = Request::parse(&bytes);
        let _ = operation::parse_device_list(&bytes);
        let _ = operation::parse_imported(&bytes);
    }
}
