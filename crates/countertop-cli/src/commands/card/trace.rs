//! A recording with names: what commands are called, what is in the answers.

use std::io::{self, Write};

use countertop_wire::apdu::StatusWord;
use countertop_wire::apdu_log::{Log, LogEntry, Octets};

use super::{commands, objects};

/// Takes the text of a recording and writes it on, each line with what it means.
pub(super) struct Annotated<W> {
    out: W,
    line: Vec<u8>,
}

impl<W: Write> Annotated<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out, line: Vec::new() }
    }

    fn end_line(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&line);
        writeln!(self.out, "{line}")?;
        // The recorder wrote it: a line that cannot be read is left as it is.
        let Log(entries) = line.parse().unwrap_or_default();
        for note in entries.iter().flat_map(notes) {
            writeln!(self.out, "    {note}")?;
        }
        Ok(())
    }
}

impl<W: Write> Write for Annotated<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for byte in bytes {
            match byte {
                b'\n' => self.end_line()?,
                byte => self.line.push(*byte),
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn notes(entry: &LogEntry) -> Vec<String> {
    match entry {
        LogEntry::Command(command) => command_notes(command),
        LogEntry::Answer { answer, .. } => answer_notes(answer),
        _ => Vec::new(),
    }
}

fn command_notes(command: &Octets) -> Vec<String> {
    let bytes = command.played();
    let Some(header) = bytes.first_chunk::<4>() else { return Vec::new() };
    let is_shown = !command.to_string().contains('*');
    let data = bytes.get(4).and_then(|length| bytes.get(5..5 + usize::from(*length)));
    vec![commands::name(*header, data.filter(|_| is_shown))]
}

fn answer_notes(answer: &Octets) -> Vec<String> {
    let bytes = answer.played();
    let Some((data, status)) = bytes.split_last_chunk::<2>() else { return Vec::new() };
    let mut notes = vec![StatusWord(u16::from_be_bytes(*status)).to_string()];
    if !data.is_empty() {
        let tree = objects::objects(&without_status(answer)).unwrap_or_default();
        notes.extend(tree.iter().map(objects::Object::line));
    }
    notes
}

/// Returns an answer without its status word.
pub(super) fn without_status(answer: &Octets) -> Octets {
    let bytes = answer.played();
    let data = bytes.get(..bytes.len().saturating_sub(2)).unwrap_or_default();
    let mut shown = Octets::shown(data);
    for (place, byte) in answer.to_string().split(' ').enumerate() {
        if byte == "**" {
            shown.withhold(place..place + 1);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn annotated(text: &str) -> String {
        let mut out = Vec::new();
        let mut trace = Annotated::new(&mut out);
        // As a formatter writes: in pieces.
        for piece in text.as_bytes().chunks(7) {
            trace.write_all(piece).unwrap();
        }
        drop(trace);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn lines_get_names_and_trees() {
        let text = "reset T=1 3B 81 81 01 00 00\n\
                    > 00 A4 04 00 02 A0 01 00\n\
                    < 6F 04 84 02 A0 01 90 00 ; 1 ms\n\
                    > 00 20 00 80 08 ** ** ** ** ** ** ** **\n\
                    < 63 C2 ; 2 ms\n";
        assert_eq!(
            annotated(text),
            "reset T=1 3B 81 81 01 00 00\n\
             > 00 A4 04 00 02 A0 01 00\n    SELECT A001\n\
             < 6F 04 84 02 A0 01 90 00 ; 1 ms\n    9000 (success)\n    \
             6F File Control Information (FCI) Template\n      \
             84 Dedicated File (DF) Name: A001\n\
             > 00 20 00 80 08 ** ** ** ** ** ** ** **\n    VERIFY\n\
             < 63 C2 ; 2 ms\n    63C2 (verification failed, tries left in the last digit)\n"
        );
    }

    #[test]
    fn what_cannot_be_read_is_left_as_it_is() {
        assert_eq!(annotated("> 00\n< 90\nnonsense\n"), "> 00\n< 90\nnonsense\n");
    }
}
