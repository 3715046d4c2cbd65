//! Blocks of code: text as it is, codes to scan, and what moves the mechanism.

use countertop_device::document::{Align, Block, Code, DrawerPort, Rule, Style};
use pulldown_cmark::CodeBlockKind;

use super::options::system;
use crate::source::txt;

/// Is a block that begins with three backquotes.
#[derive(Debug)]
pub(super) struct Fence {
    info: String,
    pub(super) text: String,
}

impl Fence {
    pub(super) fn new(kind: &CodeBlockKind<'_>) -> Self {
        let info = match kind {
            CodeBlockKind::Fenced(info) => info.trim().to_owned(),
            CodeBlockKind::Indented => String::new(),
        };
        Self { info, text: String::new() }
    }

    /// Returns what is printed of it.
    ///
    /// # Errors
    ///
    /// For a word behind the backquotes that is not known.
    pub(super) fn blocks(self) -> Result<Vec<Block>, String> {
        let mut words = self.info.split_whitespace();
        let (name, argument) = (words.next().unwrap_or_default(), words.next());
        let block = match name {
            "" | "text" => return Ok(self.lines(Align::Left)),
            "centre" | "center" => return Ok(self.lines(Align::Centre)),
            "right" => return Ok(self.lines(Align::Right)),
            "cut" => Block::Cut,
            "beep" => Block::Beep { times: number(argument)? },
            "feed" => Block::Feed(number(argument)?),
            "drawer" => Block::Drawer(match argument {
                None | Some("first") => DrawerPort::First,
                Some("second") => DrawerPort::Second,
                Some(other) => return Err(format!("there is no drawer `{other}`")),
            }),
            "rule" => Block::Rule(match argument {
                None | Some("dashed") => Rule::Dashed,
                Some("double") => Rule::Double,
                Some("dotted") => Rule::Dotted,
                Some("solid") => Rule::Solid,
                Some(other) => return Err(format!("there is no rule `{other}`")),
            }),
            "barcode" => self.code(argument.unwrap_or_default())?,
            other => self.code(other)?,
        };
        Ok(vec![block])
    }

    fn lines(&self, align: Align) -> Vec<Block> {
        let line = |line: &str| match txt::clean(line) {
            empty if empty.is_empty() => Block::Feed(1),
            text => Block::Text { text, align, style: Style::PLAIN },
        };
        self.text.lines().map(line).collect()
    }

    fn code(&self, name: &str) -> Result<Block, String> {
        Ok(Block::Code(Code::new(system(name)?, self.text.trim_end_matches('\n'))))
    }
}

fn number(argument: Option<&str>) -> Result<u8, String> {
    let Some(text) = argument else { return Ok(1) };
    text.parse().map_err(|_| format!("`{text}` is no number up to 255"))
}
