use super::super::SetupPacket;
use super::super::cdc::{Parity, StopBits};
use super::*;

#[test]
fn requests_both_ways() {
    let data = FtdiRequest::Data {
        data_bits: 7,
        parity: Parity::Even,
        stop_bits: StopBits::Two,
        sends_break: true,
    };
    for request in [
        FtdiRequest::Reset,
        FtdiRequest::PurgeReceive,
        FtdiRequest::PurgeTransmit,
        FtdiRequest::ModemControl { dtr: Some(true), rts: None },
        FtdiRequest::ModemControl { dtr: Some(false), rts: Some(true) },
        FtdiRequest::FlowControl(FtdiFlow::None),
        FtdiRequest::FlowControl(FtdiFlow::RtsCts),
        FtdiRequest::FlowControl(FtdiFlow::DtrDsr),
        FtdiRequest::FlowControl(FtdiFlow::XonXoff { xon: 0x11, xoff: 0x13 }),
        FtdiRequest::BaudRate(BaudDivisor::nearest(115_200)),
        data,
        FtdiRequest::ModemStatus,
        FtdiRequest::EventCharacter(Some(b'\r')),
        FtdiRequest::ErrorCharacter(None),
        FtdiRequest::SetLatency(1),
        FtdiRequest::GetLatency,
        FtdiRequest::BitMode { pins: 0xff, mode: 1 },
        FtdiRequest::ReadPins,
        FtdiRequest::ReadEeprom(0x0a),
    ] {
        assert_eq!(FtdiRequest::parse(&request.setup()), Ok(request));
    }
    let unknown = UsbError::Unknown { what: "FTDI request", value: 0x92 };
    assert_eq!(FtdiRequest::parse(&SetupPacket::new(0x40, 0x92, 0, 0, 0)), Err(unknown));
    assert!(FtdiRequest::parse(&SetupPacket::new(0x40, 4, 0x0508, 0, 0)).is_err());
}

#[test]
fn known_divisors() {
    for (baud, value, index) in [
        (9600, 0x4138, 0),
        (19_200, 0x809c, 0),
        (38_400, 0xc04e, 0),
        (57_600, 0xc034, 0),
        (115_200, 0x001a, 0),
        (3_000_000, 0, 0),
        (2_000_000, 1, 0),
        (300, 0x2710, 0),
    ] {
        let divisor = BaudDivisor::nearest(baud);
        assert_eq!(divisor.to_wire(), (value, index), "{baud}");
        assert_eq!(BaudDivisor::from_wire(value, index), divisor);
        assert!(divisor.baud().abs_diff(baud) * 50 < baud, "{baud}: {}", divisor.baud());
    }
    // AN_120: 490 eighths are 61.25.
    assert_eq!(BaudDivisor(490).to_wire(), (61 | 2 << 14, 0));
    assert_eq!(BaudDivisor(493).to_wire(), (61 | 1 << 14, 1));
    for baud in [0, 1, u32::MAX] {
        let divisor = BaudDivisor::nearest(baud);
        let (value, index) = divisor.to_wire();
        assert_eq!(BaudDivisor::from_wire(value, index), divisor);
    }
}

#[test]
fn status_stands_in_front_of_each_packet() {
    let status = LineStatus { cts: true, carrier: true, overrun: true, ..Default::default() };
    assert_eq!(status.to_bytes(), [0x91, 0x62]);
    assert_eq!(LineStatus::from_bytes(status.to_bytes()), status);
    let first = [LineStatus::default().to_bytes().as_slice(), &[7; 62]].concat();
    let transfer = [first.as_slice(), &status.to_bytes(), b"x"].concat();
    let expected = [[7; 62].as_slice(), b"x"].concat();
    assert_eq!(split_transfer(&transfer), Ok((status, expected)));
    assert!(split_transfer(&transfer[..65]).is_err());
    assert!(split_transfer(&[]).is_err());
}

#[test]
fn a_coding_is_two_requests() {
    let [baud, data] = line_requests(LineCoding::default());
    assert_eq!(baud.setup().to_bytes(), [0x40, 3, 0x38, 0x41, 0, 0, 0, 0]);
    assert_eq!(data.setup().to_bytes(), [0x40, 4, 8, 0, 0, 0, 0, 0]);
}
