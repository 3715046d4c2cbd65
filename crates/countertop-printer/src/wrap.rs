//! Breaking text into lines by the columns that it takes on paper.

use countertop_wire::escpos::{char_columns, text_columns};
use unicode_linebreak::{BreakOpportunity, linebreaks};

/// Is what lines are broken for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measure {
    /// Columns of a line.
    pub(crate) columns: usize,
    /// Whether wide characters take two columns.
    pub(crate) chinese: bool,
}

impl Measure {
    /// Returns the columns that `text` takes.
    pub(crate) fn width(self, text: &str) -> usize {
        text_columns(text, self.chinese)
    }

    /// Breaks `text` into lines where Unicode allows it (UAX #14), else where the line is full.
    /// An empty text is one empty line.
    pub(crate) fn lines(self, text: &str) -> Vec<String> {
        let mut filling =
            Filling { measure: self, lines: Vec::new(), line: String::new(), width: 0 };
        let mut from = 0;
        for (to, opportunity) in linebreaks(text) {
            filling.append(&text[from..to]);
            from = to;
            if opportunity == BreakOpportunity::Mandatory && to < text.len() {
                filling.end_line();
            }
        }
        filling.finish()
    }

    /// Puts two texts at the two margins: on one line when they fit with a space between, else on
    /// lines of their own.
    pub(crate) fn columns(self, left: &str, right: &str) -> Vec<String> {
        let gap = self.columns.checked_sub(self.width(left) + self.width(right));
        match gap {
            Some(gap) if gap > 0 && !left.contains('\n') && !right.contains('\n') => {
                vec![format!("{left}{}{right}", " ".repeat(gap))]
            }
            _ => {
                let mut lines = if left.is_empty() { Vec::new() } else { self.lines(left) };
                lines.extend(self.lines(right).iter().map(|line| self.at_right(line)));
                lines
            }
        }
    }

    /// Moves a line to the right margin.
    pub(crate) fn at_right(self, line: &str) -> String {
        let gap = self.columns.saturating_sub(self.width(line));
        format!("{}{line}", " ".repeat(gap))
    }

    /// Moves a line to the middle.
    pub(crate) fn centred(self, line: &str) -> String {
        let gap = self.columns.saturating_sub(self.width(line)) / 2;
        format!("{}{line}", " ".repeat(gap))
    }
}

/// Is lines that are being filled.
struct Filling {
    measure: Measure,
    lines: Vec<String>,
    line: String,
    width: usize,
}

impl Filling {
    fn end_line(&mut self) {
        if !self.line.is_empty() {
            self.lines.push(self.line.trim_end().to_owned());
            self.line.clear();
            self.width = 0;
        }
    }

    /// Appends a piece that has no place to break, in parts when it is longer than a line.
    fn append(&mut self, piece: &str) {
        if self.width + self.measure.width(piece.trim_end()) > self.measure.columns {
            self.end_line();
        }
        for char in piece.chars().filter(|char| !matches!(char, '\n' | '\r')) {
            let columns = char_columns(char, self.measure.chinese);
            if self.width + columns > self.measure.columns && !char.is_whitespace() {
                self.end_line();
            }
            self.line.push(char);
            self.width += columns;
        }
    }

    fn finish(mut self) -> Vec<String> {
        if !self.line.trim_end().is_empty() || self.lines.is_empty() {
            self.lines.push(self.line.trim_end().to_owned());
        }
        self.lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NARROW: Measure = Measure { columns: 10, chinese: true };

    #[test]
    fn breaks_between_words() {
        assert_eq!(NARROW.lines("to be or not to be"), ["to be or", "not to be"]);
        assert_eq!(NARROW.lines(""), [""]);
        assert_eq!(NARROW.lines("a\nb\n\nc"), ["a", "b", "c"]);
    }

    #[test]
    fn breaks_long_words_where_the_line_is_full() {
        assert_eq!(NARROW.lines("0123456789abc de"), ["0123456789", "abc de"]);
        assert_eq!(NARROW.lines("x 0123456789abc"), ["x", "0123456789", "abc"]);
    }

    #[test]
    fn breaks_chinese_by_two_columns_and_keeps_its_full_stop() {
        assert_eq!(NARROW.lines("持卡人确认以上交易"), ["持卡人确认", "以上交易"]);
        assert_eq!(NARROW.lines("持卡人确认。好"), ["持卡人确", "认。好"]);
    }

    #[test]
    fn no_line_is_wider_than_the_paper() {
        let text = "商户名称MERCHANT NAME 测试商店（北京）有限公司 1234567890123456789";
        for columns in 2..40 {
            let measure = Measure { columns, chinese: true };
            let lines = measure.lines(text);
            assert!(lines.iter().all(|line| measure.width(line) <= columns), "{columns} {lines:?}");
            let joined: String = lines.concat();
            assert_eq!(joined.replace(' ', ""), text.replace(' ', ""));
        }
    }

    #[test]
    fn columns_share_a_line_when_they_fit() {
        assert_eq!(NARROW.columns("合计", "1.00"), ["合计  1.00"]);
        assert_eq!(NARROW.columns("合计金额", "1.00"), ["合计金额", "      1.00"]);
        assert_eq!(NARROW.columns("", "1.00"), ["      1.00"]);
    }
}
