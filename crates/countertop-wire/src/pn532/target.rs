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

/// Describes an activated card of 106 kbit/s type B (UM0701-02, 7.3.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeBTarget {
    /// The chip's number for it: 1 or 2.
    pub number: u8,
    /// The identifier (PUPI).
    pub pupi: [u8; 4],
    /// Application data.
    pub application_data: [u8; 4],
    /// Protocol info.
    pub protocol_info: [u8; 3],
    /// The answer to ATTRIB.
    pub attrib_res: Vec<u8>,
}

/// First byte of ATQB (ISO/IEC 14443-3, 7.9).
const ATQB: u8 = 0x50;

impl TypeBTarget {
    /// Appends the description as the chip sends it.
    pub fn encode(&self, data: &mut Vec<u8>) {
        data.extend([self.number, ATQB]);
        data.extend(self.pupi);
        data.extend(self.application_data);
        data.extend(self.protocol_info);
        data.push(u8::try_from(self.attrib_res.len()).unwrap_or(u8::MAX));
        data.extend_from_slice(&self.attrib_res);
    }

    /// Reads a description from the start of `data` and returns what follows it.
    #[must_use]
    pub fn decode(data: &[u8]) -> Option<(Self, &[u8])> {
        let [number, ATQB, rest @ ..] = data else { return None };
        let (pupi, rest) = rest.split_first_chunk()?;
        let (application_data, rest) = rest.split_first_chunk()?;
        let (protocol_info, rest) = rest.split_first_chunk()?;
        let (length, rest) = rest.split_first()?;
        let (attrib_res, rest) = rest.split_at_checked(usize::from(*length))?;
        let target = Self {
            number: *number,
            pupi: *pupi,
            application_data: *application_data,
            protocol_info: *protocol_info,
            attrib_res: attrib_res.to_vec(),
        };
        Some((target, rest))
    }
}

/// Describes a FeliCa card that answered POLLING (UM0701-02, 7.3.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FelicaTarget {
    /// The chip's number for it: 1 or 2.
    pub number: u8,
    /// The identifier (IDm, NFCID2).
    pub idm: [u8; 8],
    /// The manufacture parameters (PMm, PAD).
    pub pmm: [u8; 8],
    /// The system code, when POLLING asked for it.
    pub system_code: Option<[u8; 2]>,
}

/// Response code of POLLING.
const POL_RES: u8 = 0x01;

impl FelicaTarget {
    /// Appends the description as the chip sends it.
    pub fn encode(&self, data: &mut Vec<u8>) {
        let length = if self.system_code.is_some() { 20 } else { 18 };
        data.extend([self.number, length, POL_RES]);
        data.extend(self.idm);
        data.extend(self.pmm);
        data.extend(self.system_code.into_iter().flatten());
    }

    /// Reads a description from the start of `data` and returns what follows it.
    #[must_use]
    pub fn decode(data: &[u8]) -> Option<(Self, &[u8])> {
        let [number, length @ (18 | 20), POL_RES, rest @ ..] = data else { return None };
        let (idm, rest) = rest.split_first_chunk()?;
        let (pmm, rest) = rest.split_first_chunk()?;
        let (system_code, rest) = match length {
            18 => (None, rest),
            _ => rest.split_first_chunk().map(|(code, rest)| (Some(*code), rest))?,
        };
        Some((Self { number: *number, idm: *idm, pmm: *pmm, system_code }, rest))
    }
}

/// Describes a Topaz or Jewel tag (UM0701-02, 7.3.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JewelTarget {
    /// The chip's number for it: 1 or 2.
    pub number: u8,
    /// SENS_RES, big-endian as it is written.
    pub sens_res: [u8; 2],
    /// The identifier (JEWELID).
    pub uid: [u8; 4],
}

impl JewelTarget {
    /// Appends the description as the chip sends it.
    pub fn encode(&self, data: &mut Vec<u8>) {
        data.push(self.number);
        data.extend(self.sens_res);
        data.extend(self.uid);
    }

    /// Reads a description from the start of `data` and returns what follows it.
    #[must_use]
    pub fn decode(data: &[u8]) -> Option<(Self, &[u8])> {
        let (number, rest) = data.split_first()?;
        let (sens_res, rest) = rest.split_first_chunk()?;
        let (uid, rest) = rest.split_first_chunk()?;
        Some((Self { number: *number, sens_res: *sens_res, uid: *uid }, rest))
    }
}
