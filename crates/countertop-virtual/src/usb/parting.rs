//! What is left to do for `vhci_hcd` when a plug was pulled.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use countertop_wire::usbip::{Command, Reply, RetSubmit, RetUnlink, Submit, Unlink, status};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tokio::time::{Instant, sleep, timeout};

use super::Speed;
use super::pipes::is_waited_for;
use super::serve::command;
use super::vhci::{VhciPort, attach};

/// How long the kernel may take to forget a device.
const DEADLINE: Duration = Duration::from_secs(30);
/// Time between two looks at the controller's status, which makes no events.
const GLANCE: Duration = Duration::from_millis(5);
/// How long the kernel mostly takes; behind it a request may be lost.
const PATIENCE: Duration = Duration::from_millis(20);
/// Time between two connections for lost requests.
const AGAIN: Duration = Duration::from_millis(100);
/// How long the kernel may take to close its end.
const LAST_WORDS: Duration = Duration::from_millis(500);
/// A controller that has said nothing for so long has no requests. It takes the kernel twenty times as
/// long to believe that a device was plugged in (Linux, `hub_port_debounce`).
const QUIET: Duration = Duration::from_millis(5);

/// Waits until the port is free and the device's folder has gone.
///
/// `vhci_hcd` forgets what it asked over a connection that has ended, and what is asked while it ends
/// (Linux, `vhci_shutdown_connection`): the driver waits, and the hub's worker, which has to take the
/// device away, waits for the driver. Another connection at the port may still answer: it fails the
/// `lost` requests, and those that come.
///
/// # Errors
///
/// [`TimedOut`](io::ErrorKind::TimedOut) when the kernel holds on to the device for 30 seconds.
pub(super) async fn let_go(
    port: VhciPort,
    speed: Speed,
    folder: Option<PathBuf>,
    mut lost: Vec<u32>,
) -> io::Result<()> {
    let give_up = Instant::now() + DEADLINE;
    let mut patience = Instant::now() + PATIENCE;
    loop {
        let free = port.is_free()?;
        if free && !folder.as_ref().is_some_and(|folder| folder.exists()) {
            return Ok(());
        }
        let now = Instant::now();
        if now > give_up {
            let text = format!("vhci_hcd holds on to {port}");
            return Err(io::Error::new(io::ErrorKind::TimedOut, text));
        }
        if free && (!lost.is_empty() || now > patience) {
            fail_lost_requests(port, speed, &mut lost).await;
            patience = Instant::now() + AGAIN;
        }
        sleep(GLANCE).await;
    }
}

/// Fails a request that was lost, and those that come, and notes those that come too late. The kernel
/// hangs up when it has taken the lost one back meanwhile.
async fn fail_lost_requests(port: VhciPort, speed: Speed, lost: &mut Vec<u32>) {
    let Ok(mut stream) = attach(port, speed).and_then(UnixStream::from_std) else { return };
    if let Some(sequence) = lost.pop()
        && stream.write_all(&failed(sequence).to_bytes()).await.is_err()
    {
        return;
    }
    while let Ok(Ok(())) = timeout(QUIET, fail_one(&mut stream)).await {}
    let _hung_up = timeout(LAST_WORDS, note_the_last(&mut stream, lost)).await;
}

/// Hangs up, and reads what the kernel has said before it hears of that.
async fn note_the_last(stream: &mut UnixStream, lost: &mut Vec<u32>) -> io::Result<()> {
    stream.shutdown().await?;
    loop {
        match command(stream).await? {
            (Command::Submit(submit), _) if is_waited_for(&submit) => lost.push(submit.sequence),
            (Command::Unlink(unlink), _) => lost.retain(|sequence| *sequence != unlink.victim),
            _ => {}
        }
    }
}

fn failed(sequence: u32) -> Reply {
    Reply::Submit(RetSubmit { sequence, status: status::PROTOCOL, actual_length: 0 })
}

async fn fail_one(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> io::Result<()> {
    let (command, _data) = command(stream).await?;
    let reply = match command {
        Command::Submit(Submit { sequence, .. }) => failed(sequence),
        Command::Unlink(Unlink { sequence, .. }) => {
            Reply::Unlink(RetUnlink { sequence, status: status::OK })
        }
        _ => return Ok(()),
    };
    stream.write_all(&reply.to_bytes()).await
}

#[cfg(test)]
mod tests {
    use countertop_wire::usb::Direction;
    use countertop_wire::usbip::HEADER_LENGTH;
    use tokio::io::AsyncReadExt as _;

    use super::*;

    async fn answer(asked: &[u8]) -> Reply {
        let (mut kernel, mut ours) = tokio::io::duplex(256);
        kernel.write_all(asked).await.unwrap();
        fail_one(&mut ours).await.unwrap();
        let mut header = [0; HEADER_LENGTH];
        kernel.read_exact(&mut header).await.unwrap();
        Reply::parse(&header).unwrap()
    }

    #[tokio::test]
    async fn a_lost_request_fails() {
        let submit = Command::Submit(Submit::new(7, Direction::Out, 2, 3));
        let reply = answer(&[submit.to_bytes().as_slice(), &[1, 2, 3]].concat()).await;
        assert_eq!(reply, failed(7));
    }

    #[tokio::test]
    async fn a_request_taken_back_is_none() {
        let unlink = Command::Unlink(Unlink { sequence: 9, device: 1, victim: 7 });
        let reply = answer(&unlink.to_bytes()).await;
        assert_eq!(reply, Reply::Unlink(RetUnlink { sequence: 9, status: status::OK }));
    }
}
