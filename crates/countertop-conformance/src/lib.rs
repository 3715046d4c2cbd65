//! The suite that every driver of payment peripherals must pass.
