//! Messages in packets.

use zeroize::Zeroizing;

use super::{MAX_PAYLOAD, PACKET_LEN, Packet, PacketError};

/// Longest message that a decoder keeps: one with three full tracks, and some to spare.
const MAX_MESSAGE: usize = 1024;

/// Cuts a message into reports. An empty message is one empty packet.
///
/// # Errors
///
/// None in practice: no packet becomes too long.
pub fn encode_message(message: &[u8]) -> Result<Vec<[u8; PACKET_LEN]>, PacketError> {
    let count = message.len().div_ceil(MAX_PAYLOAD).max(1);
    let packet = |index: usize| {
        let rest = message.get(index * MAX_PAYLOAD..).unwrap_or_default();
        let payload = rest.get(..MAX_PAYLOAD).unwrap_or(rest);
        Packet { first: index == 0, last: index + 1 == count, payload }.encode()
    };
    (0..count).map(packet).collect()
}

/// Puts messages together from reports.
#[derive(Default)]
pub struct MessageDecoder {
    /// What came of a message that has begun.
    begun: Option<Zeroizing<Vec<u8>>>,
}

impl MessageDecoder {
    /// Creates a decoder that waits for the first packet of a message.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a report; returns the message if this was its last packet. A first packet drops a
    /// message that was not finished; packets of a message whose first one is missing, or that is
    /// longer than any, are dropped.
    ///
    /// # Errors
    ///
    /// When the report is no packet; the message that had begun is dropped then.
    pub fn push(&mut self, report: &[u8]) -> Result<Option<Zeroizing<Vec<u8>>>, PacketError> {
        let begun = self.begun.take();
        let packet = Packet::parse(report)?;
        let begun = if packet.first { Some(Zeroizing::default()) } else { begun };
        let Some(mut message) = begun else { return Ok(None) };
        message.extend_from_slice(packet.payload);
        if packet.last {
            return Ok(Some(message));
        }
        self.begun = (message.len() <= MAX_MESSAGE).then_some(message);
        Ok(None)
    }
}

/// Shows no bytes: they may be a card's.
impl core::fmt::Debug for MessageDecoder {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let begun = self.begun.as_ref().map(|message| message.len());
        f.debug_struct("MessageDecoder").field("begun", &begun).finish()
    }
}
