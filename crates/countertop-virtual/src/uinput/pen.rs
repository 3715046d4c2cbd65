//! Pen tablets.

use std::io;

use countertop_wire::pen::{PenEvent, code};
use evdev::{
    AbsInfo, AbsoluteAxisCode, AttributeSet, EventType, InputEvent, KeyCode, UinputAbsSetup,
};

use super::plugged::{PluggedInput, Source, builder, plug};
use crate::tablet::VirtualTablet;

/// Plugs a tablet in.
///
/// # Errors
///
/// [`NotFound`](io::ErrorKind::NotFound) when the module `uinput` is not loaded,
/// [`PermissionDenied`](io::ErrorKind::PermissionDenied) without root.
///
/// # Panics
///
/// Outside a tokio runtime.
pub fn plug_tablet(tablet: VirtualTablet) -> io::Result<PluggedInput<VirtualTablet>> {
    let config = tablet.config().clone();
    let mut buttons = AttributeSet::<KeyCode>::new();
    for button in [
        code::BTN_TOOL_PEN,
        code::BTN_TOOL_RUBBER,
        code::BTN_TOUCH,
        code::BTN_STYLUS,
        code::BTN_STYLUS2,
        code::BTN_0,
    ] {
        buttons.insert(KeyCode::new(button));
    }
    let mut kernel = builder(&config.name, (config.vendor, config.product))?;
    kernel = kernel.with_keys(&buttons)?;
    let resolution = i32::from(config.resolution);
    for (axis, maximum, resolution) in [
        (code::ABS_X, config.size.0, resolution),
        (code::ABS_Y, config.size.1, resolution),
        (code::ABS_PRESSURE, config.pressure, 0),
    ] {
        let info = AbsInfo::new(0, 0, maximum.into(), 0, 0, resolution);
        kernel = kernel.with_absolute_axis(&UinputAbsSetup::new(AbsoluteAxisCode(axis), info))?;
    }
    plug(kernel.build()?, tablet, config.interval, |tablet| tablet)
}

impl Source for VirtualTablet {
    async fn next(&mut self) -> Option<Vec<InputEvent>> {
        let report = self.next_report().await?;
        Some(report.into_iter().filter_map(to_kernel).collect())
    }
}

/// The kernel adds SYN_REPORT itself, and loses events itself.
fn to_kernel(event: PenEvent) -> Option<InputEvent> {
    match event {
        PenEvent::Axis { code, value } => Some(InputEvent::new(EventType::ABSOLUTE.0, code, value)),
        PenEvent::Button { code, pressed } => {
            Some(InputEvent::new(EventType::KEY.0, code, i32::from(pressed)))
        }
        _ => None,
    }
}
