//! What keeps reading and writing out of the kernel while it asks for the port status.

use core::mem;
use core::task::{Context, Poll, Waker};
use std::sync::{
    Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, TryLockError,
};

/// Keeps a task from a call that would block its thread.
///
/// usblp holds its lock for as long as the printer takes to tell its port status, five seconds at most,
/// and lets readers and writers wait for it, those too that asked not to be blocked (Linux,
/// `drivers/usb/class/usblp.c`, `usblp_ioctl` and `usblp_wwait`).
#[derive(Debug, Default)]
pub(super) struct Gate {
    kernel: RwLock<()>,
    waiting: Mutex<Vec<Waker>>,
}

/// Is the time in which the kernel asks. Dropping it lets the tasks through that came meanwhile.
pub(super) struct Closed<'gate> {
    gate: &'gate Gate,
    kernel: Option<RwLockWriteGuard<'gate, ()>>,
}

impl Gate {
    /// Closes the gate. Blocks until nobody is inside.
    pub(super) fn close(&self) -> Closed<'_> {
        let kernel = self.kernel.write().unwrap_or_else(PoisonError::into_inner);
        Closed { gate: self, kernel: Some(kernel) }
    }

    /// Lets a task in for one call that does not block, as long as it keeps what it gets.
    pub(super) fn poll_pass(&self, context: &Context<'_>) -> Poll<RwLockReadGuard<'_, ()>> {
        if let Some(inside) = self.enter() {
            return Poll::Ready(inside);
        }
        self.waiting().push(context.waker().clone());
        // It may have been opened before the waker was there.
        self.enter().map_or(Poll::Pending, Poll::Ready)
    }

    fn enter(&self) -> Option<RwLockReadGuard<'_, ()>> {
        match self.kernel.try_read() {
            Ok(inside) => Some(inside),
            Err(TryLockError::Poisoned(error)) => Some(error.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Waker>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Closed<'_> {
    fn drop(&mut self) {
        drop(self.kernel.take());
        for waker in mem::take(&mut *self.gate.waiting()) {
            waker.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use core::future::poll_fn;
    use core::sync::atomic::{AtomicUsize, Ordering};
    use core::time::Duration;
    use std::sync::Arc;
    use std::task::Wake;
    use std::thread;

    use super::*;

    #[derive(Default)]
    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Tells whether a task that is woken by `wakes` gets in.
    fn passes(gate: &Gate, wakes: &Arc<Count>) -> bool {
        let waker = Waker::from(Arc::clone(wakes));
        gate.poll_pass(&Context::from_waker(&waker)).is_ready()
    }

    #[test]
    fn an_open_gate_lets_everybody_through() {
        let (gate, wakes) = (Gate::default(), Arc::default());
        assert!((0..3).all(|_| passes(&gate, &wakes)));
        drop(gate.close());
        assert!(passes(&gate, &wakes));
        assert_eq!(wakes.0.load(Ordering::SeqCst), 0);
    }

    #[test]
    fn who_came_while_it_was_closed_is_woken() {
        let (gate, reader, writer) = (Gate::default(), Arc::default(), Arc::default());
        let closed = gate.close();
        assert!(!passes(&gate, &reader) && !passes(&gate, &writer));
        drop(closed);
        for task in [&reader, &writer] {
            assert_eq!(task.0.load(Ordering::SeqCst), 1);
            assert!(passes(&gate, task));
        }
    }

    #[test]
    fn a_call_that_is_inside_ends_first() {
        let gate = Gate::default();
        let waker = Waker::from(Arc::<Count>::default());
        let inside = gate.poll_pass(&Context::from_waker(&waker));
        thread::scope(|scope| {
            let asking = scope.spawn(|| drop(gate.close()));
            thread::sleep(Duration::from_millis(20));
            assert!(!asking.is_finished());
            drop(inside);
        });
    }

    #[tokio::test]
    async fn nobody_is_left_waiting() {
        let gate = Arc::new(Gate::default());
        let asking = Arc::clone(&gate);
        let asker = thread::spawn(move || (0..2000).for_each(|_| drop(asking.close())));
        for _ in 0..2000 {
            poll_fn(|context| gate.poll_pass(context).map(drop)).await;
            thread::yield_now();
        }
        asker.join().unwrap();
    }
}
