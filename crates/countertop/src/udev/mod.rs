//! What the operating system is told about the devices: udev rules and the kernel modules to keep
//! away, made from the drivers' tables.
//!
//! The files in the folder `udev/` are what these functions return for all drivers.

mod modprobe;
mod rows;
mod rules;

pub use modprobe::modprobe;
pub use rules::rules;

/// The group whose members may open the devices.
pub const GROUP: &str = "countertop";

/// The name of the file of udev rules. Its number is below 73, whose rules give devices with the
/// tag `uaccess` to whoever sits at the screen.
pub const RULES_FILE: &str = "70-countertop.rules";

/// The name of the file for modprobe in `/etc/modprobe.d`.
pub const MODPROBE_FILE: &str = "countertop-modprobe.conf";

#[cfg(test)]
mod tests;
