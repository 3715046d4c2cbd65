use super::super::descriptor::RawDescriptors;
use super::super::{SetupPacket, UsbError};
use super::*;

#[test]
fn line_coding_both_ways() {
    let coding =
        LineCoding { baud: 115_200, stop_bits: StopBits::Two, parity: Parity::Even, data_bits: 7 };
    let bytes = coding.to_bytes();
    assert_eq!(bytes, [0x00, 0xc2, 0x01, 0x00, 2, 2, 7]);
    assert_eq!(LineCoding::parse(&bytes), Ok(coding));
    for length in 0..7 {
        let error = UsbError::Truncated { what: "line coding", length };
        assert_eq!(LineCoding::parse(&bytes[..length]), Err(error));
    }
    let error = UsbError::Unknown { what: "line coding", value: 5 };
    assert_eq!(LineCoding::parse(&[0, 0, 0, 0, 0, 5, 8]), Err(error));
}

#[test]
fn requests_both_ways() {
    for request in [
        CdcRequest::SetLineCoding,
        CdcRequest::GetLineCoding,
        CdcRequest::SetControlLineState { dtr: true, rts: false },
        CdcRequest::SetControlLineState { dtr: false, rts: true },
        CdcRequest::SendBreak(250),
    ] {
        assert_eq!(CdcRequest::parse(&request.setup(2)), Some(request));
    }
    assert_eq!(CdcRequest::parse(&SetupPacket::new(0x21, 0x02, 0, 0, 0)), None);
}

#[test]
fn states_both_ways() {
    let state = SerialState { dsr: true, overrun: true, ..SerialState::default() };
    let bytes = state.notification(0);
    assert_eq!(bytes, [0xa1, 0x20, 0, 0, 0, 0, 2, 0, 0x42, 0]);
    assert_eq!(SerialState::parse(&bytes), Some(state));
    for length in 0..bytes.len() {
        assert_eq!(SerialState::parse(&bytes[..length]), None);
    }
}

#[test]
fn functional_descriptors_are_four() {
    let bytes = functional_descriptors(0, 1);
    let subtypes: Vec<u8> = RawDescriptors::new(&bytes).map(|raw| raw.unwrap().bytes[2]).collect();
    assert_eq!(subtypes, [0, 1, 2, 6]);
}
