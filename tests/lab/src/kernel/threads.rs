//! Where the threads of this program stand in the kernel.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

/// Returns each thread's name and, where it waits for more than another thread, its stack in the kernel; and
/// the same of the programs that this one has started and waits for.
pub(crate) fn threads() -> io::Result<String> {
    let mut text = String::new();
    for thread in fs::read_dir("/proc/self/task")? {
        let folder = thread?.path();
        tell(&mut text, &folder);
        for child in read(&folder, "children").split_whitespace() {
            tell(&mut text, &Path::new("/proc").join(child));
        }
    }
    Ok(text)
}

fn tell(text: &mut String, folder: &Path) {
    let stack = read(folder, "stack");
    let stack = if stack.contains("futex_wait") { "" } else { &stack };
    // Writing to a string never fails.
    let _ = write!(text, "{}{stack}", read(folder, "comm"));
}

/// Returns a file's text, none of a thread that has ended meanwhile.
fn read(folder: &Path, file: &str) -> String {
    fs::read_to_string(folder.join(file)).unwrap_or_default()
}
