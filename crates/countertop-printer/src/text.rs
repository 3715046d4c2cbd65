//! Documents as plain text, for people.

use countertop_device::document::{Align, Block, Document};

use crate::wrap::Measure;

/// Shows `document` in lines of `columns` columns; a Chinese character takes two.
///
/// A QR code shows its content, a picture its size, and a cut a dashed line.
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
    let measure = Measure { columns: usize::from(columns.max(2)), chinese: true };
    let mut text = String::new();
    for line in document.blocks.iter().flat_map(|block| lines(block, measure)) {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn lines(block: &Block, measure: Measure) -> Vec<String> {
    match block {
        Block::Text { text, align, .. } => {
            measure.lines(text).iter().map(|line| place(line, *align, measure)).collect()
        }
        Block::Columns { left, right, .. } => measure.columns(left, right),
        Block::Rule(_) => vec!["-".repeat(measure.columns)],
        Block::Feed(count) => vec![String::new(); usize::from(*count)],
        Block::Code(code) => measure.lines(&format!("[QR {}]", code.content)),
        Block::Picture(picture) => {
            let size = format!("[{} x {}]", picture.width, picture.height());
            vec![measure.centred(&size)]
        }
        Block::Cut => vec!["- ".repeat(measure.columns / 2)],
        // A kind of block that this version does not know takes no place.
        _ => Vec::new(),
    }
}

fn place(line: &str, align: Align, measure: Measure) -> String {
    match align {
        Align::Left => line.to_owned(),
        Align::Centre => measure.centred(line),
        Align::Right => measure.at_right(line),
    }
}

#[cfg(test)]
mod tests {
    use countertop_device::document::{Picture, Style};

    use super::*;

    #[test]
    fn shows_every_kind_of_block() {
        let mut document = Document::new();
        document.centred("签购单", Style::LARGE).line("商户：测试").columns("金额", "￥12.00");
        document.styled("end", Align::Right, Style::PLAIN).push(Block::Feed(1)).qr("a");
        document.push(Block::Picture(Picture { width: 8, rows: vec![0; 3] })).rule().cut();
        let lines = [
            "     签购单",
            "商户：测试",
            "金额     ￥12.00",
            "             end",
            "",
            "[QR a]",
            "    [8 x 3]",
            "----------------",
            "- - - - - - - -",
            "",
        ];
        assert_eq!(render(&document, 16), lines.join("\n"));
    }
}
