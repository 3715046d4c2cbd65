use proptest::prelude::*;

use super::*;

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(core::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

fn decode_all(bytes: &[u8]) -> Vec<Result<Frame, FrameError>> {
    let mut decoder = Decoder::new();
    decoder.push(bytes);
    core::iter::from_fn(|| decoder.next_frame()).collect()
}

fn round_trip_command(frame: &str, command: impl Into<Command>) {
    let (command, bytes) = (command.into(), hex(frame));
    assert_eq!(Frame::command(command.encode()).unwrap().encode(), bytes);
    let [Ok(Frame::Information(information))] = &decode_all(&bytes)[..] else { panic!("{frame}") };
    assert_eq!(information.direction(), Direction::ToChip);
    assert_eq!(Command::decode(information.data()).unwrap(), command);
}

fn round_trip_response(frame: &str, response: impl Into<Response>) {
    let (response, bytes) = (response.into(), hex(frame));
    assert_eq!(Frame::response(response.encode()).unwrap().encode(), bytes);
    let [Ok(Frame::Information(information))] = &decode_all(&bytes)[..] else { panic!("{frame}") };
    assert_eq!(information.direction(), Direction::ToHost);
    assert_eq!(Response::decode(information.data()).unwrap(), response);
}

/// Frames as hosts and chips exchange them in the field.
#[test]
fn commands_in_frames() {
    round_trip_command("0000ff 02 fe d402 2a 00", ChipCommand::GetFirmwareVersion);
    round_trip_command(
        "0000ff 05 fb d414010000 17 00",
        ChipCommand::SamConfiguration { mode: 1, timeout: Some(0), irq: Some(0) },
    );
    round_trip_command(
        "0000ff 03 fd d41401 17 00",
        ChipCommand::SamConfiguration { mode: 1, timeout: None, irq: None },
    );
    round_trip_command(
        "0000ff 04 fc d44a0100 e1 00",
        InitiatorCommand::InListPassiveTarget {
            max_targets: 1,
            modulation: Modulation::TypeA,
            initiator_data: vec![],
        },
    );
    round_trip_command(
        "0000ff 09 f7 d400006c69626e6663 be 00",
        ChipCommand::Diagnose {
            test: diagnose::COMMUNICATION_LINE,
            parameters: b"libnfc".to_vec(),
        },
    );
    round_trip_command(
        "0000ff 03 fd d41008 14 00",
        ChipCommand::SetSerialBaudRate(BaudRate::from_bauds(1_288_000).unwrap()),
    );
}

#[test]
fn responses_in_frames() {
    round_trip_response(
        "0000ff 06 fa d50332010607 e8 00",
        ChipResponse::FirmwareVersion(FirmwareVersion::PN532_1_6),
    );
    round_trip_response("0000ff 02 fe d515 16 00", ChipResponse::SamConfigured);
    round_trip_response(
        "0000ff 03 fd d54b00 e0 00",
        InitiatorResponse::PassiveTargets { count: 0, data: vec![] },
    );
    round_trip_response(
        "0000ff 05 fb d541009000 5a 00",
        InitiatorResponse::DataExchanged {
            status: Status::OK,
            more: false,
            data: CardData::from(hex("9000")),
        },
    );
}

#[test]
fn frames_without_data() {
    assert_eq!(decode_all(&hex("0000ff00ff00")), [Ok(Frame::Ack)]);
    assert_eq!(decode_all(&hex("0000ffff0000")), [Ok(Frame::Nack)]);
    assert_eq!(decode_all(&hex("0000ff01ff7f8100")), [Ok(Frame::SyntaxError)]);
    for frame in [Frame::Ack, Frame::Nack, Frame::SyntaxError] {
        assert_eq!(decode_all(&frame.encode()), [Ok(frame)]);
    }
}

#[test]
fn the_longest_frame_is_extended() {
    for (data, form) in [(253, "00fffe02"), (254, "00ffffff00ff01"), (264, "00ffffff0109f6")] {
        let frame = Frame::command(vec![0x42; data]).unwrap();
        let bytes = frame.encode();
        assert_eq!(bytes[1..][..form.len() / 2], hex(form));
        assert_eq!(decode_all(&bytes), [Ok(frame)]);
    }
    assert!(Frame::command(vec![0x42; 265]).is_err());
    assert!(Frame::command(vec![]).is_err());
    assert_eq!(decode_all(&hex("00ffffff010af5")), [Err(FrameError::Length(266))]);
}

#[test]
fn finds_frames_behind_wake_up_bytes_and_garbage() {
    let command = hex("0000ff02fed4022a00");
    let expected = Frame::command(vec![0x02]).unwrap();
    let noisy = [&WAKE_UP[..], &command, b"noise\x00\x00", &command].concat();
    assert_eq!(decode_all(&noisy), [Ok(expected.clone()), Ok(expected)]);
}

#[test]
fn broken_frames_are_named_and_skipped() {
    let command = hex("0000ff02fed4022a00");
    for (broken, error) in [
        ("0000ff02fdd4022a00", FrameError::LengthChecksum),
        ("0000ff02fed4022b00", FrameError::DataChecksum),
        ("0000ff02fed6022800", FrameError::Identifier(0xd6)),
        ("0000ff01ffd42c00", FrameError::Length(1)),
        ("0000ffffff000000", FrameError::Length(0)),
    ] {
        let found = decode_all(&[hex(broken), command.clone()].concat());
        assert_eq!(found.first(), Some(&Err(error)), "{broken}");
        assert_eq!(found.last(), Some(&Ok(Frame::command(vec![0x02]).unwrap())), "{broken}");
    }
}

#[test]
fn a_frame_in_pieces_comes_once_it_is_whole() {
    let bytes = Frame::command(vec![0x42; 260]).unwrap().encode();
    let mut decoder = Decoder::new();
    // Without the postamble, which carries nothing.
    for byte in &bytes[..bytes.len() - 2] {
        decoder.push(&[*byte]);
        assert_eq!(decoder.next_frame(), None);
    }
    decoder.push(&bytes[bytes.len() - 2..]);
    assert!(matches!(decoder.next_frame(), Some(Ok(Frame::Information(_)))));
}

#[test]
fn debug_withholds_what_goes_to_a_card() {
    let apdu = hex("00a404000e325041592e5359532e4444463031");
    let command = Command::from(InitiatorCommand::InDataExchange {
        target: 1,
        more: false,
        data: CardData::from(apdu),
    });
    let frame = Frame::command(command.encode()).unwrap();
    assert_eq!(format!("{frame:?}"), "Information(ToChip 40 (21 bytes))");
    assert!(format!("{command:?}").contains("CardData(19 bytes)"));
}

/// As UM0701-02, 7.3.5 describes them; of FeliCa with and without system code.
#[test]
fn descriptions_of_targets() {
    let b = hex("01 50 01020304 00000000 008171 01 00");
    let (target, rest) = TypeBTarget::decode(&b).unwrap();
    assert_eq!((target.pupi, target.protocol_info), ([1, 2, 3, 4], [0x00, 0x81, 0x71]));
    assert!(rest.is_empty());
    let felica = hex("01 14 01 0102030405060708 f0f1f2f3f4f5f6f7 12fc");
    let (with_system, _) = FelicaTarget::decode(&felica).unwrap();
    assert_eq!(with_system.system_code, Some([0x12, 0xfc]));
    let short = hex("02 12 01 0102030405060708 f0f1f2f3f4f5f6f7");
    let (without, _) = FelicaTarget::decode(&short).unwrap();
    assert_eq!((without.number, without.system_code), (2, None));
    let jewel = hex("01 0c00 01020304");
    let (tag, _) = JewelTarget::decode(&jewel).unwrap();
    assert_eq!((tag.sens_res, tag.uid), ([0x0c, 0x00], [1, 2, 3, 4]));
    let mut again = [const { Vec::new() }; 4];
    target.encode(&mut again[0]);
    with_system.encode(&mut again[1]);
    without.encode(&mut again[2]);
    tag.encode(&mut again[3]);
    assert_eq!(again, [&b, &felica, &short, &jewel].map(Clone::clone));
    (0..b.len()).for_each(|length| assert_eq!(TypeBTarget::decode(&b[..length]), None));
    (0..felica.len()).for_each(|length| assert_eq!(FelicaTarget::decode(&felica[..length]), None));
    (0..jewel.len()).for_each(|length| assert_eq!(JewelTarget::decode(&jewel[..length]), None));
}

fn samples() -> Vec<Command> {
    let chip = [
        ChipCommand::GetGeneralStatus,
        ChipCommand::ReadRegister(vec![register::CIU_TX_MODE, register::CIU_RX_MODE]),
        ChipCommand::WriteRegister(vec![(register::CIU_TX_MODE, 0x80), (0xfff7, 1)]),
        ChipCommand::ReadGpio,
        ChipCommand::WriteGpio { p3: 0x80, p7: 0x82 },
        ChipCommand::SetParameters(parameter::AUTOMATIC_RATS),
        ChipCommand::PowerDown { wake_up: 0xf0, generate_irq: None },
        ChipCommand::PowerDown { wake_up: 0x10, generate_irq: Some(1) },
        ChipCommand::RfConfiguration(RfItem::Field { on: true, avoid_collision: false }),
        ChipCommand::RfConfiguration(RfItem::Timings { reserved: 0, atr_res: 11, retry: 10 }),
        ChipCommand::RfConfiguration(RfItem::MaxRetryCom(0)),
        ChipCommand::RfConfiguration(RfItem::MaxRetries { atr: 0, psl: 1, passive_activation: 2 }),
        ChipCommand::RfConfiguration(RfItem::Analog { item: 0x0c, settings: hex("ff0485") }),
    ];
    let dep = DepRequest { active: true, speed: 1, parameters: vec![0] };
    let initiator = [
        InitiatorCommand::InAutoPoll { polls: 20, period: 2, types: vec![0x20, 0x10] },
        InitiatorCommand::InDataExchange { target: 2, more: true, data: hex("3004").into() },
        InitiatorCommand::InCommunicateThru(hex("b2").into()),
        InitiatorCommand::InSelect(1),
        InitiatorCommand::InDeselect(0),
        InitiatorCommand::InRelease(0),
        InitiatorCommand::InJumpForDep(dep.clone()),
        InitiatorCommand::InJumpForPsl(dep),
        InitiatorCommand::InAtr { target: 1, parameters: vec![0] },
        InitiatorCommand::InPsl { target: 1, to_target: 1, to_initiator: 1 },
    ];
    chip.into_iter().map(Command::from).chain(initiator.into_iter().map(Command::from)).collect()
}

#[test]
fn commands_round_trip_and_survive_truncation() {
    for command in samples() {
        let bytes = command.encode();
        assert_eq!(Command::decode(&bytes), Ok(command.clone()));
        for length in 0..bytes.len() {
            // Some commands are whole without their last parameters; none is taken for another.
            if let Ok(shorter) = Command::decode(&bytes[..length]) {
                assert_eq!(shorter.code(), command.code());
            }
        }
    }
    assert_eq!(Command::decode(&[]), Err(CommandError::Empty));
    assert_eq!(Command::decode(&[0x99]), Err(CommandError::Unknown(0x99)));
    assert_eq!(Command::decode(&[0x44]), Err(CommandError::Parameters(0x44)));
}

#[test]
fn responses_round_trip() {
    let state = TargetState { number: 1, receive: 0, transmit: 0, modulation: 0 };
    let card = hex("01000420040801020305788080");
    let responses: Vec<Response> = vec![
        ChipResponse::GeneralStatus(GeneralStatus {
            error: Status::TIMEOUT,
            field: false,
            targets: vec![state, TargetState { number: 2, ..state }],
            sam: 0,
        })
        .into(),
        ChipResponse::Gpio { p3: 0x3f, p7: 6, i: 1 }.into(),
        ChipResponse::PoweringDown(Status::OK).into(),
        ChipResponse::Registers(vec![0x80, 0x80]).into(),
        InitiatorResponse::AutoPolled(vec![(0x20, card.clone()), (0x10, vec![2, 0, 0x44, 0, 0])])
            .into(),
        InitiatorResponse::PassiveTargets { count: 1, data: card }.into(),
        InitiatorResponse::DataExchanged {
            status: Status::OK,
            more: true,
            data: vec![1; 200].into(),
        }
        .into(),
        InitiatorResponse::CommunicatedThru { status: Status::TIMEOUT, data: vec![].into() }.into(),
        InitiatorResponse::Selected(Status::CONTEXT).into(),
        InitiatorResponse::JumpedForDep { status: Status::TIMEOUT, data: vec![] }.into(),
        InitiatorResponse::Psl(Status::OK).into(),
    ];
    for response in responses {
        assert_eq!(Response::decode(&response.encode()), Ok(response));
    }
    assert_eq!(Response::decode(&[]), Err(CommandError::Empty));
    assert_eq!(Response::decode(&[0x00]), Err(CommandError::Unknown(0x00)));
    assert_eq!(Response::decode(&[0x61, 1, 0x20, 9]), Err(CommandError::Parameters(0x61)));
}

#[test]
fn a_target_tells_its_answer_to_select() {
    let card = TypeATarget {
        number: 1,
        atqa: [0x00, 0x04],
        sak: 0x20,
        uid: hex("08a1b2c3"),
        ats: hex("0578807002"),
    };
    let tag = TypeATarget {
        number: 2,
        atqa: [0x00, 0x44],
        sak: 0x00,
        uid: hex("04112233445566"),
        ats: vec![],
    };
    let mut data = Vec::new();
    card.encode(&mut data);
    tag.encode(&mut data);
    assert_eq!(data, hex("0100042004 08a1b2c3 0578807002 0200440007 04112233445566"));
    let (first, rest) = TypeATarget::decode(&data, true).unwrap();
    assert_eq!(first, card);
    assert_eq!(TypeATarget::decode(rest, true), Some((tag, &[][..])));
    let whole = 5 + 4 + 5;
    for length in (0..whole).filter(|length| *length != 9) {
        assert_eq!(TypeATarget::decode(&data[..length], true), None, "{length}");
    }
}

#[test]
fn statuses_have_names() {
    assert_eq!(Status::new(0xc1), Status::TIMEOUT);
    assert_eq!(Status::TIMEOUT.to_string(), "the target has not answered (status 01)");
    assert_eq!(Status::new(0x3f).text(), "unknown status");
}

proptest! {
    #[test]
    fn never_panics_and_always_ends(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..20)) {
        let mut decoder = Decoder::new();
        for piece in pieces {
            decoder.push(&piece);
            while let Some(found) = decoder.next_frame() {
                if let Ok(Frame::Information(information)) = found {
                    let _ = Command::decode(information.data());
                    let _ = Response::decode(information.data());
                }
            }
        }
    }

    #[test]
    fn parsers_take_anything(data in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(command) = Command::decode(&data) {
            prop_assert_eq!(Command::decode(&command.encode()), Ok(command));
        }
        let _ = Response::decode(&data);
        let _ = TypeATarget::decode(&data, true);
        let _ = without_crc_a(&data);
    }

    #[test]
    fn a_frame_is_found_behind_garbage(
        noise in prop::collection::vec(any::<u8>().prop_filter("no start code", |b| *b != 0xff), 0..60),
        data in prop::collection::vec(any::<u8>(), 1..=MAX_DATA),
    ) {
        let frame = Frame::command(data).unwrap();
        let found = decode_all(&[noise, frame.encode()].concat());
        prop_assert_eq!(found, vec![Ok(frame)]);
    }
}
