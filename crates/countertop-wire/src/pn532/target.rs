//! What the chip tells about a target that it activated.

/// Describes an activated target of 106 kbit/s type A (UM0701-02, 7.3.5, TargetData).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeATarget {
    /// The chip's number for it: 1 or 2.
    pub number: u8,
    /// SENS_RES, the chip's order: as it is written, big-endian.
    pub atqa: [u8; 2],
    /// SEL_RES.
    pub sak: u8,
    /// The UID without cascade tags: 4, 7 or 10 bytes.
    pub uid: Vec<u8>,
    /// Answer to select with its length byte, or nothing when no RATS was sent.
    pub ats: Vec<u8>,
}

impl TypeATarget {
    /// Appends the description as the chip sends it.
    pub fn encode(&self, data: &mut Vec<u8>) {
        let [high, low] = self.atqa;
        let length = u8::try_from(self.uid.len()).unwrap_or(u8::MAX);
        data.extend([self.number, high, low, self.sak, length]);
        data.extend_from_slice(&self.uid);
        data.extend_from_slice(&self.ats);
    }

    /// Reads a description from the start of `data` and returns what follows it.
    ///
    /// A card of ISO/IEC 14443-4 has an answer to select when `data` go on behind the UID; whether
    /// RATS was sent is for the caller to know, who set AutomaticRATS.
    #[must_use]
    pub fn decode(data: &[u8], with_ats: bool) -> Option<(Self, &[u8])> {
        let [number, high, low, sak, length, rest @ ..] = data else { return None };
        let (uid, rest) = rest.split_at_checked(usize::from(*length))?;
        let (ats, rest) = match rest.first() {
            Some(ats_length) if with_ats && sak & 0x20 != 0 => {
                rest.split_at_checked(usize::from(*ats_length).max(1))?
            }
            _ => (&[][..], rest),
        };
        let (uid, ats) = (uid.to_vec(), ats.to_vec());
        Some((Self { number: *number, atqa: [*high, *low], sak: *sak, uid, ats }, rest))
    }
}
