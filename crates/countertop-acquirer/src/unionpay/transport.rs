//! One request and one answer over TCP.

use std::io;

use countertop_wire::unionpay::Frame;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};
use zeroize::Zeroizing;

use super::profile::Checked;
use crate::HostError;

/// Says how an exchange failed: before or after the first byte left.
#[derive(Debug)]
pub(super) enum Failure {
    /// Not a byte left.
    NotSent(HostError),
    /// Bytes left and no readable answer came.
    NoAnswer(HostError),
}

impl From<Failure> for HostError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NotSent(error) | Failure::NoAnswer(error) => error,
        }
    }
}

/// Sends a frame with its length in front, and returns the frame that comes back.
///
/// # Cancel safety
///
/// Not cancel safe: bytes may have left.
pub(super) async fn exchange(
    profile: &Checked,
    frame: &[u8],
    action: &'static str,
) -> Result<Frame, Failure> {
    let mut stream = connect(profile).await?;
    let deadline = Instant::now() + profile.response_timeout();
    send(&mut stream, frame, deadline, profile, action).await?;
    let Ok(Ok(body)) = timeout_at(deadline, receive(&mut stream)).await else {
        return Err(Failure::NoAnswer(no_answer(profile, action)));
    };
    Frame::parse_body(&body).map_err(|error| {
        let host = profile.profile.host.clone();
        Failure::NoAnswer(HostError::BadAnswer { host, action, reason: error.to_string() })
    })
}

async fn connect(profile: &Checked) -> Result<TcpStream, Failure> {
    let host = &profile.profile.host;
    let connected = timeout(profile.connect_timeout(), TcpStream::connect(host)).await;
    let connected = connected.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
    connected.map_err(|source| Failure::NotSent(HostError::Connect { host: host.clone(), source }))
}

async fn send(
    stream: &mut TcpStream,
    frame: &[u8],
    deadline: Instant,
    profile: &Checked,
    action: &'static str,
) -> Result<(), Failure> {
    let mut sent = 0;
    while sent < frame.len() {
        let written = timeout_at(deadline, stream.write(&frame[sent..])).await;
        match written.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())) {
            Ok(count) if count > 0 => sent += count,
            failed if sent == 0 => {
                let source = failed.err().unwrap_or_else(|| io::ErrorKind::WriteZero.into());
                let host = profile.profile.host.clone();
                return Err(Failure::NotSent(HostError::Connect { host, source }));
            }
            _ => return Err(Failure::NoAnswer(no_answer(profile, action))),
        }
    }
    Ok(())
}

async fn receive(stream: &mut TcpStream) -> io::Result<Zeroizing<Vec<u8>>> {
    let length = stream.read_u16().await?;
    let mut body = Zeroizing::new(vec![0; usize::from(length)]);
    stream.read_exact(&mut body).await?;
    Ok(body)
}

fn no_answer(profile: &Checked, action: &'static str) -> HostError {
    HostError::NoAnswer { host: profile.profile.host.clone(), action }
}
