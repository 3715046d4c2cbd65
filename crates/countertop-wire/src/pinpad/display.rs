//! Text on the PIN pad's screen: `Z2` and `Z3`.

use super::text::{FS, MAX_LINE, PacketError, SUB, check_printable, printable};

/// Longest string of `Z2` (PP791 p. 209).
const MAX_STRING: usize = 64;

/// Most lines of `Z3` (PP791 p. 212).
const MAX_LINES: usize = 7;

pub(super) fn encode_string(string: &str) -> Result<Vec<u8>, PacketError> {
    check_printable(string, MAX_STRING)?;
    Ok([b"Z2".as_slice(), &[SUB], string.as_bytes()].concat())
}

pub(super) fn parse_string(rest: &[u8]) -> Result<String, PacketError> {
    printable(rest.strip_prefix(&[SUB]).unwrap_or(rest), MAX_STRING)
}

pub(super) fn encode_lines(lines: &[String]) -> Result<Vec<u8>, PacketError> {
    let count = u8::try_from(lines.len()).map_err(|_| PacketError::Length)?;
    if lines.is_empty() || lines.len() > MAX_LINES {
        return Err(PacketError::Length);
    }
    let mut text = vec![b'Z', b'3', b'0' + count, SUB];
    for (place, line) in lines.iter().enumerate() {
        check_printable(line, MAX_LINE)?;
        if place > 0 {
            text.push(FS);
        }
        text.extend_from_slice(line.as_bytes());
    }
    Ok(text)
}

pub(super) fn parse_lines(rest: &[u8]) -> Result<Vec<String>, PacketError> {
    let (count, rest) = rest.split_first().ok_or(PacketError::Length)?;
    let rest = rest.strip_prefix(&[SUB]).unwrap_or(rest);
    let lines: Vec<&[u8]> = rest.split(|byte| *byte == FS).collect();
    if usize::from(count.wrapping_sub(b'0')) != lines.len() || lines.len() > MAX_LINES {
        return Err(PacketError::Length);
    }
    // Longer lines are cut at the edge of the screen.
    lines.iter().map(|line| printable(&line[..line.len().min(MAX_LINE)], MAX_LINE)).collect()
}
