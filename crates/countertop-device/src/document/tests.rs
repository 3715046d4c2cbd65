use super::*;

fn every_block() -> Document {
    let columns = vec![
        Column::new(Width::Share(1), Align::Left),
        Column::new(Width::Fixed(6), Align::Right),
        Column::new(Width::Content, Align::Right),
    ];
    let mut document = Document::new();
    document.centred("签购单", Style::LARGE).columns("a", "b").rule().qr("x");
    document.runs(vec![Run::new("bold", Style::BOLD), " plain".into()], Align::Right);
    document.table(Table::new(columns).with_row(["tea", "1", "2.50"]));
    document.push(Block::Rule(Rule::Solid)).push(Block::Feed(2)).code(CodeSystem::Gs1128, "(01)1");
    document.push(Block::Picture(Picture { width: 8, rows: vec![0xFF] }));
    let image = Image::new(2, vec![0, 255]).unwrap();
    document.push(Block::Image(image.with_dither(Dither::Threshold(9)).with_scale(Scale::Dots(7))));
    document.push(Block::Drawer(DrawerPort::Second)).push(Block::Beep { times: 2 }).cut();
    document
}

#[test]
fn a_document_can_be_stored() {
    let text = serde_json::to_string(&every_block()).unwrap();
    assert_eq!(serde_json::from_str::<Document>(&text).unwrap(), every_block());
    for name in ["\"gs1-128\"", "\"floyd", "\"text\"", "{\"qr\":\"m\"}", "\"threshold\":9"] {
        assert_eq!(text.contains(name), name != "\"floyd", "{name} in {text}");
    }
}

#[test]
fn what_need_not_be_said_has_a_default() {
    let text = r#"{"blocks":[{"text":{"text":"a","style":{"underline":"thick"}}},
        {"code":{"system":"ean13","content":"1"}},{"table":{"columns":[{}],"rows":[]}}]}"#;
    let document: Document = serde_json::from_str(text).unwrap();
    let underlined = Style { underline: Underline::Thick, ..Style::PLAIN };
    let mut expected = Document::new();
    expected.styled("a", Align::Left, underlined).code(CodeSystem::Ean13, "1");
    expected.table(Table::new(vec![Column::default()]));
    assert_eq!(document, expected);
}

#[test]
fn a_misspelt_name_is_refused() {
    let text = r#"{"blocks":[{"text":{"text":"a","style":{"blod":true}}}]}"#;
    let error = serde_json::from_str::<Document>(text).unwrap_err();
    assert!(error.to_string().contains("blod"), "{error}");
}

#[test]
fn sizes_are_from_1_to_8() {
    assert_eq!(Size::new(8, 1).map(|size| (size.width(), size.height())), Some((8, 1)));
    for (width, height) in [(0, 1), (1, 0), (9, 1), (1, 9)] {
        assert_eq!(Size::new(width, height), None);
        let text = format!("[{width},{height}]");
        assert!(serde_json::from_str::<Size>(&text).is_err(), "{text}");
    }
}

#[test]
fn images_are_whole_rows() {
    assert!(Image::new(0, vec![]).is_none());
    assert!(Image::new(0, vec![1]).is_none());
    assert!(Image::new(2, vec![]).is_none());
    assert!(Image::new(2, vec![1; 3]).is_none());
    assert_eq!(Image::new(2, vec![1; 6]).map(|image| image.height()), Some(3));
    let text = r#"{"width":2,"luma":[1]}"#;
    assert!(serde_json::from_str::<Image>(text).unwrap_err().to_string().contains("whole"));
}
