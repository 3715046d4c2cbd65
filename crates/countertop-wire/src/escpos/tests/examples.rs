//! One of each command, with the bytes that Epson's manual gives it.

use crate::escpos::*;

/// One of each command, with the bytes that Epson's manual gives it.
pub(super) fn examples() -> Vec<(Command, Vec<u8>)> {
    let mut all = characters();
    all.extend(positions());
    all.extend(mechanism());
    all.extend(enquiries());
    all.extend(symbols());
    all.extend(two_dimensional());
    all.extend(images());
    all.extend(stored_images());
    all.extend(further());
    all.extend(sequences());
    all.extend(memory());
    all.extend(setup());
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

fn key() -> KeyCode {
    KeyCode::new(*b"G1").unwrap()
}

fn plane(data: &[u8]) -> Vec<Plane> {
    vec![Plane { colour: GraphicsColour::One, data: data.to_vec() }]
}

fn stored_images() -> Vec<(Command, Vec<u8>)> {
    use Image as It;
    let tone = GraphicsTone::Monochrome;
    let rows = |data: &[u8]| GraphicsDefinition::new(key(), tone, (9, 2), plane(data)).unwrap();
    let columns = GraphicsDefinition::new(key(), tone, (2, 9), plane(b"abcd")).unwrap();
    let print = GraphicsPrint {
        key: key(),
        width: Ranged::new(1).unwrap(),
        height: Ranged::new(2).unwrap(),
    };
    let density = ReferenceDensity { horizontal: Density::Dpi180, vertical: Density::Dpi360 };
    let images = NvBitImages::new(vec![
        NvBitImage::new(1, 1, b"12345678".to_vec()).unwrap(),
        NvBitImage::new(1, 2, b"1234567812345678".to_vec()).unwrap(),
    ]);
    let bmp = b"BM\x0E\x00\x00\x00........".to_vec();
    let bitmap = WindowsBitmap::new(GraphicsMemory::Nv, key(), bmp).unwrap();
    let vertical = VerticalImage::new(RasterScale::Normal, 2, b"abcd".to_vec()).unwrap();
    let colour = GraphicsColour::Two;
    let grown = ColumnGraphics::new((2, 1), colour, 9, b"abcd".to_vec()).unwrap();
    let download = DownloadBitImage::new(1, 2, b"12345678abcdefgh".to_vec()).unwrap();
    let tones = Graphics::new((1, 1), 8, vec![0xAA]).unwrap();
    let tones = tones.plane(GraphicsTone::Multiple, GraphicsColour::Four);
    let nv = NvPrint { number: Ranged::new(1).unwrap(), scale: RasterScale::Normal };
    let set: Vec<(Image, &[u8])> = vec![
        (It::NvCapacity, b"\x1D(L\x02\x00\x30\x30"),
        (It::ReferenceDensity(density), b"\x1D(L\x04\x00\x30\x31\x32\x33"),
        (It::NvRemaining, b"\x1D(L\x02\x00\x30\x33"),
        (It::DownloadRemaining, b"\x1D(L\x02\x00\x30\x34"),
        (It::NvKeyCodes, b"\x1D(L\x04\x00\x30\x40KC"),
        (It::DeleteAllNvGraphics, b"\x1D(L\x05\x00\x30\x41CLR"),
        (It::DeleteNvGraphics(key()), b"\x1D(L\x04\x00\x30\x42G1"),
        (
            It::DefineNvGraphics(rows(b"abcd")),
            b"\x1D(L\x0F\x00\x30\x43\x30G1\x01\x09\x00\x02\x00\x31abcd",
        ),
        (
            It::DefineNvColumnGraphics(columns),
            b"\x1D(L\x0F\x00\x30\x44\x30G1\x01\x02\x00\x09\x00\x31abcd",
        ),
        (It::PrintNvGraphics(print), b"\x1D(L\x06\x00\x30\x45G1\x01\x02"),
        (It::DownloadKeyCodes, b"\x1D(L\x04\x00\x30\x50KC"),
        (It::DeleteAllDownloadGraphics, b"\x1D(L\x05\x00\x30\x51CLR"),
        (It::DeleteDownloadGraphics(key()), b"\x1D(L\x04\x00\x30\x52G1"),
        (It::PrintDownloadGraphics(print), b"\x1D(L\x06\x00\x30\x55G1\x01\x02"),
        (It::StoreGraphics(tones), b"\x1D(L\x0B\x00\x30\x70\x34\x01\x01\x34\x08\x00\x01\x00\xAA"),
        (
            It::StoreColumnGraphics(grown),
            b"\x1D(L\x0E\x00\x30\x71\x30\x02\x01\x32\x02\x00\x09\x00abcd",
        ),
        (It::DefineWindowsBitmap(bitmap), b"\x1DD0\x43\x30G1\x30\x31BM\x0E\x00\x00\x00........"),
        (It::PrintNvBitImage(nv), b"\x1Cp\x01\x00"),
        (
            It::DefineNvBitImages(images.unwrap()),
            b"\x1Cq\x02\x01\x00\x01\x0012345678\x01\x00\x02\x001234567812345678",
        ),
        (It::DefineDownloadBitImage(download), b"\x1D*\x01\x0212345678abcdefgh"),
        (It::PrintDownloadBitImage(RasterScale::Quadruple), b"\x1D/\x03"),
        (It::Vertical(vertical), b"\x1DQ0\x00\x02\x00\x02\x00abcd"),
    ];
    set.into_iter().map(|(image, bytes)| (image.into(), bytes.to_vec())).collect()
}

fn further() -> Vec<(Command, Vec<u8>)> {
    let glyph = |width: u8, data: &[u8]| UserGlyph { width, data: data.to_vec() };
    let first = Ranged::new(b'A').unwrap();
    let glyphs = vec![glyph(2, b"aaaaaa"), glyph(1, b"bbb")];
    let characters = UserCharacters::new(3, first, glyphs).unwrap();
    let kanji = UserKanji { code: [0xFE, 0xA1], columns: [[1, 2, 3]; 24] };
    let kanji_bytes = [&b"\x1C2\xFE\xA1"[..], &[1, 2, 3].repeat(24)].concat();
    let beep = Beep { tone: Ranged::new(49).unwrap(), times: 1, length: 10 };
    let turns = BeepInTurns { pattern: 100, times: 3, on: 1, off: 2 };
    let buzzer = RealTimeBeep { pattern: 0, place: 0, times: 1, on: 1, off: 1 };
    let shadow = Shadow { mode: ShadowMode::On, colour: CharacterColour::One };
    let cut = FeedAndCut { shape: CutShape::Partial, feed: 3 };
    let test = TestPrint { paper: TestPaper::Basic, pattern: TestPattern::PrinterStatus };
    let line = PageLine { x1: 1, y1: 2, x2: 3, y2: 4, colour: 1, style: LineStyle::Thin, mode: 48 };
    let area = PrintableArea { width: 512, height: 1, placement: 1, mode: 48 };
    let priority =
        FontPriority { place: Ranged::new(0).unwrap(), font: Utf8Font::SimplifiedChinese };
    let recovery = OnlineRecovery { loading: 3, recovery: 5 };
    vec![
        (Character::UserDefined(true).into(), b"\x1B%\x01".to_vec()),
        (Character::Define(characters).into(), b"\x1B&\x03AB\x02aaaaaa\x01bbb".to_vec()),
        (Character::Undefine(first).into(), b"\x1B?A".to_vec()),
        (Character::Colour(Colour::Second).into(), b"\x1Br\x01".to_vec()),
        (
            Character::CharacterColour(CharacterColour::Two).into(),
            b"\x1D(N\x02\x00\x30\x32".to_vec(),
        ),
        (Character::Shadow(shadow).into(), b"\x1D(N\x03\x00\x32\x01\x31".to_vec()),
        (Kanji::Define(kanji).into(), kanji_bytes),
        (Kanji::Undefine([0xFE, 0xA1]).into(), b"\x1C?\xFE\xA1".to_vec()),
        (Kanji::Font(KanjiFont::B).into(), b"\x1C(A\x02\x00\x30\x01".to_vec()),
        (Kanji::Encoding(TextEncoding::Utf8).into(), b"\x1C(C\x02\x00\x30\x02".to_vec()),
        (Kanji::FontPriority(priority).into(), b"\x1C(C\x03\x00\x3C\x00\x14".to_vec()),
        (Mechanism::PowerOff.into(), b"\x10\x14\x02\x01\x08".to_vec()),
        (Mechanism::RealTimeBeep(buzzer).into(), b"\x10\x14\x03\x00\x00\x01\x01\x01".to_vec()),
        (Mechanism::ClearBuffers.into(), b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08".to_vec()),
        (Mechanism::Beep(beep).into(), b"\x1B(A\x04\x00\x30\x31\x01\x0A".to_vec()),
        (Mechanism::BeepInTurns(turns).into(), b"\x1B(A\x05\x00\x61\x64\x03\x01\x02".to_vec()),
        (Mechanism::Unidirectional(true).into(), b"\x1BU\x01".to_vec()),
        (Mechanism::ReturnHome.into(), b"\x1B<".to_vec()),
        (Mechanism::CutHere(CutShape::Full).into(), b"\x1D(V\x02\x00\x30\x00".to_vec()),
        (Mechanism::FeedAndCut(cut).into(), b"\x1D(V\x03\x00\x31\x01\x03".to_vec()),
        (Mechanism::ReserveCut(cut).into(), b"\x1D(V\x03\x00\x33\x01\x03".to_vec()),
        (Mechanism::TestPrint(test).into(), b"\x1D(A\x02\x00\x00\x02".to_vec()),
        (Mechanism::OnlineRecovery(recovery).into(), b"\x1Dz0\x03\x05".to_vec()),
        (Enquiry::RealTimeReport(RealTimeReport::Basic).into(), b"\x10\x14\x07\x01".to_vec()),
        (
            Enquiry::OfflineResponse(OfflineResponse::WithCause).into(),
            b"\x1D(H\x03\x00\x31\x30\x02".to_vec(),
        ),
        (Enquiry::ExtendedStatusBack(1).into(), b"\x1C(e\x02\x00\x33\x01".to_vec()),
        (Enquiry::InkStatusBack(1).into(), b"\x1Dj\x01".to_vec()),
        (Enquiry::ResetMaintenanceCounter(20).into(), b"\x1Dg0\x00\x14\x00".to_vec()),
        (Enquiry::MaintenanceCounter(20).into(), b"\x1Dg2\x00\x14\x00".to_vec()),
        (Enquiry::Acknowledge.into(), b"\x06".to_vec()),
        (Enquiry::NegativeAcknowledge.into(), b"\x15".to_vec()),
        (Position::FeedToMark.into(), b"\x1D\x0C".to_vec()),
        (
            Position::PrintableArea(area).into(),
            b"\x1D(P\x07\x00\x30\x00\x02\x01\x00\x01\x30".to_vec(),
        ),
        (
            Position::DrawLine(line).into(),
            b"\x1D(Q\x0C\x00\x30\x01\x00\x02\x00\x03\x00\x04\x00\x01\x01\x30".to_vec(),
        ),
        (Symbol::QrSize.into(), b"\x1D(k\x03\x00\x31\x52\x30".to_vec()),
    ]
}

fn sequences() -> Vec<(Command, Vec<u8>)> {
    let run = MacroRun { times: 1, pause: 2, start: MacroStart::AtButton };
    let form = CounterForm { columns: Ranged::new(5).unwrap(), align: CounterAlign::Spaces };
    let mode = CounterMode { from: 0, to: 0xFFFF, step: 1, repeat: 1 };
    let text = CounterText::new(CounterMode { from: 1, to: 20, step: 3, repeat: 4 }, 5).unwrap();
    vec![
        (Sequence::DefineMacro.into(), b"\x1D:".to_vec()),
        (Sequence::RunMacro(run).into(), b"\x1D^\x01\x02\x01".to_vec()),
        (Sequence::CounterForm(form).into(), b"\x1DC0\x05\x00".to_vec()),
        (Sequence::CounterMode(mode).into(), b"\x1DC1\x00\x00\xFF\xFF\x01\x01".to_vec()),
        (Sequence::CounterValue(7).into(), b"\x1DC2\x07\x00".to_vec()),
        (Sequence::CounterText(text).into(), b"\x1DC;1;20;3;4;5;".to_vec()),
        (Sequence::PrintCounter.into(), b"\x1Dc".to_vec()),
    ]
}

fn memory() -> Vec<(Command, Vec<u8>)> {
    let record = MemoryRecord::new(key(), b"data".to_vec()).unwrap();
    let write = MemoryWrite::new(0x0102, b"ab".to_vec()).unwrap();
    let read = MemoryRead { address: [2, 1, 0, 0], length: 2 };
    vec![
        (UserMemory::Write(write).into(), b"\x1Cg1\x00\x02\x01\x00\x00\x02\x00ab".to_vec()),
        (UserMemory::Read(read).into(), b"\x1Cg2\x00\x02\x01\x00\x00\x02\x00".to_vec()),
        (UserMemory::Delete(key()).into(), b"\x1D(C\x05\x00\x00\x00\x00G1".to_vec()),
        (UserMemory::Store(record).into(), b"\x1D(C\x09\x00\x00\x01\x00G1data".to_vec()),
        (UserMemory::Fetch(key()).into(), b"\x1D(C\x05\x00\x00\x02\x00G1".to_vec()),
        (UserMemory::Used.into(), b"\x1D(C\x03\x00\x00\x03\x00".to_vec()),
        (UserMemory::DeleteAll.into(), b"\x1D(C\x06\x00\x00\x06\x00CLR".to_vec()),
    ]
}

fn setup() -> Vec<(Command, Vec<u8>)> {
    let switch = MemorySwitch { number: 1, bits: *b"22222221" };
    let value = CustomValue { number: 5, value: 0x0102 };
    let real_time = RealTimeSwitch { kind: RealTimeKind::Pulse, switch: Switch::Off };
    let align = Ranged::new(49).unwrap();
    let top = TopLogo { key: key(), align, lines: 2 };
    vec![
        (Setup::Begin.into(), b"\x1D(E\x03\x00\x01IN".to_vec()),
        (Setup::End.into(), b"\x1D(E\x04\x00\x02OUT".to_vec()),
        (
            Setup::SetMemorySwitches(Settings::new(vec![switch]).unwrap()).into(),
            b"\x1D(E\x0A\x00\x03\x0122222221".to_vec(),
        ),
        (
            Setup::SetValues(Settings::new(vec![value]).unwrap()).into(),
            b"\x1D(E\x04\x00\x05\x05\x02\x01".to_vec(),
        ),
        (
            Setup::RealTimeCommands(Settings::new(vec![real_time]).unwrap()).into(),
            b"\x1D(D\x03\x00\x14\x01\x00".to_vec(),
        ),
        (Setup::PrintDensity(250).into(), b"\x1D(K\x02\x00\x31\xFA".to_vec()),
        (Setup::SaveValues(0).into(), b"\x1D(M\x02\x00\x01\x00".to_vec()),
        (
            Setup::DeleteLogo(DeleteLogo(LogoPlace::Top)).into(),
            b"\x1C(E\x06\x00\x3C\x02\x30CLR".to_vec(),
        ),
        (Setup::TopLogo(top).into(), b"\x1C(E\x06\x00\x3E\x02G1\x31\x02".to_vec()),
        (
            Setup::EnableLogo(Pair { number: 48, value: 49 }).into(),
            b"\x1C(E\x04\x00\x41\x02\x30\x31".to_vec(),
        ),
        (Setup::FeedToCut(48).into(), b"\x1C(L\x02\x00\x42\x30".to_vec()),
    ]
}
