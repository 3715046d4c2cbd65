//! Taking a device for this program alone.

use core::time::Duration;
use std::io;

use countertop_device::{DeviceError, DeviceErrorKind, SettingError, Settings};
use tokio::time::{Instant, timeout_at};

use super::EvdevStream;
use crate::input::InputLink as _;
use crate::node;

/// Buttons that tell which tool is near a tablet; they are held without a hand that presses
/// (`BTN_TOOL_PEN` to `BTN_TOOL_QUADTAP` of `linux/input-event-codes.h`).
const TOOLS: core::ops::RangeInclusive<u16> = 0x140..=0x14f;
/// `BTN_TOUCH`, `BTN_STYLUS` and `BTN_STYLUS2` among them are pressed.
const PRESSED_TOOLS: core::ops::RangeInclusive<u16> = 0x14a..=0x14c;

const ACTION: &str = "open";

/// Opens an input device by its node and grabs it (EVIOCGRAB), so that what it tells goes to no other
/// program. It is released on drop.
///
/// A key that is held while a device is grabbed stays pressed for the rest of the system, which does
/// not hear that it goes up. So this waits until no key is held, for `grab_ms` (2000) at the most.
///
/// # Errors
///
/// [`Busy`](DeviceErrorKind::Busy) when another program has grabbed it, or a key is held all the time,
/// [`NotFound`](DeviceErrorKind::NotFound) and
/// [`PermissionDenied`](DeviceErrorKind::PermissionDenied) as they say,
/// [`InvalidInput`](DeviceErrorKind::InvalidInput) for a node of something else.
///
/// # Cancel safety
///
/// Cancel safe: the device is released.
///
/// # Panics
///
/// Outside a tokio runtime with I/O.
pub async fn open(path: &str, settings: &Settings) -> Result<EvdevStream, DeviceError> {
    let device = format!("evdev:{path}");
    let patience = patience(settings).map_err(|error| {
        DeviceError::new(DeviceErrorKind::InvalidInput, device.as_str(), ACTION).with_source(error)
    })?;
    let mut stream = EvdevStream::open(path).map_err(|error| open_error(error, &device))?;
    let deadline = Instant::now() + patience;
    loop {
        let grabbed = grab_idle(&mut stream);
        if grabbed.map_err(|error| node::io_error(error, &device, ACTION))? {
            return Ok(stream);
        }
        match timeout_at(deadline, stream.next_event()).await {
            Ok(event) => {
                event.map_err(|error| node::io_error(error, &device, ACTION))?;
            }
            Err(_elapsed) => {
                return Err(DeviceError::new(DeviceErrorKind::Busy, device, ACTION)
                    .with_help("let go of the keys of the device, then open it again"));
            }
        }
    }
}

fn patience(settings: &Settings) -> Result<Duration, SettingError> {
    settings.get_or("grab_ms", 2000).map(Duration::from_millis)
}

/// Grabs the device unless a key is held; `false` when one is.
fn grab_idle(stream: &mut EvdevStream) -> io::Result<bool> {
    if is_held(stream)? {
        return Ok(false);
    }
    stream.grab()?;
    // A key that went down between the two questions must come up again for the others, too.
    if is_held(stream)? {
        stream.ungrab()?;
        return Ok(false);
    }
    stream.forget()?;
    Ok(true)
}

fn is_held(stream: &EvdevStream) -> io::Result<bool> {
    let pressed = |code| !TOOLS.contains(code) || PRESSED_TOOLS.contains(code);
    Ok(stream.held()?.iter().any(pressed))
}

/// Creates the error of a node that cannot be opened. What is no input device answers ENOTTY or
/// EINVAL to the first question.
fn open_error(error: io::Error, device: &str) -> DeviceError {
    const NO_INPUT_DEVICE: [i32; 2] = [22, 25];
    if error.raw_os_error().is_some_and(|code| NO_INPUT_DEVICE.contains(&code)) {
        return DeviceError::new(DeviceErrorKind::InvalidInput, device, ACTION)
            .with_source(error)
            .with_help("name the node of an input device, such as /dev/input/event3");
    }
    node::io_error(error, device, ACTION)
}
