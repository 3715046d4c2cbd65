//! Contactless readers.

use async_trait::async_trait;

use crate::{CardProtocol, CardSession, Device, DeviceError};

/// Reads cards and tags by radio (ISO/IEC 14443, FeliCa).
#[async_trait]
pub trait ContactlessReader: Device {
    /// Switches the field on and waits until a card or tag answers.
    ///
    /// The field is off again after an error or a dropped call.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: the field is switched off.
    async fn await_target(&mut self) -> Result<ContactlessTarget, DeviceError>;

    /// Starts an exclusive session with the target that [`await_target`](Self::await_target) found
    /// last.
    ///
    /// # Errors
    ///
    /// [`CardRemoved`](crate::DeviceErrorKind::CardRemoved) when it has left the field.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: a session that nobody takes is closed.
    async fn connect(&mut self) -> Result<Box<dyn CardSession>, DeviceError>;
}

/// Is a card or tag in the field.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContactlessTarget {
    /// The unique identifier. Type A: 4, 7 or 10 bytes, random on payment cards; type B: the
    /// PUPI, 4 bytes; FeliCa: the IDm, 8 bytes; Topaz: 4 bytes.
    pub uid: Vec<u8>,
    /// ATQA (ISO/IEC 14443-3 type A) or SENS_RES of a Topaz, big-endian as it is written; zeros for
    /// others.
    pub atqa: [u8; 2],
    /// SAK (ISO/IEC 14443-3 type A); zero for others.
    pub sak: u8,
    /// Answer to select (ISO/IEC 14443-4 type A) with its length byte; empty for others.
    pub ats: Vec<u8>,
    /// How it answered.
    pub technology: Technology,
    /// What a session with it speaks.
    pub protocol: CardProtocol,
    /// Whether another card has answered beside it (EMV Book D, 9.3): the cardholder has not chosen
    /// between them, so neither must pay. `false` where the reader cannot tell.
    pub collision: bool,
}

/// Says by which radio technology a target answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Technology {
    /// ISO/IEC 14443 type A, 106 kbit/s.
    TypeA,
    /// ISO/IEC 14443 type B, 106 kbit/s.
    TypeB {
        /// Application data of ATQB.
        application_data: [u8; 4],
        /// Protocol info of ATQB.
        protocol_info: [u8; 3],
    },
    /// FeliCa (JIS X 6319-4), 212 kbit/s.
    Felica {
        /// The manufacture parameters, which tell how long commands may take.
        pmm: [u8; 8],
        /// The system that answered, where it tells.
        system_code: Option<[u8; 2]>,
    },
    /// Innovision Topaz and Jewel, 106 kbit/s: a frame of type A, and no anticollision.
    Topaz,
}

impl ContactlessTarget {
    /// Creates a target of type A; the protocol follows from the SAK: ISO/IEC 14443-4 from bit 6,
    /// else MIFARE Classic from bit 4 (NXP AN10833).
    #[must_use]
    pub fn new(uid: Vec<u8>, atqa: [u8; 2], sak: u8, ats: Vec<u8>) -> Self {
        let protocol = match sak {
            sak if sak & 0x20 != 0 => CardProtocol::IsoDep,
            sak if sak & 0x08 != 0 => CardProtocol::MifareClassic,
            _ => CardProtocol::Type2,
        };
        let technology = Technology::TypeA;
        Self { uid, atqa, sak, ats, technology, protocol, collision: false }
    }

    /// Notes that another card has answered beside it.
    #[must_use]
    pub fn with_collision(mut self) -> Self {
        self.collision = true;
        self
    }

    /// Creates a card of ISO/IEC 14443-4 type B.
    #[must_use]
    pub fn type_b(pupi: [u8; 4], application_data: [u8; 4], protocol_info: [u8; 3]) -> Self {
        let technology = Technology::TypeB { application_data, protocol_info };
        Self::of(&pupi, [0; 2], technology, CardProtocol::IsoDep)
    }

    /// Creates a FeliCa card.
    #[must_use]
    pub fn felica(idm: [u8; 8], pmm: [u8; 8], system_code: Option<[u8; 2]>) -> Self {
        Self::of(&idm, [0; 2], Technology::Felica { pmm, system_code }, CardProtocol::Felica)
    }

    /// Creates a Topaz or Jewel tag.
    #[must_use]
    pub fn topaz(uid: [u8; 4], sens_res: [u8; 2]) -> Self {
        Self::of(&uid, sens_res, Technology::Topaz, CardProtocol::Type1)
    }

    fn of(uid: &[u8], atqa: [u8; 2], technology: Technology, protocol: CardProtocol) -> Self {
        let (uid, ats, collision) = (uid.to_vec(), Vec::new(), false);
        Self { uid, atqa, sak: 0, ats, technology, protocol, collision }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_protocol_follows_from_what_the_target_says() {
        let type_a = |sak| ContactlessTarget::new(vec![1, 2, 3, 4], [0, 4], sak, vec![]).protocol;
        assert_eq!(type_a(0x20), CardProtocol::IsoDep);
        assert_eq!(type_a(0x28), CardProtocol::IsoDep);
        assert_eq!(type_a(0x00), CardProtocol::Type2);
        for classic in [0x08, 0x18, 0x09, 0x88] {
            assert_eq!(type_a(classic), CardProtocol::MifareClassic);
        }
        let card = ContactlessTarget::type_b([1, 2, 3, 4], [0; 4], [0, 0x81, 0]);
        assert_eq!((card.uid.len(), card.protocol), (4, CardProtocol::IsoDep));
        let felica = ContactlessTarget::felica([2; 8], [0xff; 8], Some([0x12, 0xfc]));
        assert_eq!((felica.uid.len(), felica.protocol), (8, CardProtocol::Felica));
        let topaz = ContactlessTarget::topaz([1, 2, 3, 4], [0x0c, 0x00]);
        assert_eq!(topaz.protocol, CardProtocol::Type1);
    }
}
