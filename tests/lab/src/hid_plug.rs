//! A virtual HID device that is plugged in and pulled, whatever carries its reports to the kernel.

use countertop_virtual::hid::HidDevice;
use countertop_virtual::uhid::PluggedHid;
use countertop_virtual::uinput::{self, PluggedInput};
use countertop_virtual::usb::{PluggedDevice, UsbDevice};

use crate::lab_test::TestResult;

/// Is what carries a HID device's reports to the kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Carrier {
    Uhid,
    /// Of keyboards alone.
    Uinput,
    Usb,
}

impl Carrier {
    pub(crate) const ALL: [Self; 3] = [Self::Uhid, Self::Uinput, Self::Usb];
}

/// Is a device on one of the carriers, plugged in or not.
#[derive(Debug)]
pub(crate) struct HidPlug {
    carrier: Carrier,
    state: State,
}

#[derive(Debug)]
enum State {
    Hid(HidDevice),
    Uhid(PluggedHid),
    Uinput(PluggedInput<HidDevice>),
    Unplugged(UsbDevice),
    Usb(PluggedDevice),
    Moving,
}

impl HidPlug {
    /// Takes a device that is not plugged in.
    pub(crate) fn new(device: HidDevice, carrier: Carrier) -> TestResult<Self> {
        let state = match carrier {
            Carrier::Usb => State::Unplugged(device.into_usb()?),
            Carrier::Uhid | Carrier::Uinput => State::Hid(device),
        };
        Ok(Self { carrier, state })
    }

    /// Plugs the device in.
    pub(crate) async fn plug(&mut self) -> TestResult {
        self.state = match std::mem::replace(&mut self.state, State::Moving) {
            State::Hid(device) if self.carrier == Carrier::Uinput => {
                State::Uinput(uinput::plug_keyboard(device)?)
            }
            State::Hid(device) => State::Uhid(device.plug().await?),
            State::Unplugged(device) => State::Usb(device.plug().await?),
            other => return Err(format!("it is plugged in already: {other:?}").into()),
        };
        Ok(())
    }

    /// Pulls the plug, at once.
    pub(crate) fn pull(&mut self) {
        match &mut self.state {
            State::Uhid(plugged) => plugged.pull(),
            State::Uinput(plugged) => plugged.pull(),
            State::Usb(plugged) => plugged.pull(),
            State::Hid(_) | State::Unplugged(_) | State::Moving => {}
        }
    }

    /// Waits until the kernel has let the pulled device go.
    pub(crate) async fn gone(&mut self) -> TestResult {
        self.state = match std::mem::replace(&mut self.state, State::Moving) {
            State::Uhid(plugged) => State::Hid(plugged.unplug().await?),
            State::Uinput(plugged) => State::Hid(plugged.unplug().await?),
            State::Usb(plugged) => State::Unplugged(plugged.unplug().await?),
            other => return Err(format!("nothing to wait for: {other:?}").into()),
        };
        Ok(())
    }
}
