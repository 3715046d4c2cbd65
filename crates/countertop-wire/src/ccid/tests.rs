//! Vectors, round trips, truncation and garbage.

use proptest::prelude::*;

use super::request::{Request, decode_rates, encode_rates};
use super::*;

fn commands() -> Vec<CommandBody> {
    vec![
        CommandBody::IccPowerOn(PowerSelect::Automatic),
        CommandBody::IccPowerOn(PowerSelect::Volts1_8),
        CommandBody::IccPowerOff,
        CommandBody::GetSlotStatus,
        CommandBody::XfrBlock { waiting: 4, level: 0x0310, data: vec![0, 0xa4, 4, 0].into() },
        CommandBody::GetParameters,
        CommandBody::ResetParameters,
        CommandBody::SetParameters(Parameters::T0(T0Parameters::default())),
        CommandBody::SetParameters(Parameters::T1(T1Parameters::default())),
        CommandBody::Escape(vec![0x1f, 0x02].into()),
        CommandBody::IccClock { running: true },
        CommandBody::IccClock { running: false },
        CommandBody::T0Apdu { changes: 3, get_response: 0xff, envelope: 0x80 },
        CommandBody::Secure { waiting: 0, level: 1, data: vec![0, 30].into() },
        CommandBody::Mechanical(2),
        CommandBody::Abort,
        CommandBody::SetDataRateAndClock { clock: 4_000, rate: 344_086 },
    ]
}

fn responses() -> Vec<ResponseBody> {
    vec![
        ResponseBody::data(vec![0x3b, 0x00]),
        ResponseBody::DataBlock { chain: Chain::Begins.code(), data: vec![0x90; 70].into() },
        ResponseBody::SlotStatus { clock: 1 },
        ResponseBody::Parameters(None),
        ResponseBody::Parameters(Some(Parameters::T0(T0Parameters::default()))),
        ResponseBody::Parameters(Some(Parameters::T1(T1Parameters::default()))),
        ResponseBody::Escape(vec![].into()),
        ResponseBody::DataRateAndClock(None),
        ResponseBody::DataRateAndClock(Some((4_000, 10_752))),
    ]
}

fn statuses() -> Vec<SlotStatus> {
    let mut statuses = Vec::new();
    for icc in [IccStatus::Active, IccStatus::Inactive, IccStatus::Absent] {
        statuses.push(SlotStatus::processed(icc));
        statuses.push(SlotStatus::failed(icc, SlotError::ICC_MUTE));
        statuses.push(SlotStatus { icc, command: CommandStatus::TimeExtension(3) });
    }
    statuses
}

#[test]
fn commands_come_and_go() {
    for body in commands() {
        let command = Command::new(1, 0xfe, body);
        assert_eq!(Command::decode(&command.encode()), Ok(command));
    }
}

#[test]
fn responses_come_and_go() {
    for body in responses() {
        for status in statuses() {
            let response = Response::new(2, 7, status, body.clone());
            assert_eq!(Response::decode(&response.encode()), Ok(response));
        }
    }
}

/// The layouts of CCID 1.1, tables 6.1-1, 6.1-4, 6.1-7 and 6.2-1.
#[test]
fn messages_lie_as_the_standard_says() {
    let power_on = Command::new(0, 5, CommandBody::IccPowerOn(PowerSelect::Volts5));
    assert_eq!(power_on.encode(), [0x62, 0, 0, 0, 0, 0, 5, 1, 0, 0]);
    let block = CommandBody::XfrBlock { waiting: 2, level: 0x0010, data: vec![0xaa].into() };
    let block = Command::new(0, 6, block);
    assert_eq!(block.encode(), [0x6f, 1, 0, 0, 0, 0, 6, 2, 0x10, 0, 0xaa]);
    let parameters = CommandBody::SetParameters(Parameters::T1(T1Parameters::default()));
    assert_eq!(
        Command::new(0, 7, parameters).encode(),
        [0x61, 7, 0, 0, 0, 0, 7, 1, 0, 0, 0x11, 0x10, 0, 0x4d, 0, 0x20, 0]
    );
    let mute = SlotStatus::failed(IccStatus::Inactive, SlotError::ICC_MUTE);
    let mute = Response::new(0, 5, mute, ResponseBody::data(vec![]));
    assert_eq!(mute.encode(), [0x80, 0, 0, 0, 0, 0, 5, 0x41, 0xfe, 0]);
}

#[test]
fn a_message_cut_at_any_length_is_refused() {
    for message in commands().into_iter().map(|body| Command::new(0, 0, body).encode()) {
        for length in 0..message.len() {
            let error = Command::decode(&message[..length]).unwrap_err();
            let header = length < HEADER_LENGTH;
            assert_eq!(header, matches!(error, CcidError::Truncated { .. }), "{error}");
            assert_eq!(!header, matches!(error, CcidError::Length { .. }), "{error}");
        }
    }
    let status = SlotStatus::processed(IccStatus::Active);
    for message in responses().into_iter().map(|body| Response::new(0, 0, status, body).encode()) {
        for length in 0..message.len() {
            assert!(Response::decode(&message[..length]).is_err());
        }
    }
}

#[test]
fn fields_without_meaning_are_named() {
    let error = Command::decode(&[0x62, 0, 0, 0, 0, 0, 0, 9, 0, 0]).unwrap_err();
    assert_eq!(error, CcidError::Field { message_type: 0x62, offset: 7, value: 9 });
    let error = Command::decode(&[0x61, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0]).unwrap_err();
    assert_eq!(error, CcidError::Field { message_type: 0x61, offset: 7, value: 2 });
    let error = Command::decode(&[0x65, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]).unwrap_err();
    assert_eq!(error, CcidError::Field { message_type: 0x65, offset: 1, value: 1 });
    let error = Command::decode(&[0x60, 0, 0, 0, 0, 0, 0, 0, 0, 0]).unwrap_err();
    assert_eq!(error.to_string(), "the message type 60 is unknown");
    let error = Response::decode(&[0x81, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0]).unwrap_err();
    assert_eq!(error, CcidError::Field { message_type: 0x81, offset: 7, value: 0xc0 });
}

#[test]
fn the_header_of_a_refused_message_can_be_read() {
    let header = Header::decode(&[0x60, 2, 0, 0, 0, 3, 4, 0, 0, 0]).unwrap();
    assert_eq!((header.message_type, header.slot, header.sequence), (0x60, 3, 4));
    assert_eq!(header.message_length(), Some(12));
}

#[test]
fn notifications_of_one_and_of_five_slots() {
    assert_eq!(Notification::slot_0(true).encode(), [0x50, 0x03]);
    assert_eq!(Notification::slot_0(false).encode(), [0x50, 0x02]);
    let five = Notification::SlotChange(vec![
        (true, false),
        (false, false),
        (false, true),
        (true, true),
        (true, true),
    ]);
    assert_eq!(five.encode(), [0x50, 0xe1, 0x03]);
    assert_eq!(Notification::decode(&five.encode(), 5), Ok(five.clone()));
    for length in 0..3 {
        assert!(Notification::decode(&five.encode()[..length], 5).is_err());
    }
    let broken = Notification::HardwareError { slot: 0, sequence: 9, code: 1 };
    assert_eq!(Notification::decode(&broken.encode(), 1), Ok(broken.clone()));
    for length in 0..4 {
        assert!(Notification::decode(&broken.encode()[..length], 1).is_err());
    }
}

#[test]
fn the_class_descriptor_lies_as_the_standard_says() {
    let features = Features::AUTOMATIC_VOLTAGE | Features::AUTOMATIC_BAUD_RATE | Features::TPDU;
    let descriptor = ClassDescriptor::one_slot(features, 271);
    let bytes = descriptor.encode();
    assert_eq!(bytes[..6], [54, 0x21, 0x10, 0x01, 0, 7]);
    assert_eq!(bytes[28..32], [254, 0, 0, 0]);
    assert_eq!(bytes[40..44], [0x28, 0, 1, 0]);
    assert_eq!(bytes[44..48], [0x0f, 1, 0, 0]);
    assert_eq!(bytes[53], 1);
    assert_eq!(ClassDescriptor::decode(&bytes), Ok(descriptor));
    assert_eq!(descriptor.features.exchange(), Some(Exchange::Tpdu));
    for length in 0..bytes.len() {
        assert_eq!(ClassDescriptor::decode(&bytes[..length]), Err(CcidError::Descriptor));
    }
}

#[test]
fn levels_of_exchange() {
    for (features, exchange) in [
        (Features::default(), Some(Exchange::Character)),
        (Features::SHORT_APDU, Some(Exchange::ShortApdu)),
        (Features::EXTENDED_APDU | Features::AUTOMATIC_VOLTAGE, Some(Exchange::ExtendedApdu)),
        (Features::SHORT_APDU | Features::TPDU, None),
    ] {
        assert_eq!(features.exchange(), exchange);
    }
}

#[test]
fn class_requests_come_and_go() {
    for request in [
        Request::Abort { slot: 1, sequence: 2 },
        Request::GetClockFrequencies,
        Request::GetDataRates,
    ] {
        let (number, value) = request.encode();
        assert_eq!(Request::decode(number, value), Some(request));
    }
    assert_eq!(Request::Abort { slot: 1, sequence: 2 }.encode(), (1, 0x0201));
    assert_eq!(Request::decode(4, 0), None);
    assert_eq!(decode_rates(&encode_rates(&[10_752, 344_086])), [10_752, 344_086]);
    assert_eq!(decode_rates(&[1, 0, 0, 0, 9]), [1]);
}

#[test]
fn chains() {
    for chain in [Chain::Whole, Chain::Begins, Chain::Ends, Chain::Continues, Chain::More] {
        assert_eq!(Chain::from_level(chain.code().into()), Some(chain));
    }
    assert_eq!(Chain::from_level(0x0100), None);
}

#[test]
fn debug_shows_no_bytes_of_a_card() {
    let data = CommandBody::XfrBlock { waiting: 0, level: 0, data: vec![0x24, 0x12].into() };
    let text = format!("{:?}", Command::new(0, 0, data));
    assert!(text.contains("2 bytes") && !text.contains("24"), "{text}");
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        let _ = Command::decode(&bytes).map(|command| {
            // What is understood is written the same way, but for reserved bytes.
            assert_eq!(Command::decode(&command.encode()), Ok(command));
        });
        let _ = Response::decode(&bytes).map(|response| {
            assert_eq!(Response::decode(&response.encode()), Ok(response));
        });
        let _ = Notification::decode(&bytes, 3);
        let _ = ClassDescriptor::decode(&bytes);
    }
}
