//! What a command leaves behind, as far as it matters where a job may be divided.
//!
//! Source: Epson, ESC/POS Command Reference; by the commands' first bytes, so that it makes no
//! difference which of them [`Command`] has a meaning for.

use countertop_wire::escpos::Command;

const DLE: u8 = 0x10;
const ESC: u8 = 0x1B;
const FS: u8 = 0x1C;
const GS: u8 = 0x1D;
const LF: u8 = 0x0A;
const FF: u8 = 0x0C;

/// Is what a command leaves behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// All settings as after switching on (ESC @).
    Initializes,
    /// A setting, which takes the place of the one with the same key.
    Sets(u32),
    /// Something in the line that is not printed yet, or nothing at all.
    StaysInLine,
    /// A printed line.
    EndsLine,
    /// A cut.
    Cuts,
    /// An open page of page mode.
    BeginsPage,
    /// No page any more.
    EndsPage,
    /// What cannot be told.
    Unknown,
}

/// Returns what a command leaves behind; `bytes` are the command as it came.
pub(super) fn effect(command: &Command, bytes: &[u8]) -> Effect {
    match (command, bytes) {
        (Command::Text(_), _) => Effect::StaysInLine,
        (Command::Unknown(_), _) => Effect::Unknown,
        (_, [FF, ..]) => Effect::EndsPage,
        (_, [LF, ..]) => Effect::EndsLine,
        // HT, CR, CAN.
        (_, [0x09 | 0x0D | 0x18, ..]) => Effect::StaysInLine,
        (_, [DLE, ..]) => Effect::StaysInLine,
        (_, [ESC, function, ..]) => of_esc(*function),
        (_, [FS, function, ..]) => of_fs(*function),
        (_, [GS, function, rest @ ..]) => of_gs(*function, rest),
        _ => Effect::Unknown,
    }
}

fn of_esc(function: u8) -> Effect {
    match function {
        b'@' => Effect::Initializes,
        b'J' | b'd' => Effect::EndsLine,
        b'i' | b'm' => Effect::Cuts,
        b'L' => Effect::BeginsPage,
        b'S' => Effect::EndsPage,
        // Spacing, styles, font, character sets, tabs, alignment.
        b' ' | b'!' | b'-' | b'D' | b'E' | b'G' | b'M' | b'R' | b'V' | b'a' | b't' | b'{' => {
            Effect::Sets(key(ESC, function))
        }
        b'2' | b'3' => Effect::Sets(key(ESC, b'3')),
        // Positions and pictures of one line, the drawer, questions.
        b'$' | b'\\' | b'*' | b'p' | b'u' | b'v' | 0x0C => Effect::StaysInLine,
        _ => Effect::Unknown,
    }
}

fn of_fs(function: u8) -> Effect {
    match function {
        b'&' | b'.' => Effect::Sets(key(FS, b'&')),
        b'!' | b'-' | b'C' | b'S' | b'W' => Effect::Sets(key(FS, function)),
        _ => Effect::Unknown,
    }
}

fn of_gs(function: u8, rest: &[u8]) -> Effect {
    match (function, rest) {
        (b'V', _) => Effect::Cuts,
        (b'v' | b'k', _) => Effect::EndsLine,
        // Size, inversion, smoothing, margins, units, and how bar codes look.
        (b'!' | b'B' | b'b' | b'L' | b'W' | b'P' | b'H' | b'f' | b'h' | b'w', _) => {
            Effect::Sets(key(GS, function))
        }
        (b'(', [b'k', _, _, symbol, function, ..]) => of_symbol(*symbol, *function),
        // Graphics that are printed, and those that are kept to be printed.
        (b'(', [b'L', _, _, _, 2 | 50, ..]) => Effect::EndsLine,
        (b'(', [b'L', _, _, _, 112 | 113, ..]) => Effect::StaysInLine,
        (b'8', [b'L', _, _, _, _, _, 112 | 113, ..]) => Effect::StaysInLine,
        // The questions: process ID, status, maker.
        (b'(', [b'H', ..]) | (b'r' | b'I' | b'a', _) => Effect::StaysInLine,
        _ => Effect::Unknown,
    }
}

/// GS ( k: settings of a symbol, its content, and its print.
fn of_symbol(symbol: u8, function: u8) -> Effect {
    match function {
        // Content is stored anew before each print.
        80 => Effect::StaysInLine,
        81 => Effect::EndsLine,
        82 => Effect::StaysInLine,
        _ => Effect::Sets(u32::from_be_bytes([GS, b'(', symbol, function])),
    }
}

fn key(lead: u8, function: u8) -> u32 {
    u32::from_be_bytes([0, 0, lead, function])
}

#[cfg(test)]
mod tests {
    use countertop_wire::escpos::Parser;

    use super::*;

    fn of(bytes: &[u8]) -> Effect {
        let mut parser = Parser::new();
        parser.feed(bytes);
        effect(&parser.next_command().unwrap(), bytes)
    }

    #[test]
    fn settings_that_undo_each_other_share_a_key() {
        assert_eq!(of(b"\x1B2"), of(b"\x1B3\x20"));
        assert_eq!(of(b"\x1C&"), of(b"\x1C."));
        assert_ne!(of(b"\x1BE\x01"), of(b"\x1B-\x01"));
        assert_ne!(of(b"\x1D(k\x03\x00\x31\x43\x06"), of(b"\x1D(k\x03\x00\x30\x43\x06"));
    }

    #[test]
    fn lines_end_with_what_prints_them() {
        for ends in [&b"\n"[..], b"\x1Bd\x02", b"\x1BJ\x18", b"\x1D(k\x03\x00\x31\x51\x30"] {
            assert_eq!(of(ends), Effect::EndsLine, "{ends:02X?}");
        }
        for stays in [&b"text"[..], b"\t", b"\x1B*\x00\x01\x00\xFF", b"\x1Dr\x01"] {
            assert_eq!(of(stays), Effect::StaysInLine, "{stays:02X?}");
        }
        assert_eq!(of(b"\x1DV\x00"), Effect::Cuts);
    }

    #[test]
    fn what_changes_more_than_is_kept_is_unknown() {
        for unknown in [&b"\x1B%\x01"[..], b"\x1D:", b"\x01"] {
            assert_eq!(of(unknown), Effect::Unknown, "{unknown:02X?}");
        }
    }
}
