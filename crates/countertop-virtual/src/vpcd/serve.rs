//! One card, one connection.

use std::io;

use countertop_wire::vpcd::{ReaderMessage, frame};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::sleep;

use super::SlotError;
use super::prompt::Prompt;
use crate::card::VirtualCard;

/// Says why a card is no longer in the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ended {
    /// The card left by itself ([`VirtualCard::is_present`]).
    CardRemoved,
    /// The card was mute to a command; the reader lets go of such a card.
    CardMute,
    /// The reader hung up: pcscd ended, or another card is in the slot.
    ReaderGone,
}

/// Puts `card` into the reader's slot at `address` ("127.0.0.1:35963") and keeps it there until it
/// leaves, the reader hangs up or the future is dropped.
///
/// # Errors
///
/// [`SlotError`] when the reader cannot be reached or breaks its protocol.
///
/// # Cancel safety
///
/// Cancel safe: dropping the future removes the card.
pub async fn serve(mut card: impl VirtualCard, address: &str) -> Result<Ended, SlotError> {
    let link = connect(address).await?;
    serve_link(&mut card, link).await
}

/// Answers the reader at the other end of `link` for `card`.
///
/// # Errors
///
/// [`SlotError`] when the link fails or the reader breaks the protocol.
///
/// # Cancel safety
///
/// Not cancel safe for the link, which must be dropped with the future: that removes the card.
pub async fn serve_link<C, L>(card: &mut C, mut link: L) -> Result<Ended, SlotError>
where
    C: VirtualCard + ?Sized,
    L: AsyncRead + AsyncWrite + Unpin,
{
    while let Some(content) = read_message(&mut link).await? {
        let message = ReaderMessage::parse(&content)?;
        let asked = matches!(message, ReaderMessage::Command(_));
        let answer = answer(card, message);
        if asked {
            sleep(card.delay()).await;
        }
        if !card.is_present() {
            return Ok(Ended::CardRemoved);
        }
        let Some(answer) = answer else { continue };
        let mute = answer.is_empty();
        let sent = async {
            link.write_all(&frame(&answer)?).await?;
            link.flush().await?;
            Ok::<(), SlotError>(())
        };
        match sent.await {
            Err(SlotError::Link(error)) if is_hang_up(&error) => return Ok(Ended::ReaderGone),
            other => other?,
        }
        if mute {
            return Ok(Ended::CardMute);
        }
    }
    Ok(Ended::ReaderGone)
}

/// Connects to the reader's slot.
pub(super) async fn connect(address: &str) -> Result<Prompt, SlotError> {
    let failed = |source| SlotError::Connect { address: address.to_owned(), source };
    let link = TcpStream::connect(address).await.map_err(failed)?;
    Prompt::new(link).map_err(failed)
}

fn answer<C: VirtualCard + ?Sized>(card: &mut C, message: ReaderMessage) -> Option<Vec<u8>> {
    match message {
        ReaderMessage::PowerOn | ReaderMessage::Reset | ReaderMessage::PowerOff => {
            card.reset();
            None
        }
        ReaderMessage::AnswerToReset => Some(card.answer_to_reset()),
        ReaderMessage::Command(apdu) => Some(card.transmit(&apdu)),
        _ => None,
    }
}

/// Returns the content of the next message, or nothing after the reader has hung up.
async fn read_message<L: AsyncRead + Unpin>(link: &mut L) -> io::Result<Option<Vec<u8>>> {
    let read = async {
        let mut content = vec![0; link.read_u16().await?.into()];
        link.read_exact(&mut content).await?;
        Ok(content)
    };
    match read.await {
        Ok(content) => Ok(Some(content)),
        Err(error) if is_hang_up(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

fn is_hang_up(error: &io::Error) -> bool {
    use io::ErrorKind as Kind;
    matches!(
        error.kind(),
        Kind::UnexpectedEof | Kind::ConnectionReset | Kind::BrokenPipe | Kind::ConnectionAborted
    )
}
