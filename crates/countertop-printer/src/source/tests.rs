use countertop_device::document::{
    Align, Block, CodeSystem, Column, Dither, Font, QrLevel, Rule, Scale, Size, Style, Underline,
    Width,
};

use super::*;

fn message<T: core::fmt::Debug>(result: Result<T, SourceError>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn text_is_lines() {
    let document = txt::parse("a\u{1b}pb\n\nc\td\n");
    let mut expected = Document::new();
    expected.line("apb").push(Block::Feed(1)).line("c       d");
    assert_eq!(document, expected);
}

#[test]
fn toml_is_blocks() {
    let text = r#"
[[block]]
runs = { runs = [{ text = "a", style = { underline = "thick" } }, { text = "b" }], align = "right" }
[[block]]
table = { columns = [{ width = { share = 2 } }, { width = "content", align = "right" }], rows = [[[{ text = "x" }], [{ text = "y" }]]] }
[[block]]
code = { system = { qr = "h" }, content = "c", module = 4 }
[[block]]
rule = "solid"
[[block]]
drawer = "second"
[[block]]
beep = 2
[[block]]
feed = 3
[[block]]
cut = false
[[block]]
cut = true
"#;
    let document = toml::parse(text, &Folder::none()).unwrap();
    assert_eq!(document.blocks.len(), 8);
    let Block::Code(code) = &document.blocks[2] else { panic!() };
    assert_eq!((code.system, code.module), (CodeSystem::Qr(QrLevel::H), Some(4)));
    let Block::Table(table) = &document.blocks[1] else { panic!() };
    assert_eq!(table.columns[1], Column::new(Width::Content, Align::Right));
}

#[test]
fn mistakes_in_toml_have_a_line() {
    let mistake = |text| message(toml::parse(text, &Folder::none()));
    let unknown = mistake("[[block]]\nfeed = 1\n[[block]]\ntext = { text = \"a\", colour = 1 }\n");
    assert!(unknown.starts_with("line 4: ") && unknown.contains("colour"), "{unknown}");
    let kind = mistake("[[block]]\nfede = 1\n");
    assert!(kind.starts_with("line 2: ") && kind.contains("fede"), "{kind}");
    let value = mistake("[[block]]\ntext = { text = \"a\",\n style = { size = [9, 1] } }\n");
    assert!(value.starts_with("line 3: ") && value.contains("1 to 8"), "{value}");
    let image = mistake("\n[[block]]\nimage = { file = \"a.png\" }\n");
    assert_eq!(image, "line 3: pictures are not allowed in this document");
}

#[test]
fn files_are_read_by_their_names() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    assert_eq!(read(&file("a.txt", b"x")).unwrap().blocks.len(), 1);
    assert_eq!(read(&file("a.toml", b"[[block]]\ncut = true\n")).unwrap().blocks, [Block::Cut]);
    assert_eq!(read(&file("a.MD", b"---\n")).unwrap().blocks, [Block::Rule(Rule::Dashed)]);
    assert!(message(read(&file("a.pdf", b""))).contains(".md"));
    assert!(message(read(&folder.path().join("b.txt"))).contains("b.txt"));
    let large = vec![b'x'; MAX_TEXT as usize + 1];
    assert!(message(read(&file("large.txt", &large))).contains("1048577 bytes"));
}

fn png(folder: &Path, name: &str) {
    ::image::GrayImage::from_pixel(4, 2, ::image::Luma([9])).save(folder.join(name)).unwrap();
}

#[test]
fn pictures_come_from_the_documents_folder_alone() {
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("receipts");
    fs::create_dir_all(folder.join("logos")).unwrap();
    png(&folder, "logos/a.png");
    png(outer.path(), "secret.png");
    std::os::unix::fs::symlink(outer.path().join("secret.png"), folder.join("link.png")).unwrap();
    fs::write(folder.join("broken.png"), b"no picture").unwrap();
    let of = |name: &str| {
        let text =
            format!("[[block]]\nimage = {{ file = \"{name}\", scale = {{ percent = 50 }} }}\n");
        toml::parse(&text, &Folder::new(&folder))
    };
    let Block::Image(image) = &of("logos/a.png").unwrap().blocks[0] else { panic!() };
    assert_eq!((image.width(), image.scale), (4, Scale::Percent(50)));
    for name in ["../secret.png", "link.png", "logos/../../secret.png"] {
        assert!(message(of(name)).contains("not in the document's folder"), "{name}");
    }
    let whole = outer.path().join("secret.png");
    assert!(message(of(whole.to_str().unwrap())).contains("not in the document's folder"));
    assert!(message(of("missing.png")).starts_with("line 2: `missing.png`"));
    assert!(message(of("broken.png")).contains("no PNG or JPEG"));
}

mod in_markdown {
    use super::*;

    fn parsed(text: &str) -> Vec<Block> {
        markdown::parse(text, &Folder::none()).unwrap().blocks
    }

    fn mistake(text: &str) -> String {
        message(markdown::parse(text, &Folder::none()))
    }

    #[test]
    fn headings_are_large() {
        let mut expected = Document::new();
        expected.centred("One", Style::LARGE);
        expected.centred("Two", Style { size: Size::TALL, ..Style::BOLD });
        expected.centred("Three", Style::BOLD).styled("Four", Align::Left, Style::BOLD);
        assert_eq!(parsed("# One\n## Two\n### Three\n#### Four\n"), expected.blocks);
    }

    #[test]
    fn marks_are_looks() {
        let blocks = parsed("plain **bold *both*** *thin* `small`  \nnext\n");
        let Block::Runs { runs, .. } = &blocks[0] else { panic!("{blocks:?}") };
        let thin = Style { underline: Underline::Thin, ..Style::PLAIN };
        let both = Style { underline: Underline::Thin, ..Style::BOLD };
        let small = Style { font: Font::B, ..Style::PLAIN };
        let expected = [
            ("plain ", Style::PLAIN),
            ("bold ", Style::BOLD),
            ("both", both),
            (" ", Style::PLAIN),
            ("thin", thin),
            (" ", Style::PLAIN),
            ("small", small),
            ("\nnext", Style::PLAIN),
        ];
        let seen: Vec<_> = runs.iter().map(|run| (run.text.as_str(), run.style)).collect();
        assert_eq!(seen, expected);
    }

    #[test]
    fn tables_lists_and_quotes() {
        let text = "| Item | Price |\n|:--|--:|\n| Tea | **2.50** |\n\n- a\n- b\n  1. c\n  2. d\n\n> quote\n";
        let mut document = Document::new();
        document.blocks = parsed(text);
        let shown = crate::text::render(&document, 12);
        assert_eq!(shown, "Item   Price\nTea     2.50\n- a\n- b\n  1. c\n  2. d\n> quote\n");
        let Block::Table(table) = &document.blocks[0] else { panic!() };
        assert!(table.rows[0][0].runs[0].style.bold && table.rows[1][1].runs[0].style.bold);
        assert!(!table.rows[1][0].runs[0].style.bold);
    }

    #[test]
    fn codes_are_images_or_fences() {
        let blocks = parsed(
            "![qr](https://example.com) ![barcode ean13](400638133393)\n\n```qr-h\na b\n```\n```barcode code39\nABC\n```\n",
        );
        let codes: Vec<_> = blocks
            .iter()
            .map(|block| match block {
                Block::Code(code) => (code.system, code.content.as_str()),
                other => panic!("{other:?}"),
            })
            .collect();
        let expected = [
            (CodeSystem::Qr(QrLevel::M), "https://example.com"),
            (CodeSystem::Ean13, "400638133393"),
            (CodeSystem::Qr(QrLevel::H), "a b"),
            (CodeSystem::Code39, "ABC"),
        ];
        assert_eq!(codes, expected);
    }

    #[test]
    fn fences_are_as_they_are_or_act() {
        let blocks = parsed(
            "```\n  a  b\n\nc\n```\n```centre\nd\n```\n```feed 3\n```\n```drawer second\n```\n```beep\n```\n```rule double\n```\n```cut\n```\n",
        );
        let mut expected = Document::new();
        expected.line("  a  b").push(Block::Feed(1)).line("c").centred("d", Style::PLAIN);
        expected.push(Block::Feed(3));
        expected.push(Block::Drawer(countertop_device::document::DrawerPort::Second));
        expected.push(Block::Beep { times: 1 }).push(Block::Rule(Rule::Double)).cut();
        assert_eq!(blocks, expected.blocks);
    }

    #[test]
    fn breaks_and_comments_are_all_of_html() {
        let mut expected = Document::new();
        expected.line("a\nb").push(Block::Feed(1)).line("c");
        assert_eq!(parsed("<!-- note -->\n\na<br>b\n\n<br>\n\nc\n"), expected.blocks);
        assert!(mistake("\n<b>a</b>\n").starts_with("line 2: HTML is not printed"));
    }

    #[test]
    fn mistakes_have_a_line() {
        assert_eq!(mistake("a\n\n```qrr\nx\n```\n"), "line 3: `qrr` is no kind of code");
        assert_eq!(mistake("```feed x\n```\n"), "line 1: `x` is no number up to 255");
        assert!(mistake("a\n![b](c.png)\n").starts_with("line 2: pictures are not allowed"));
    }

    #[test]
    fn an_image_that_is_none_is_a_mistake() {
        let what = mistake("a\n\nb ![qr](two words)\n");
        assert_eq!(what, "line 3: this is no image; what has spaces stands in <…>: ![qr](<a b>)");
        let blocks = parsed("![qr](<two words>)");
        assert!(matches!(&blocks[0], Block::Code(code) if code.content == "two words"));
        assert!(matches!(parsed("`![a](b c)`").as_slice(), [Block::Text { .. }]));
        assert!(matches!(parsed(r"\![a](b c)").as_slice(), [Block::Text { .. }]));
    }

    #[test]
    fn pictures_have_options() {
        let folder = tempfile::tempdir().unwrap();
        png(folder.path(), "a.png");
        let of = |title: &str| {
            markdown::parse(&format!("![logo](a.png \"{title}\")"), &Folder::new(folder.path()))
        };
        let Block::Image(image) = &of("50% atkinson").unwrap().blocks[0] else { panic!() };
        assert_eq!((image.scale, image.dither), (Scale::Percent(50), Dither::Atkinson));
        assert!(message(of("large")).contains("`large` is no option"));
    }

    #[test]
    fn control_characters_are_left_out() {
        assert_eq!(parsed("a\u{1b}pb"), txt::parse("apb").blocks);
    }
}
