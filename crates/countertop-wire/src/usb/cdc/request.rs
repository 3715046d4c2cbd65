use super::super::SetupPacket;

const SET_LINE_CODING: u8 = 0x20;
const GET_LINE_CODING: u8 = 0x21;
const SET_CONTROL_LINE_STATE: u8 = 0x22;
const SEND_BREAK: u8 = 0x23;

/// Is a request of a serial line (PSTN, clause 6.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CdcRequest {
    /// Sets the line coding, which comes as data.
    SetLineCoding,
    /// Asks for the line coding.
    GetLineCoding,
    /// Sets the lines that the host drives.
    SetControlLineState {
        /// Data terminal ready.
        dtr: bool,
        /// Request to send.
        rts: bool,
    },
    /// Sends a break of so many milliseconds; `0xffff` until the next request, which has 0.
    SendBreak(u16),
}

impl CdcRequest {
    /// Reads a request; `None` when it is none of these.
    #[must_use]
    pub const fn parse(setup: &SetupPacket) -> Option<Self> {
        match (setup.request_type, setup.request) {
            (0x21, SET_LINE_CODING) => Some(Self::SetLineCoding),
            (0xa1, GET_LINE_CODING) => Some(Self::GetLineCoding),
            (0x21, SET_CONTROL_LINE_STATE) => {
                let (dtr, rts) = (setup.value & 1 != 0, setup.value & 2 != 0);
                Some(Self::SetControlLineState { dtr, rts })
            }
            (0x21, SEND_BREAK) => Some(Self::SendBreak(setup.value)),
            _ => None,
        }
    }

    /// Returns the request to the controlling interface.
    #[must_use]
    pub fn setup(self, interface: u8) -> SetupPacket {
        let index = u16::from(interface);
        match self {
            Self::SetLineCoding => SetupPacket::new(0x21, SET_LINE_CODING, 0, index, 7),
            Self::GetLineCoding => SetupPacket::new(0xa1, GET_LINE_CODING, 0, index, 7),
            Self::SetControlLineState { dtr, rts } => {
                let value = u16::from(dtr) | u16::from(rts) << 1;
                SetupPacket::new(0x21, SET_CONTROL_LINE_STATE, value, index, 0)
            }
            Self::SendBreak(duration) => SetupPacket::new(0x21, SEND_BREAK, duration, index, 0),
        }
    }
}
