//! Commands as lines that a person can read.

use core::fmt::{self, Write};

use countertop_wire::escpos::{Command, Image, Parser};
use serde::Serialize;

/// Is one command of a stream, described.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ListedCommand {
    /// Where it begins in the stream.
    pub offset: u64,
    /// How many bytes it has.
    pub length: usize,
    /// Its name and what it says, at most some hundred characters.
    pub command: String,
}

/// Lists the commands of a stream in order.
///
/// ```
/// let listed = countertop_virtual::printer::list_commands(b"\x1b@Total\n");
/// let lines: Vec<_> = listed.iter().map(|it| it.command.as_str()).collect();
/// assert_eq!(lines, ["Mechanism(Initialize)", "Text(\"Total\")", "Position(LineFeed)"]);
/// ```
#[must_use]
pub fn list_commands(bytes: &[u8]) -> Vec<ListedCommand> {
    let mut parser = Parser::new();
    parser.feed(bytes);
    let mut listed = Vec::new();
    let mut offset = 0;
    let mut list = |command: &Command, pending: usize| {
        let end = bytes.len() - pending;
        let begin = core::mem::replace(&mut offset, end);
        let length = end - begin;
        listed.push(ListedCommand { offset: begin as u64, length, command: describe(command) });
    };
    while let Some(command) = parser.next_command() {
        list(&command, parser.pending());
    }
    if let Some(rest) = parser.finish() {
        list(&rest, 0);
    }
    listed
}

/// Describes a command: its family and name as in the codec, long data by its size.
#[must_use]
pub fn describe(command: &Command) -> String {
    match command {
        Command::Text(text) => format!("Text(\"{}\")", text.bytes().escape_ascii()),
        Command::Image(Image::Raster(raster)) => {
            let (width, rows) = (raster.bytes_per_row(), raster.rows());
            format!("Image(Raster, {:?}, {width} bytes × {rows} rows)", raster.scale())
        }
        Command::Image(Image::Columns(strip)) => {
            format!("Image(Columns, {:?}, {} columns)", strip.density(), strip.columns())
        }
        Command::Image(Image::StoreGraphics(it)) => {
            format!("Image(StoreGraphics, {} × {} dots)", it.width(), it.height())
        }
        other => shortened(other),
    }
}

/// The longest description, in bytes, before `…` follows.
const SHOWN: usize = 160;

/// Stops what is written when it is long, so that a picture's dots are not all turned into text.
struct Short(String);

impl Write for Short {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.push_str(text);
        if self.0.len() > SHOWN { Err(fmt::Error) } else { Ok(()) }
    }
}

fn shortened(command: &Command) -> String {
    let mut short = Short(String::new());
    if write!(short, "{command:?}").is_err() {
        short.0.push('…');
    }
    short.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_belongs_to_a_command() {
        let bytes =
            b"\x1b@caf\x82\n\x1dv0\x00\x01\x00\x02\x00\xff\x00\x1d(k\x07\x00\x31\x50\x30abcd\x1b";
        let listed = list_commands(bytes);
        let lines: Vec<_> = listed.iter().map(|it| it.command.as_str()).collect();
        assert_eq!(lines[1], "Text(\"caf\\x82\")");
        assert_eq!(lines[3], "Image(Raster, Normal, 1 bytes × 2 rows)");
        assert!(lines[4].starts_with("Symbol(QrStore("), "{lines:?}");
        assert_eq!(lines[5], "Unknown(ESC)");
        let mut at = 0;
        for it in &listed {
            assert_eq!(it.offset, at);
            at += it.length as u64;
        }
        assert_eq!(at, bytes.len() as u64);
    }

    #[test]
    fn long_data_is_cut_short() {
        let mut bytes = b"\x1d(k\x03\x08\x31\x50\x30".to_vec();
        bytes.extend([b'7'; 2048]);
        let listed = list_commands(&bytes);
        assert_eq!(listed.len(), 1);
        assert!(listed[0].command.len() < 400 && listed[0].command.ends_with('…'));
    }
}
