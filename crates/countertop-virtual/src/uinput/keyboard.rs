//! Keyboards.

use std::io;

use countertop_wire::keyboard::{BootReport, typing_codes};
use evdev::{AttributeSet, EventType, InputEvent, KeyCode};

use super::plugged::{PluggedInput, Source, builder, plug};
use crate::hid::HidDevice;

/// Plugs a HID device with the reports of a boot keyboard in, as the input device that the kernel would
/// make of it.
///
/// # Errors
///
/// [`NotFound`](io::ErrorKind::NotFound) when the module `uinput` is not loaded,
/// [`PermissionDenied`](io::ErrorKind::PermissionDenied) without root.
///
/// # Panics
///
/// Outside a tokio runtime.
pub fn plug_keyboard(device: HidDevice) -> io::Result<PluggedInput<HidDevice>> {
    let descriptors = device.descriptors().clone();
    let name = format!("{} {}", descriptors.manufacturer, descriptors.name);
    let mut keys = AttributeSet::<KeyCode>::new();
    for code in typing_codes() {
        keys.insert(KeyCode::new(code));
    }
    let id = (descriptors.vendor, descriptors.product);
    let kernel = builder(name.trim(), id)?.with_keys(&keys)?.build()?;
    let keyboard = Keyboard { device, last: BootReport::default() };
    plug(kernel, keyboard, descriptors.interval, |keyboard| keyboard.device)
}

struct Keyboard {
    device: HidDevice,
    last: BootReport,
}

impl Source for Keyboard {
    async fn next(&mut self) -> Option<Vec<InputEvent>> {
        loop {
            let report = self.device.next_input().await?;
            // A report that is too short is none of a boot keyboard.
            let Some(next) = BootReport::parse(&report) else { continue };
            let changes = core::mem::replace(&mut self.last, next).changes(next);
            let event = |code, pressed| InputEvent::new(EventType::KEY.0, code, i32::from(pressed));
            return Some(changes.map(|key| event(key.code, key.pressed)).collect());
        }
    }
}
