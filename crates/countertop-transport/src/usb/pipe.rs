//! What the threads of a link need of a claimed interface: the seam between them and libusb.

use core::fmt;
use std::io;

/// Is a claimed interface with its endpoints. Its calls block; errors carry the number of the
/// operating system's error.
pub(super) trait Pipe: fmt::Debug + Send + Sync + 'static {
    /// Tells whether there is an endpoint to read from.
    fn is_bidirectional(&self) -> bool;

    /// Waits for bytes from the device, however long it takes.
    fn read(&self, buffer: &mut [u8]) -> io::Result<usize>;

    /// Hands bytes to the device and returns how many it took: fewer, or none, where it took no more
    /// for a while.
    fn write(&self, bytes: &[u8]) -> io::Result<usize>;

    /// Lets the interface go, which ends calls that are blocked. May be called again.
    fn release(&self);

    /// Gives the interface back to the kernel's driver that it was taken from. Called once, after
    /// the last of the other calls has ended.
    fn give_back(&self);
}
