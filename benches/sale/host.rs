//! The host over TCP, behind a relay that knows when a request came and when its answer left.

use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Instant;

use countertop_virtual::acquirer::{AcquirerConfig, VirtualAcquirer};

use crate::away::{Away, Who};

/// Raises host and relay; returns the address for the terminal.
pub(crate) fn raise(away: &Away, others: &tokio::runtime::Handle) -> String {
    let behind = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = behind.local_addr().unwrap();
    behind.set_nonblocking(true).unwrap();
    let (acquirer, _) = VirtualAcquirer::new(AcquirerConfig::default()).unwrap();
    others.spawn(async move {
        acquirer.listen(tokio::net::TcpListener::from_std(behind).unwrap()).await
    });
    let front = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = front.local_addr().unwrap().to_string();
    let away = away.clone();
    thread::spawn(move || {
        for terminal in front.incoming() {
            // The terminal hangs up after each message, which ends the relaying.
            let _ = relay(terminal.unwrap(), TcpStream::connect(host).unwrap(), &away);
        }
    });
    address
}

fn relay(mut terminal: TcpStream, mut host: TcpStream, away: &Away) -> io::Result<()> {
    terminal.set_nodelay(true)?;
    loop {
        let request = read_frame(&mut terminal)?;
        away.request_arrived();
        let start = Instant::now();
        host.write_all(&request)?;
        let answer = read_frame(&mut host)?;
        away.add(Who::Host, start.elapsed());
        terminal.write_all(&answer)?;
    }
}

/// Reads a frame: two bytes of length, and as many bytes.
fn read_frame(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut frame = vec![0; 2];
    stream.read_exact(&mut frame)?;
    frame.resize(2 + usize::from(u16::from_be_bytes([frame[0], frame[1]])), 0);
    stream.read_exact(&mut frame[2..])?;
    Ok(frame)
}
