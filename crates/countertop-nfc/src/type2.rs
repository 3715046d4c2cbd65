//! NDEF messages on type 2 tags (NFC Forum Type 2 Tag 1.1).

use countertop_device::{CardSession, DeviceError, Sensitive};
use countertop_wire::ndef::{FoundTlv, Message, NdefError, find_tlv};

/// Says why a tag's message cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Type2Error {
    /// The reader failed, or the tag is gone.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// The message is malformed.
    #[error("the tag's message is malformed")]
    Ndef(#[from] NdefError),
    /// The tag refused to be read.
    #[error("the tag refuses to read page {page:#04x}")]
    Refused {
        /// The first of the four pages asked for.
        page: u8,
    },
}

/// READ: four pages of four bytes.
const READ: u8 = 0x30;
const READ_LENGTH: usize = 16;
/// Page of the capability container.
const CONTAINER: u8 = 0x03;
/// First byte of the container of a tag with NDEF content.
const NDEF_MAGIC: u8 = 0xe1;
/// First page of the message.
const FIRST: u8 = 0x04;
/// Unit of the container's size byte.
const SIZE_UNIT: usize = 8;

/// Reads the NDEF message of a type 2 tag; `None` when the tag is not made for NDEF or holds no
/// message.
///
/// Reads no further than to the end of the message.
///
/// # Errors
///
/// When the session fails, the tag refuses, or the message is malformed.
///
/// # Cancel safety
///
/// Not cancel safe, as [`CardSession::transmit`].
pub async fn read_ndef(session: &mut dyn CardSession) -> Result<Option<Message>, Type2Error> {
    let head = read(session, CONTAINER).await?;
    let [NDEF_MAGIC, _version, size, _access, memory @ ..] = head.expose() else {
        return Ok(None);
    };
    let size = usize::from(*size) * SIZE_UNIT;
    let mut memory = memory.to_vec();
    let mut page = FIRST;
    // The three pages behind the container came with it.
    let mut step = 3u8;
    while find_tlv(&memory) == FoundTlv::Incomplete && memory.len() < size {
        let Some(next) = page.checked_add(step) else { break };
        (page, step) = (next, 4);
        memory.extend_from_slice(read(session, page).await?.expose());
    }
    memory.truncate(size);
    match find_tlv(&memory) {
        FoundTlv::Message(message) => Ok(Some(Message::decode(message)?)),
        FoundTlv::Absent | FoundTlv::Incomplete => Ok(None),
    }
}

async fn read(session: &mut dyn CardSession, page: u8) -> Result<Sensitive, Type2Error> {
    let answer = session.transmit(&[READ, page]).await?;
    if answer.len() == READ_LENGTH { Ok(answer) } else { Err(Type2Error::Refused { page }) }
}

#[cfg(test)]
mod tests {
    use countertop_device::{CardProtocol, async_trait};
    use countertop_wire::ndef::{Record, wrap_tlv};

    use super::*;

    /// A tag's memory, from page 3 on.
    #[derive(Debug)]
    struct Tag {
        memory: Vec<u8>,
        reads: usize,
    }

    #[async_trait]
    impl CardSession for Tag {
        fn protocol(&self) -> CardProtocol {
            CardProtocol::Type2
        }

        fn answer_to_reset(&self) -> &[u8] {
            &[]
        }

        async fn transmit(&mut self, command: &[u8]) -> Result<Sensitive, DeviceError> {
            self.reads += 1;
            let [READ, page] = *command else { panic!("{command:02x?}") };
            let start = usize::from(page - CONTAINER) * 4;
            let Some(content) = self.memory.get(start..) else { return Ok(vec![0x00].into()) };
            let mut answer = content.to_vec();
            answer.resize(READ_LENGTH, 0);
            Ok(answer.into())
        }

        async fn close(self: Box<Self>) -> Result<(), DeviceError> {
            Ok(())
        }
    }

    fn tag(size: u8, content: &[u8]) -> Tag {
        let memory = [&[NDEF_MAGIC, 0x10, size, 0x00], content].concat();
        Tag { memory, reads: 0 }
    }

    async fn read_all(mut tag: Tag) -> (Result<Option<Message>, Type2Error>, usize) {
        let result = read_ndef(&mut tag).await;
        (result, tag.reads)
    }

    #[tokio::test]
    async fn reads_no_further_than_needed() {
        let short = Message::new(vec![Record::uri("tel:1")]);
        let (message, reads) = read_all(tag(18, &wrap_tlv(&short.encode()))).await;
        assert_eq!((message.unwrap(), reads), (Some(short), 1));
        let long = Message::new(vec![Record::text("en", &"x".repeat(60))]);
        let (message, reads) = read_all(tag(18, &wrap_tlv(&long.encode()))).await;
        assert_eq!((message.unwrap(), reads), (Some(long), 5));
    }

    #[tokio::test]
    async fn a_tag_without_message_is_a_value() {
        let (message, _) = read_all(tag(2, &[0xfe])).await;
        assert_eq!(message.unwrap(), None);
        let blank = Tag { memory: vec![0; 64], reads: 0 };
        assert_eq!(read_all(blank).await.0.unwrap(), None);
    }

    #[tokio::test]
    async fn faults_are_told_apart() {
        let (error, _) = read_all(tag(18, &wrap_tlv(b"\x51\x01\x00U"))).await;
        assert!(matches!(error, Err(Type2Error::Ndef(NdefError::Order(0)))));
        // The container promises more memory than there is.
        let (error, _) = read_all(tag(255, &[0x01, 0xff, 0x10, 0x00])).await;
        assert!(matches!(error, Err(Type2Error::Refused { page: 7 })));
    }
}
