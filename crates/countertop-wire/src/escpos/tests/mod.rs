//! Round trips, truncation and garbage over the whole table.

mod examples;
mod generated;

use proptest::prelude::*;

use super::*;
use examples::examples;

pub(super) fn parse(bytes: &[u8]) -> Vec<Command> {
    let mut parser = Parser::new();
    parser.feed(bytes);
    let mut commands: Vec<_> = core::iter::from_fn(|| parser.next_command()).collect();
    commands.extend(parser.finish());
    commands
}

#[test]
fn a_symbol_out_of_its_range_is_not_modelled() {
    for bytes in [
        &b"\x1D(k\x03\x00\x30\x41\x1F"[..],
        b"\x1D(k\x03\x00\x30\x42\x02",
        b"\x1D(k\x04\x00\x30\x45\x30\x39",
        b"\x1D(k\x04\x00\x30\x45\x31\x29",
        b"\x1D(k\x03\x00\x35\x45\x04",
        b"\x1D(k\x04\x00\x35\x42\x01\x05",
        b"\x1D(k\x05\x00\x36\x42\x00\x0B\x0B",
        b"\x1D(k\x05\x00\x36\x42\x01\x0C\x12",
        b"\x1D(k\x03\x00\x36\x50\x30",
    ] {
        assert!(matches!(parse(bytes)[..], [Command::Unmodelled(_)]), "{bytes:02X?}");
    }
    assert!(Ranged::<2, 8>::new(9).is_err());
    assert!(SymbolData::<0x30>::new(Vec::new()).is_err());
}

#[test]
fn each_command_has_the_bytes_of_the_manual_and_comes_back() {
    for (command, bytes) in examples() {
        assert_eq!(command.to_bytes(), bytes, "{command:?}");
        assert_eq!(parse(&bytes), [command]);
    }
}

#[test]
fn a_stream_of_all_commands_comes_back_byte_by_byte() {
    let commands: Vec<Command> = examples().into_iter().map(|(command, _)| command).collect();
    let mut parser = Parser::new();
    let mut seen = Vec::new();
    for byte in commands.iter().flat_map(Command::to_bytes) {
        parser.feed(&[byte]);
        while let Some(command) = parser.next_command() {
            seen.push(command);
        }
    }
    let text = |command: &Command| matches!(command, Command::Text(_));
    assert_eq!(parser.pending(), 0);
    assert_eq!(parser.finish(), None);
    let rest = |all: Vec<Command>| all.into_iter().filter(|c| !text(c)).collect::<Vec<_>>();
    assert_eq!(rest(seen), rest(commands));
}

#[test]
fn truncation_at_every_length_is_named_and_nothing_else_happens() {
    for (command, bytes) in examples().into_iter().filter(|(_, bytes)| bytes[0] < 0x20) {
        for length in 1..bytes.len() {
            let mut parser = Parser::new();
            parser.feed(&bytes[..length]);
            assert_eq!(parser.next_command(), None, "{command:?} cut at {length}");
            let Some(Command::Unknown(rest)) = parser.finish() else { panic!("nothing left") };
            assert_eq!(rest.bytes(), &bytes[..length]);
        }
    }
}

#[test]
fn commands_without_a_meaning_keep_their_data() {
    for bytes in [
        &b"\x1BB\x03\x02"[..],
        b"\x1B(Z\x02\x00\x01\x02",
        b"\x1C(g\x02\x00\x30\x00",
        b"\x1Ca0\x00",
        b"\x1Ca1",
        b"\x1D(k\x03\x00\x37\x41\x05",
        b"\x1D(A\x02\x00\x07\x02",
        b"\x1D(G\x03\x00\x07\x02\x1D",
        b"\x1D(E\x02\x00\x7F\x02",
        b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x09",
        b"\x1DC;1;2;3;4;70000;",
    ] {
        let mut stream = bytes.to_vec();
        stream.push(0x0A);
        let commands = parse(&stream);
        let [Command::Unmodelled(opaque), last] = commands.as_slice() else {
            panic!("{bytes:02X?} became {commands:?}")
        };
        assert_eq!(opaque.bytes(), bytes);
        assert_eq!(*last, Position::LineFeed.into());
    }
}

#[test]
fn what_is_no_command_is_named_and_the_next_one_is_found() {
    for (bytes, unknown) in [
        (&b"\x07\x0A"[..], &b"\x07"[..]),
        (b"\x1B\x7F\x0A", b"\x1B\x7F"),
        (b"\x1B\x1B@", b"\x1B"),
        (b"\x10\x0A", b"\x10"),
        (b"\x1Dk\x40\x0A", b"\x1Dk"),
    ] {
        let commands = parse(bytes);
        let Command::Unknown(opaque) = &commands[0] else { panic!("{commands:?}") };
        assert_eq!(opaque.bytes(), unknown);
        assert!(!matches!(commands.last(), Some(Command::Unknown(_))));
    }
    assert_eq!(parse(b"\x1Dk\x40")[0].to_bytes(), b"\x1Dk");
}

#[test]
fn a_long_command_takes_linear_time_byte_by_byte() {
    let picture = NvBitImage::new(125, 128, vec![0x1B; 128_000]).unwrap();
    let images = NvBitImages::new(vec![picture; 8]).unwrap();
    let graphics = Graphics::new((1, 1), 8000, vec![0x1D; 1_000_000]).unwrap();
    for command in [Image::DefineNvBitImages(images), Image::StoreGraphics(graphics)] {
        let command = Command::from(command);
        let bytes = command.to_bytes();
        let mut parser = Parser::new();
        let mut seen = Vec::new();
        for byte in &bytes {
            parser.feed(core::slice::from_ref(byte));
            seen.extend(parser.next_command());
        }
        assert!(bytes.len() > 1_000_000);
        assert_eq!(seen, [command]);
    }
}

#[test]
fn a_command_that_claims_gigabytes_is_skipped_without_keeping_them() {
    let mut parser = Parser::new();
    parser.feed(b"\x1D8L\x00\x00\x00\x02");
    assert!(matches!(parser.next_command(), Some(Command::Unknown(_))));
    let block = vec![0x1B; 1 << 20];
    for _ in 0..32 {
        parser.feed(&block);
        assert_eq!(parser.next_command(), None);
        assert_eq!(parser.pending(), 0);
    }
    parser.feed(b"\x0A");
    assert_eq!(parser.next_command(), Some(Position::LineFeed.into()));
}

#[test]
fn a_skipped_command_has_the_same_name_in_pieces() {
    let bytes = b"\x1Dv0\x1B\x10\x04\x08llll";
    let whole = parse(bytes);
    let mut parser = Parser::new();
    let mut pieces = Vec::new();
    for byte in bytes {
        parser.feed(&[*byte]);
        pieces.extend(parser.next_command());
    }
    assert_eq!(whole[0].to_bytes(), &bytes[..8]);
    assert_eq!(pieces, whole);
}

#[test]
fn graphics_of_more_than_64_kb_take_the_long_form() {
    let graphics = Graphics::new((1, 1), 576, vec![0x55; 72 * 1000]).unwrap();
    let command = Command::from(Image::StoreGraphics(graphics));
    assert!(command.to_bytes().starts_with(b"\x1D8L\x4A\x19\x01\x00\x30\x70"));
    assert_eq!(parse(&command.to_bytes()), [command]);
}

#[test]
fn values_that_cannot_be_sent_cannot_be_made() {
    assert!(Text::new(b"A\x1Bp".to_vec()).is_none());
    assert!(Magnification::new(9).is_none());
    assert!(TabStops::new(vec![2, 2]).is_none());
    assert!(ProcessId::new(*b"AB\x00C").is_none());
    assert!(RealTimePulse::new(DrawerPin::Two, 9).is_none());
    assert!(QrModuleSize::new(17).is_none());
    assert!(Barcode::terminated(BarcodeSystem::Code128, b"{BA".to_vec()).is_none());
    assert!(Raster::new(RasterScale::Normal, 2, vec![0; 3]).is_err());
    assert!(Graphics::new((3, 1), 8, vec![0]).is_err());
    let error = QrContent::new(Vec::new()).unwrap_err();
    assert_eq!(error.to_string(), "length of a QR code's content is 0, not from 1 to 7089");
}

/// ESC D: "when [n]k is less than or equal to the preceding value, tab setting is finished, and the
/// following data is processed as normal data"; so are stops beyond the 32nd.
#[test]
fn tab_stops_end_where_they_do_not_ascend() {
    let stops = |columns: &[u8]| Position::TabStops(TabStops::new(columns.to_vec()).unwrap());
    let text = |text: &[u8]| Command::Text(Text::new(text.to_vec()).unwrap());
    assert_eq!(parse(b"\x1BD\x0A\x05ab"), [stops(&[10]).into(), text(b"ab")]);
    assert_eq!(parse(b"\x1BD\x0A\x0Aab"), [stops(&[10]).into(), text(b"ab")]);
    let [first, rest @ ..] = &parse(b"\x1BD\x0A\x05\x14\x00")[..] else { panic!() };
    assert_eq!((first, rest.len()), (&stops(&[10]).into(), 2));
    let all: Vec<u8> = (0x21..=0x40).collect();
    let more = [b"\x1BD", &all[..], b"AB"].concat();
    assert_eq!(parse(&more), [stops(&all).into(), text(b"AB")]);
    let ended = [b"\x1BD", &all[..], b"\x00AB"].concat();
    assert_eq!(parse(&ended), [stops(&all).into(), text(b"AB")]);
}

#[test]
fn opaque_bytes_are_shown_as_the_manual_writes_them() {
    let commands = parse(b"\x1D(A\x02\x00\x07\x02");
    let Command::Unmodelled(opaque) = &commands[0] else { panic!() };
    assert_eq!(opaque.to_string(), "GS ( 41 02 00 07 02");
}

#[test]
fn process_ids_count() {
    assert_eq!(ProcessId::from_number(42).characters(), *b"0042");
    assert_eq!(ProcessId::from_number(19_999).characters(), *b"9999");
}

fn replies() -> Vec<Reply> {
    let error = ErrorCause { cutter: true, ..ErrorCause::default() };
    let printer = PrinterState { offline: true, drawer_pin_high: true, ..PrinterState::default() };
    let paper = PaperSensors { near_end: true, end: false };
    let status = AutomaticStatus { printer, error, paper, cover_open: true, feeding: false };
    vec![
        Reply::AutomaticStatus(status),
        Reply::RealTimeStatus(printer.to_byte()),
        Reply::Status(paper.to_status_byte()),
        Reply::FlowOff,
        Reply::ProcessId(ProcessId::new(*b"7\x22__").unwrap()),
        Reply::Information(b"EPSON".to_vec()),
        Reply::Information(b"120".to_vec()),
        Reply::FlowOn,
        Reply::Block(b"\x37\x26".to_vec()),
        Reply::Cleared,
        Reply::InformationA(b"#Model".to_vec()),
        Reply::KeyCodes(KeyCodeList {
            download: true,
            more: true,
            codes: vec![KeyCode::new(*b"G1").unwrap(), KeyCode::new(*b"G2").unwrap()],
        }),
        Reply::KeyCodes(KeyCodeList { download: false, more: false, codes: Vec::new() }),
        Reply::PowerOff,
        Reply::PowerOn,
        Reply::WentOffline(b"\x40\x40\x40\x41\x40".to_vec()),
        Reply::Unknown(0x90),
    ]
}

#[test]
fn replies_are_told_apart_byte_by_byte() {
    let bytes: Vec<u8> = replies().iter().flat_map(Reply::to_bytes).collect();
    let mut parser = ReplyParser::new();
    let mut seen = Vec::new();
    for byte in bytes {
        parser.feed(&[byte]);
        seen.extend(core::iter::from_fn(|| parser.next_reply()));
    }
    assert_eq!(seen, replies());
}

#[test]
fn flow_control_inside_of_an_answer_comes_before_it() {
    let mut parser = ReplyParser::new();
    parser.feed(b"\x5FEP\x13SON\x11\x00\x10\x13\x00\x00\x11\x00");
    let seen: Vec<_> = core::iter::from_fn(|| parser.next_reply()).collect();
    let automatic = Reply::AutomaticStatus(AutomaticStatus::default());
    let text = Reply::Information(b"EPSON".to_vec());
    let [off, on] = [Reply::FlowOff, Reply::FlowOn];
    assert_eq!(seen, [off.clone(), on.clone(), text, off, on, automatic]);
}

#[test]
fn answers_have_the_bytes_of_the_manual() {
    for (reply, bytes) in [
        (Reply::Cleared, &b"\x37\x25\x00"[..]),
        (Reply::PowerOff, b"\x3B\x30\x00"),
        (Reply::PowerOn, b"\x3B\x31\x00"),
        (Reply::WentOffline(Vec::new()), b"\x37\x23\x00"),
        // A maintenance counter.
        (Reply::Information(b"120".to_vec()), b"\x5F120\x00"),
        (
            Reply::KeyCodes(KeyCodeList {
                download: false,
                more: true,
                codes: vec![KeyCode::new(*b"01").unwrap()],
            }),
            b"\x37\x72\x4101\x00",
        ),
    ] {
        assert_eq!(reply.to_bytes(), bytes);
    }
}

#[test]
fn status_bytes_are_those_of_the_manual() {
    assert_eq!(PrinterState::default().to_byte(), 0x12);
    let cause = OfflineCause { cover_open: true, paper_end: true, ..OfflineCause::default() };
    assert_eq!(cause.to_byte(), 0x36);
    assert_eq!(PaperSensors { near_end: true, end: true }.to_real_time_byte(), 0x7E);
    assert_eq!(AutomaticStatus::default().to_bytes(), [0x10, 0x00, 0x00, 0x00]);
    for byte in (0..=0xFF_u8).filter(|byte| byte & 0x93 == 0x12) {
        assert_eq!(PrinterState::from_byte(byte).to_byte(), byte);
        assert_eq!(OfflineCause::from_byte(byte).to_byte() & !0x90, byte & 0x6E);
        assert_eq!(ErrorCause::from_byte(byte).to_byte(), byte);
    }
}

#[test]
fn an_automatic_status_that_is_cut_off_does_not_swallow_the_next_reply() {
    let mut parser = ReplyParser::new();
    parser.feed(&[0x10, 0x00, 0x12]);
    let seen: Vec<_> = core::iter::from_fn(|| parser.next_reply()).collect();
    assert_eq!(seen, [Reply::Unknown(0x10), Reply::Status(0x00), Reply::RealTimeStatus(0x12)]);
}

proptest! {
    #[test]
    fn any_bytes_come_back_in_order(bytes: Vec<u8>) {
        let mut parser = Parser::new();
        parser.feed(&bytes);
        let mut length = 0;
        while let Some(command) = parser.next_command() {
            // A parameter with two spellings comes back in one of them, of the same length.
            length += command.to_bytes().len();
        }
        length += parser.finish().map_or(0, |command| command.to_bytes().len());
        prop_assert!(length <= bytes.len());
    }

    #[test]
    fn garbage_of_command_bytes_does_not_panic(
        bytes in proptest::collection::vec(
            prop_oneof![Just(0x1B_u8), Just(0x1C), Just(0x1D), Just(0x10), any::<u8>(), 0x20..0x7F_u8],
            0..200,
        )
    ) {
        for piece in [1, 3, 64] {
            let mut parser = Parser::new();
            for chunk in bytes.chunks(piece) {
                parser.feed(chunk);
                while parser.next_command().is_some() {}
            }
            parser.finish();
            prop_assert_eq!(parser.pending(), 0);
        }
    }

    #[test]
    fn any_reply_bytes_are_consumed(bytes: Vec<u8>) {
        let mut parser = ReplyParser::new();
        parser.feed(&bytes);
        let seen = core::iter::from_fn(|| parser.next_reply()).count();
        prop_assert!(seen <= bytes.len());
    }
}
