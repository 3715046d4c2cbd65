//! Which slot of the virtual reader vpcd belongs to this process.
//!
//! vpcd takes one card a port and lets a second one wait in the dark, so that programs which insert
//! cards take a lock each.

use std::fs::{File, OpenOptions};

/// Is the right to use one slot; it goes with this value.
#[derive(Debug)]
pub(super) struct SlotLock {
    slot: (u16, &'static str),
    _lock: File,
}

/// Ports of vpcd's slots and the readers' names, as Debian's package configures them.
const SLOTS: [(u16, &str); 2] = [(35963, "Virtual PCD 00 00"), (35964, "Virtual PCD 00 01")];

impl SlotLock {
    /// Takes the first free slot; `None` when others have both.
    pub(super) fn take() -> Option<Self> {
        SLOTS.into_iter().find_map(|slot| {
            let path = std::env::temp_dir().join(format!("countertop-vpcd-{}.lock", slot.0));
            let lock = OpenOptions::new().create(true).append(true).open(path).ok()?;
            lock.try_lock().ok()?;
            Some(Self { slot, _lock: lock })
        })
    }

    /// Returns port and reader.
    pub(super) fn slot(&self) -> (u16, &'static str) {
        self.slot
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_taken_once() {
        let Some(first) = SlotLock::take() else { return };
        if let Some(second) = SlotLock::take() {
            assert_ne!(first.slot(), second.slot());
        }
    }
}
