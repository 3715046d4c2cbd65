//! Handover to another carrier, such as Bluetooth or Wi-Fi (NFC Forum Connection Handover 1.3).

use super::message::Message;
use super::record::Record;

/// Is a request for another carrier, or the choice of one: the first record of a message, in which
/// the carriers' own records follow.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Handover {
    /// Whether it asks or chooses.
    pub kind: HandoverKind,
    /// The specification's version: major in the high, minor in the low four bits.
    pub version: u8,
    /// The carriers, the best one first.
    pub carriers: Vec<Carrier>,
}

/// Says what a [`Handover`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HandoverKind {
    /// Handover Request, with the random number that decides between two requests at once.
    Request(u16),
    /// Handover Select.
    Select,
}

/// Is one carrier (ac record, 6.4.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carrier {
    /// Whether it is switched on.
    pub power: CarrierPower,
    /// Identifier of the record that describes it.
    pub data: Vec<u8>,
    /// Identifiers of further records about it.
    pub auxiliary: Vec<Vec<u8>>,
}

/// Is a carrier's power state (CPS).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CarrierPower {
    /// Off.
    Inactive,
    /// On.
    Active,
    /// Being switched on.
    Activating,
    /// Not known.
    Unknown,
}

const REQUEST: &[u8] = b"Hr";
const SELECT: &[u8] = b"Hs";
const ALTERNATIVE_CARRIER: &[u8] = b"ac";
const COLLISION_RESOLUTION: &[u8] = b"cr";
const VERSION: u8 = 0x13;
/// Bits of the flags byte: CPS.
const POWER: u8 = 0x03;

impl Handover {
    /// Creates a choice among carriers.
    #[must_use]
    pub fn select(carriers: Vec<Carrier>) -> Self {
        Self { kind: HandoverKind::Select, version: VERSION, carriers }
    }

    /// Creates a request; `random` decides when both sides ask.
    #[must_use]
    pub fn request(random: u16, carriers: Vec<Carrier>) -> Self {
        Self { kind: HandoverKind::Request(random), version: VERSION, carriers }
    }

    /// Returns it as a record. Identifiers longer than 255 bytes are cut off.
    #[must_use]
    pub fn to_record(&self) -> Record {
        let (name, collision) = match self.kind {
            HandoverKind::Request(random) => (REQUEST, Some(random)),
            HandoverKind::Select => (SELECT, None),
        };
        let collision =
            collision.map(|it| Record::well_known(COLLISION_RESOLUTION, it.to_be_bytes().to_vec()));
        let carriers = self.carriers.iter().map(Carrier::to_record);
        let message = Message::new(collision.into_iter().chain(carriers).collect());
        Record::well_known(name, [vec![self.version], message.encode()].concat())
    }

    /// Reads a handover record; `None` when the record is none, or malformed.
    #[must_use]
    pub fn from_record(record: &Record) -> Option<Self> {
        let select = record.as_well_known(SELECT);
        let (version, content) = select.or_else(|| record.as_well_known(REQUEST))?.split_first()?;
        let inner = Message::decode(content).ok()?.records;
        let kind = match select {
            Some(_) => HandoverKind::Select,
            None => HandoverKind::Request(inner.iter().find_map(collision)?),
        };
        let carriers = inner.iter().filter_map(|it| it.as_well_known(ALTERNATIVE_CARRIER));
        let carriers = carriers.map(Carrier::decode).collect::<Option<_>>()?;
        Some(Self { kind, version: *version, carriers })
    }
}

fn collision(record: &Record) -> Option<u16> {
    record.as_well_known(COLLISION_RESOLUTION)?.try_into().ok().map(u16::from_be_bytes)
}

impl Carrier {
    /// Creates a carrier that is on and is described by the record with the identifier `data`.
    #[must_use]
    pub fn active(data: impl Into<Vec<u8>>) -> Self {
        Self { power: CarrierPower::Active, data: data.into(), auxiliary: Vec::new() }
    }

    fn to_record(&self) -> Record {
        let mut payload = vec![self.power.code()];
        push_reference(&mut payload, &self.data);
        let count = u8::try_from(self.auxiliary.len()).unwrap_or(u8::MAX);
        payload.push(count);
        for auxiliary in self.auxiliary.iter().take(usize::from(count)) {
            push_reference(&mut payload, auxiliary);
        }
        Record::well_known(ALTERNATIVE_CARRIER, payload)
    }

    fn decode(payload: &[u8]) -> Option<Self> {
        let (flags, rest) = payload.split_first()?;
        let (data, rest) = reference(rest)?;
        let (count, mut rest) = rest.split_first()?;
        let mut auxiliary = Vec::new();
        for _ in 0..*count {
            let (found, behind) = reference(rest)?;
            auxiliary.push(found);
            rest = behind;
        }
        Some(Self { power: CarrierPower::from_code(flags & POWER), data, auxiliary })
    }
}

fn push_reference(payload: &mut Vec<u8>, reference: &[u8]) {
    let length = u8::try_from(reference.len()).unwrap_or(u8::MAX);
    payload.push(length);
    payload.extend(reference.iter().take(usize::from(length)));
}

fn reference(bytes: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let (length, rest) = bytes.split_first()?;
    let (found, rest) = rest.split_at_checked(usize::from(*length))?;
    Some((found.to_vec(), rest))
}

impl CarrierPower {
    const fn code(self) -> u8 {
        match self {
            Self::Inactive => 0,
            Self::Active => 1,
            Self::Activating => 2,
            Self::Unknown => 3,
        }
    }

    const fn from_code(code: u8) -> Self {
        match code {
            0 => Self::Inactive,
            1 => Self::Active,
            2 => Self::Activating,
            _ => Self::Unknown,
        }
    }
}
