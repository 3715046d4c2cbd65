//! Where the threads of this program stand in the kernel.

use std::fmt::Write as _;
use std::fs;
use std::io;

/// Returns each thread's name and, where it waits for more than another thread, its stack in the kernel.
pub(crate) fn threads() -> io::Result<String> {
    let mut text = String::new();
    for thread in fs::read_dir("/proc/self/task")? {
        let folder = thread?.path();
        // A thread may end while it is looked at.
        let read = |file: &str| fs::read_to_string(folder.join(file)).unwrap_or_default();
        let stack = read("stack");
        if !stack.contains("futex_wait") {
            // Writing to a string never fails.
            let _ = write!(text, "{}{stack}", read("comm"));
        }
    }
    Ok(text)
}
