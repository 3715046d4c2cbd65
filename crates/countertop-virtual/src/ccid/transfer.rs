//! Messages out of transfers.

use countertop_wire::ccid::Header;

/// Collects the transfers of a host until they make a message.
#[derive(Debug, Default)]
pub(super) struct Collector {
    bytes: Vec<u8>,
    plugged: u64,
}

/// The longest message that is collected: an extended APDU with its header.
const LONGEST: usize = 0x1_0100;

impl Collector {
    /// Takes a transfer; `plugged` counts how often the reader was plugged, because what was
    /// begun before is lost. Returns a message with its header when there is one.
    ///
    /// A message ends where dwLength says, or with a packet that is not full.
    pub(super) fn take(
        &mut self,
        transfer: &[u8],
        packet: usize,
        plugged: u64,
    ) -> Option<(Header, Vec<u8>)> {
        if self.plugged != plugged {
            self.bytes.clear();
            self.plugged = plugged;
        }
        self.bytes.extend_from_slice(transfer);
        let header = Header::decode(&self.bytes).ok();
        let whole = header.and_then(|header| header.message_length());
        let goes_on = !transfer.is_empty() && transfer.len().is_multiple_of(packet.max(1));
        if goes_on && whole.is_none_or(|whole| self.bytes.len() < whole.min(LONGEST)) {
            return None;
        }
        let message = core::mem::take(&mut self.bytes);
        // What has not even a header cannot be answered.
        header.map(|header| (header, message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATUS: [u8; 10] = [0x65, 0, 0, 0, 0, 0, 1, 0, 0, 0];

    #[test]
    fn a_message_in_one_transfer_and_in_several() {
        let mut collector = Collector::default();
        assert!(collector.take(&STATUS, 64, 1).is_some());
        let long = [&[0x6f, 60, 0, 0, 0, 0, 1, 0, 0, 0][..], &[7; 60]].concat();
        assert!(collector.take(&long[..64], 64, 1).is_none());
        let (header, message) = collector.take(&long[64..], 64, 1).unwrap();
        assert_eq!((header.length, message), (60, long));
    }

    #[test]
    fn a_full_packet_can_be_the_end() {
        let exact = [&[0x6f, 54, 0, 0, 0, 0, 1, 0, 0, 0][..], &[7; 54]].concat();
        assert!(Collector::default().take(&exact, 64, 1).is_some());
    }

    #[test]
    fn a_short_packet_ends_what_is_too_short() {
        let mut collector = Collector::default();
        assert!(collector.take(&STATUS[..5], 64, 1).is_none());
        let (header, message) = collector.take(&[0x6f, 9, 0, 0, 0, 0, 1, 0, 0, 0], 64, 1).unwrap();
        assert_eq!((header.length, message.len()), (9, 10));
    }

    #[test]
    fn what_was_begun_before_a_replug_is_lost() {
        let mut collector = Collector::default();
        assert!(collector.take(&[0x6f; 64], 64, 1).is_none());
        assert_eq!(collector.take(&STATUS, 64, 2).unwrap().1, STATUS);
    }
}
