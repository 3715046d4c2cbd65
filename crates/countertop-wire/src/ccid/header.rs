//! The ten bytes with which every bulk message begins.

use super::CcidError;

/// Length of the header of a bulk message.
pub const HEADER_LENGTH: usize = 10;

/// Is the header of a bulk message (CCID 1.1, clause 6).
///
/// It can be read from a message whose content makes no sense, so that a reader can refuse it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Header {
    /// bMessageType.
    pub message_type: u8,
    /// dwLength: how many bytes follow the header.
    pub length: u32,
    /// bSlot.
    pub slot: u8,
    /// bSeq.
    pub sequence: u8,
    /// The three bytes that each message uses in its own way.
    pub specific: [u8; 3],
}

impl Header {
    /// Reads the header of a message.
    ///
    /// # Errors
    ///
    /// [`Truncated`](CcidError::Truncated) when there are fewer than ten bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, CcidError> {
        let truncated = CcidError::Truncated { have: bytes.len(), need: HEADER_LENGTH };
        let header = bytes.first_chunk::<HEADER_LENGTH>().ok_or(truncated)?;
        let &[message_type, l0, l1, l2, l3, slot, sequence, a, b, c] = header;
        let length = u32::from_le_bytes([l0, l1, l2, l3]);
        Ok(Self { message_type, length, slot, sequence, specific: [a, b, c] })
    }

    /// Returns how many bytes the whole message has; `None` when no memory could hold it.
    #[must_use]
    pub fn message_length(&self) -> Option<usize> {
        usize::try_from(self.length).ok()?.checked_add(HEADER_LENGTH)
    }

    /// Splits a whole message into its header and what follows it.
    pub(super) fn split(bytes: &[u8]) -> Result<(Self, &[u8]), CcidError> {
        let header = Self::decode(bytes)?;
        let content = bytes.get(HEADER_LENGTH..).unwrap_or_default();
        if u32::try_from(content.len()) != Ok(header.length) {
            let (announced, carried) = (header.length, content.len());
            return Err(CcidError::Length { announced, carried });
        }
        Ok((header, content))
    }

    /// Writes a message; content that dwLength cannot count is cut off.
    pub(super) fn encode(
        message_type: u8,
        slot: u8,
        sequence: u8,
        specific: [u8; 3],
        content: &[u8],
    ) -> Vec<u8> {
        let length = u32::try_from(content.len()).unwrap_or(u32::MAX);
        let content =
            usize::try_from(length).map_or(content, |most| content.get(..most).unwrap_or(content));
        let mut message = Vec::with_capacity(HEADER_LENGTH + content.len());
        message.push(message_type);
        message.extend(length.to_le_bytes());
        message.extend([slot, sequence]);
        message.extend(specific);
        message.extend_from_slice(content);
        message
    }

    /// Creates the error of a field that makes no sense.
    pub(super) fn field(&self, offset: u8, value: u8) -> CcidError {
        CcidError::Field { message_type: self.message_type, offset, value }
    }
}
