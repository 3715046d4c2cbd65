//! A virtual NXP PN532 contactless reader chip on its serial line (UM0701-02), and a PN533 on USB,
//! with cards and tags in their field.
//!
//! It is meant to be opened by other people's stacks: libnfc (`pn532_uart:/dev/…`) and nfcpy
//! (`tty:…`). It sleeps until it is woken, acknowledges before it answers, repeats on NACK, aborts
//! on ACK, takes extended frames, and refuses what it does not know with a syntax error frame.
//! It is an initiator only: commands of the target mode are refused, and the test as an echoing target
//! (Diagnose 05) waits in vain.
//!
//! What is in the field is modelled down to the frames in the air: requests, anticollision, halt
//! and the block protocol of ISO/IEC 14443. Two cards at once collide and are told apart; a card
//! that was deselected does not answer until it is woken; one that is taken away falls silent in
//! the middle of a conversation. Times are modelled where they are asked for: a target or a card may
//! be slow ([`TargetFault::Slow`]), and silence may last ([`Pn532Control::set_silence`]); else all
//! answer at once. Of MIFARE Classic the cipher in the air is left out.

mod anticollision;
mod chip;
mod control;
mod diagnose;
mod exchange;
mod field;
mod iso_dep;
mod jewel;
mod known;
mod link;
mod model;
mod other_types;
mod radio;
mod registers;
mod search;
mod tags;
#[cfg(test)]
mod tests;
mod usb;
mod wake;

use std::io;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};

pub use control::{Pn532Control, Pn532Fault, TargetId};
pub use tags::{
    DesfireApplication, DesfireCard, DesfireFile, FelicaTag, MifareClassic, MifareSize, Target,
    TargetFault, TopazTag, Type2Model, Type2Tag, Type4Tag,
};
pub use usb::{Pn533Config, VirtualPn533};

use chip::Chip;
use control::Shared;
use link::ChipLine;
use model::Model;

/// Is a virtual PN532, firmware 1.6.
#[derive(Debug)]
pub struct VirtualPn532 {
    line: ChipLine,
}

impl VirtualPn532 {
    /// Creates a chip behind power-on, and the hand that holds cards to its antenna.
    #[must_use]
    pub fn new() -> (Self, Pn532Control) {
        let shared = Arc::new(Shared::default());
        let control = Pn532Control::new(Arc::clone(&shared));
        (Self { line: ChipLine::new(Chip::new(Model::Pn532, shared)) }, control)
    }

    /// Speaks with a host until the link ends.
    ///
    /// # Errors
    ///
    /// What reading or writing the link met.
    ///
    /// # Cancel safety
    ///
    /// Dropping it ends the chip.
    pub async fn serve<L>(self, link: L) -> io::Result<()>
    where
        L: AsyncRead + AsyncWrite + Send + Unpin,
    {
        self.line.serve(link).await
    }
}
