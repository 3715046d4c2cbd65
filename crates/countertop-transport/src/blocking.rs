//! Calls that block, on a thread of their own.

use std::io;
use std::thread;

use tokio::sync::oneshot;

/// Runs `call` on a thread called `name` and returns what it returns.
///
/// # Cancel safety
///
/// Cancel safe: the call runs to its end, and what it returns is dropped.
pub(crate) async fn run<T: Send + 'static>(
    name: String,
    call: impl FnOnce() -> T + Send + 'static,
) -> io::Result<T> {
    let (sender, receiver) = oneshot::channel();
    thread::Builder::new().name(name).spawn(move || drop(sender.send(call())))?;
    receiver.await.map_err(io::Error::other)
}

/// Names a thread after what it does and its device, in the 15 characters that the kernel keeps.
pub(crate) fn thread_name(work: &str, device: &str) -> String {
    let device = device.split_once(':').map_or(device, |(_kind, device)| device);
    format!("{work} {}", device.trim_start_matches("/dev/usb/"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn threads_are_told_apart_in_fifteen_characters() {
        assert_eq!(super::thread_name("out", "usb:04b8:0e15"), "out 04b8:0e15");
        assert_eq!(super::thread_name("port", "usblp:/dev/usb/lp0"), "port lp0");
    }

    #[tokio::test]
    async fn returns_what_the_thread_returned() {
        let name = || std::thread::current().name().map(str::to_owned);
        let ran = super::run("a printer".to_owned(), name).await.unwrap();
        assert_eq!(ran.as_deref(), Some("a printer"));
    }
}
