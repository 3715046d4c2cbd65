const SERIAL_STATE: u8 = 0x20;

/// Is what the device tells of its lines (PSTN, clause 6.5.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct SerialState {
    /// Carrier detect.
    pub carrier: bool,
    /// Data set ready.
    pub dsr: bool,
    /// A break is received.
    pub break_received: bool,
    /// Ring.
    pub ring: bool,
    /// A character had no stop bit.
    pub framing_error: bool,
    /// A character had the wrong parity.
    pub parity_error: bool,
    /// Characters were lost.
    pub overrun: bool,
}

impl SerialState {
    /// Bytes of the notification.
    pub const LENGTH: usize = 10;

    /// Returns the notification of an interface.
    #[must_use]
    pub fn notification(self, interface: u8) -> [u8; Self::LENGTH] {
        [0xa1, SERIAL_STATE, 0, 0, interface, 0, 2, 0, self.bits(), 0]
    }

    fn bits(self) -> u8 {
        let Self { carrier, dsr, break_received, ring, framing_error, parity_error, overrun } =
            self;
        let bits = [carrier, dsr, break_received, ring, framing_error, parity_error, overrun];
        bits.into_iter().rev().fold(0, |byte, bit| byte << 1 | u8::from(bit))
    }

    /// Reads a notification; `None` when it is another one.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let &[0xa1, SERIAL_STATE, _, _, _, _, 2, 0, bits, _] = bytes else { return None };
        let bit = |position: u8| bits >> position & 1 != 0;
        Some(Self {
            carrier: bit(0),
            dsr: bit(1),
            break_received: bit(2),
            ring: bit(3),
            framing_error: bit(4),
            parity_error: bit(5),
            overrun: bit(6),
        })
    }
}
