//! Commands of every kind with any values: what is sent comes back.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::{BoxedStrategy, ValueTree as _};
use proptest::test_runner::TestRunner;

use super::parse;
use crate::escpos::table::Parameter;
use crate::escpos::*;

/// Makes a parameter of any bytes that decode as one.
fn of_bytes<T: Parameter + core::fmt::Debug + 'static>(length: usize) -> BoxedStrategy<T> {
    let what = "bytes that are no parameter";
    vec(any::<u8>(), length).prop_filter_map(what, |bytes| T::decode(&bytes)).boxed()
}

fn ranged<const LEAST: u8, const MOST: u8>() -> BoxedStrategy<Ranged<LEAST, MOST>> {
    (LEAST..=MOST).prop_filter_map("out of range", |value| Ranged::new(value).ok()).boxed()
}

fn key() -> BoxedStrategy<KeyCode> {
    [0x20..=0x7E_u8, 0x20..=0x7E].prop_filter_map("no key code", KeyCode::new).boxed()
}

fn model_data() -> BoxedStrategy<ModelData> {
    vec(any::<u8>(), 1..40).prop_filter_map("no data", |data| ModelData::new(data).ok()).boxed()
}

fn settings<T: core::fmt::Debug + Clone + 'static>(
    one: impl Strategy<Value = T> + 'static,
) -> BoxedStrategy<Settings<T>> {
    vec(one, 1..6).prop_filter_map("no settings", |all| Settings::new(all).ok()).boxed()
}

/// Joins strategies of one family, each variant as likely as the others.
macro_rules! family {
    ($($strategy:expr),+ $(,)?) => {
        proptest::strategy::Union::new([$($strategy.prop_map(Command::from).boxed()),+]).boxed()
    };
}

fn character() -> BoxedStrategy<Command> {
    use Character as It;
    family![
        any::<u8>().prop_map(It::Spacing),
        of_bytes(1).prop_map(It::PrintMode),
        select(Underline::ALL).prop_map(It::Underline),
        any::<bool>().prop_map(It::Emphasized),
        any::<bool>().prop_map(It::DoubleStrike),
        select(Font::ALL).prop_map(It::Font),
        select(Rotation::ALL).prop_map(It::Rotation),
        any::<bool>().prop_map(It::UpsideDown),
        any::<u8>().prop_map(It::InternationalSet),
        any::<u8>().prop_map(It::CodePage),
        any::<bool>().prop_map(It::UserDefined),
        user_characters().prop_map(It::Define),
        ranged().prop_map(It::Undefine),
        select(Colour::ALL).prop_map(It::Colour),
        select(CharacterColour::ALL).prop_map(It::CharacterColour),
        select(CharacterColour::ALL).prop_map(It::BackgroundColour),
        (select(ShadowMode::ALL), select(CharacterColour::ALL))
            .prop_map(|(mode, colour)| It::Shadow(Shadow { mode, colour })),
        of_bytes(1).prop_map(It::Size),
        any::<bool>().prop_map(It::Invert),
        any::<bool>().prop_map(It::Smoothing),
    ]
}

fn user_characters() -> BoxedStrategy<UserCharacters> {
    let glyph = |height: usize| {
        (0..4_usize).prop_flat_map(move |width| {
            let data = vec(any::<u8>(), width * height);
            data.prop_map(move |data| UserGlyph { width: width as u8, data })
        })
    };
    (1..=3_u8, ranged())
        .prop_flat_map(move |(height, first)| {
            let glyphs = vec(glyph(usize::from(height)), 1..5);
            glyphs.prop_map(move |glyphs| UserCharacters::new(height, first, glyphs))
        })
        .prop_filter_map("beyond 7E", Result::ok)
        .boxed()
}

fn kanji() -> BoxedStrategy<Command> {
    use Kanji as It;
    family![
        Just(It::Enter),
        Just(It::Leave),
        of_bytes(1).prop_map(It::PrintMode),
        select(Underline::ALL).prop_map(It::Underline),
        any::<u8>().prop_map(It::CodeSystem),
        of_bytes(2).prop_map(It::Spacing),
        any::<bool>().prop_map(It::Quadruple),
        of_bytes(74).prop_map(It::Define),
        any::<[u8; 2]>().prop_map(It::Undefine),
        select(KanjiFont::ALL).prop_map(It::Font),
        select(TextEncoding::ALL).prop_map(It::Encoding),
        (ranged(), select(Utf8Font::ALL))
            .prop_map(|(place, font)| It::FontPriority(FontPriority { place, font })),
    ]
}

fn position() -> BoxedStrategy<Command> {
    use Position as It;
    let plain = select(
        [
            It::HorizontalTab,
            It::LineFeed,
            It::FormFeed,
            It::CarriageReturn,
            It::Cancel,
            It::PrintPage,
            It::DefaultLineSpacing,
            It::PageMode,
            It::StandardMode,
            It::FeedToMark,
        ]
        .as_slice(),
    );
    family![
        plain,
        any::<u16>().prop_map(It::Absolute),
        any::<u8>().prop_map(It::LineSpacing),
        tab_stops().prop_map(It::TabStops),
        any::<u8>().prop_map(It::FeedDots),
        any::<u8>().prop_map(It::ReverseFeedDots),
        select(PageDirection::ALL).prop_map(It::PageDirection),
        of_bytes(8).prop_map(It::PageArea),
        any::<i16>().prop_map(It::Relative),
        select(Align::ALL).prop_map(It::Align),
        any::<u8>().prop_map(It::FeedLines),
        any::<u8>().prop_map(It::ReverseFeedLines),
        any::<u16>().prop_map(It::AbsoluteVertical),
        any::<u16>().prop_map(It::LeftMargin),
        of_bytes(2).prop_map(It::MotionUnits),
        any::<u8>().prop_map(It::LineStart),
        any::<u16>().prop_map(It::AreaWidth),
        any::<i16>().prop_map(It::RelativeVertical),
        of_bytes(6).prop_map(It::PrintableArea),
        drawn_line().prop_map(It::DrawLine),
        (drawn_line(), any::<[u8; 2]>()).prop_map(|(line, [corner, fill])| {
            let PageLine { x1, y1, x2, y2, colour, style, mode } = line;
            It::DrawRectangle(PageRectangle { x1, y1, x2, y2, colour, style, mode, corner, fill })
        }),
    ]
}

fn tab_stops() -> BoxedStrategy<TabStops> {
    let columns = proptest::collection::btree_set(1..=255_u8, 0..32);
    columns.prop_filter_map("no tab stops", |all| TabStops::new(all.into_iter().collect())).boxed()
}

fn drawn_line() -> BoxedStrategy<PageLine> {
    (any::<[u16; 4]>(), any::<[u8; 2]>(), select(LineStyle::ALL))
        .prop_map(|([x1, y1, x2, y2], [colour, mode], style)| PageLine {
            x1,
            y1,
            x2,
            y2,
            colour,
            style,
            mode,
        })
        .boxed()
}

fn mechanism() -> BoxedStrategy<Command> {
    use Mechanism as It;
    let plain = select(
        [
            It::PowerOff,
            It::ClearBuffers,
            It::Initialize,
            It::CutOnePoint,
            It::CutThreePoints,
            It::ReturnHome,
            It::ReleaseSlip,
            It::Stamp,
        ]
        .as_slice(),
    );
    let feed_and_cut = || {
        (select(CutShape::ALL), any::<u8>()).prop_map(|(shape, feed)| FeedAndCut { shape, feed })
    };
    let cut =
        (select(CutShape::ALL), any::<u8>(), 0..4_u8).prop_map(|(shape, feed, kind)| match kind {
            0 => Cut::Here(shape),
            1 => Cut::Feed(shape, feed),
            2 => Cut::Mark(shape, feed),
            _ => Cut::FeedAndReturn(shape, feed),
        });
    family![
        plain,
        (select(DrawerPin::ALL), 1..=8_u8).prop_filter_map("no pulse", |(pin, time)| {
            RealTimePulse::new(pin, time).map(It::RealTimePulse)
        }),
        of_bytes(5).prop_map(It::RealTimeBeep),
        (ranged(), any::<[u8; 2]>()).prop_map(|(tone, [times, length])| It::Beep(Beep {
            tone,
            times,
            length
        })),
        of_bytes(4).prop_map(It::BeepInTurns),
        of_bytes(6).prop_map(It::BeepAtOffline),
        of_bytes(6).prop_map(It::BeepAtPaper),
        of_bytes(2).prop_map(It::BatchPrint),
        any::<bool>().prop_map(It::Unidirectional),
        any::<u8>().prop_map(It::SelectSheet),
        any::<u8>().prop_map(It::SheetOfLineSpacing),
        (ranged(), ranged())
            .prop_map(|(insertion, start)| It::SlipWait(SlipWait { insertion, start })),
        any::<bool>().prop_map(It::ReverseEject),
        any::<bool>().prop_map(It::SelectPeripheral),
        any::<u8>().prop_map(It::PaperEndSensors),
        any::<u8>().prop_map(It::PaperStopSensors),
        any::<bool>().prop_map(It::DisablePanelButtons),
        (select(DrawerPin::ALL), any::<[u8; 2]>())
            .prop_map(|(pin, [on, off])| It::DrawerPulse(DrawerPulse { pin, on, off })),
        cut.prop_map(It::Cut),
        select(CutShape::ALL).prop_map(It::CutHere),
        feed_and_cut().prop_map(It::FeedAndCut),
        feed_and_cut().prop_map(It::ReserveCut),
        (select(TestPaper::ALL), select(TestPattern::ALL))
            .prop_map(|(paper, pattern)| It::TestPrint(TestPrint { paper, pattern })),
        any::<u8>().prop_map(It::HeadControl),
        of_bytes(2).prop_map(It::OnlineRecovery),
    ]
}

fn enquiry() -> BoxedStrategy<Command> {
    use Enquiry as It;
    family![
        select([It::Acknowledge, It::NegativeAcknowledge, It::PaperStatus].as_slice()),
        select(RealTimeStatus::ALL).prop_map(It::RealTimeStatus),
        any::<u8>().prop_map(It::InkStatus),
        any::<u8>().prop_map(It::MicrStatus),
        any::<u8>().prop_map(It::DeviceStatus),
        select(Recovery::ALL).prop_map(It::Recover),
        select(RealTimeReport::ALL).prop_map(It::RealTimeReport),
        any::<u8>().prop_map(It::PeripheralStatus),
        any::<u32>().prop_map(|number| It::ProcessId(ProcessId::from_number(number))),
        select(OfflineResponse::ALL).prop_map(It::OfflineResponse),
        any::<u8>().prop_map(It::ExtendedStatusBack),
        any::<u8>().prop_map(It::InkStatusBack),
        any::<u16>().prop_map(It::ResetMaintenanceCounter),
        any::<u16>().prop_map(It::MaintenanceCounter),
        any::<u8>().prop_map(It::PrinterId),
        any::<u8>().prop_map(|bits| It::AutomaticStatusBack(AsbTriggers::from_bits(bits))),
        select(StatusKind::ALL).prop_map(It::Status),
    ]
}

fn symbol() -> BoxedStrategy<Command> {
    use Symbol as It;
    family![
        select([QrModel::One, QrModel::Two, QrModel::Micro].as_slice()).prop_map(It::QrModel),
        of_bytes(1).prop_map(It::QrModuleSize),
        select(QrErrorCorrection::ALL).prop_map(It::QrErrorCorrection),
        Just(It::QrPrint),
        Just(It::QrSize),
        vec(any::<u8>(), 1..60)
            .prop_filter_map("no content", |data| QrContent::new(data).ok().map(It::QrStore)),
        select(HriPosition::ALL).prop_map(It::HriPosition),
        any::<u8>().prop_map(It::HriFont),
        any::<u8>().prop_map(It::BarcodeHeight),
        any::<u8>().prop_map(It::BarcodeWidth),
        barcode().prop_map(It::Barcode),
    ]
}

fn barcode() -> BoxedStrategy<Barcode> {
    let text = "[0-9]{1,14}".prop_map(String::into_bytes);
    let of_system = (select(BarcodeSystem::ALL), text, any::<bool>());
    let plain = of_system.prop_filter_map("no such code", |(system, data, terminated)| {
        if terminated { Barcode::terminated(system, data) } else { Barcode::new(system, data).ok() }
    });
    let code128 = "[ -~]{1,40}".prop_filter_map("no CODE128", |text| Barcode::code128(&text).ok());
    let gs1 = "[A-Z0-9()*]{1,20}".prop_filter_map("no GS1-128", |text| {
        let elements = [("01", "0401234567890"), ("10", text.as_str()), ("17", "261231")];
        Barcode::gs1(BarcodeSystem::Gs1128, &elements).ok()
    });
    prop_oneof![plain, code128, gs1].boxed()
}

fn store<const CN: u8>() -> BoxedStrategy<SymbolData<CN>> {
    vec(any::<u8>(), 1..60).prop_filter_map("no content", |data| SymbolData::new(data).ok()).boxed()
}

fn two_dimensional() -> BoxedStrategy<Command> {
    use TwoDimensional as It;
    let plain = select(
        [
            It::Pdf417Print,
            It::Pdf417Size,
            It::MaxiCodePrint,
            It::MaxiCodeSize,
            It::DataBarPrint,
            It::DataBarSize,
            It::CompositePrint,
            It::CompositeSize,
            It::AztecPrint,
            It::AztecSize,
            It::DataMatrixPrint,
            It::DataMatrixSize,
        ]
        .as_slice(),
    );
    family![
        plain,
        ranged().prop_map(It::Pdf417Columns),
        of_bytes(1).prop_map(It::Pdf417Rows),
        ranged().prop_map(It::Pdf417ModuleWidth),
        ranged().prop_map(It::Pdf417RowHeight),
        prop_oneof![
            ranged().prop_map(Pdf417ErrorCorrection::Level),
            ranged().prop_map(Pdf417ErrorCorrection::Ratio)
        ]
        .prop_map(It::Pdf417ErrorCorrection),
        select(Pdf417Form::ALL).prop_map(It::Pdf417Form),
        store().prop_map(It::Pdf417Store),
        select(MaxiCodeMode::ALL).prop_map(It::MaxiCodeMode),
        store().prop_map(It::MaxiCodeStore),
        ranged().prop_map(It::DataBarModuleWidth),
        any::<u16>().prop_map(It::DataBarMaximumWidth),
        store().prop_map(It::DataBarStore),
        ranged().prop_map(It::CompositeModuleWidth),
        any::<u16>().prop_map(It::CompositeMaximumWidth),
        any::<u8>().prop_map(It::CompositeHriFont),
        store().prop_map(It::CompositeStore),
        prop_oneof![ranged().prop_map(AztecLayers::Full), ranged().prop_map(AztecLayers::Compact)]
            .prop_map(It::AztecLayers),
        ranged().prop_map(It::AztecModuleSize),
        ranged().prop_map(It::AztecErrorCorrection),
        store().prop_map(It::AztecStore),
        select([0_u8, 10, 32, 144].as_slice())
            .prop_map(|side| It::DataMatrixShape(DataMatrixShape::Square(side))),
        ranged().prop_map(It::DataMatrixModuleSize),
        store().prop_map(It::DataMatrixStore),
    ]
}

/// Makes `lines` lines of `dots` dots.
fn dots(dots: u16, lines: u16) -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), usize::from(dots).div_ceil(8) * usize::from(lines))
}

fn definition<const FN: u8>() -> BoxedStrategy<GraphicsDefinition<FN>> {
    (key(), select(GraphicsTone::ALL), 1..20_u16, 1..6_u16)
        .prop_flat_map(|(key, tone, line, lines)| {
            let size = if FN == 68 || FN == 84 { (lines, line) } else { (line, lines) };
            let plane = (select(GraphicsColour::ALL), dots(line, lines))
                .prop_map(|(colour, data)| Plane { colour, data });
            vec(plane, 1..=4).prop_filter_map("no planes", move |planes| {
                GraphicsDefinition::new(key, tone, size, planes).ok()
            })
        })
        .boxed()
}

fn graphics_print() -> BoxedStrategy<GraphicsPrint> {
    (key(), ranged(), ranged())
        .prop_map(|(key, width, height)| GraphicsPrint { key, width, height })
        .boxed()
}

fn image() -> BoxedStrategy<Command> {
    use Image as It;
    let plain = select(
        [
            It::PrintGraphics(PrintGraphics::Function50),
            It::NvCapacity,
            It::NvRemaining,
            It::DownloadRemaining,
            It::NvKeyCodes,
            It::DeleteAllNvGraphics,
            It::DownloadKeyCodes,
            It::DeleteAllDownloadGraphics,
        ]
        .as_slice(),
    );
    let scale = || select(RasterScale::ALL);
    let graphics = (1..30_u16, 1..5_u16, select(GraphicsTone::ALL), select(GraphicsColour::ALL))
        .prop_flat_map(|(width, rows, tone, colour)| {
            dots(width, rows).prop_filter_map("no graphics", move |data| {
                Some(Graphics::new((1, 2), width, data).ok()?.plane(tone, colour))
            })
        });
    let columns = (1..30_u16, 1..5_u16, select(GraphicsColour::ALL)).prop_flat_map(
        |(height, columns, colour)| {
            dots(height, columns).prop_filter_map("no graphics", move |data| {
                ColumnGraphics::new((2, 1), colour, height, data).ok()
            })
        },
    );
    let strip = (select(ColumnDensity::ALL), 1..20_usize).prop_flat_map(|(density, columns)| {
        let data = vec(any::<u8>(), columns * usize::from(density.bytes_per_column()));
        data.prop_filter_map("no strip", move |data| ColumnImage::new(density, data).ok())
    });
    let nv = (1..3_u16, 1..3_u16).prop_flat_map(|(across, down)| {
        let data = vec(any::<u8>(), usize::from(across * down) * 8);
        data.prop_filter_map("no image", move |data| NvBitImage::new(across, down, data).ok())
    });
    let download = (1..3_u8, 1..3_u8).prop_flat_map(|(across, down)| {
        let data = vec(any::<u8>(), usize::from(across * down) * 8);
        data.prop_filter_map("no image", move |data| DownloadBitImage::new(across, down, data).ok())
    });
    let bitmap = (key(), select(GraphicsMemory::ALL), vec(any::<u8>(), 8..40)).prop_filter_map(
        "no bitmap",
        |(key, memory, rest)| {
            let length = u32::try_from(rest.len() + 6).unwrap().to_le_bytes();
            WindowsBitmap::new(memory, key, [&b"BM"[..], &length, &rest].concat()).ok()
        },
    );
    family![
        plain,
        strip.prop_map(It::Columns),
        (scale(), 1..6_u16, 1..6_u16).prop_flat_map(|(scale, width, rows)| {
            dots(width * 8, rows).prop_filter_map("no picture", move |data| {
                Raster::new(scale, width, data).ok().map(It::Raster)
            })
        }),
        (scale(), 1..6_u16, 1..6_u16).prop_flat_map(|(scale, height, columns)| {
            dots(height * 8, columns).prop_filter_map("no picture", move |data| {
                VerticalImage::new(scale, height, data).ok().map(It::Vertical)
            })
        }),
        graphics.prop_map(It::StoreGraphics),
        columns.prop_map(It::StoreColumnGraphics),
        (select(Density::ALL), select(Density::ALL)).prop_map(|(horizontal, vertical)| {
            It::ReferenceDensity(ReferenceDensity { horizontal, vertical })
        }),
        key().prop_map(It::DeleteNvGraphics),
        definition().prop_map(It::DefineNvGraphics),
        definition().prop_map(It::DefineNvColumnGraphics),
        graphics_print().prop_map(It::PrintNvGraphics),
        key().prop_map(It::DeleteDownloadGraphics),
        definition().prop_map(It::DefineDownloadGraphics),
        definition().prop_map(It::DefineDownloadColumnGraphics),
        graphics_print().prop_map(It::PrintDownloadGraphics),
        bitmap.prop_map(It::DefineWindowsBitmap),
        (ranged(), scale())
            .prop_map(|(number, scale)| It::PrintNvBitImage(NvPrint { number, scale })),
        vec(nv, 1..4)
            .prop_filter_map("no images", |all| NvBitImages::new(all).ok())
            .prop_map(It::DefineNvBitImages),
        download.prop_map(It::DefineDownloadBitImage),
        scale().prop_map(It::PrintDownloadBitImage),
    ]
}

fn counter_mode() -> BoxedStrategy<CounterMode> {
    of_bytes(6)
}

fn sequence() -> BoxedStrategy<Command> {
    use Sequence as It;
    family![
        select([It::DefineMacro, It::PrintCounter].as_slice()),
        (any::<[u8; 2]>(), select(MacroStart::ALL))
            .prop_map(|([times, pause], start)| { It::RunMacro(MacroRun { times, pause, start }) }),
        (ranged(), select(CounterAlign::ALL))
            .prop_map(|(columns, align)| It::CounterForm(CounterForm { columns, align })),
        counter_mode().prop_map(It::CounterMode),
        any::<u16>().prop_map(It::CounterValue),
        counter_mode().prop_filter_map("no counter", |mode| {
            CounterText::new(mode, mode.from).ok().map(It::CounterText)
        }),
    ]
}

fn user_memory() -> BoxedStrategy<Command> {
    use UserMemory as It;
    let data = || vec(0x20..=0xFF_u8, 1..40);
    family![
        select([It::Used, It::Remaining, It::KeyCodes, It::DeleteAll].as_slice()),
        (any::<u32>(), data()).prop_filter_map("no data", |(address, data)| {
            MemoryWrite::new(address, data).ok().map(It::Write)
        }),
        of_bytes(6).prop_map(It::Read),
        key().prop_map(It::Delete),
        (key(), data()).prop_filter_map("no data", |(key, data)| {
            MemoryRecord::new(key, data).ok().map(It::Store)
        }),
        key().prop_map(It::Fetch),
    ]
}

fn setup() -> BoxedStrategy<Command> {
    use Setup as It;
    let real_time = (select(RealTimeKind::ALL), select(Switch::ALL))
        .prop_map(|(kind, switch)| RealTimeSwitch { kind, switch });
    let copy = (ranged(), select(CopyDirection::ALL), select(CopyDirection::ALL))
        .prop_map(|(font, from, to)| CopyUserPage { font, from, to });
    let place = || select(LogoPlace::ALL);
    family![
        select([It::Begin, It::End, It::DeletePaperLayout].as_slice()),
        settings(of_bytes(2)).prop_map(It::StatusBits),
        settings(real_time).prop_map(It::RealTimeCommands),
        settings(of_bytes(9)).prop_map(It::SetMemorySwitches),
        any::<u8>().prop_map(It::MemorySwitch),
        settings(of_bytes(3)).prop_map(It::SetValues),
        any::<u8>().prop_map(It::Value),
        copy.prop_map(It::CopyUserPage),
        model_data().prop_map(It::DefineUserPageColumns),
        model_data().prop_map(It::DefineUserPageRows),
        any::<[u8; 2]>().prop_map(It::DeleteUserPage),
        model_data().prop_map(It::SetSerial),
        any::<u8>().prop_map(It::Serial),
        model_data().prop_map(It::SetBluetooth),
        any::<u8>().prop_map(It::Bluetooth),
        model_data().prop_map(It::SetUsb),
        any::<u8>().prop_map(It::Usb),
        model_data().prop_map(It::SetPaperLayout),
        any::<u8>().prop_map(It::PaperLayout),
        model_data().prop_map(It::SetLabelControl),
        model_data().prop_map(It::LabelControl),
        model_data().prop_map(It::SetBuzzer),
        model_data().prop_map(It::Buzzer),
        any::<u8>().prop_map(It::PrintControl),
        any::<u8>().prop_map(It::PrintDensity),
        any::<u8>().prop_map(It::PrintSpeed),
        any::<u8>().prop_map(It::HeadParts),
        any::<u8>().prop_map(It::SaveValues),
        any::<u8>().prop_map(It::LoadValues),
        any::<u8>().prop_map(It::ValuesAtInitialize),
        place().prop_map(|place| It::DeleteLogo(DeleteLogo(place))),
        place().prop_map(It::LogoSettings),
        (key(), ranged(), any::<u8>()).prop_map(|(key, align, lines)| It::TopLogo(TopLogo {
            key,
            align,
            lines
        })),
        (key(), ranged()).prop_map(|(key, align)| It::BottomLogo(BottomLogo { key, align })),
        settings(of_bytes(2)).prop_map(It::LogoTimes),
        of_bytes(2).prop_map(It::EnableLogo),
        model_data().prop_map(It::SetLabelLayout),
        any::<u8>().prop_map(It::LabelLayout),
        any::<u8>().prop_map(It::LabelPosition),
        any::<u8>().prop_map(It::FeedToPeel),
        any::<u8>().prop_map(It::FeedToCut),
        any::<u8>().prop_map(It::FeedToStart),
        any::<u8>().prop_map(It::LabelMargin),
    ]
}

fn text() -> BoxedStrategy<Command> {
    vec(0x20..=0xFF_u8, 1..20)
        .prop_filter_map("control bytes", |bytes| Text::new(bytes).map(Command::Text))
        .boxed()
}

fn command() -> BoxedStrategy<Command> {
    let all = [
        character(),
        kanji(),
        position(),
        mechanism(),
        enquiry(),
        symbol(),
        two_dimensional(),
        image(),
        sequence(),
        user_memory(),
        setup(),
        text(),
    ];
    proptest::strategy::Union::new(all).boxed()
}

#[test]
fn every_command_is_generated() {
    let families: [(BoxedStrategy<Command>, &[&str]); 11] = [
        (character(), Character::NAMES),
        (kanji(), Kanji::NAMES),
        (position(), Position::NAMES),
        (mechanism(), Mechanism::NAMES),
        (enquiry(), Enquiry::NAMES),
        (symbol(), Symbol::NAMES),
        (two_dimensional(), TwoDimensional::NAMES),
        (image(), Image::NAMES),
        (sequence(), Sequence::NAMES),
        (user_memory(), UserMemory::NAMES),
        (setup(), Setup::NAMES),
    ];
    let mut runner = TestRunner::deterministic();
    for (strategy, names) in families {
        let mut seen = BTreeSet::new();
        for _ in 0..150 * names.len() {
            let shown = format!("{:?}", strategy.new_tree(&mut runner).unwrap().current());
            let inner = shown.split_once('(').unwrap().1;
            seen.insert(inner.split(['(', ')']).next().unwrap().to_owned());
        }
        let missing: Vec<_> = names.iter().filter(|name| !seen.contains(**name)).collect();
        assert!(missing.is_empty(), "{missing:?} are not generated");
    }
}

/// Puts adjacent texts together, as a parser does.
fn joined(commands: Vec<Command>) -> Vec<Command> {
    let mut out: Vec<Command> = Vec::new();
    for command in commands {
        match (out.last_mut(), command) {
            (Some(Command::Text(before)), Command::Text(text)) => before.0.extend(text.0),
            (_, command) => out.push(command),
        }
    }
    out
}

proptest! {
    #[test]
    fn what_is_sent_comes_back(commands in vec(command(), 1..12)) {
        let bytes: Vec<u8> = commands.iter().flat_map(Command::to_bytes).collect();
        let parsed = joined(parse(&bytes));
        let again: Vec<u8> = parsed.iter().flat_map(Command::to_bytes).collect();
        prop_assert_eq!(&parsed, &joined(commands));
        prop_assert_eq!(again, bytes);
    }

    #[test]
    fn what_is_cut_off_is_named_and_nothing_else_happens(command in command(), at: prop::sample::Index) {
        let bytes = command.to_bytes();
        prop_assume!(!matches!(command, Command::Text(_)) && bytes.len() > 1);
        let cut = 1 + at.index(bytes.len() - 1);
        let mut parser = Parser::new();
        parser.feed(&bytes[..cut]);
        prop_assert_eq!(parser.next_command(), None);
        let Some(Command::Unknown(rest)) = parser.finish() else { panic!("nothing is left") };
        prop_assert_eq!(rest.bytes(), &bytes[..cut]);
    }

    #[test]
    fn pieces_of_any_size_are_the_same(commands in vec(command(), 1..6), size in 1..40_usize) {
        let bytes: Vec<u8> = commands.iter().flat_map(Command::to_bytes).collect();
        let mut parser = Parser::new();
        let mut seen = Vec::new();
        for piece in bytes.chunks(size) {
            parser.feed(piece);
            while let Some(command) = parser.next_command() {
                seen.push(command);
            }
        }
        prop_assert_eq!(parser.finish(), None);
        prop_assert_eq!(joined(seen), joined(commands));
    }
}
