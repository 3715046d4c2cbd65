//! Virtual pen tablets, on which a hand writes.
//!
//! A [`TabletConfig`] makes a [`VirtualTablet`], to be plugged in over uinput, and the hand that
//! writes on it.

mod config;
mod control;

pub use config::TabletConfig;
pub use control::{PenReport, TabletControl, VirtualTablet};

#[cfg(test)]
mod tests;
