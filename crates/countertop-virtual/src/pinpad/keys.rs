//! Master key, working keys, and what each of them may be used for.

use std::collections::HashMap;

use countertop_wire::pin_block::DesKey;

use super::PinPadConfig;

/// Is what a working key has been used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Mac,
    Pin,
}

/// Says why a working key cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyError {
    NoMasterKey,
    /// It has been used for something else.
    Role,
    /// It is not 8 or 16 bytes.
    Length,
}

#[derive(Debug)]
pub(super) struct KeyStore {
    slot: u8,
    master: Option<DesKey>,
    selected: u8,
    roles: HashMap<Vec<u8>, Role>,
}

impl KeyStore {
    pub(super) fn new(config: &PinPadConfig) -> Self {
        Self {
            slot: config.master_key_slot,
            master: config.master_key.clone(),
            selected: config.master_key_slot,
            roles: HashMap::new(),
        }
    }

    pub(super) fn is_loaded(&self, slot: u8) -> bool {
        slot == self.slot && self.master.is_some()
    }

    /// Selects a master key; an empty slot may be selected, as on the real ones.
    pub(super) fn select(&mut self, slot: u8) {
        self.selected = slot;
    }

    /// Unwraps a PIN key under the selected master key.
    pub(super) fn pin_key(&mut self, cryptogram: &[u8]) -> Result<DesKey, KeyError> {
        let key = self.unwrap_key(self.selected, cryptogram)?;
        self.assign(cryptogram, Role::Pin)?;
        Ok(key)
    }

    /// Unwraps a MAC key. With `check_only`, any working key will do, for its check value.
    pub(super) fn mac_key(
        &mut self,
        slot: u8,
        cryptogram: &[u8],
        check_only: bool,
    ) -> Result<DesKey, KeyError> {
        let key = self.unwrap_key(slot, cryptogram)?;
        if !check_only {
            self.assign(cryptogram, Role::Mac)?;
        }
        Ok(key)
    }

    fn unwrap_key(&self, slot: u8, cryptogram: &[u8]) -> Result<DesKey, KeyError> {
        let master = self.master.as_ref().filter(|_| slot == self.slot);
        let master = master.ok_or(KeyError::NoMasterKey)?;
        master.unwrap_key(cryptogram).map_err(|_| KeyError::Length)
    }

    fn assign(&mut self, cryptogram: &[u8], role: Role) -> Result<(), KeyError> {
        let known = self.roles.entry(cryptogram.to_vec()).or_insert(role);
        if *known == role { Ok(()) } else { Err(KeyError::Role) }
    }
}
