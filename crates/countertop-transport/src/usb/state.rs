//! What a link and its two threads share.

use std::io;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::{Duration, Instant};

/// Bytes from the device that wait for a reader; then the device has to wait.
pub(super) const INCOMING: usize = 16 * 1024;

/// Bytes that wait for the device; then the writer has to wait.
pub(super) const OUTGOING: usize = 16 * 1024;

/// Is what a link and its threads share.
#[derive(Debug, Default)]
pub(super) struct Shared {
    state: Mutex<State>,
    /// Rings for the writer's thread: there are bytes to write, or the link closes.
    work: Condvar,
    /// Rings for the reader's thread: there is room, or the link closes.
    room: Condvar,
    /// Rings when a thread has ended.
    ended: Condvar,
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) incoming: Vec<u8>,
    /// Bytes that the device has not taken yet, those of the running transfer included.
    pub(super) outgoing: Vec<u8>,
    /// Bytes that the device has taken since the link was opened.
    pub(super) taken: u64,
    pub(super) reader: Option<Waker>,
    pub(super) writer: Option<Waker>,
    /// The operating system's number of the error that ended the direction.
    pub(super) read_error: Option<i32>,
    pub(super) write_error: Option<i32>,
    pub(super) closed: bool,
    threads: u8,
    /// Whether the link's owner has gone before the threads had ended.
    abandoned: bool,
    given_back: bool,
}

impl Shared {
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing in here panics halfway through a change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(
        &self,
        bell: &Condvar,
        state: MutexGuard<'a, State>,
        sleep: impl FnMut(&mut State) -> bool,
    ) -> MutexGuard<'a, State> {
        bell.wait_while(state, sleep).unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts threads that are about to start.
    pub(super) fn threads_start(&self, count: u8) {
        self.lock().threads = count;
    }

    /// Counts a thread out. The last one runs `give_back` if the link's owner did not wait for it.
    pub(super) fn thread_ends(&self, give_back: impl FnOnce()) {
        let mut state = self.lock();
        state.threads -= 1;
        let late = state.threads == 0 && state.abandoned;
        drop(state);
        if late {
            give_back();
        }
        self.ended.notify_all();
    }

    /// Waits until there are bytes to write and copies at most `most` of them to `chunk`; `false`
    /// when the link is closed.
    pub(super) fn next_chunk(&self, chunk: &mut Vec<u8>, most: usize) -> bool {
        let idle = |state: &mut State| state.outgoing.is_empty() && !state.closed;
        let state = self.wait(&self.work, self.lock(), idle);
        chunk.clear();
        chunk.extend(state.outgoing.iter().take(most));
        !state.closed
    }

    /// Notes that the device has taken `count` of the bytes that wait.
    pub(super) fn taken(&self, count: usize) {
        let mut state = self.lock();
        let count = count.min(state.outgoing.len());
        state.outgoing.drain(..count);
        state.taken += u64::try_from(count).unwrap_or_default();
        wake(state, |state| state.writer.take());
    }

    /// Waits until there is room for more bytes from the device; `false` when the link is closed.
    pub(super) fn await_room(&self) -> bool {
        let full = |state: &mut State| state.incoming.len() >= INCOMING && !state.closed;
        !self.wait(&self.room, self.lock(), full).closed
    }

    /// Waits for `pause`, or until the link is closed, and then returns `false`.
    pub(super) fn pause(&self, pause: Duration) -> bool {
        let waited = self.room.wait_timeout_while(self.lock(), pause, |state| !state.closed);
        !waited.unwrap_or_else(PoisonError::into_inner).0.closed
    }

    /// Notes bytes from the device.
    pub(super) fn received(&self, bytes: &[u8]) {
        let mut state = self.lock();
        state.incoming.extend_from_slice(bytes);
        wake(state, |state| state.reader.take());
    }

    /// Notes that a direction has ended, by the error of the operating system with number `code`. A
    /// device that is gone is gone for both.
    pub(super) fn failed(&self, direction: Direction, code: i32) {
        let mut state = self.lock();
        let gone = code == super::error::GONE;
        if gone || direction == Direction::In {
            state.read_error.get_or_insert(code);
        }
        if gone || direction == Direction::Out {
            state.write_error.get_or_insert(code);
        }
        let wakers = [state.reader.take(), state.writer.take()];
        drop(state);
        wakers.into_iter().flatten().for_each(Waker::wake);
    }

    /// Rings for the writer's thread.
    pub(super) fn ring_work(&self) {
        self.work.notify_one();
    }

    /// Rings for the reader's thread.
    pub(super) fn ring_room(&self) {
        self.room.notify_one();
    }

    /// Ends the threads: calls `release` until none is blocked any more, or until `end`; a device
    /// that hangs must not hold up its owner. Returns whether all have ended.
    pub(super) fn end_threads(&self, end: Instant, release: impl Fn()) -> bool {
        /// A thread that was about to block when the interface was let go takes another call.
        const AGAIN: Duration = Duration::from_millis(10);
        self.lock().closed = true;
        self.work.notify_all();
        self.room.notify_all();
        loop {
            release();
            let busy = |state: &mut State| state.threads > 0;
            let waited = self.ended.wait_timeout_while(self.lock(), AGAIN, busy);
            let mut state = waited.unwrap_or_else(PoisonError::into_inner).0;
            if state.threads == 0 {
                return true;
            }
            if Instant::now() >= end {
                state.abandoned = true;
                return false;
            }
        }
    }

    /// Notes that the interface was given back.
    pub(super) fn given_back(&self) {
        self.lock().given_back = true;
        self.ended.notify_all();
    }

    /// Waits until the interface was given back, or until `end`.
    pub(super) fn await_given_back(&self, end: Instant) {
        let left = end.saturating_duration_since(Instant::now());
        let waits = |state: &mut State| !state.given_back;
        drop(self.ended.wait_timeout_while(self.lock(), left, waits));
    }
}

/// Is a direction, as seen by the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    In,
    Out,
}

fn wake(mut state: MutexGuard<'_, State>, waker: impl FnOnce(&mut State) -> Option<Waker>) {
    let waker = waker(&mut state);
    drop(state);
    if let Some(waker) = waker {
        waker.wake();
    }
}

/// Creates the error of a direction that has ended.
pub(super) fn ended(code: i32) -> io::Error {
    io::Error::from_raw_os_error(code)
}
