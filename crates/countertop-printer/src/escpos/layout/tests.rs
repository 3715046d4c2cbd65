use countertop_device::Settings;
use countertop_device::document::{
    Code, CodeSystem, Colour, Hri, Image, Picture, QrLevel, Run, Size, Style, Underline,
};
use countertop_wire::escpos::{Command, Parser};

use super::*;

fn encoded(document: &Document) -> Vec<u8> {
    let settings = EscPosSettings::from_settings(&Settings::new()).unwrap();
    encode(document, &settings).unwrap()
}

#[test]
fn a_receipt_has_these_bytes() {
    let mut document = Document::new();
    document.centred("OK", Style::LARGE).columns("A", "B").rule().cut();
    let mut expected = b"\x1B@\x1C.\x1Ba\x01\x1BE\x01\x1D!\x11OK\n".to_vec();
    expected.extend(b"\x1Ba\x00\x1BE\x00\x1D!\x00A");
    expected.extend([b' '; 30]);
    expected.extend(b"B\n--------------------------------\n\x1DVB\x00");
    assert_eq!(encoded(&document), expected);
}

#[test]
fn text_cannot_kick_the_drawer() {
    let mut document = Document::new();
    document.line("Shop\u{1B}p\u{0}22").columns("a\u{10}", "\u{1D}V\u{0}");
    let bytes = encoded(&document);
    let control = |byte: &&u8| **byte < 0x20 && **byte != 0x0A;
    assert_eq!(bytes.iter().filter(control).count(), 2, "{bytes:02X?}");
}

#[test]
fn large_codes_get_smaller_modules_and_then_an_error() {
    let module = |length: usize| {
        let mut document = Document::new();
        document.qr("x".repeat(length));
        let settings = EscPosSettings::from_settings(&Settings::new()).unwrap();
        let bytes = encode(&document, &settings)?;
        let place = bytes.windows(4).position(|four| four == b"\x03\x00\x31\x43").unwrap();
        Ok::<u8, LayoutError>(bytes[place + 4])
    };
    assert_eq!(module(20), Ok(6));
    assert_eq!(module(300), Ok(5));
    assert_eq!(module(2331), Ok(2));
    assert_eq!(module(2332), Err(LayoutError::QrTooLong { length: 2332, dots: 384 }));
    assert!(module(0).is_err());
}

#[test]
fn pictures_go_in_strips() {
    let mut document = Document::new();
    document.push(Block::Picture(Picture { width: 384, rows: vec![0xAA; 48 * 100] }));
    let bytes = encoded(&document);
    let heads = bytes.windows(5).filter(|five| *five == b"\x1Dv0\x00\x30").count();
    assert_eq!(heads, 5);
    assert_eq!(bytes.len(), 2 + 2 + 3 + 5 * 8 + 4800);
}

#[test]
fn a_picture_wider_than_the_paper_is_refused() {
    let mut document = Document::new();
    document.push(Block::Picture(Picture { width: 385, rows: vec![0; 49] }));
    let settings = EscPosSettings::from_settings(&Settings::new()).unwrap();
    let error = encode(&document, &settings).unwrap_err();
    assert_eq!(error.to_string(), "a picture of 385 dots does not fit on paper of 384 dots");
}

fn printer(profile: &str) -> EscPosSettings {
    EscPosSettings::from_settings(&Settings::new().with("profile", profile)).unwrap()
}

/// Returns a printer with a profile of its own.
fn own(profile: &str) -> EscPosSettings {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, format!("[profile.own]\n{profile}")).unwrap();
    let settings = Settings::new().with("profile", "own");
    EscPosSettings::from_settings(&settings.with("profile_file", file.path().display())).unwrap()
}

fn commands(bytes: &[u8]) -> Vec<Command> {
    let mut parser = Parser::new();
    parser.feed(bytes);
    let all = core::iter::from_fn(|| parser.next_command()).collect();
    assert_eq!(parser.pending(), 0);
    all
}

fn shown(document: &Document, settings: &EscPosSettings) -> Vec<String> {
    let bytes = encode(document, settings).unwrap();
    commands(&bytes).iter().map(|command| format!("{command:?}")).collect()
}

fn long() -> Document {
    let mut document = Document::new();
    document.centred("POS签购单", Style::LARGE).rule();
    for number in 0..60 {
        document.columns(format!("商品 {number}"), "￥12.50");
        let style = Style { underline: Underline::Thin, ..Style::BOLD };
        document.styled("ñandú żółw", Align::Right, style);
        document.runs(vec![Run::new("a", Style::BOLD), " b".into()], Align::Centre);
    }
    document.push(Block::Picture(Picture { width: 300, rows: vec![0x5A; 38 * 200] }));
    document.cut().line("copy").qr("https://example.com").cut();
    document
}

#[test]
fn blocks_are_the_job_and_no_larger_than_half_of_the_buffer() {
    for profile in ["generic-58mm", "TM-T88VI", "TM-U220", "TH230"] {
        let settings = printer(profile);
        let job = encode_job(&long(), &settings).unwrap();
        assert!(job.blocks.len() > 4, "{profile}: {}", job.blocks.len());
        let largest = job.blocks.iter().map(|block| block.bytes.len()).max().unwrap();
        assert!(largest <= settings.job.receive_buffer / 2, "{profile}: {largest}");
        // Pages are set anew where a block begins, so the whole differs in that alone.
        let page = |command: &Command| {
            matches!(command, Command::Character(countertop_wire::escpos::Character::CodePage(_)))
        };
        let without = |bytes: &[u8]| -> Vec<_> {
            let all = commands(bytes).into_iter().filter(|command| !page(command));
            all.flat_map(|command| command.to_bytes()).collect()
        };
        let whole: Vec<u8> = encode(&long(), &settings).unwrap();
        assert_eq!(without(&job.to_bytes()), without(&whole), "{profile}");
    }
}

#[test]
fn a_cut_ends_a_block() {
    let job = encode_job(&long(), &printer("generic-58mm")).unwrap();
    let ends: Vec<_> =
        job.blocks.iter().filter(|block| block.bytes.ends_with(b"\x1DVB\0")).collect();
    assert_eq!(ends.len(), 2);
    assert!(job.blocks.iter().all(|block| !block.bytes.is_empty()));
}

#[test]
fn a_block_begins_in_the_state_that_it_restores() {
    let mut document = Document::new();
    for _ in 0..80 {
        let size = Size::new(1, 3).unwrap();
        document.styled("0123456789012345678", Align::Right, Style { size, ..Style::BOLD });
    }
    let job = encode_job(&document, &printer("generic-58mm")).unwrap();
    assert!(job.blocks.len() > 1);
    assert!(job.blocks[0].restore.is_empty());
    for block in &job.blocks[1..] {
        assert_eq!(block.restore, b"\x1C.\x1Ba\x02\x1BE\x01\x1D!\x02");
        assert_eq!(block.bytes[..3], *b"012");
    }
}

#[test]
fn looks_are_commands_and_only_what_changes_is_sent() {
    let mut document = Document::new();
    let look = Style {
        underline: Underline::Thick,
        invert: true,
        font: Font::B,
        colour: Colour::Second,
        size: Size::new(8, 1).unwrap(),
        ..Style::PLAIN
    };
    document.runs(vec![Run::new("a", look), Run::new("b", look)], Align::Left);
    let expected = [
        "Mechanism(Initialize)",
        "Character(Font(B))",
        "Character(Underline(Thick))",
        "Character(Invert(true))",
        "Character(Size(Size { width: Magnification(8), height: Magnification(1) }))",
        "Text(Text([97, 98]))",
        "Position(LineFeed)",
    ];
    assert_eq!(shown(&document, &printer("TM-T88VI")), expected);
    assert!(shown(&document, &printer("TM-U220")).contains(&"Character(Colour(Second))".into()));
}

#[test]
fn gaps_between_looks_are_neither_underlined_nor_inverted() {
    let mut document = Document::new();
    let style = Style { underline: Underline::Thin, ..Style::PLAIN };
    document.push(Block::Columns { left: "a".into(), right: "b".into(), style });
    let seen = shown(&document, &printer("TM-T88VI"));
    let expected = ["Text(Text([97]))", "Character(Underline(Off))"];
    assert_eq!(seen[2..4], expected, "{seen:?}");
}

#[test]
fn what_is_missing_is_drawn_or_said() {
    let mut document = Document::new();
    document.line("中文").line("\u{E123}");
    let layout = lay_out(&document, &printer("TM-T88VI")).unwrap();
    if crate::draw::line::has('中') {
        assert_eq!(layout.notes, [Note::LineDrawn, Note::Replaced('\u{E123}')]);
        let commands = commands(&layout.job.to_bytes());
        assert!(matches!(commands[1], Command::Image(_)), "{:?}", commands[1]);
    } else {
        assert_eq!(layout.notes, ['中', '文', '\u{E123}'].map(Note::Replaced));
    }
    // Nothing can be drawn for a printer that prints no pictures.
    let text_only = own("code-pages = \"generic\"\n");
    let layout = lay_out(&document, &text_only).unwrap();
    assert_eq!(layout.notes, ['中', '文', '\u{E123}'].map(Note::Replaced));
    assert_eq!(layout.job.to_bytes(), b"\x1B@??\n?\n");
    assert!(layout.notes[0].to_string().contains("U+4E2D"));
}

#[test]
fn what_a_printer_has_not_is_left_out_and_said() {
    let mut document = Document::new();
    document.push(Block::Drawer(DrawerPort::Second)).push(Block::Beep { times: 3 });
    let layout = lay_out(&document, &printer("ZJ-5870")).unwrap();
    assert_eq!(layout.notes, [Note::LeftOut("the beep")]);
    let has_both = own("drawer = true\nbeeper = true\n");
    let layout = lay_out(&document, &has_both).unwrap();
    assert_eq!(layout.notes, []);
    assert_eq!(layout.job.to_bytes(), b"\x1B@\x1Bp\x01\x32\xC8\x1B(A\x05\0\x61\x64\x03\x01\x01");
    let neither = lay_out(&document, &own("dots = 384\n")).unwrap();
    assert_eq!(neither.notes, [Note::LeftOut("the drawer"), Note::LeftOut("the beep")]);
}

#[test]
fn pictures_go_by_the_command_that_the_printer_has() {
    let mut document = Document::new();
    document.push(Block::Image(Image::new(16, vec![0; 16 * 30]).unwrap()));
    let by = |images: &str| {
        let settings = own(&format!("images = [{images}]\n"));
        encode(&document, &settings).map(|bytes| {
            commands(&bytes).iter().filter(|it| matches!(it, Command::Image(_))).count()
        })
    };
    assert_eq!(by("\"raster\", \"columns\""), Ok(1));
    assert_eq!(by("\"graphics\""), Ok(2));
    assert_eq!(by("\"columns\""), Ok(2));
    assert_eq!(by(""), Err(LayoutError::NoPictures));
    let columns = encode(&document, &own("images = [\"columns\"]\n")).unwrap();
    assert!(columns.starts_with(b"\x1B@\x1Ba\x01\x1B3\x18\x1B*\x21\x10\0\xFF\xFF\xFF"));
    assert!(columns.ends_with(b"\xFC\0\0\n\x1B2"));
    let impact = own("images = [\"columns\"]\nquirks = [\"eight-pins\"]\n");
    let bytes = encode(&document, &impact).unwrap();
    assert_eq!(bytes.windows(3).filter(|it| *it == b"\x1B*\x01").count(), 4);
}

#[test]
fn bar_codes_are_checked_and_completed() {
    let bars = |system, content: &str| {
        let mut document = Document::new();
        document.code(system, content);
        let bytes = encode(&document, &printer("TM-T88VI"))?;
        let begin = bytes.windows(2).position(|two| two == b"\x1Dk").unwrap();
        Ok::<_, LayoutError>(bytes[begin + 2..].to_vec())
    };
    assert_eq!(bars(CodeSystem::Ean13, "400638133393").unwrap(), b"\x43\x0D4006381333931");
    assert_eq!(bars(CodeSystem::UpcA, "03600029145").unwrap(), b"\x41\x0C036000291452");
    assert_eq!(bars(CodeSystem::Ean8, "96385074").unwrap(), b"\x44\x0896385074");
    assert_eq!(bars(CodeSystem::Code128, "1234").unwrap(), b"\x49\x04{C\x0C\x22");
    assert_eq!(bars(CodeSystem::Code128, "a{1").unwrap(), b"\x49\x06{Ba{{1");
    let gs1 = bars(CodeSystem::Gs1128, "(10)AB(01)04012345678901(21)7").unwrap();
    assert_eq!(&gs1[2..], b"(10)AB{1(01)04012345678901(21)7");
    let wrong = |system, content| bars(system, content).unwrap_err().to_string();
    assert!(
        wrong(CodeSystem::Ean13, "4006381333932").ends_with("the check digit of Ean13 is 2, not 1")
    );
    assert!(wrong(CodeSystem::Ean13, "40063813339").contains("12 or 13 characters"));
    assert!(wrong(CodeSystem::Ean8, "963850745").contains("7 or 8 characters"));
    assert!(wrong(CodeSystem::Itf, "123").starts_with("a Itf code cannot be made"));
    assert!(wrong(CodeSystem::Code39, "中").contains("no character E4"));
    assert!(wrong(CodeSystem::Code39, &"A".repeat(60)).contains("does not fit"));
}

#[test]
fn how_codes_look_can_be_said() {
    let mut code = Code::new(CodeSystem::Code39, "A");
    code.hri = Hri::Both;
    code.height = Some(40);
    code.module = Some(3);
    code.align = Align::Left;
    let mut document = Document::new();
    document.push(Block::Code(code));
    let expected = b"\x1B@\x1DH\x03\x1Dh\x28\x1Dw\x03\x1Dk\x45\x01A";
    assert_eq!(encode(&document, &printer("TM-T88VI")).unwrap(), expected);
}

#[test]
fn codes_that_a_printer_lacks_are_drawn() {
    let systems = [
        (CodeSystem::Pdf417, "PDF417 中"),
        (CodeSystem::Aztec, "Aztec"),
        (CodeSystem::DataMatrix, "Data Matrix"),
        (CodeSystem::Qr(QrLevel::H), "https://example.com"),
        (CodeSystem::Ean13, "4006381333931"),
        (CodeSystem::UpcE, "01234565"),
        (CodeSystem::Code93, "CODE93"),
        (CodeSystem::Gs1128, "(01)04012345678901(10)AB"),
        (CodeSystem::MaxiCode, "MaxiCode"),
        (CodeSystem::DatabarOmnidirectional, "0401234567890"),
        (CodeSystem::DatabarLimited, "0401234567890"),
        (CodeSystem::DatabarStacked, "0401234567890"),
        (CodeSystem::DatabarExpandedStacked, "(01)04012345678901(10)AB"),
    ];
    let settings = own("images = [\"raster\"]\ndots = 384\n");
    for (system, content) in systems {
        let mut document = Document::new();
        document.code(system, content);
        let layout = lay_out(&document, &settings).unwrap();
        assert_eq!(layout.notes, [Note::CodeDrawn(system)]);
    }
}

#[test]
fn codes_that_cannot_be_drawn_are_told() {
    let settings = own("images = [\"raster\"]\ndots = 384\n");
    let told = |system, content: &str, settings: &EscPosSettings| {
        let mut document = Document::new();
        document.code(system, content);
        lay_out(&document, settings).unwrap_err()
    };
    for (system, content) in [
        (CodeSystem::Ean13, "4006381333932"),
        (CodeSystem::MaxiCode, &"long".repeat(50)),
        (CodeSystem::DatabarStacked, "12"),
        (CodeSystem::DatabarLimited, "2000000000000"),
        (CodeSystem::DatabarExpandedStacked, "0104012345678901"),
        (CodeSystem::Qr(QrLevel::H), &"x".repeat(3000)),
    ] {
        let error = told(system, content, &settings);
        assert!(matches!(error, LayoutError::WrongContent { .. }), "{system:?}: {error}");
    }
    let wide = told(
        CodeSystem::DatabarExpanded,
        &format!("(10){}", "A1".repeat(10)),
        &own("images = [\"raster\"]\ndots = 200\n"),
    );
    assert!(matches!(wide, LayoutError::CodeTooWide { .. }), "{wide}");
    let none = told(CodeSystem::MaxiCode, "a", &own("dots = 384\n"));
    assert_eq!(none, LayoutError::NoPictures);
    let narrow = told(CodeSystem::MaxiCode, "a", &own("images = [\"raster\"]\ndots = 144\n"));
    assert!(matches!(narrow, LayoutError::PictureTooWide { .. }), "{narrow}");
}

#[test]
fn two_dimensional_codes_go_by_command_where_there_is_one() {
    let all = own(
        "codes = [\"pdf417\", \"aztec\", \"data-matrix\", \"maxi-code\", \"databar-stacked\"]\n",
    );
    for (system, expected) in [
        (CodeSystem::Pdf417, "Pdf417Print"),
        (CodeSystem::Aztec, "AztecPrint"),
        (CodeSystem::DataMatrix, "DataMatrixPrint"),
        (CodeSystem::MaxiCode, "MaxiCodePrint"),
        (CodeSystem::DatabarExpandedStacked, "DataBarPrint"),
    ] {
        let mut document = Document::new();
        document.code(system, "(01)04012345678901");
        let seen = shown(&document, &all);
        assert!(seen.iter().any(|command| command.contains(expected)), "{seen:?}");
    }
}

#[test]
fn a_cutter_that_is_not_fed_is_fed() {
    let mut document = Document::new();
    document.cut();
    let printer = own("cut = [\"partial\"]\nquirks = [\"feed-before-cut\"]\n");
    assert_eq!(encode(&document, &printer).unwrap(), b"\x1B@\x1Bd\x04\x1DV\x01");
    assert_eq!(encode(&document, &own("dots = 384\n")).unwrap(), b"\x1B@\x1Bd\x04");
}

/// Returns the commands that a printer executes at once, wherever they stand.
fn real_time_commands(bytes: &[u8]) -> usize {
    bytes.windows(2).filter(|pair| pair[0] == 0x10 && matches!(pair[1], 4 | 5 | 0x14)).count()
}

#[test]
fn pictures_hold_no_real_time_commands() {
    let rows: Vec<u8> = [0x10, 0x04, 0x01, 0x10, 0x05, 0x02, 0x10, 0x14, 0x01, 0x00].repeat(96);
    let before = rows.iter().map(|byte| byte.count_ones()).sum::<u32>();
    for command in ["raster", "graphics", "columns"] {
        let settings = own(&format!("images = [\"{command}\"]\ndots = 384\n"));
        let mut document = Document::new();
        document.push(Block::Picture(Picture { width: 80, rows: rows.clone() }));
        assert_eq!(real_time_commands(&encode(&document, &settings).unwrap()), 0, "{command}");
    }
    let settings = own("images = [\"raster\"]\ndots = 384\n");
    let mut document = Document::new();
    document.push(Block::Picture(Picture { width: 80, rows }));
    let Some(Command::Image(countertop_wire::escpos::Image::Raster(raster))) =
        commands(&encode(&document, &settings).unwrap())
            .into_iter()
            .find(|it| matches!(it, Command::Image(_)))
    else {
        panic!("there is a picture")
    };
    // A dot each, and no other.
    let after = raster.data().iter().map(|byte| byte.count_ones()).sum::<u32>();
    assert_eq!(after, before + 3 * 96);
}

#[test]
fn codes_that_hold_a_real_time_command_are_drawn() {
    let pulse = "\u{10}\u{14}\u{1}\u{0}\u{1}";
    for system in [CodeSystem::Qr(QrLevel::M), CodeSystem::Pdf417, CodeSystem::Code128] {
        let mut document = Document::new();
        document.code(system, pulse);
        let layout = lay_out(&document, &printer("TM-T88VI")).unwrap();
        assert_eq!(layout.notes, [Note::CodeDrawn(system)]);
        let bytes = encode(&document, &printer("TM-T88VI")).unwrap();
        assert_eq!(real_time_commands(&bytes), 0, "{system:?}");
    }
}

#[test]
fn an_item_number_may_have_its_application_identifier() {
    for system in [
        CodeSystem::DatabarOmnidirectional,
        CodeSystem::DatabarTruncated,
        CodeSystem::DatabarLimited,
        CodeSystem::DatabarStacked,
        CodeSystem::DatabarStackedOmnidirectional,
    ] {
        for settings in [printer("TM-T88VI"), own("images = [\"raster\"]\ndots = 384\n")] {
            let of = |content: &str| {
                let mut document = Document::new();
                document.code(system, content);
                encode(&document, &settings).unwrap()
            };
            assert_eq!(of("(01)0401234567890"), of("0401234567890"), "{system:?}");
        }
    }
}
