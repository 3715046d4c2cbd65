//! The names of commands (ISO/IEC 7816-4, table 5; EMV Book 3, clause 6.5; EMV Book C-2; PC/SC part 3).

use countertop_wire::tlv::Tag;

use super::objects::hex;

/// Returns what a command APDU is called, with what its parameters say; `data` is what follows the
/// header and Lc, as far as it may be shown.
pub(super) fn name(header: [u8; 4], data: Option<&[u8]>) -> String {
    let [class, instruction, p1, p2] = header;
    match (class, instruction) {
        (0xff, _) => format!("command {instruction:02X} to the reader"),
        (_, 0xa4) => format!("SELECT {}", data.map(selected).unwrap_or_default()).trim_end().into(),
        (_, 0xb2) => format!("READ RECORD {p1} of file {}", p2 >> 3),
        (_, 0xca) => {
            let tag = Tag::try_from(u32::from(u16::from_be_bytes([p1, p2])));
            let name = tag.ok().and_then(Tag::name).unwrap_or("(no name known)");
            format!("GET DATA {} {name}", hex(&[p1, p2]).trim_start_matches("00"))
        }
        (_, 0xae) => format!("GENERATE AC, {}", cryptogram(p1)),
        _ => known(class, instruction)
            .map_or_else(|| format!("command {class:02X} {instruction:02X}"), str::to_owned),
    }
}

fn known(class: u8, instruction: u8) -> Option<&'static str> {
    Some(match (class, instruction) {
        (0x80, 0xa8) => "GET PROCESSING OPTIONS",
        (0x80, 0x2a) => "COMPUTE CRYPTOGRAPHIC CHECKSUM",
        (0x80, 0xd0) => "RECOVER AC",
        (_, 0x88) => "INTERNAL AUTHENTICATE",
        (_, 0x82) => "EXTERNAL AUTHENTICATE",
        (_, 0x84) => "GET CHALLENGE",
        (_, 0x20 | 0x21) => "VERIFY",
        (_, 0x24) => "PIN CHANGE/UNBLOCK",
        (_, 0xc0) => "GET RESPONSE",
        (_, 0xb0) => "READ BINARY",
        (_, 0x1e) => "APPLICATION BLOCK",
        (_, 0x18) => "APPLICATION UNBLOCK",
        (_, 0x16) => "CARD BLOCK",
        (_, 0xda | 0xdb) => "PUT DATA",
        (_, 0xdc) => "UPDATE RECORD",
        _ => return None,
    })
}

/// Returns the name of a file that is words, else its bytes.
fn selected(name: &[u8]) -> String {
    if !name.is_empty() && name.iter().all(|byte| matches!(byte, b' '..=b'~')) {
        return String::from_utf8_lossy(name).into_owned();
    }
    hex(name)
}

/// Returns which cryptogram is asked for (EMV Book 3, table 12).
fn cryptogram(p1: u8) -> &'static str {
    match p1 >> 6 {
        0b00 => "AAC asked for",
        0b01 => "TC asked for",
        0b10 => "ARQC asked for",
        _ => "a reserved cryptogram asked for",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_have_their_names() {
        for (header, data, expected) in [
            ([0x00, 0xa4, 4, 0], Some(&b"1PAY.SYS.DDF01"[..]), "SELECT 1PAY.SYS.DDF01"),
            ([0x00, 0xa4, 4, 0], Some(&[0xa0, 0, 3]), "SELECT A00003"),
            ([0x00, 0xa4, 4, 0], None, "SELECT"),
            ([0x00, 0xb2, 2, 0x0c], None, "READ RECORD 2 of file 1"),
            ([0x80, 0xca, 0x9f, 0x4f], None, "GET DATA 9F4F Log Format"),
            ([0x80, 0xae, 0x80, 0], None, "GENERATE AC, ARQC asked for"),
            ([0x80, 0xa8, 0, 0], None, "GET PROCESSING OPTIONS"),
            ([0x00, 0x20, 0, 0x80], None, "VERIFY"),
            ([0xff, 0xca, 0, 0], None, "command CA to the reader"),
            ([0x90, 0x60, 0, 0], None, "command 90 60"),
        ] {
            assert_eq!(name(header, data), expected);
        }
    }
}
