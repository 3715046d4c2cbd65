//! NDEF messages on tags of every type, through any session, whichever driver it comes from.
//!
//! [`read`] finds the message, [`write()`] replaces it, [`format()`] prepares a tag for messages,
//! [`lock`] ends writing for ever, [`dump`] shows the memory. What kind of tag it is follows from what
//! the session speaks.
//!
//! | tag | standard | read, write | format | lock |
//! |---|---|---|---|---|
//! | Topaz | Type 1 Tag 1.2, static memory | yes | yes | yes |
//! | Ultralight, Ultralight C, NTAG21x | Type 2 Tag 1.2 | yes | yes | yes |
//! | FeliCa | Type 3 Tag 1.0 | yes | FeliCa Lite | attribute block |
//! | cards with the NDEF application | Type 4 Tag 2.0 | yes | empties the file | where the card lets |
//! | MIFARE Classic 1K, 4K | NXP AN1304, AN1305 | yes | yes | no |
//!
//! # Reserved bytes
//!
//! Blocks in front of the message may name lock bytes and reserved bytes (Type 1 Tag 1.2 and Type 2 Tag 1.2,
//! lock control and memory control TLV). Messages go around those, and the blocks stay, also where a tag
//! is formatted.
//!
//! # A tag that leaves in the middle of a write
//!
//! A write sets the message's length to zero first, then writes the content, and the length last
//! (Type 2 Tag 1.2, 6.4.3, and likewise of the other types). So no reader ever takes a half for a
//! whole. A failure from the first step on is [`TagError::Torn`]; before it the old message is intact
//! and the error another one. [`repair`] puts a torn tag right.

mod area;
pub mod desfire;
mod error;
mod kind;
mod mifare;
pub mod ntag;
mod type1;
mod type2;
mod type3;
mod type4;

use countertop_device::{CardSession, ContactlessTarget};
use countertop_wire::ndef::Message;

pub use error::TagError;
pub use kind::TagKind;
pub use mifare::FACTORY_KEY;

/// Is what is known of a tag's place for a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct TagState {
    /// What the tag is.
    pub kind: TagKind,
    /// The longest message that it takes, in bytes.
    pub capacity: usize,
    /// Whether it can be written to.
    pub writable: bool,
}

/// Reads a tag's message; `None` when there is none, or a write was torn.
///
/// # Errors
///
/// [`TagError::NotFormatted`] when the tag is not made for NDEF, [`TagError::Truncated`] when the message
/// goes beyond its memory; else what the session met, or that the message is malformed.
///
/// # Cancel safety
///
/// Not cancel safe, as [`CardSession::transmit`].
pub async fn read(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
) -> Result<Option<Message>, TagError> {
    let bytes = match TagKind::of(session)? {
        TagKind::Type1 => type1::read(session, target).await?,
        TagKind::Type2 => type2::read(session).await?,
        TagKind::Type3 => type3::read(session, target).await?,
        TagKind::Type4 => type4::read(session).await?,
        TagKind::MifareClassic => mifare::read(session, target).await?,
    };
    match bytes {
        Some(bytes) if !bytes.is_empty() => Ok(Some(Message::decode(&bytes)?)),
        _ => Ok(None),
    }
}

/// Tells what the tag is, how much fits and whether it can be written to.
///
/// # Errors
///
/// As [`read`].
///
/// # Cancel safety
///
/// As [`read`].
pub async fn state(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
) -> Result<TagState, TagError> {
    let kind = TagKind::of(session)?;
    let (capacity, writable) = match kind {
        TagKind::Type1 => type1::state(session, target).await?,
        TagKind::Type2 => type2::state(session).await?,
        TagKind::Type3 => type3::state(session, target).await?,
        TagKind::Type4 => type4::state(session).await?,
        TagKind::MifareClassic => mifare::state(session, target).await?,
    };
    Ok(TagState { kind, capacity, writable })
}

/// Replaces a tag's message.
///
/// # Errors
///
/// [`TagError::Torn`] when the tag left in the middle, [`TagError::ReadOnly`],
/// [`TagError::TooLong`], [`TagError::NotFormatted`], [`TagError::Truncated`]; else what the session met before anything was
/// changed.
///
/// # Cancel safety
///
/// Not cancel safe: a dropped call leaves the tag torn.
pub async fn write(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
    message: &Message,
) -> Result<(), TagError> {
    let bytes = message.encode();
    match TagKind::of(session)? {
        TagKind::Type1 => type1::write(session, target, &bytes).await,
        TagKind::Type2 => type2::write(session, &bytes).await,
        TagKind::Type3 => type3::write(session, target, &bytes).await,
        TagKind::Type4 => type4::write(session, &bytes).await,
        TagKind::MifareClassic => mifare::write(session, target, &bytes).await,
    }
}

/// Puts a tag right whose write was torn: it holds `message` then, or an empty place for one.
///
/// # Errors
///
/// As [`write()`].
///
/// # Cancel safety
///
/// As [`write()`].
pub async fn repair(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
    message: Option<&Message>,
) -> Result<(), TagError> {
    let empty = Message::default();
    write(session, target, message.unwrap_or(&empty)).await
}

/// Prepares a tag for messages and empties it.
///
/// # Errors
///
/// [`TagError::Unsupported`] for a kind of tag that only its issuer can prepare; else as [`write()`].
///
/// # Cancel safety
///
/// As [`write()`].
pub async fn format(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
) -> Result<(), TagError> {
    match TagKind::of(session)? {
        TagKind::Type1 => type1::format(session, target).await,
        TagKind::Type2 => type2::format(session).await,
        TagKind::Type3 => type3::format(session, target).await,
        TagKind::Type4 => type4::format(session).await,
        TagKind::MifareClassic => mifare::format(session, target).await,
    }
}

/// Ends writing to the tag for ever. Nothing undoes it.
///
/// # Errors
///
/// [`TagError::Unsupported`], [`TagError::Refused`]; else what the session met.
///
/// # Cancel safety
///
/// As [`write()`].
pub async fn lock(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
) -> Result<(), TagError> {
    match TagKind::of(session)? {
        TagKind::Type1 => type1::lock(session, target).await,
        TagKind::Type2 => type2::lock(session).await,
        TagKind::Type3 => type3::lock(session, target).await,
        TagKind::Type4 => type4::lock(session).await,
        TagKind::MifareClassic => Err(TagError::Unsupported("be locked: its keys would be lost")),
    }
}

/// Reads the memory in its units (pages, blocks, or one file), each with its number. What the tag
/// refuses to read is left out.
///
/// # Errors
///
/// What the session met.
///
/// # Cancel safety
///
/// As [`read`].
pub async fn dump(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
) -> Result<Vec<(usize, Vec<u8>)>, TagError> {
    match TagKind::of(session)? {
        TagKind::Type1 => type1::dump(session, target).await,
        TagKind::Type2 => type2::dump(session).await,
        TagKind::Type3 => type3::dump(session, target).await,
        TagKind::Type4 => type4::dump(session).await,
        TagKind::MifareClassic => mifare::dump(session, target).await,
    }
}
