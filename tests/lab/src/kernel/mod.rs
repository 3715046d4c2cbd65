//! What tests ask of the guest: modules, nodes, commands, users.
#![allow(dead_code, unused_imports, reason = "each area takes what it needs")]

mod closing_wait;
mod command;
mod delays;
mod events;
mod log;
mod modules;
mod qemu;
mod sleep;
mod stopwatch;
mod threads;
mod usb_serial;
mod wait;

pub(crate) use closing_wait::close_usb_serial_at_once;
pub(crate) use command::{User, can_open, run, run_as};
pub(crate) use delays::Delays;
pub(crate) use events::{Events, now};
pub(crate) use log::{log, log_since};
pub(crate) use modules::{modprobe, modprobe_if_any, remove_module, settle};
pub(crate) use qemu::Qemu;
pub(crate) use sleep::{slept, suspend};
pub(crate) use stopwatch::Vanishing;
pub(crate) use threads::threads;
pub(crate) use usb_serial::UsbSerial;
pub(crate) use wait::{LONG, soon, wait_for, wait_gone, wait_node};
