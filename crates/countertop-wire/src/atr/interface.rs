//! Interface bytes: TAi, TBi, TCi and TDi.

/// Is a protocol type T (ISO/IEC 7816-3, clause 8.2.3), 0 to 15.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Protocol(u8);

impl Protocol {
    /// T=0: characters.
    pub const T0: Self = Self(0);
    /// T=1: blocks.
    pub const T1: Self = Self(1);
    /// T=15: no protocol; the interface bytes behind it are of no protocol's own.
    pub const GLOBAL: Self = Self(15);

    /// Takes the low four bits of `number`.
    #[must_use]
    pub const fn new(number: u8) -> Self {
        Self(number & 0x0f)
    }

    /// Returns T.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }
}

/// Holds the interface bytes TAi, TBi and TCi, and of which protocol they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct InterfaceBytes {
    /// T of TDi−1, which announces these bytes; `None` for TA1, TB1 and TC1.
    pub protocol: Option<Protocol>,
    /// TAi.
    pub ta: Option<u8>,
    /// TBi.
    pub tb: Option<u8>,
    /// TCi.
    pub tc: Option<u8>,
}

impl InterfaceBytes {
    /// Creates an empty group of `protocol`.
    #[must_use]
    pub const fn of(protocol: Protocol) -> Self {
        Self { protocol: Some(protocol), ta: None, tb: None, tc: None }
    }

    /// Returns Y, the bits that tell which bytes are there, in the high half of a byte.
    pub(super) fn presence(&self, goes_on: bool) -> u8 {
        let bits = [self.ta.is_some(), self.tb.is_some(), self.tc.is_some(), goes_on];
        bits.iter().rev().fold(0, |bits, is_there| bits << 1 | u8::from(*is_there)) << 4
    }

    /// Returns TAi, TBi and TCi as far as they are there.
    pub(super) fn bytes(&self) -> impl Iterator<Item = u8> {
        [self.ta, self.tb, self.tc].into_iter().flatten()
    }
}
