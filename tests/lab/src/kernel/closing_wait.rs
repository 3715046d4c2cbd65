//! Serial lines that do not wait for what was not sent when they are closed.

use std::fs;

use super::run;
use crate::lab_test::TestResult;

/// Sets `closing_wait` of a line to none (Linux, `struct serial_struct`), which only root may do.
const SCRIPT: &str = "
import fcntl, os, sys
for path in sys.argv[1:]:
    line = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
    settings = bytearray(72)
    fcntl.ioctl(line, 0x541E, settings)
    settings[40:42] = b'\\xff\\xff'
    fcntl.ioctl(line, 0x541F, settings)
";

/// Lets USB serial lines close at once.
///
/// Closing waits up to 30 seconds for bytes that the device did not take, and usb-serial forgets to say that
/// none are left when its device is pulled while two write. Meanwhile the hub takes nothing away and brings
/// nothing.
pub(crate) async fn close_usb_serial_at_once() -> TestResult {
    let nodes =
        fs::read_dir("/dev")?.filter_map(|entry| entry.ok()?.path().to_str().map(String::from));
    let lines: Vec<_> = nodes.filter(|path| path.starts_with("/dev/ttyUSB")).collect();
    let arguments: Vec<_> =
        ["-c", SCRIPT].into_iter().chain(lines.iter().map(String::as_str)).collect();
    run("python3", &arguments).await?;
    Ok(())
}
