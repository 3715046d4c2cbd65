//! Text as keyboards type it: for scanners and stripe readers that pose as keyboards.
//!
//! A keyboard sends places of keys, not characters. What a place means depends on the [`Layout`] that
//! the device was set to with bar codes of its manual, and on Shift, AltGr and Caps Lock. Devices may
//! also type a character by its number on the keypad while Alt is held ("ALT mode"), which works with
//! every layout.
//!
//! A place has two numbers: the HID usage that stands in a keyboard's [report](BootReport) (HID Usage
//! Tables 1.5, page 0x07), and the [code](code_of_usage) that the Linux kernel makes of it
//! (`linux/input-event-codes.h`). [`KeyDecoder`] makes text of codes; [`Typist`] makes reports of text,
//! and [`BootReport::changes`] the codes of reports, as the kernel does. [`WedgeDecoder`] finds codes and
//! swipes among what is typed.

mod alt_code;
mod boot_report;
mod decoder;
mod layout;
mod symbol;
mod typist;
mod usage;
mod wedge;

pub use boot_report::{BOOT_DESCRIPTOR, BootReport, Modifiers};
pub use decoder::{KeyDecoder, Typed};
pub use layout::{Layout, ParseLayoutError};
pub use typist::{Mode, Typist, Untypeable};
pub use usage::{KeyEvent, code_of_usage, typing_codes, usage_of_code};
pub use wedge::{Burst, WedgeDecoder};

#[cfg(test)]
mod tests;
