//! The class descriptor, which follows the interface descriptor (CCID 1.1, table 5.1-1).

use super::{CcidError, Features, Protocols, Voltages};

/// bLength of the class descriptor.
pub const DESCRIPTOR_LENGTH: usize = 54;
/// bDescriptorType of the class descriptor.
pub const DESCRIPTOR_TYPE: u8 = 0x21;
/// bcdCCID of revision 1.1.
const REVISION: u16 = 0x0110;

/// Is what a reader tells of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClassDescriptor {
    /// bcdCCID, the revision of the class: `0110`.
    pub revision: u16,
    /// bMaxSlotIndex: one less than the number of slots.
    pub max_slot_index: u8,
    /// bVoltageSupport.
    pub voltages: Voltages,
    /// dwProtocols.
    pub protocols: Protocols,
    /// dwDefaultClock in kHz.
    pub default_clock: u32,
    /// dwMaximumClock in kHz.
    pub maximum_clock: u32,
    /// bNumClockSupported; 0 when the host cannot set the clock.
    pub clocks: u8,
    /// dwDataRate in bit/s.
    pub data_rate: u32,
    /// dwMaxDataRate in bit/s.
    pub maximum_data_rate: u32,
    /// bNumDataRatesSupported; 0 for all between the two.
    pub data_rates: u8,
    /// dwMaxIFSD: the longest information field of T=1 that the reader takes.
    pub max_ifsd: u32,
    /// dwSynchProtocols.
    pub synchronous_protocols: u32,
    /// dwMechanical: bit 0 accepts, 1 ejects, 2 captures, 3 locks a card.
    pub mechanical: u32,
    /// dwFeatures.
    pub features: Features,
    /// dwMaxCCIDMessageLength, the header included.
    pub max_message_length: u32,
    /// bClassGetResponse; `ff` repeats the class of the command.
    pub class_get_response: u8,
    /// bClassEnvelope; `ff` repeats the class of the command.
    pub class_envelope: u8,
    /// wLcdLayout: lines and characters of a display; 0 without one.
    pub lcd_layout: u16,
    /// bPINSupport: bit 0 verifies, bit 1 modifies a PIN at the reader.
    pub pin_support: u8,
    /// bMaxCCIDBusySlots.
    pub max_busy_slots: u8,
}

impl ClassDescriptor {
    /// Creates the descriptor of a reader with one slot, T=0 and T=1, 4 MHz and neither display nor
    /// key pad.
    #[must_use]
    pub fn one_slot(features: Features, max_message_length: u32) -> Self {
        Self {
            revision: REVISION,
            max_slot_index: 0,
            voltages: Voltages::ALL,
            protocols: Protocols::BOTH,
            default_clock: 4_000,
            maximum_clock: 4_000,
            clocks: 0,
            data_rate: 10_752,
            maximum_data_rate: 344_086,
            data_rates: 0,
            max_ifsd: 254,
            synchronous_protocols: 0,
            mechanical: 0,
            features,
            max_message_length,
            class_get_response: 0xff,
            class_envelope: 0xff,
            lcd_layout: 0,
            pin_support: 0,
            max_busy_slots: 1,
        }
    }

    /// Returns the descriptor's bytes.
    #[must_use]
    pub fn encode(&self) -> [u8; DESCRIPTOR_LENGTH] {
        let mut writer = Writer { bytes: [0; DESCRIPTOR_LENGTH], at: 0 };
        writer.put([54, DESCRIPTOR_TYPE]);
        writer.put(self.revision.to_le_bytes());
        writer.put([self.max_slot_index, self.voltages.0]);
        writer.put(self.protocols.0.to_le_bytes());
        writer.put(self.default_clock.to_le_bytes());
        writer.put(self.maximum_clock.to_le_bytes());
        writer.put([self.clocks]);
        writer.put(self.data_rate.to_le_bytes());
        writer.put(self.maximum_data_rate.to_le_bytes());
        writer.put([self.data_rates]);
        writer.put(self.max_ifsd.to_le_bytes());
        writer.put(self.synchronous_protocols.to_le_bytes());
        writer.put(self.mechanical.to_le_bytes());
        writer.put(self.features.0.to_le_bytes());
        writer.put(self.max_message_length.to_le_bytes());
        writer.put([self.class_get_response, self.class_envelope]);
        writer.put(self.lcd_layout.to_le_bytes());
        writer.put([self.pin_support, self.max_busy_slots]);
        writer.bytes
    }

    /// Reads a descriptor.
    ///
    /// # Errors
    ///
    /// [`Descriptor`](CcidError::Descriptor) when length or type is another.
    pub fn decode(bytes: &[u8]) -> Result<Self, CcidError> {
        match bytes {
            [54, DESCRIPTOR_TYPE, ..] if bytes.len() == DESCRIPTOR_LENGTH => {
                Self::read(&mut Reader { bytes, at: 2 }).ok_or(CcidError::Descriptor)
            }
            _ => Err(CcidError::Descriptor),
        }
    }

    /// Reads the fields in their order; struct fields are evaluated as they are written.
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            revision: reader.u16()?,
            max_slot_index: reader.u8()?,
            voltages: Voltages(reader.u8()?),
            protocols: Protocols(reader.u32()?),
            default_clock: reader.u32()?,
            maximum_clock: reader.u32()?,
            clocks: reader.u8()?,
            data_rate: reader.u32()?,
            maximum_data_rate: reader.u32()?,
            data_rates: reader.u8()?,
            max_ifsd: reader.u32()?,
            synchronous_protocols: reader.u32()?,
            mechanical: reader.u32()?,
            features: Features(reader.u32()?),
            max_message_length: reader.u32()?,
            class_get_response: reader.u8()?,
            class_envelope: reader.u8()?,
            lcd_layout: reader.u16()?,
            pin_support: reader.u8()?,
            max_busy_slots: reader.u8()?,
        })
    }
}

/// Writes fields one behind the other.
struct Writer {
    bytes: [u8; DESCRIPTOR_LENGTH],
    at: usize,
}

impl Writer {
    fn put<const N: usize>(&mut self, field: [u8; N]) {
        if let Some(place) = self.bytes.get_mut(self.at..self.at + N) {
            place.copy_from_slice(&field);
        }
        self.at += N;
    }
}

/// Reads fields one behind the other.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let field = self.bytes.get(self.at..)?.first_chunk::<N>()?;
        self.at += N;
        Some(*field)
    }

    fn u8(&mut self) -> Option<u8> {
        self.take::<1>().map(|[byte]| byte)
    }

    fn u16(&mut self) -> Option<u16> {
        self.take().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }
}
