//! What the author of a driver writes to have it examined.

use core::fmt;
use core::time::Duration;

use async_trait::async_trait;
use countertop_device::{Device, DeviceError};

use crate::Tap;

/// Connects the driver under examination to a device, real or virtual.
///
/// Every check opens the driver anew.
#[async_trait]
pub trait Fixture: Send {
    /// Is the function under examination, such as `dyn StripeReader`.
    type Function: ?Sized + Device;

    /// Starts a device on a link whose device end is [wrapped](Tap::wrap), and opens the driver on
    /// the other end.
    ///
    /// The device of an earlier call is gone by then, or may be dropped.
    async fn open(&mut self, tap: &Tap) -> Result<Box<Self::Function>, DeviceError>;

    /// Returns how long any answer of the driver may take, an error included. Give the driver
    /// settings that make it much faster: most checks wait for its deadlines.
    fn deadline(&self) -> Duration {
        Duration::from_secs(5)
    }

    /// Returns the silence within a frame after which the driver has surely given it up.
    fn silence(&self) -> Duration {
        Duration::from_millis(400)
    }

    /// Returns noise as it may come on the line before what the device sends. Where a protocol has no
    /// means to tell noise from its own, return what it can tell.
    fn noise(&self) -> Vec<u8> {
        vec![0x00, 0xff, 0x7e, 0x02, 0x55]
    }

    /// Returns what must not be seen in any `Debug` output: card numbers, payment codes.
    fn secrets(&self) -> Vec<Vec<u8>> {
        Vec::new()
    }
}

/// Is a fixture of a function that waits for events: a swipe, a scan.
#[async_trait]
pub trait EventFixture: Fixture {
    /// Is what the function waits for.
    type Event: PartialEq + fmt::Debug + Send;

    /// Makes the device send event `number`, as soon as it is ready to.
    ///
    /// The suite may drop this future when the driver has stopped waiting.
    async fn present(&mut self, number: usize);

    /// Returns what the driver must make of event `number`. Events of different numbers differ.
    fn expected(&self, number: usize) -> Self::Event;
}

/// Is a fixture of a function that is asked and answers: a printer, a PIN pad.
#[async_trait]
pub trait ExchangeFixture: Fixture {
    /// Makes one exchange with the device, the person's part included.
    ///
    /// Panics when the driver's answer is wrong. The person's part must not wait on when the
    /// driver's has ended: race them with `select!`.
    async fn exchange(&mut self, function: &mut Self::Function) -> Result<(), DeviceError>;
}
