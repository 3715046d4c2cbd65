//! Type 2 tags of which nothing is known but what NFC Forum Type 2 Tag 1.2 says.

use async_trait::async_trait;
use countertop_device::{
    CardProtocol, CardSession, ContactlessTarget, DeviceError, DeviceErrorKind, Sensitive,
};
use countertop_nfc::tag::{self, TagError};
use countertop_wire::ndef::{Message, Record};

/// Is a tag that knows READ and WRITE and refuses everything else.
#[derive(Debug)]
struct PlainTag(Vec<[u8; 4]>);

impl PlainTag {
    /// Makes a tag of so many pages with this container, and this behind it.
    fn new(pages: usize, container: [u8; 4], content: &[u8]) -> Self {
        let mut memory = vec![[0; 4]; pages];
        (memory[0], memory[1]) = ([0x02, 1, 2, 0x89], [3, 4, 5, 6]);
        memory[3] = container;
        memory[4..].as_flattened_mut()[..content.len()].copy_from_slice(content);
        Self(memory)
    }
}

#[async_trait]
impl CardSession for PlainTag {
    fn protocol(&self) -> CardProtocol {
        CardProtocol::Type2
    }

    fn answer_to_reset(&self) -> &[u8] {
        &[]
    }

    async fn transmit(&mut self, command: &[u8]) -> Result<Sensitive, DeviceError> {
        let pages = self.0.len();
        Ok(match *command {
            [0x30, page] if usize::from(page) < pages => {
                (0..4).flat_map(|next| self.0[(usize::from(page) + next) % pages]).collect()
            }
            [0xa2, page, a, b, c, d] if usize::from(page) < pages => {
                self.0[usize::from(page)] = [a, b, c, d];
                vec![0x0a]
            }
            [] => return Err(DeviceError::new(DeviceErrorKind::InvalidInput, "tag", "transmit")),
            _ => vec![0x00],
        }
        .into())
    }

    async fn close(self: Box<Self>) -> Result<(), DeviceError> {
        Ok(())
    }
}

fn target() -> ContactlessTarget {
    ContactlessTarget::new(vec![0x02, 1, 2, 3, 4, 5, 6], [0x00, 0x44], 0x00, Vec::new())
}

fn message() -> Message {
    Message::new(vec![Record::text("en", "of another maker")])
}

/// 192 bytes are for the message: behind them are 18 lock bits, one for 8 of the bytes beyond 48.
#[tokio::test]
async fn lock_bits_are_behind_the_memory_where_nothing_else_is_said() {
    let mut tag = PlainTag::new(64, [0xe1, 0x11, 0x18, 0x00], &[0x03, 0x00, 0xfe]);
    tag.0[52] = [0x00, 0x00, 0x40, 0x77];
    tag.0[40] = [1, 2, 3, 4];
    tag::write(&mut tag, &target(), &message()).await.unwrap();
    tag::lock(&mut tag, &target()).await.unwrap();
    assert_eq!(tag.0[52], [0xff, 0xff, 0x43, 0x77], "what is no lock bit stays");
    assert_eq!((tag.0[2], tag.0[3]), ([0, 0, 0xff, 0xff], [0xe1, 0x11, 0x18, 0x0f]));
    assert_eq!(tag.0[40], [1, 2, 3, 4], "an Ultralight C has its lock bytes there");
    assert_eq!(tag::read(&mut tag, &target()).await.unwrap(), Some(message()));
}

/// 20 bits from the last byte of page 60 on.
#[tokio::test]
async fn lock_bits_are_where_a_block_says() {
    let content = [0x01, 0x03, 0xf3, 0x14, 0x04, 0x03, 0x00, 0xfe];
    let mut tag = PlainTag::new(64, [0xe1, 0x10, 0x18, 0x00], &content);
    tag::lock(&mut tag, &target()).await.unwrap();
    assert_eq!((tag.0[60], tag.0[61]), ([0, 0, 0, 0xff], [0xff, 0x0f, 0, 0]));
    assert_eq!(tag.0[52], [0; 4], "the usual place");
}

#[tokio::test]
async fn nothing_is_burnt_where_the_lock_bits_cannot_be_read() {
    let mut tag = PlainTag::new(40, [0xe1, 0x10, 0x12, 0x00], &[0x03, 0x00, 0xfe]);
    let before = tag.0.clone();
    let error = tag::lock(&mut tag, &target()).await.unwrap_err();
    assert!(matches!(error, TagError::Refused { .. }), "{error}");
    assert_eq!(tag.0, before);
}

/// The container's bits cannot be taken back.
#[tokio::test]
async fn a_blank_tag_of_unknown_size_stays_blank() {
    for pages in [20, 41, 45, 64] {
        let mut tag = PlainTag::new(pages, [0; 4], &[]);
        let error = tag::format(&mut tag, &target()).await.unwrap_err();
        assert!(matches!(error, TagError::Unsupported(_)), "{pages}: {error}");
        assert_eq!(tag.0[3], [0; 4], "{pages}");
    }
}

/// Bits of the container are burnt for ever, those of a ticket as well.
#[tokio::test]
async fn a_tag_of_another_trade_keeps_what_is_burnt_into_it() {
    let mut tag = PlainTag::new(16, [0x02, 0, 0, 0], &[]);
    let error = tag::format(&mut tag, &target()).await.unwrap_err();
    assert!(error.to_string().contains("other data are burnt"), "{error}");
    assert_eq!(tag.0[3], [0x02, 0, 0, 0]);
}
