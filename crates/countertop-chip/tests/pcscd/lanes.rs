//! Many readers in one service, and cards that leave when they are told to.

use std::fmt::Write as _;
use std::io::Write as _;
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use tokio::sync::mpsc;

use crate::common::{PATIENCE, receive, send};

/// Where vpcd's Debian package puts the driver.
const DRIVER: &str = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";
/// The first port; outside the range from which the kernel takes ports for outgoing connections.
const FIRST_PORT: u16 = 21_000;
/// The most readers that pcscd takes (PCSCLITE_MAX_READERS_CONTEXTS).
const MOST: u16 = 16;

/// Returns how many lanes there are: two, or as `COUNTERTOP_LANES` says.
pub(crate) fn number() -> u16 {
    let asked = std::env::var("COUNTERTOP_LANES").ok().and_then(|lanes| lanes.parse().ok());
    asked.unwrap_or(2_u16).clamp(2, MOST) & !1
}

/// Writes a configuration of so many virtual readers, an even number, and returns its folder.
pub(crate) fn configuration(lanes: u16) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("countertop-lanes-{lanes}"));
    let drivers = std::env::temp_dir().join("countertop-lane-drivers");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::create_dir_all(&drivers).unwrap();
    let mut text = String::new();
    for lane in (0..lanes).step_by(2) {
        let port = FIRST_PORT + lane;
        writeln!(text, "FRIENDLYNAME \"Lane {lane:02}\"").unwrap();
        writeln!(text, "DEVICENAME /dev/null:{port:#06X}").unwrap();
        // The driver knows two slots and no more, so that each pair has a copy of it.
        let driver = drivers.join(format!("libifdvpcd-{lane}.so"));
        std::fs::copy(DRIVER, &driver).expect("install vsmartcard-vpcd");
        writeln!(text, "LIBPATH {}\nCHANNELID {port:#06X}\n", driver.display()).unwrap();
    }
    std::fs::write(folder.join("lanes"), text).unwrap();
    folder
}

/// Returns the selector of a lane's reader.
pub(crate) fn selector(lane: u16) -> String {
    // pcscd numbers the slots of a driver.
    format!("pcsc:Lane {:02} 00 {:02}", lane & !1, lane % 2)
}

/// Returns how many readers a configuration has.
pub(crate) fn count(folder: &Path) -> usize {
    2 * std::fs::read_to_string(folder.join("lanes")).unwrap().matches("CHANNELID").count()
}

/// Is what a card does with a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reaction {
    /// It answers.
    Answer,
    /// It leaves instead of answering.
    Leave,
    /// It answers and leaves at once.
    AnswerAndLeave,
    /// It says nothing, and stays.
    Hang,
}

/// Is a card in a lane; taken out on drop.
pub(crate) struct LaneCard {
    stream: TcpStream,
    hung: mpsc::UnboundedReceiver<()>,
}

impl LaneCard {
    /// Inserts a card that answers each command with the number of commands since it was
    /// reset, and reacts to command `place` as told.
    pub(crate) fn insert(
        lane: u16,
        answer_to_reset: &'static [u8],
        place: usize,
        reaction: Reaction,
    ) -> Self {
        let stream = connect(SocketAddr::from(([127, 0, 0, 1], FIRST_PORT + lane)));
        let line = stream.try_clone().unwrap();
        let (hangs, hung) = mpsc::unbounded_channel();
        thread::spawn(move || serve(line, answer_to_reset, place, reaction, &hangs));
        Self { stream, hung }
    }

    /// Waits until the card hangs in a command.
    pub(crate) async fn hung(&mut self) {
        self.hung.recv().await.expect("the card left");
    }
}

impl Drop for LaneCard {
    fn drop(&mut self) {
        let _ = self.stream.shutdown(Shutdown::Both);
    }
}

/// Connects to a slot that listens soon: a service that starts, or one that looks after the last card.
fn connect(address: SocketAddr) -> TcpStream {
    let end = Instant::now() + PATIENCE;
    loop {
        match TcpStream::connect(address) {
            Ok(stream) => return stream,
            Err(error) => assert!(Instant::now() < end, "no virtual reader at {address}: {error}"),
        }
        thread::sleep(std::time::Duration::from_millis(5));
    }
}

fn serve(
    mut line: TcpStream,
    answer_to_reset: &[u8],
    place: usize,
    reaction: Reaction,
    hangs: &mpsc::UnboundedSender<()>,
) {
    let mut number = 0;
    while let Ok(message) = receive(&mut line) {
        let sent = match message.as_slice() {
            [0x04] => send(&mut line, answer_to_reset),
            // Power on and reset.
            [0x01 | 0x02] => {
                number = 0;
                Ok(())
            }
            [_] => Ok(()),
            _ => {
                let now = if number == place { reaction } else { Reaction::Answer };
                number += 1;
                let count = number.to_be_bytes()[7];
                match now {
                    Reaction::Answer => send(&mut line, &[count, 0x90, 0x00]),
                    Reaction::AnswerAndLeave => {
                        let _ = send(&mut line, &[count, 0x90, 0x00]).and_then(|()| line.flush());
                        let _ = line.shutdown(Shutdown::Both);
                        return;
                    }
                    Reaction::Leave => {
                        let _ = line.shutdown(Shutdown::Both);
                        return;
                    }
                    Reaction::Hang => {
                        let _ = hangs.send(());
                        Ok(())
                    }
                }
            }
        };
        if sent.is_err() {
            return;
        }
    }
}
