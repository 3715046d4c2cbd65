//! Round trips, truncation and garbage over the whole table.

use proptest::prelude::*;

use super::*;

pub(super) fn parse(bytes: &[u8]) -> Vec<Command> {
    let mut parser = Parser::new();
    parser.feed(bytes);
    let mut commands: Vec<_> = core::iter::from_fn(|| parser.next_command()).collect();
    commands.extend(parser.finish());
    commands
}

/// One of each command, with the bytes that Epson's manual gives it.
fn examples() -> Vec<(Command, Vec<u8>)> {
    let mut all = characters();
    all.extend(positions());
    all.extend(mechanism());
    all.extend(enquiries());
    all.extend(symbols());
    all.extend(two_dimensional());
    all.extend(images());
    all.push((Command::Text(Text::new(b"Total".to_vec()).unwrap()), b"Total".to_vec()));
    all
}

fn characters() -> Vec<(Command, Vec<u8>)> {
    let mode = PrintMode { emphasized: true, underline: true, ..PrintMode::default() };
    let kanji_mode = KanjiPrintMode { double_width: true, ..KanjiPrintMode::default() };
    let size = Size { width: Magnification::new(8).unwrap(), height: Magnification::TWO };
    vec![
        (Character::Spacing(3).into(), b"\x1B\x20\x03".to_vec()),
        (Character::PrintMode(mode).into(), b"\x1B!\x88".to_vec()),
        (Character::Underline(Underline::Thick).into(), b"\x1B-\x02".to_vec()),
        (Character::Emphasized(true).into(), b"\x1BE\x01".to_vec()),
        (Character::DoubleStrike(false).into(), b"\x1BG\x00".to_vec()),
        (Character::Font(Font::B).into(), b"\x1BM\x01".to_vec()),
        (Character::Rotation(Rotation::OneDot).into(), b"\x1BV\x01".to_vec()),
        (Character::UpsideDown(true).into(), b"\x1B{\x01".to_vec()),
        (Character::InternationalSet(15).into(), b"\x1BR\x0F".to_vec()),
        (Character::CodePage(19).into(), b"\x1Bt\x13".to_vec()),
        (Character::Size(size).into(), b"\x1D!\x71".to_vec()),
        (Character::Invert(true).into(), b"\x1DB\x01".to_vec()),
        (Character::Smoothing(true).into(), b"\x1Db\x01".to_vec()),
        (Kanji::Enter.into(), b"\x1C&".to_vec()),
        (Kanji::Leave.into(), b"\x1C.".to_vec()),
        (Kanji::PrintMode(kanji_mode).into(), b"\x1C!\x04".to_vec()),
        (Kanji::Underline(Underline::Thin).into(), b"\x1C-\x01".to_vec()),
        (Kanji::CodeSystem(1).into(), b"\x1CC\x01".to_vec()),
        (Kanji::Spacing(KanjiSpacing { left: 1, right: 2 }).into(), b"\x1CS\x01\x02".to_vec()),
        (Kanji::Quadruple(true).into(), b"\x1CW\x01".to_vec()),
    ]
}

fn positions() -> Vec<(Command, Vec<u8>)> {
    let tabs = TabStops::new(vec![8, 16]).unwrap();
    let area = PageArea { x: 1, y: 2, width: 0x0180, height: 0x0200 };
    let units = MotionUnits { horizontal: 180, vertical: 0 };
    vec![
        (Position::HorizontalTab.into(), b"\x09".to_vec()),
        (Position::LineFeed.into(), b"\x0A".to_vec()),
        (Position::FormFeed.into(), b"\x0C".to_vec()),
        (Position::CarriageReturn.into(), b"\x0D".to_vec()),
        (Position::Cancel.into(), b"\x18".to_vec()),
        (Position::PrintPage.into(), b"\x1B\x0C".to_vec()),
        (Position::Absolute(0x0102).into(), b"\x1B$\x02\x01".to_vec()),
        (Position::DefaultLineSpacing.into(), b"\x1B2".to_vec()),
        (Position::LineSpacing(30).into(), b"\x1B3\x1E".to_vec()),
        (Position::TabStops(tabs).into(), b"\x1BD\x08\x10\x00".to_vec()),
        (Position::TabStops(TabStops::default()).into(), b"\x1BD\x00".to_vec()),
        (Position::FeedDots(9).into(), b"\x1BJ\x09".to_vec()),
        (Position::ReverseFeedDots(9).into(), b"\x1BK\x09".to_vec()),
        (Position::PageMode.into(), b"\x1BL".to_vec()),
        (Position::StandardMode.into(), b"\x1BS".to_vec()),
        (Position::PageDirection(PageDirection::TopToBottom).into(), b"\x1BT\x03".to_vec()),
        (Position::PageArea(area).into(), b"\x1BW\x01\x00\x02\x00\x80\x01\x00\x02".to_vec()),
        (Position::Relative(-2).into(), b"\x1B\\\xFE\xFF".to_vec()),
        (Position::Align(Align::Centre).into(), b"\x1Ba\x01".to_vec()),
        (Position::FeedLines(3).into(), b"\x1Bd\x03".to_vec()),
        (Position::ReverseFeedLines(3).into(), b"\x1Be\x03".to_vec()),
        (Position::AbsoluteVertical(5).into(), b"\x1D$\x05\x00".to_vec()),
        (Position::LeftMargin(5).into(), b"\x1DL\x05\x00".to_vec()),
        (Position::MotionUnits(units).into(), b"\x1DP\xB4\x00".to_vec()),
        (Position::LineStart(1).into(), b"\x1DT\x01".to_vec()),
        (Position::AreaWidth(384).into(), b"\x1DW\x80\x01".to_vec()),
        (Position::RelativeVertical(-1).into(), b"\x1D\\\xFF\xFF".to_vec()),
    ]
}

fn mechanism() -> Vec<(Command, Vec<u8>)> {
    let pulse = DrawerPulse { pin: DrawerPin::Five, on: 50, off: 250 };
    let now = RealTimePulse::new(DrawerPin::Two, 1).unwrap();
    vec![
        (Mechanism::RealTimePulse(now).into(), b"\x10\x14\x01\x00\x01".to_vec()),
        (Mechanism::SelectPeripheral(true).into(), b"\x1B=\x01".to_vec()),
        (Mechanism::Initialize.into(), b"\x1B@".to_vec()),
        (Mechanism::PaperEndSensors(0).into(), b"\x1Bc3\x00".to_vec()),
        (Mechanism::PaperStopSensors(0).into(), b"\x1Bc4\x00".to_vec()),
        (Mechanism::DisablePanelButtons(true).into(), b"\x1Bc5\x01".to_vec()),
        (Mechanism::CutOnePoint.into(), b"\x1Bi".to_vec()),
        (Mechanism::CutThreePoints.into(), b"\x1Bm".to_vec()),
        (Mechanism::DrawerPulse(pulse).into(), b"\x1Bp\x01\x32\xFA".to_vec()),
        (Mechanism::Cut(Cut::Here(CutShape::Full)).into(), b"\x1DV\x00".to_vec()),
        (Mechanism::Cut(Cut::Feed(CutShape::Partial, 3)).into(), b"\x1DV\x42\x03".to_vec()),
        (Mechanism::Cut(Cut::Mark(CutShape::Full, 3)).into(), b"\x1DV\x61\x03".to_vec()),
        (Mechanism::Cut(Cut::FeedAndReturn(CutShape::Full, 3)).into(), b"\x1DV\x67\x03".to_vec()),
    ]
}

fn enquiries() -> Vec<(Command, Vec<u8>)> {
    let id = ProcessId::new(*b"AB12").unwrap();
    let mut all: Vec<(Command, Vec<u8>)> = (1u8..)
        .zip(RealTimeStatus::ALL)
        .map(|(n, status)| (Enquiry::RealTimeStatus(*status).into(), vec![0x10, 0x04, n]))
        .collect();
    all.extend([
        (Enquiry::InkStatus(1).into(), b"\x10\x04\x07\x01".to_vec()),
        (Enquiry::MicrStatus(3).into(), b"\x10\x04\x08\x03".to_vec()),
        (Enquiry::DeviceStatus(1).into(), b"\x10\x04\x12\x01".to_vec()),
        (Enquiry::Recover(Recovery::Clear).into(), b"\x10\x05\x02".to_vec()),
        (Enquiry::PeripheralStatus(0).into(), b"\x1Bu\x00".to_vec()),
        (Enquiry::PaperStatus.into(), b"\x1Bv".to_vec()),
        (Enquiry::ProcessId(id).into(), b"\x1D(H\x06\x00\x30\x30AB12".to_vec()),
        (Enquiry::PrinterId(67).into(), b"\x1DI\x43".to_vec()),
        (Enquiry::AutomaticStatusBack(AsbTriggers::ALL).into(), b"\x1Da\x0F".to_vec()),
        (Enquiry::Status(StatusKind::Paper).into(), b"\x1Dr\x01".to_vec()),
    ]);
    all
}

fn symbols() -> Vec<(Command, Vec<u8>)> {
    let content = QrContent::new(b"62123".to_vec()).unwrap();
    let ean = Barcode::new(BarcodeSystem::Ean13, b"4006381333931".to_vec()).unwrap();
    let code39 = Barcode::terminated(BarcodeSystem::Code39, b"A1".to_vec()).unwrap();
    vec![
        (Symbol::QrModel(QrModel::Two).into(), b"\x1D(k\x04\x00\x31\x41\x32\x00".to_vec()),
        (
            Symbol::QrModuleSize(QrModuleSize::new(6).unwrap()).into(),
            b"\x1D(k\x03\x00\x31\x43\x06".to_vec(),
        ),
        (
            Symbol::QrErrorCorrection(QrErrorCorrection::M).into(),
            b"\x1D(k\x03\x00\x31\x45\x31".to_vec(),
        ),
        (Symbol::QrStore(content).into(), b"\x1D(k\x08\x00\x31\x50\x3062123".to_vec()),
        (Symbol::QrPrint.into(), b"\x1D(k\x03\x00\x31\x51\x30".to_vec()),
        (Symbol::HriPosition(HriPosition::Below).into(), b"\x1DH\x02".to_vec()),
        (Symbol::HriFont(1).into(), b"\x1Df\x01".to_vec()),
        (Symbol::BarcodeHeight(80).into(), b"\x1Dh\x50".to_vec()),
        (Symbol::BarcodeWidth(3).into(), b"\x1Dw\x03".to_vec()),
        (Symbol::Barcode(ean).into(), b"\x1Dk\x43\x0D4006381333931".to_vec()),
        (Symbol::Barcode(code39).into(), b"\x1Dk\x04A1\x00".to_vec()),
    ]
}

fn two_dimensional() -> Vec<(Command, Vec<u8>)> {
    use TwoDimensional as It;
    let setup = |command: It, family: u8, function: u8, value: &[u8]| {
        let length = u8::try_from(value.len() + 2).unwrap();
        let head = [0x1D, b'(', b'k', length, 0x00, family, function];
        (Command::from(command), [&head[..], value].concat())
    };
    let rectangle = DataMatrixShape::Rectangle { rows: 12, columns: 36 };
    let rows = Pdf417Rows::Rows(Ranged::new(90).unwrap());
    let level = Pdf417ErrorCorrection::Level(Ranged::new(8).unwrap());
    let ratio = Pdf417ErrorCorrection::Ratio(Ranged::new(15).unwrap());
    vec![
        setup(It::Pdf417Columns(Ranged::new(30).unwrap()), 0x30, 0x41, &[30]),
        setup(It::Pdf417Rows(Pdf417Rows::Automatic), 0x30, 0x42, &[0]),
        setup(It::Pdf417Rows(rows), 0x30, 0x42, &[90]),
        setup(It::Pdf417ModuleWidth(Ranged::new(2).unwrap()), 0x30, 0x43, &[2]),
        setup(It::Pdf417RowHeight(Ranged::new(8).unwrap()), 0x30, 0x44, &[8]),
        setup(It::Pdf417ErrorCorrection(level), 0x30, 0x45, &[48, 56]),
        setup(It::Pdf417ErrorCorrection(ratio), 0x30, 0x45, &[49, 15]),
        setup(It::Pdf417Form(Pdf417Form::Truncated), 0x30, 0x46, &[1]),
        setup(It::Pdf417Store(SymbolData::new(b"a\x1D".to_vec()).unwrap()), 0x30, 0x50, b"0a\x1D"),
        setup(It::Pdf417Print, 0x30, 0x51, b"0"),
        setup(It::Pdf417Size, 0x30, 0x52, b"0"),
        setup(It::MaxiCodeMode(MaxiCodeMode::Standard), 0x32, 0x41, &[52]),
        setup(It::MaxiCodeStore(SymbolData::new(b"m".to_vec()).unwrap()), 0x32, 0x50, b"0m"),
        setup(It::MaxiCodePrint, 0x32, 0x51, b"0"),
        setup(It::MaxiCodeSize, 0x32, 0x52, b"0"),
        setup(It::DataBarModuleWidth(Ranged::new(3).unwrap()), 0x33, 0x43, &[3]),
        setup(It::DataBarMaximumWidth(0x0102), 0x33, 0x47, &[0x02, 0x01]),
        setup(It::DataBarStore(SymbolData::new(b"H1".to_vec()).unwrap()), 0x33, 0x50, b"0H1"),
        setup(It::DataBarPrint, 0x33, 0x51, b"0"),
        setup(It::DataBarSize, 0x33, 0x52, b"0"),
        setup(It::CompositeModuleWidth(Ranged::new(3).unwrap()), 0x34, 0x43, &[3]),
        setup(It::CompositeMaximumWidth(500), 0x34, 0x47, &[0xF4, 0x01]),
        setup(It::CompositeHriFont(49), 0x34, 0x48, &[49]),
        setup(It::CompositeStore(SymbolData::new(b"0A1".to_vec()).unwrap()), 0x34, 0x50, b"00A1"),
        setup(It::CompositePrint, 0x34, 0x51, b"0"),
        setup(It::CompositeSize, 0x34, 0x52, b"0"),
        setup(It::AztecLayers(AztecLayers::Full(Ranged::new(32).unwrap())), 0x35, 0x42, &[0, 32]),
        setup(It::AztecLayers(AztecLayers::Compact(Ranged::new(4).unwrap())), 0x35, 0x42, &[1, 4]),
        setup(It::AztecModuleSize(Ranged::new(16).unwrap()), 0x35, 0x43, &[16]),
        setup(It::AztecErrorCorrection(Ranged::new(23).unwrap()), 0x35, 0x45, &[23]),
        setup(It::AztecStore(SymbolData::new(b"z".to_vec()).unwrap()), 0x35, 0x50, b"0z"),
        setup(It::AztecPrint, 0x35, 0x51, b"0"),
        setup(It::AztecSize, 0x35, 0x52, b"0"),
        setup(It::DataMatrixShape(DataMatrixShape::Square(144)), 0x36, 0x42, &[0, 144, 144]),
        setup(It::DataMatrixShape(rectangle), 0x36, 0x42, &[1, 12, 36]),
        setup(It::DataMatrixModuleSize(Ranged::new(2).unwrap()), 0x36, 0x43, &[2]),
        setup(It::DataMatrixStore(SymbolData::new(b"d".to_vec()).unwrap()), 0x36, 0x50, b"0d"),
        setup(It::DataMatrixPrint, 0x36, 0x51, b"0"),
        setup(It::DataMatrixSize, 0x36, 0x52, b"0"),
    ]
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

fn images() -> Vec<(Command, Vec<u8>)> {
    let columns = ColumnImage::new(ColumnDensity::Double24, vec![0, 16, 27, 28, 29, 10]).unwrap();
    let raster = Raster::new(RasterScale::Normal, 2, vec![0x1B, 0x40, 0x10, 0x04]).unwrap();
    let graphics = Graphics::new((1, 2), 9, vec![0xFF, 0x80, 0x0A, 0x00]).unwrap();
    vec![
        (Image::Columns(columns).into(), b"\x1B*\x21\x02\x00\x00\x10\x1B\x1C\x1D\x0A".to_vec()),
        (Image::Raster(raster).into(), b"\x1Dv0\x00\x02\x00\x02\x00\x1B\x40\x10\x04".to_vec()),
        (
            Image::StoreGraphics(graphics).into(),
            b"\x1D(L\x0E\x00\x30\x70\x30\x01\x02\x31\x09\x00\x02\x00\xFF\x80\x0A\x00".to_vec(),
        ),
        (
            Image::PrintGraphics(PrintGraphics::Function50).into(),
            b"\x1D(L\x02\x00\x30\x32".to_vec(),
        ),
    ]
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
    assert_eq!(seen.iter().filter(|command| text(command)).count(), 5);
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
        b"\x1BD\x09\x05\x00",
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
        Reply::FlowOn,
        Reply::Block(b"\x37\x25".to_vec()),
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
