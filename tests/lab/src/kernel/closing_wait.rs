//! Serial lines that do not wait for what was not sent when they are closed.

use std::fs;

use super::run;
use crate::lab_test::TestResult;

/// Sets `closing_wait` of a line to none (Linux, `struct serial_struct`), which only root may do. Perl starts
/// in a tenth of Python's time, which is seconds on an emulated processor that other work keeps busy.
const SCRIPT: &str = r#"
for my $path (@ARGV) {
    sysopen(my $line, $path, 0x902) or die "open $path: $!"; # O_RDWR | O_NONBLOCK | O_NOCTTY
    my $settings = "\0" x 72;
    defined ioctl($line, 0x541E, $settings) or die "TIOCGSERIAL of $path: $!";
    substr($settings, 40, 2) = "\xff\xff";
    defined ioctl($line, 0x541F, $settings) or die "TIOCSSERIAL of $path: $!";
}
"#;

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
        ["-e", SCRIPT].into_iter().chain(lines.iter().map(String::as_str)).collect();
    run("perl", &arguments).await?;
    Ok(())
}
