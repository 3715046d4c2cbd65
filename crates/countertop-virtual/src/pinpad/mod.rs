//! A virtual PIN pad of the VISA packet family, with test keys only.
//!
//! Inside it is what a PIN pad has: a master key, a keypad, a screen, a PIN that leaves only as an
//! encrypted block and is wiped then. It says of itself that it holds test keys, and it cannot be
//! made for a live profile.
//!
//! A working key that has encrypted a PIN makes no MACs and the reverse; the one exception is the
//! MAC of eight zeros, which is the key's check value.

mod config;
mod control;
mod keypad;
mod keys;
mod link;
mod mac;
mod offline;
mod pad;
mod prompt;

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};

pub use config::{LiveProfileRefused, PinPadConfig, ProfileKind, TEST_MASTER_KEY};
pub use control::{PinPadControl, Screen};

use keypad::KeyBuffer;
use link::PadLink;
use pad::Pad;

/// Is a virtual PIN pad.
#[derive(Debug)]
pub struct VirtualPinPad {
    pad: Pad,
    link: PadLink,
    keys: mpsc::UnboundedReceiver<KeyBuffer>,
    screen: watch::Sender<Screen>,
}

impl VirtualPinPad {
    /// Creates a PIN pad and the hand that presses its keys.
    ///
    /// # Errors
    ///
    /// [`LiveProfileRefused`] for [`ProfileKind::Live`].
    pub fn new(config: PinPadConfig) -> Result<(Self, PinPadControl), LiveProfileRefused> {
        if config.profile == ProfileKind::Live {
            return Err(LiveProfileRefused);
        }
        let (sender, keys) = mpsc::unbounded_channel();
        let pad = Pad::new(config);
        let screen = watch::Sender::new(pad.screen());
        let control = PinPadControl::new(sender, screen.subscribe());
        Ok((Self { pad, link: PadLink::new(), keys, screen }, control))
    }

    /// Serves a host until the link ends.
    ///
    /// # Errors
    ///
    /// What the link meets.
    ///
    /// # Cancel safety
    ///
    /// Dropping it switches the PIN pad off.
    pub async fn serve<L>(mut self, mut link: L) -> io::Result<()>
    where
        L: AsyncRead + AsyncWrite + Send + Unpin,
    {
        let mut chunk = [0; 256];
        loop {
            let deadline = [self.pad.deadline(), self.link.deadline()].into_iter().flatten().min();
            tokio::select! {
                read = link.read(&mut chunk) => match read? {
                    0 => return Ok(()),
                    count => self.receive(chunk.get(..count).unwrap_or_default()),
                },
                Some(keys) = self.keys.recv() => self.pad.press(&keys),
                () = sleep_until(deadline.unwrap_or_else(Instant::now)), if deadline.is_some() => {
                    self.pad.tick();
                    self.link.tick();
                }
            }
            self.pad.answers().for_each(|answer| self.link.send(answer));
            self.screen.send_if_modified(|screen| {
                let now = self.pad.screen();
                core::mem::replace(screen, now.clone()) != now
            });
            let bytes = self.link.take_output();
            link.write_all(&bytes).await?;
            link.flush().await?;
        }
    }

    fn receive(&mut self, bytes: &[u8]) {
        self.link.push(bytes);
        while let Some(event) = self.link.next_event() {
            self.pad.handle(event);
            self.pad.answers().for_each(|answer| self.link.send(answer));
        }
    }
}

#[cfg(test)]
mod tests;
