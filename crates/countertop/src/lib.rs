//! Payment peripherals and the terminal on top of them: facade.
