//! Terminal and Card Transaction Qualifiers (`9F66`, `9F6C`; EMV Books C-3 and C-7, annex A).

/// Is Terminal Transaction Qualifiers (`9F66`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TerminalQualifiers(pub(super) [u8; 4]);

/// Is Card Transaction Qualifiers (`9F6C`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CardQualifiers(pub(super) [u8; 2]);

/// Is a bit of qualifiers: which byte, and where in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bit(usize, u8);

impl TerminalQualifiers {
    pub(super) const CONTACT_CHIP: Bit = Bit(0, 0x10);
    pub(super) const OFFLINE_ONLY: Bit = Bit(0, 0x08);
    pub(super) const ONLINE_PIN: Bit = Bit(0, 0x04);
    pub(super) const SIGNATURE: Bit = Bit(0, 0x02);
    /// Offline data authentication for online authorisations.
    pub(super) const AUTHENTICATION_ONLINE: Bit = Bit(0, 0x01);
    pub(super) const ONLINE_CRYPTOGRAM_REQUIRED: Bit = Bit(1, 0x80);
    pub(super) const CVM_REQUIRED: Bit = Bit(1, 0x40);
    /// Mobile functionality: CVM on the consumer's device.
    pub(super) const CONSUMER_DEVICE: Bit = Bit(2, 0x40);

    pub(super) fn has(self, Bit(byte, bit): Bit) -> bool {
        self.0.get(byte).is_some_and(|value| value & bit != 0)
    }

    pub(super) fn set(&mut self, Bit(byte, bit): Bit) {
        if let Some(value) = self.0.get_mut(byte) {
            *value |= bit;
        }
    }

    pub(super) fn clear(&mut self, Bit(byte, bit): Bit) {
        if let Some(value) = self.0.get_mut(byte) {
            *value &= !bit;
        }
    }

    /// Takes out what is decided anew for each transaction (EMV Book B, requirement 3.1.1.2).
    pub(super) fn clear_transient(&mut self) {
        self.clear(Self::ONLINE_CRYPTOGRAM_REQUIRED);
        self.clear(Self::CVM_REQUIRED);
    }
}

impl CardQualifiers {
    pub(super) const ONLINE_PIN_REQUIRED: Bit = Bit(0, 0x80);
    pub(super) const SIGNATURE_REQUIRED: Bit = Bit(0, 0x40);
    /// Go online if offline data authentication fails and the reader can.
    pub(super) const ONLINE_IF_NOT_GENUINE: Bit = Bit(0, 0x20);
    /// Switch the interface if offline data authentication fails and the reader has contacts.
    pub(super) const SWITCH_IF_NOT_GENUINE: Bit = Bit(0, 0x10);
    /// Go online if the application has expired.
    pub(super) const ONLINE_IF_EXPIRED: Bit = Bit(0, 0x08);
    pub(super) const SWITCH_FOR_CASH: Bit = Bit(0, 0x04);
    pub(super) const SWITCH_FOR_CASHBACK: Bit = Bit(0, 0x02);
    /// The cardholder was verified on the own device.
    pub(super) const CONSUMER_DEVICE_PERFORMED: Bit = Bit(1, 0x80);

    pub(super) fn has(self, Bit(byte, bit): Bit) -> bool {
        self.0.get(byte).is_some_and(|value| value & bit != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_set_and_cleared() {
        let mut ttq = TerminalQualifiers([0x36, 0xE0, 0x40, 0x80]);
        ttq.clear_transient();
        assert_eq!(ttq.0, [0x36, 0x20, 0x40, 0x80]);
        ttq.set(TerminalQualifiers::CVM_REQUIRED);
        ttq.clear(TerminalQualifiers::SIGNATURE);
        assert_eq!(ttq.0, [0x34, 0x60, 0x40, 0x80]);
        assert!(ttq.has(TerminalQualifiers::CONTACT_CHIP));
        assert!(!ttq.has(TerminalQualifiers::OFFLINE_ONLY));
        assert!(CardQualifiers([0, 0x80]).has(CardQualifiers::CONSUMER_DEVICE_PERFORMED));
    }
}
