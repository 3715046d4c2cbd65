//! A type 4 tag: the NDEF application of NFC Forum Type 4 Tag 2.0 on a card of ISO/IEC 14443-4.

use crate::card::VirtualCard;

/// Is a card with the NDEF application: a capability container and one file.
#[derive(Debug, Clone)]
pub struct Type4Tag {
    file: Vec<u8>,
    read_only: bool,
    selected: Selected,
    most_read: u8,
    most_written: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Selected {
    Nothing,
    Application,
    Container,
    File,
}

const APPLICATION: [u8; 7] = [0xd2, 0x76, 0x00, 0x00, 0x85, 0x01, 0x01];
const CONTAINER_ID: [u8; 2] = [0xe1, 0x03];
const FILE_ID: [u8; 2] = [0xe1, 0x04];
const OK: [u8; 2] = [0x90, 0x00];
const NOT_FOUND: [u8; 2] = [0x6a, 0x82];
const WRONG_LENGTH: [u8; 2] = [0x67, 0x00];
const WRONG_OFFSET: [u8; 2] = [0x6b, 0x00];
const NOT_ALLOWED: [u8; 2] = [0x69, 0x82];
const NO_SUCH_INSTRUCTION: [u8; 2] = [0x6d, 0x00];
/// What Le 00 means.
const MOST_EXPECTED: usize = 256;
/// Where in the container the file may be written to: 00, or FF for never.
const WRITE_ACCESS: usize = 14;

impl Type4Tag {
    /// Creates a tag with a file of so many bytes, of which two are the message's length.
    #[must_use]
    pub fn new(size: u16) -> Self {
        Self {
            file: vec![0; usize::from(size)],
            read_only: false,
            selected: Selected::Nothing,
            most_read: 0x3b,
            most_written: 0x34,
        }
    }

    /// Writes an NDEF message; what does not fit into the file is cut off.
    #[must_use]
    pub fn with_ndef(mut self, message: &[u8]) -> Self {
        let room = self.file.len().saturating_sub(2);
        let message = message.get(..room).unwrap_or(message);
        let length = u16::try_from(message.len()).unwrap_or(u16::MAX);
        let content = length.to_be_bytes().into_iter().chain(message.iter().copied());
        self.file.iter_mut().zip(content).for_each(|(place, byte)| *place = byte);
        self
    }

    fn container(&self) -> Vec<u8> {
        let [high, low] = u16::try_from(self.file.len()).unwrap_or(u16::MAX).to_be_bytes();
        let write = if self.read_only { 0xff } else { 0x00 };
        let [id_high, id_low] = FILE_ID;
        vec![
            0x00,
            0x0f,
            0x20,
            0x00,
            self.most_read,
            0x00,
            self.most_written,
            0x04,
            0x06,
            id_high,
            id_low,
            high,
            low,
            0x00,
            write,
        ]
    }

    fn select(&mut self, by_name: bool, name: &[u8]) -> Vec<u8> {
        let found = match (by_name, self.selected) {
            (true, _) if name == APPLICATION => Selected::Application,
            (false, Selected::Nothing) | (true, _) => Selected::Nothing,
            (false, _) if name == CONTAINER_ID => Selected::Container,
            (false, _) if name == FILE_ID => Selected::File,
            (false, now) => now,
        };
        let chosen = found != self.selected || by_name || name == CONTAINER_ID || name == FILE_ID;
        self.selected = found;
        if chosen && found != Selected::Nothing { OK.to_vec() } else { NOT_FOUND.to_vec() }
    }

    /// READ BINARY of `length` bytes at the most, or, with 256 of Le 00, of what fits in an answer
    /// (ISO/IEC 7816-4, 5.1 and 11.2.3).
    fn read(&self, offset: usize, length: usize) -> Vec<u8> {
        let content = match self.selected {
            Selected::Container => self.container(),
            Selected::File => self.file.clone(),
            _ => return NOT_ALLOWED.to_vec(),
        };
        let most = usize::from(self.most_read);
        let length = match length {
            MOST_EXPECTED => most,
            length if length > most => return WRONG_LENGTH.to_vec(),
            length => length,
        };
        let Some(rest) = content.get(offset..) else { return WRONG_OFFSET.to_vec() };
        let part = rest.iter().take(length);
        part.copied().chain(OK).collect()
    }

    fn update(&mut self, offset: usize, data: &[u8]) -> Vec<u8> {
        if data.len() > usize::from(self.most_written) {
            return WRONG_LENGTH.to_vec();
        }
        match self.selected {
            // The factory lets the write access be closed, and nothing else be changed.
            Selected::Container if offset == WRITE_ACCESS && data == [0xff] => {
                self.read_only = true;
                OK.to_vec()
            }
            Selected::File if !self.read_only => {
                let Some(place) = self.file.get_mut(offset..offset + data.len()) else {
                    return WRONG_OFFSET.to_vec();
                };
                place.copy_from_slice(data);
                OK.to_vec()
            }
            _ => NOT_ALLOWED.to_vec(),
        }
    }
}

impl VirtualCard for Type4Tag {
    fn answer_to_reset(&self) -> Vec<u8> {
        vec![0x3b, 0x80, 0x80, 0x01, 0x01]
    }

    fn answer_to_select(&self) -> Vec<u8> {
        vec![0x05, 0x78, 0x80, 0x70, 0x02]
    }

    fn reset(&mut self) {
        self.selected = Selected::Nothing;
    }

    fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        match *command {
            [0x00, 0xa4, p1, _, length, ref rest @ ..] => match rest.get(..usize::from(length)) {
                Some(name) => self.select(p1 == 0x04, name),
                None => WRONG_LENGTH.to_vec(),
            },
            // A short file identifier, which no file here has.
            [0x00, 0xb0 | 0xd6, high, ..] if high >= 0x80 => NOT_FOUND.to_vec(),
            [0x00, 0xb0, high, low, length] => {
                let length = if length == 0 { MOST_EXPECTED } else { usize::from(length) };
                self.read(usize::from(u16::from_be_bytes([high, low])), length)
            }
            [0x00, 0xd6, high, low, length, ref data @ ..] if data.len() == usize::from(length) => {
                self.update(usize::from(u16::from_be_bytes([high, low])), data)
            }
            _ => NO_SUCH_INSTRUCTION.to_vec(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b' ').collect();
        let digit = |pair: &[u8]| u8::from_str_radix(core::str::from_utf8(pair).unwrap(), 16);
        digits.chunks(2).map(|pair| digit(pair).unwrap()).collect()
    }

    #[test]
    fn reads_and_writes_as_the_specification_shows() {
        let mut tag = Type4Tag::new(0x40).with_ndef(&[0xd0, 0, 0]);
        for (command, answer) in [
            ("00 b0 0000 0f", "6982"),
            ("00 a4 000c 02 e103", "6a82"),
            ("00 a4 0400 07 d2760000850101 00", "9000"),
            ("00 a4 000c 02 e103", "9000"),
            ("00 b0 0000 0f", "000f20003b003404 06e104004000 00 9000"),
            ("00 a4 000c 02 e105", "6a82"),
            ("00 a4 000c 02 e104", "9000"),
            ("00 b0 0000 05", "0003d00000 9000"),
            ("00 d6 0000 02 0000", "9000"),
            ("00 d6 003f 02 0000", "6b00"),
            ("00 b0 0000 02", "0000 9000"),
            ("00 b0 0041 02", "6b00"),
            ("00 b0 0000 ff", "6700"),
            ("00 b0 003e 00", "0000 9000"),
            ("00 a4 000c 02 e103", "9000"),
            ("00 d6 0000 01 00", "6982"),
            ("00 d6 000e 01 ff", "9000"),
            ("00 a4 000c 02 e104", "9000"),
            ("00 d6 0000 02 0001", "6982"),
            ("00 a4 0400 07 d2760000850102 00", "6a82"),
            ("00 ca 0000", "6d00"),
        ] {
            assert_eq!(tag.transmit(&hex(command)), hex(answer), "{command}");
        }
        for length in 0..12 {
            tag.transmit(&hex("00 a4 0400 07 d2760000850101 00")[..length]);
        }
    }

    /// Le 00 asks for 256 bytes: as many come as the file has, and MLe of them at the most.
    #[test]
    fn nought_expected_bytes_are_as_many_as_fit() {
        for (size, wanted) in [(0x1000, 0x3b), (0x20, 0x20)] {
            let mut tag = Type4Tag::new(size);
            tag.transmit(&hex("00 a4 0400 07 d2760000850101 00"));
            tag.transmit(&hex("00 a4 000c 02 e104"));
            let answer = tag.transmit(&hex("00 b0 0000 00"));
            assert_eq!((answer.len(), &answer[wanted..]), (wanted + 2, &OK[..]));
        }
    }
}
