//! Documents as plain text, for people.

use core::convert::Infallible;
use core::fmt::Write as _;

use countertop_device::document::{Align, Block, Code, Document, Rule};

use crate::wrap::{self, Class, Classes, Metrics, Piece};

/// Shows `document` in lines of `columns` columns; a Chinese character takes two.
///
/// Sizes and looks are not shown. A code shows its content, a picture its size, and a cut a dashed
/// line.
///
/// ```
/// use countertop_device::document::Document;
///
/// let mut document = Document::new();
/// document.columns("TOTAL", "12.00").rule();
/// assert_eq!(countertop_printer::text::render(&document, 12), "TOTAL  12.00\n------------\n");
/// ```
#[must_use]
pub fn render(document: &Document, columns: u16) -> String {
    let capacity = usize::from(columns.max(2));
    let metrics = Metrics { capacity, cells: [1; 3], sized: false, classes: &AllOfUnicode };
    let mut text = String::new();
    for block in &document.blocks {
        let Ok(is_text) = wrap::lines(block, &metrics, &mut |align, pieces| {
            line(&mut text, align, pieces, &metrics);
            Ok::<(), Infallible>(())
        });
        if !is_text {
            other(&mut text, block, &metrics);
        }
    }
    text
}

/// Leaves it to Unicode how wide a character is.
struct AllOfUnicode;

impl Classes for AllOfUnicode {
    fn class(&self, _: char) -> Class {
        Class::Missing
    }
}

fn line(text: &mut String, align: Align, pieces: &[Piece<'_>], metrics: &Metrics<'_>) {
    let width: usize = pieces.iter().map(|piece| metrics.piece(piece)).sum();
    let room = metrics.capacity.saturating_sub(width);
    let begin = text.len();
    space(
        text,
        match align {
            Align::Left => 0,
            Align::Centre => room / 2,
            Align::Right => room,
        },
    );
    for piece in pieces {
        match piece {
            Piece::Text(part, _) => text.push_str(part),
            Piece::Gap(width, _) => space(text, *width),
        }
    }
    let end = begin + text.get(begin..).unwrap_or_default().trim_end().len();
    text.truncate(end);
    text.push('\n');
}

fn space(text: &mut String, columns: usize) {
    text.extend(core::iter::repeat_n(' ', columns));
}

/// Shows a block that is no text.
fn other(text: &mut String, block: &Block, metrics: &Metrics<'_>) {
    let columns = metrics.columns();
    let mut shown = String::new();
    match block {
        Block::Rule(Rule::Solid) => shown.push_str(&"_".repeat(columns)),
        Block::Feed(count) => {
            text.extend(core::iter::repeat_n('\n', usize::from(*count)));
            return;
        }
        Block::Code(code) => return code_lines(text, code, metrics),
        Block::Picture(picture) => {
            let _ = write!(shown, "[{} x {}]", picture.width, picture.height());
        }
        Block::Image(image) => {
            let _ = write!(shown, "[{} x {}]", image.width(), image.height());
        }
        Block::Cut => shown.push_str(&"- ".repeat(columns / 2)),
        // What moves no paper, and a kind of block that this version does not know, take no place.
        _ => return,
    }
    let pieces = [Piece::Text(&shown, countertop_device::document::Style::PLAIN)];
    line(text, Align::Centre, &pieces, metrics);
}

fn code_lines(text: &mut String, code: &Code, metrics: &Metrics<'_>) {
    let shown = Block::Text {
        text: format!("[{} {}]", name(code), code.content),
        align: Align::Left,
        style: countertop_device::document::Style::PLAIN,
    };
    let Ok(_) = wrap::lines(&shown, metrics, &mut |align, pieces| {
        line(text, align, pieces, metrics);
        Ok::<(), Infallible>(())
    });
}

/// Returns the name of a kind of code.
fn name(code: &Code) -> &'static str {
    use countertop_device::document::CodeSystem as Is;
    match code.system {
        Is::Aztec => "Aztec",
        Is::Codabar => "Codabar",
        Is::Code128 => "Code 128",
        Is::Code39 => "Code 39",
        Is::Code93 => "Code 93",
        Is::DatabarExpanded
        | Is::DatabarExpandedStacked
        | Is::DatabarLimited
        | Is::DatabarOmnidirectional
        | Is::DatabarStacked
        | Is::DatabarStackedOmnidirectional
        | Is::DatabarTruncated => "GS1 DataBar",
        Is::DataMatrix => "Data Matrix",
        Is::Ean13 => "EAN-13",
        Is::Ean8 => "EAN-8",
        Is::Gs1128 => "GS1-128",
        Is::Itf => "ITF",
        Is::MaxiCode => "MaxiCode",
        Is::Pdf417 => "PDF417",
        Is::Qr(_) => "QR",
        Is::UpcA => "UPC-A",
        Is::UpcE => "UPC-E",
        _ => "code",
    }
}

#[cfg(test)]
mod tests {
    use countertop_device::document::{
        Column, DrawerPort, Image, Picture, Run, Style, Table, Width,
    };

    use super::*;

    #[test]
    fn shows_every_kind_of_block() {
        let mut document = Document::new();
        document.centred("签购单", Style::LARGE).line("商户：测试").columns("金额", "￥12.00");
        document.styled("end", Align::Right, Style::PLAIN).push(Block::Feed(1)).qr("a");
        document.push(Block::Picture(Picture { width: 8, rows: vec![0; 3] })).rule();
        document.runs(vec![Run::new("b", Style::BOLD), " c".into()], Align::Left);
        let right = Column::new(Width::Share(1), Align::Right);
        document.table(Table::new(vec![Column::default(), right]).with_row(["茶", "2.50"]));
        document.push(Block::Image(Image::new(2, vec![0; 6]).unwrap()));
        document.push(Block::Drawer(DrawerPort::First)).push(Block::Beep { times: 1 });
        document.push(Block::Rule(Rule::Solid)).cut();
        let lines = [
            "     签购单",
            "商户：测试",
            "金额     ￥12.00",
            "             end",
            "",
            "[QR a]",
            "    [8 x 3]",
            "----------------",
            "b c",
            "茶          2.50",
            "    [2 x 3]",
            "________________",
            "- - - - - - - -",
            "",
        ];
        assert_eq!(render(&document, 16), lines.join("\n"));
    }
}
