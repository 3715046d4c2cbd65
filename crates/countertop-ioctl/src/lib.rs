//! Requests to kernel drivers (ioctl(2)) that no safe crate offers, as safe functions.
//!
//! This is the one crate of Countertop that holds `unsafe`. Every function checks sizes before it
//! asks the kernel, blocks as long as the kernel's driver does, and answers the kernel's error:
//! `ENOTTY` (or `EINVAL`) for a file that is no such device, `ENODEV` and `EIO` for one that was
//! pulled.

#![cfg(target_os = "linux")]

pub mod gadget_printer;
pub mod hidraw;
mod request;
pub mod usblp;
