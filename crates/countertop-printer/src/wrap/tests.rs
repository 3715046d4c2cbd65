use core::convert::Infallible;

use countertop_device::document::{Column, Font, Run, Size, Table, Width};
use proptest::prelude::*;

use super::*;

struct Chinese;

impl Classes for Chinese {
    fn class(&self, char: char) -> Class {
        if char > '\u{2E7F}' { Class::Wide } else { Class::Missing }
    }
}

fn of(columns: usize) -> Metrics<'static> {
    Metrics { capacity: columns * 12, cells: [12, 9, 8], sized: true, classes: &Chinese }
}

/// Shows a block's lines, a gap as so many spaces, styles left out.
fn shown(block: &Block, metrics: &Metrics<'_>) -> Vec<String> {
    let mut lines_seen = Vec::new();
    let Ok(known) = lines(block, metrics, &mut |_, pieces| {
        let piece = |piece: &Piece<'_>| match piece {
            Piece::Text(text, _) => (*text).to_owned(),
            Piece::Gap(width, style) => " ".repeat(width / metrics.narrow(*style)),
        };
        lines_seen.push(pieces.iter().map(piece).collect());
        Ok::<(), Infallible>(())
    });
    assert!(known);
    lines_seen
}

fn text(text: &str) -> Block {
    Block::Text { text: text.into(), align: Align::Left, style: Style::PLAIN }
}

fn columns(left: &str, right: &str) -> Block {
    Block::Columns { left: left.into(), right: right.into(), style: Style::PLAIN }
}

#[test]
fn breaks_between_words() {
    assert_eq!(shown(&text("to be or not to be"), &of(10)), ["to be or", "not to be"]);
    assert_eq!(shown(&text(""), &of(10)), [""]);
    assert_eq!(shown(&text("a\nb\n\nc"), &of(10)), ["a", "b", "c"]);
    assert_eq!(shown(&text("a\r\nb\n"), &of(10)), ["a", "b"]);
}

#[test]
fn breaks_long_words_where_the_line_is_full() {
    assert_eq!(shown(&text("0123456789abc de"), &of(10)), ["0123456789", "abc de"]);
    assert_eq!(shown(&text("x 0123456789abc"), &of(10)), ["x", "0123456789", "abc"]);
}

#[test]
fn breaks_chinese_by_two_columns_and_keeps_its_full_stop() {
    assert_eq!(shown(&text("持卡人确认以上交易"), &of(10)), ["持卡人确认", "以上交易"]);
    assert_eq!(shown(&text("持卡人确认。好"), &of(10)), ["持卡人确", "认。好"]);
}

#[test]
fn columns_share_a_line_when_they_fit() {
    assert_eq!(shown(&columns("合计", "1.00"), &of(10)), ["合计  1.00"]);
    assert_eq!(shown(&columns("合计金额", "1.00"), &of(10)), ["合计金额", "      1.00"]);
    assert_eq!(shown(&columns("", "1.00"), &of(10)), ["      1.00"]);
}

#[test]
fn looks_change_within_a_line() {
    let wide = Style { size: Size::WIDE, ..Style::PLAIN };
    let runs = vec![Run::new("to be ", wide), "or not ".into(), Run::new("to", Style::BOLD)];
    let block = Block::Runs { runs, align: Align::Left };
    let mut seen = Vec::new();
    let Ok(_) = lines(&block, &of(12), &mut |_, pieces| {
        let texts = pieces.iter().map(|piece| match piece {
            Piece::Text(text, style) => format!("{text}/{}{}", style.size.width(), style.bold),
            Piece::Gap(..) => String::new(),
        });
        seen.push(texts.collect::<Vec<_>>().join("|"));
        Ok::<(), Infallible>(())
    });
    assert_eq!(seen, ["to be/2false", "or not /1false|to/1true"]);
}

#[test]
fn a_small_font_holds_more() {
    let small = Style { font: Font::B, ..Style::PLAIN };
    let block = Block::Text { text: "0123456789abcdef".into(), align: Align::Left, style: small };
    assert_eq!(shown(&block, &of(10)), ["0123456789abc", "def"]);
}

fn menu() -> Table {
    Table::new(vec![
        Column::new(Width::Share(1), Align::Left),
        Column::new(Width::Fixed(3), Align::Right),
        Column::new(Width::Content, Align::Right),
    ])
    .with_row(["Green tea 绿茶", "2", "12.00"])
    .with_row(["Cake", "10", "8.50"])
}

#[test]
fn cells_stand_below_each_other() {
    let expected = ["Green tea     2 12.00", "绿茶", "Cake         10  8.50"];
    assert_eq!(shown(&Block::Table(menu()), &of(21)), expected);
}

#[test]
fn columns_that_share_divide_what_is_left() {
    let column = |parts, align| Column::new(Width::Share(parts), align);
    let columns = vec![column(1, Align::Left), column(2, Align::Centre), column(1, Align::Right)];
    let table = Table::new(columns).with_row(["a", "b", "c"]);
    assert_eq!(shown(&Block::Table(table), &of(19)), ["a        b        c"]);
}

#[test]
fn wide_content_gives_way_and_a_table_without_room_becomes_lines() {
    let column = Column::new(Width::Content, Align::Left);
    let table = Table::new(vec![column, column]).with_row(["abcdefghij", "kl"]);
    assert_eq!(shown(&Block::Table(table), &of(8)), ["abcde kl", "fghij"]);
    let fixed = Column::new(Width::Fixed(9), Align::Left);
    let table = Table::new(vec![fixed, fixed]).with_row(["a", "b"]);
    assert_eq!(shown(&Block::Table(table), &of(8)), ["a", "b"]);
}

#[test]
fn rules_are_as_wide_as_the_paper() {
    assert_eq!(shown(&Block::Rule(Rule::Double), &of(5)), ["====="]);
}

proptest! {
    #[test]
    fn no_line_is_wider_than_the_paper_and_nothing_is_lost(
        words in prop::collection::vec(("[a-z ]{0,14}|[商户名称（）]{0,9}|\u{301}", 1_u8..4), 0..9),
        columns in 6_usize..40,
    ) {
        let runs: Vec<_> = words
            .iter()
            .map(|(text, width)| {
                let size = Size::new(*width, 1).unwrap();
                Run::new(text.clone(), Style { size, ..Style::PLAIN })
            })
            .collect();
        let metrics = of(columns);
        let mut joined = String::new();
        let block = Block::Runs { runs, align: Align::Left };
        lines(&block, &metrics, &mut |_, pieces| {
            let width: usize = pieces.iter().map(|piece| metrics.piece(piece)).sum();
            prop_assert!(width <= metrics.capacity, "{width} of {}", metrics.capacity);
            for piece in pieces {
                if let Piece::Text(text, _) = piece {
                    joined.push_str(text);
                }
            }
            Ok(())
        })?;
        let whole: String = words.iter().map(|(text, _)| text.as_str()).collect();
        prop_assert_eq!(joined.replace(' ', ""), whole.replace(' ', ""));
    }
}

/// Shows the lines of `block`, each with the texts of one look joined.
fn joined(block: &Block, metrics: &Metrics<'_>) -> Vec<String> {
    let mut seen = Vec::new();
    let Ok(_) = lines(block, metrics, &mut |_, pieces| {
        let text = pieces.iter().map(|piece| match piece {
            Piece::Text(text, _) => *text,
            Piece::Gap(..) => "",
        });
        seen.push(text.collect::<String>());
        Ok::<(), Infallible>(())
    });
    seen
}

proptest! {
    /// A text of one look is broken by its words, one of several by its characters.
    #[test]
    fn a_text_is_broken_alike_in_one_look_and_in_two(
        words in prop::collection::vec("[a-z .,-]{0,9}|[商户名（）。]{0,7}|[éĳ\u{301}]|\n|\r\n| {0,9}", 0..9),
        columns in 2_usize..24,
        at in any::<prop::sample::Index>(),
    ) {
        let whole: String = words.concat();
        let places: Vec<_> = whole.char_indices().map(|(place, _)| place).collect();
        let place = if places.is_empty() { 0 } else { *at.get(&places) };
        let (first, second) = whole.split_at(place);
        let one = Block::Text { text: whole.clone(), align: Align::Left, style: Style::PLAIN };
        let two = Block::Runs { runs: vec![first.into(), second.into()], align: Align::Left };
        let metrics = of(columns);
        prop_assert_eq!(joined(&one, &metrics), joined(&two, &metrics));
    }
}
