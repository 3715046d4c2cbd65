//! The commands, one file each.

mod alone;
pub(crate) mod card;
pub(crate) mod devices;
pub(crate) mod doctor;
pub(crate) mod host;
mod on_usb;
pub(crate) mod preview;
pub(crate) mod print;
pub(crate) mod run;
pub(crate) mod self_test;
pub(crate) mod shift;
pub(crate) mod tag;
pub(crate) mod udev_rules;
pub(crate) mod virtual_devices;

/// Replaces control characters, except the ends of lines: devices name themselves, and a terminal
/// obeys what it is sent.
fn printable(text: &str) -> String {
    let plain = |it: char| if it.is_control() && it != '\n' { '\u{fffd}' } else { it };
    text.chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_terminal_is_told_nothing_by_a_device() {
        assert_eq!(super::printable("Reader\u{1b}[2J\nnext"), "Reader\u{fffd}[2J\nnext");
    }
}
