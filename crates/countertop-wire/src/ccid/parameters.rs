//! The protocol data structures with which reader and card speak (CCID 1.1, clause 6.1.7).

/// Is how reader and card speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Parameters {
    /// By T=0.
    T0(T0Parameters),
    /// By T=1.
    T1(T1Parameters),
}

/// Is the protocol data structure of T=0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct T0Parameters {
    /// bmFindexDindex: Fi in the upper four bits, Di in the lower ones.
    pub findex_dindex: u8,
    /// bmTCCKST0: bit 2 is the inverse convention.
    pub tccks: u8,
    /// bGuardTimeT0: extra guard time in etu.
    pub guard_time: u8,
    /// bWaitingIntegerT0: WI of the work waiting time.
    pub waiting_integer: u8,
    /// bClockStop.
    pub clock_stop: u8,
}

/// Is the protocol data structure of T=1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct T1Parameters {
    /// bmFindexDindex: Fi in the upper four bits, Di in the lower ones.
    pub findex_dindex: u8,
    /// bmTCCKST1: `10` for LRC, `11` for CRC; bit 2 is the inverse convention.
    pub tccks: u8,
    /// bGuardTimeT1: extra guard time in etu.
    pub guard_time: u8,
    /// bWaitingIntegersT1: BWI in the upper four bits, CWI in the lower ones.
    pub waiting_integers: u8,
    /// bClockStop.
    pub clock_stop: u8,
    /// bIFSC: the card's longest information field.
    pub ifsc: u8,
    /// bNadValue.
    pub nad: u8,
}

impl Default for T0Parameters {
    /// Returns what holds behind a reset (ISO/IEC 7816-3, clauses 8.3 and 10.2).
    fn default() -> Self {
        let (findex_dindex, waiting_integer) = (0x11, 0x0a);
        Self { findex_dindex, tccks: 0, guard_time: 0, waiting_integer, clock_stop: 0 }
    }
}

impl Default for T1Parameters {
    /// Returns what holds behind a reset (ISO/IEC 7816-3, clauses 8.3 and 11.4).
    fn default() -> Self {
        Self {
            findex_dindex: 0x11,
            tccks: 0x10,
            guard_time: 0,
            waiting_integers: 0x4d,
            clock_stop: 0,
            ifsc: 32,
            nad: 0,
        }
    }
}

impl Parameters {
    /// Returns bProtocolNum and the structure.
    pub(super) fn encode(&self) -> (u8, Vec<u8>) {
        match *self {
            Self::T0(T0Parameters {
                findex_dindex,
                tccks,
                guard_time,
                waiting_integer,
                clock_stop,
            }) => (0, vec![findex_dindex, tccks, guard_time, waiting_integer, clock_stop]),
            Self::T1(T1Parameters {
                findex_dindex,
                tccks,
                guard_time,
                waiting_integers,
                clock_stop,
                ifsc,
                nad,
            }) => {
                let content =
                    vec![findex_dindex, tccks, guard_time, waiting_integers, clock_stop, ifsc, nad];
                (1, content)
            }
        }
    }

    /// Returns `None` when the structure does not fit the protocol.
    pub(super) fn decode(protocol: u8, content: &[u8]) -> Option<Self> {
        match (protocol, content) {
            (0, &[findex_dindex, tccks, guard_time, waiting_integer, clock_stop]) => {
                let structure =
                    T0Parameters { findex_dindex, tccks, guard_time, waiting_integer, clock_stop };
                Some(Self::T0(structure))
            }
            (1, &[findex_dindex, tccks, guard_time, waiting_integers, clock_stop, ifsc, nad]) => {
                Some(Self::T1(T1Parameters {
                    findex_dindex,
                    tccks,
                    guard_time,
                    waiting_integers,
                    clock_stop,
                    ifsc,
                    nad,
                }))
            }
            _ => None,
        }
    }
}
