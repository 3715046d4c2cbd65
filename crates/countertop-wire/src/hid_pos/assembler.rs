//! From parts to codes.

use core::fmt;

use zeroize::Zeroizing;

use super::ScanPart;
use crate::scanner::{AimIdentifier, MAX_CODE};

/// Is a whole code.
#[derive(Clone, PartialEq, Eq)]
pub struct PosScan {
    /// The AIM identifier, where the scanner says it.
    pub aim: Option<AimIdentifier>,
    /// The code's content.
    pub data: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for PosScan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PosScan({:?}, {} bytes)", self.aim, self.data.len())
    }
}

/// Puts the parts of codes together. Codes longer than [`MAX_CODE`] are dropped whole.
#[derive(Default)]
pub struct ScanAssembler {
    data: Zeroizing<Vec<u8>>,
    aim: Option<AimIdentifier>,
    pending: bool,
    unwanted: bool,
}

impl ScanAssembler {
    /// Takes a part and returns the code that it ends. Empty codes are passed over.
    pub fn push(&mut self, part: &ScanPart) -> Option<PosScan> {
        if self.pending && part.aim != self.aim && !self.unwanted {
            // The end of the code before did not come.
            self.give_up();
        }
        self.aim = part.aim;
        self.data.extend_from_slice(&part.data);
        self.unwanted |= self.data.len() > MAX_CODE;
        if self.unwanted {
            self.data.clear();
        }
        self.pending = part.continued;
        if part.continued {
            return None;
        }
        let data = core::mem::take(&mut self.data);
        let wanted = !core::mem::take(&mut self.unwanted) && !data.is_empty();
        wanted.then_some(PosScan { aim: self.aim, data })
    }

    /// Tells whether a code has begun whose end has not come.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.pending
    }

    /// Gives up the code that has begun: its end did not come in time.
    pub fn give_up(&mut self) {
        *self = Self::default();
    }

    /// Drops the code that a part belongs to which cannot be read; the rest of it, if there is one, is
    /// dropped, too.
    pub fn spoil(&mut self) {
        self.data.clear();
        self.pending = true;
        self.unwanted = true;
    }

    /// Drops what has come; of a code that has begun, the rest is dropped, too.
    pub fn discard(&mut self) {
        self.data.clear();
        self.unwanted = self.pending;
    }
}

impl fmt::Debug for ScanAssembler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ScanAssembler({} bytes)", self.data.len())
    }
}
