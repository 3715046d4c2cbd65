//! Real-time commands, wherever they stand.

use countertop_wire::escpos::{Command, Parser};

/// Begins each real-time command.
const DLE: u8 = 0x10;

/// The longest real-time command, DLE DC4 with function 8.
const LONGEST: usize = 10;

/// Finds real-time commands among all bytes: a printer executes them as they come, within pictures and
/// codes too, of which they stay a part (Epson, DLE EOT and DLE DC4).
#[derive(Debug, Default)]
pub(super) struct RealTimeScanner {
    /// What may be the beginning of one.
    kept: Vec<u8>,
}

impl RealTimeScanner {
    /// Returns those that end within `bytes`.
    pub(super) fn find(&mut self, bytes: &[u8]) -> Vec<Command> {
        let mut found = Vec::new();
        for byte in bytes {
            if self.kept.is_empty() && *byte != DLE {
                continue;
            }
            self.kept.push(*byte);
            found.extend(self.whole());
        }
        found
    }

    /// Takes a command that is complete; what can be none is dropped up to the next DLE.
    fn whole(&mut self) -> Option<Command> {
        let mut parser = Parser::new();
        parser.feed(&self.kept);
        match parser.next_command() {
            Some(command) if command.is_real_time() => {
                self.kept.clear();
                Some(command)
            }
            None if self.kept.len() < LONGEST => None,
            _ => {
                let next = self.kept.iter().skip(1).position(|byte| *byte == DLE);
                self.kept.drain(..next.map_or(self.kept.len(), |at| at + 1));
                if self.kept.len() > 1 { self.whole() } else { None }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use countertop_wire::escpos::{Enquiry, RealTimeStatus};

    use super::*;

    fn found(pieces: &[&[u8]]) -> Vec<Command> {
        let mut scanner = RealTimeScanner::default();
        pieces.iter().flat_map(|piece| scanner.find(piece)).collect()
    }

    #[test]
    fn commands_are_found_within_other_data_and_in_pieces() {
        let paper = Command::from(Enquiry::RealTimeStatus(RealTimeStatus::Paper));
        let in_a_picture = b"\x1dv0\x00\x01\x00\x03\x00\x10\x04\x04".as_slice();
        let all: [&[&[u8]]; 4] = [
            &[in_a_picture],
            &[b"\x10", b"\x04", b"\x04"],
            &[b"\x10\x10\x04\x04"],
            &[b"\x10\x99\x10\x04\x04\x04"],
        ];
        for pieces in all {
            assert_eq!(found(pieces), std::slice::from_ref(&paper), "{pieces:02X?}");
        }
        assert_eq!(found(&[b"\x10\x14\x10\x04\x04"]).len(), 1);
        assert_eq!(found(&[b"\x10\x14\x01\x00\x01"]).len(), 1);
        assert_eq!(found(&[b"no DLE, EOT \x04\x04"]), []);
    }

    #[test]
    fn any_bytes_keep_little() {
        let mut scanner = RealTimeScanner::default();
        let mut seed = 7_u32;
        for _ in 0..20_000 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            scanner.find(&[[0x10, 0x04, 0x14, 0x08, 0x01][(seed >> 16) as usize % 5]]);
            assert!(scanner.kept.len() < LONGEST);
        }
    }
}
