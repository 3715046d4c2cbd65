use countertop_wire::usb::SetupPacket;

/// Is what a device does beyond chapter 9.
///
/// The methods are called one at a time and must return at once. They may queue data at endpoints.
pub trait UsbFunction: Send + 'static {
    /// Answers a class or vendor request, and a standard request that only the function can
    /// answer: GET_DESCRIPTOR of a class descriptor, SET_DESCRIPTOR.
    ///
    /// `data` is what came with a request that goes out. An answer that is longer than the request
    /// asks for is cut.
    fn control(&mut self, setup: &SetupPacket, data: &[u8]) -> ControlAnswer;

    /// Takes what came to an OUT endpoint that nobody took from the device.
    fn out(&mut self, endpoint: u8, data: &[u8]) {
        let _ = (endpoint, data);
    }

    /// Is told what became of the device.
    fn event(&mut self, event: UsbEvent) {
        let _ = event;
    }
}

/// Answers a control request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ControlAnswer {
    /// Is the data of a request that asks for some.
    Data(Vec<u8>),
    /// Accepts a request that brings data, or none.
    Accepted,
    /// Refuses: the host sees a stall.
    Stall,
    /// Does not answer at all, as a device that hangs: the host waits until its own deadline.
    Silence,
}

/// Is something that became of the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum UsbEvent {
    /// The device was plugged; it has no configuration yet.
    Plugged,
    /// The host took this configuration into use, or with 0 none.
    Configured(u8),
    /// The host selected an alternate setting of an interface.
    InterfaceSet {
        /// The interface.
        interface: u8,
        /// Its alternate setting.
        setting: u8,
    },
    /// The host cleared the halt of the endpoint with this address.
    HaltCleared(u8),
    /// The device was unplugged.
    Unplugged,
}
