//! Blocks of the protocol T=1 between reader and card (ISO/IEC 7816-3, clause 11), with LRC.
//!
//! At TPDU level a USB reader passes them on as they are, so that the host makes them; the virtual
//! card behind such a reader answers them.

use crate::card_data::CardData;

/// The longest information field (ISO/IEC 7816-3, clause 11.4.2).
pub const LONGEST_INFORMATION: usize = 254;

/// Is a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// NAD: the node address, 0 where nobody cares.
    pub nad: u8,
    /// PCB: what kind of block it is.
    pub pcb: Pcb,
    /// INF: the information field.
    pub information: CardData,
}

/// Is the protocol control byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pcb {
    /// I-block: part of an APDU.
    Information {
        /// N(S): the bit that alternates with each I-block of a side.
        sequence: bool,
        /// M: the APDU goes on in the next I-block.
        more: bool,
    },
    /// R-block: an acknowledgement, or a demand to repeat.
    ReceiveReady {
        /// N(R): the I-block that is expected.
        sequence: bool,
        /// What was wrong with the last block.
        error: ReceiveError,
    },
    /// S-block.
    Supervisory {
        /// What it is about.
        kind: Supervisory,
        /// Whether it is the answer.
        response: bool,
    },
}

/// Says what was wrong with the last block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReceiveError {
    /// Nothing.
    None,
    /// Its check byte or a parity.
    Redundancy,
    /// Something else.
    Other,
}

/// Says what an S-block is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Supervisory {
    /// RESYNCH: begin again.
    Resynch,
    /// IFS: the sender's longest information field, in one byte.
    InformationFieldSize,
    /// ABORT: end the chain.
    Abort,
    /// WTX: the card needs so many block waiting times.
    WaitingTime,
}

/// Says why bytes are no block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BlockError {
    /// LEN does not fit the bytes.
    #[error("a block of {0} bytes has another length than it says")]
    Length(usize),
    /// The check byte is wrong.
    #[error("the check byte of the block is wrong")]
    Redundancy,
    /// PCB has no meaning.
    #[error("the protocol control byte {0:02x} is unknown")]
    Pcb(u8),
}

impl Block {
    /// Creates a block without node addresses; of `information` as much as fits.
    #[must_use]
    pub fn new(pcb: Pcb, information: &[u8]) -> Self {
        let information = information.get(..LONGEST_INFORMATION).unwrap_or(information);
        Self { nad: 0, pcb, information: information.into() }
    }

    /// Creates an acknowledgement, or a demand to repeat.
    #[must_use]
    pub fn receive_ready(sequence: bool, error: ReceiveError) -> Self {
        Self::new(Pcb::ReceiveReady { sequence, error }, &[])
    }

    /// Returns NAD, PCB, LEN, INF and LRC.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let information = self.information.get(..LONGEST_INFORMATION).unwrap_or(&self.information);
        let length = u8::try_from(information.len()).unwrap_or(u8::MAX);
        let mut block = vec![self.nad, self.pcb.encode(), length];
        block.extend_from_slice(information);
        block.push(redundancy(&block));
        block
    }

    /// Reads a whole block.
    ///
    /// # Errors
    ///
    /// [`BlockError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, BlockError> {
        let [nad, pcb, length, rest @ ..] = bytes else {
            return Err(BlockError::Length(bytes.len()));
        };
        let Some((_check, information)) = rest.split_last() else {
            return Err(BlockError::Length(bytes.len()));
        };
        if information.len() != usize::from(*length) || information.len() > LONGEST_INFORMATION {
            return Err(BlockError::Length(bytes.len()));
        }
        if redundancy(bytes) != 0 {
            return Err(BlockError::Redundancy);
        }
        let pcb = Pcb::decode(*pcb).ok_or(BlockError::Pcb(*pcb))?;
        Ok(Self { nad: *nad, pcb, information: information.into() })
    }
}

/// LRC: the exclusive or of all bytes.
fn redundancy(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |check, byte| check ^ byte)
}

impl Pcb {
    fn encode(self) -> u8 {
        match self {
            Self::Information { sequence, more } => u8::from(sequence) << 6 | u8::from(more) << 5,
            Self::ReceiveReady { sequence, error } => {
                let error = match error {
                    ReceiveError::None => 0,
                    ReceiveError::Redundancy => 1,
                    ReceiveError::Other => 2,
                };
                0x80 | u8::from(sequence) << 4 | error
            }
            Self::Supervisory { kind, response } => {
                let kind = match kind {
                    Supervisory::Resynch => 0,
                    Supervisory::InformationFieldSize => 1,
                    Supervisory::Abort => 2,
                    Supervisory::WaitingTime => 3,
                };
                0xc0 | u8::from(response) << 5 | kind
            }
        }
    }

    fn decode(byte: u8) -> Option<Self> {
        match byte {
            0x00..=0x7f => (byte & 0x1f == 0).then_some(Self::Information {
                sequence: byte & 0x40 != 0,
                more: byte & 0x20 != 0,
            }),
            0x80..=0xbf => {
                let error = match byte & 0x2f {
                    0 => ReceiveError::None,
                    1 => ReceiveError::Redundancy,
                    2 => ReceiveError::Other,
                    _ => return None,
                };
                Some(Self::ReceiveReady { sequence: byte & 0x10 != 0, error })
            }
            0xc0..=0xff => {
                let kind = match byte & 0x1f {
                    0 => Supervisory::Resynch,
                    1 => Supervisory::InformationFieldSize,
                    2 => Supervisory::Abort,
                    3 => Supervisory::WaitingTime,
                    _ => return None,
                };
                Some(Self::Supervisory { kind, response: byte & 0x20 != 0 })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// IFS request and answer, first I-block and acknowledgement, as in ISO/IEC 7816-3, annex A.
    #[test]
    fn vectors() {
        let kind = Supervisory::InformationFieldSize;
        let request = Block::new(Pcb::Supervisory { kind, response: false }, &[0xfe]);
        assert_eq!(request.encode(), [0x00, 0xc1, 0x01, 0xfe, 0x3e]);
        let answer = Block::new(Pcb::Supervisory { kind, response: true }, &[0xfe]);
        assert_eq!(answer.encode(), [0x00, 0xe1, 0x01, 0xfe, 0x1e]);
        let first = Block::new(Pcb::Information { sequence: false, more: true }, &[0x00, 0xa4]);
        assert_eq!(first.encode(), [0x00, 0x20, 0x02, 0x00, 0xa4, 0x86]);
        assert_eq!(Block::receive_ready(true, ReceiveError::None).encode(), [0, 0x90, 0, 0x90]);
    }

    #[test]
    fn every_control_byte_comes_back() {
        let known = (0..=u8::MAX).filter_map(|byte| Some((byte, Pcb::decode(byte)?)));
        let count = known.inspect(|(byte, pcb)| assert_eq!(pcb.encode(), *byte)).count();
        assert_eq!(count, 4 + 6 + 8);
    }

    #[test]
    fn a_block_cut_at_any_length_is_refused() {
        let block = Block::new(Pcb::Information { sequence: true, more: false }, &[1, 2, 3]);
        let bytes = block.encode();
        assert_eq!(Block::decode(&bytes), Ok(block));
        for length in 0..bytes.len() {
            assert_eq!(Block::decode(&bytes[..length]), Err(BlockError::Length(length)));
        }
        let mut wrong = bytes;
        wrong[4] ^= 1;
        assert_eq!(Block::decode(&wrong), Err(BlockError::Redundancy));
        assert_eq!(Block::decode(&[0, 0xc9, 0, 0xc9]), Err(BlockError::Pcb(0xc9)));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(block) = Block::decode(&bytes) {
                prop_assert_eq!(block.encode(), bytes);
            }
        }
    }
}
