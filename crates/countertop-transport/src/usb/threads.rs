//! The two threads of a link, in which libusb may block.

use std::io;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::error;
use super::pipe::Pipe;
use super::state::{Direction, Shared};
use crate::blocking::thread_name;

/// Bytes of one transfer to the device: what is unknown for a moment when the device stops taking
/// bytes.
const TRANSFER: usize = 4096;

/// Bytes that one read takes, a multiple of every packet size.
const READ: usize = 4096;

/// How long to leave a device alone that answered with nothing: some printers do so instead of
/// making the host wait, and would keep it busy.
const AFTER_NOTHING: Duration = Duration::from_millis(50);

/// Is what a thread does until the link is closed or its direction has ended.
type Work = fn(&Shared, &dyn Pipe);

/// Starts the threads of a link, which are called after the device.
pub(super) fn start(shared: &Arc<Shared>, pipe: &Arc<dyn Pipe>, device: &str) -> io::Result<()> {
    let both: [(&str, Work); 2] = [("out", write), ("in", read)];
    let threads = if pipe.is_bidirectional() { &both[..] } else { &both[..1] };
    shared.threads_start(if pipe.is_bidirectional() { 2 } else { 1 });
    let spawned = threads.iter().map(|&(name, work)| {
        let thread = Thread { shared: Arc::clone(shared), pipe: Arc::clone(pipe) };
        let builder = thread::Builder::new().name(thread_name(name, device));
        builder.spawn(move || work(&thread.shared, &*thread.pipe)).map(drop)
    });
    // A thread that cannot be started counts itself out, and so the rest end when the link closes.
    spawned.collect::<Vec<_>>().into_iter().collect()
}

/// Is a thread's share in the link; dropping it counts the thread out.
struct Thread {
    shared: Arc<Shared>,
    pipe: Arc<dyn Pipe>,
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.shared.thread_ends(|| self.pipe.give_back());
    }
}

/// Ends the threads of a link and gives the interface back, on a thread of its own, since the kernel's
/// driver asks the device who it is. Returns when that is done, or at `end`.
pub(super) fn end(shared: &Arc<Shared>, pipe: &Arc<dyn Pipe>, device: &str, end: Instant) {
    if !shared.end_threads(end, || pipe.release()) {
        return;
    }
    let give_back = {
        let (shared, pipe) = (Arc::clone(shared), Arc::clone(pipe));
        move || {
            pipe.give_back();
            shared.given_back();
        }
    };
    let builder = thread::Builder::new().name(thread_name("end", device));
    match builder.spawn(give_back) {
        Ok(_thread) => shared.await_given_back(end),
        Err(_) => pipe.give_back(),
    }
}

fn read(shared: &Shared, pipe: &dyn Pipe) {
    let mut buffer = vec![0; READ];
    while shared.await_room() {
        match pipe.read(&mut buffer) {
            Ok(0) => {
                if !shared.pause(AFTER_NOTHING) {
                    return;
                }
            }
            Ok(count) => shared.received(buffer.get(..count).unwrap_or_default()),
            Err(error) => return shared.failed(Direction::In, error::number(&error)),
        }
    }
}

fn write(shared: &Shared, pipe: &dyn Pipe) {
    let mut chunk = Vec::with_capacity(TRANSFER);
    while shared.next_chunk(&mut chunk, TRANSFER) {
        match pipe.write(&chunk) {
            Ok(count) => shared.taken(count),
            Err(error) => return shared.failed(Direction::Out, error::number(&error)),
        }
    }
}
