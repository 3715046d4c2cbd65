//! Working keys of a sign-in response (field 62), wrapped under the terminal master key.

use crate::pin_block::DesKey;

/// Is a working key under the terminal master key, with its check value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkingKey {
    /// The key under the terminal master key: 8 or 16 bytes.
    pub cryptogram: Vec<u8>,
    /// The first four bytes of eight zero bytes encrypted under the key.
    pub check_value: [u8; 4],
}

/// Is the set of working keys that a host hands out at sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyBlock {
    /// Encrypts PIN blocks (TPK, in China PIK).
    pub pin: WorkingKey,
    /// Authenticates messages (TAK, in China MAK).
    pub mac: WorkingKey,
    /// Encrypts tracks (TDK).
    pub data: Option<WorkingKey>,
}

/// Says that a block of working keys has a length that is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("key block of {0} bytes, none of 24, 40 and 60")]
pub struct BadKeyBlock(pub usize);

impl WorkingKey {
    /// Wraps a clear key under a terminal master key, as a host does.
    #[must_use]
    pub fn wrap(master: &DesKey, key: &DesKey) -> Self {
        let [first, second, third, fourth, ..] = key.check_value();
        let check_value = [first, second, third, fourth];
        Self { cryptogram: master.wrap_key(key), check_value }
    }

    /// Reads 8 or 16 bytes of key and 4 of check value. Eight zero bytes behind eight bytes of key
    /// say that the key is of single length.
    fn parse(slot: &[u8]) -> Option<Self> {
        let (key, check_value) = slot.split_last_chunk::<4>()?;
        let single = key.get(8..).is_some_and(|second| second == [0; 8]);
        let length = if single { 8 } else { key.len() };
        Some(Self { cryptogram: key.get(..length)?.to_vec(), check_value: *check_value })
    }

    fn emit(&self, length: usize, bytes: &mut Vec<u8>) {
        let end = bytes.len() + length;
        bytes.extend_from_slice(&self.cryptogram);
        bytes.resize(end, 0);
        bytes.extend_from_slice(&self.check_value);
    }
}

impl KeyBlock {
    /// Reads field 62 of a sign-in response.
    ///
    /// | bytes | content |
    /// |---|---|
    /// | 24 | PIN key 8 + 4, MAC key 8 + 4 |
    /// | 40 | PIN key 16 + 4, MAC key 16 + 4; one of single length is followed by eight zeros |
    /// | 60 | as 40, then data key 16 + 4 |
    ///
    /// # Errors
    ///
    /// [`BadKeyBlock`] for any other length.
    pub fn parse(bytes: &[u8]) -> Result<Self, BadKeyBlock> {
        let bad = BadKeyBlock(bytes.len());
        let slot = match bytes.len() {
            24 => 12,
            40 | 60 => 20,
            _ => return Err(bad),
        };
        let mut keys = bytes.chunks(slot).map(WorkingKey::parse);
        let pin = keys.next().flatten().ok_or(bad)?;
        let mac = keys.next().flatten().ok_or(bad)?;
        Ok(Self { pin, mac, data: keys.next().flatten() })
    }

    /// Returns field 62: 24 bytes when the PIN key is of single length, else 40, or 60 with a data
    /// key.
    #[must_use]
    pub fn emit(&self) -> Vec<u8> {
        let length = if self.pin.cryptogram.len() <= 8 { 8 } else { 16 };
        let mut bytes = Vec::new();
        for key in [&self.pin, &self.mac].into_iter().chain(&self.data) {
            key.emit(length, &mut bytes);
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(length: usize, fill: u8) -> WorkingKey {
        WorkingKey { cryptogram: vec![fill; length], check_value: [fill; 4] }
    }

    #[test]
    fn every_length_round_trips() {
        for (block, length) in [
            (KeyBlock { pin: key(8, 1), mac: key(8, 2), data: None }, 24),
            (KeyBlock { pin: key(16, 1), mac: key(8, 2), data: None }, 40),
            (KeyBlock { pin: key(16, 1), mac: key(16, 2), data: None }, 40),
            (KeyBlock { pin: key(16, 1), mac: key(8, 2), data: Some(key(16, 3)) }, 60),
        ] {
            let bytes = block.emit();
            assert_eq!(bytes.len(), length);
            assert_eq!(KeyBlock::parse(&bytes), Ok(block));
        }
    }

    #[test]
    fn other_lengths_are_refused() {
        for length in (0..100).filter(|length| ![24, 40, 60].contains(length)) {
            assert_eq!(KeyBlock::parse(&vec![7; length]), Err(BadKeyBlock(length)));
        }
    }
}
