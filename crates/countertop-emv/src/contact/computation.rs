//! The kernel's computation, which stands still while card or caller is asked.
//!
//! The kernel is written from top to bottom, as an `async` function that waits for nothing but messages,
//! and whoever has one goes on with it: the card's session, on its thread if it has one. So there is neither
//! a thread nor a runtime for it, and a command costs no hand-over between threads. What takes long in it is
//! RSA with public exponents: some tenths of a millisecond in a transaction.

use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use countertop_device::{Dialogue, Sensitive};

use super::Outcome;
use super::bridge::Bridge;
use super::kernel;
use super::risk::History;
use super::run::{FromKernel, ToKernel};
use crate::parameters::EmvParameters;
use crate::{EmvError, TransactionData};

/// Is how a transaction ends.
pub(super) type End = Result<Box<Outcome>, EmvError>;

/// Is a transaction that is being computed; the kernel ends with it.
pub(super) struct Computation {
    bridge: Bridge,
    /// `None` once it has ended.
    kernel: Option<Pin<Box<dyn Future<Output = End> + Send>>>,
}

impl Computation {
    /// Prepares the kernel; it computes nothing yet.
    pub(super) fn start(
        bridge: Bridge,
        parameters: Arc<EmvParameters>,
        data: TransactionData,
        history: History,
    ) -> Self {
        let kernel = Box::pin(kernel::run(bridge.clone(), parameters, data, history));
        Self { bridge, kernel: Some(kernel) }
    }

    /// Goes on until the kernel has left a message. A kernel that has ended leaves none.
    fn advance(&mut self) {
        let Some(kernel) = &mut self.kernel else { return };
        let mut context = Context::from_waker(Waker::noop());
        let polled = catch_unwind(AssertUnwindSafe(|| kernel.as_mut().poll(&mut context)));
        // What a card says must not bring the program down; the hook has told of the panic.
        if let Poll::Ready(end) = polled.unwrap_or(Poll::Ready(Err(EmvError::KernelLost))) {
            self.kernel = None;
            self.bridge.to_caller(FromKernel::Finished(end));
        }
    }
}

/// Says the kernel's commands, up to the next message that is none.
impl Dialogue for Computation {
    fn next_command(&mut self, answer: Option<Sensitive>) -> Option<Sensitive> {
        if let Some(answer) = answer {
            self.bridge.to_kernel(ToKernel::Response(answer));
        }
        self.advance();
        self.bridge.command()
    }
}

impl fmt::Debug for Computation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Computation").field("ended", &self.kernel.is_none()).finish()
    }
}
