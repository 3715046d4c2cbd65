//! The answer to reset as a whole.

use super::historical::{CardCapabilities, Historical};
use super::{AtrError, InterfaceBytes, Protocol, StorageCard};

/// The most bytes that an answer to reset may have, TS included (ISO/IEC 7816-3, clause 8.2.1).
pub const LONGEST: usize = 33;
/// The most historical bytes.
const LONGEST_HISTORICAL: usize = 15;

/// Is TS: how the card codes its bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Convention {
    /// `3B`.
    Direct,
    /// `3F`.
    Inverse,
}

/// Is an answer to reset.
///
/// Contactless cards have none: PC/SC makes one up for them from what they told when they were
/// selected.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AnswerToReset {
    convention: Convention,
    groups: Vec<InterfaceBytes>,
    historical: Vec<u8>,
}

impl AnswerToReset {
    /// Creates an answer of `groups`, of which the first has no protocol and the others have one,
    /// and `historical` bytes, of which the first 15 count.
    #[must_use]
    pub fn new(convention: Convention, groups: &[InterfaceBytes], historical: &[u8]) -> Self {
        let first = groups.first().copied().unwrap_or_default();
        let mut all = vec![InterfaceBytes { protocol: None, ..first }];
        let announced = |group: &InterfaceBytes| InterfaceBytes {
            protocol: Some(group.protocol.unwrap_or(Protocol::T0)),
            ..*group
        };
        all.extend(groups.iter().skip(1).map(announced));
        let historical = historical.get(..LONGEST_HISTORICAL).unwrap_or(historical).to_vec();
        Self { convention, groups: all, historical }
    }

    /// Creates the answer that PC/SC makes up for a card of ISO/IEC 14443-4: `historical` are the
    /// historical bytes of the ATS (type A), or application data, protocol information and MBLI of
    /// the ATQB (type B) (PC/SC part 3, clause 3.1.3.2.3.1).
    #[must_use]
    pub fn contactless(historical: &[u8]) -> Self {
        let groups = [
            InterfaceBytes::default(),
            InterfaceBytes::of(Protocol::T0),
            InterfaceBytes::of(Protocol::T1),
        ];
        Self::new(Convention::Direct, &groups, historical)
    }

    /// Reads an answer to reset.
    ///
    /// # Errors
    ///
    /// [`AtrError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, AtrError> {
        let mut reader = Reader { rest: bytes };
        let convention = match reader.next("initial byte")? {
            0x3b => Convention::Direct,
            0x3f => Convention::Inverse,
            other => return Err(AtrError::BadInitial(other)),
        };
        let format = reader.next("format byte")?;
        let groups = reader.groups(format)?;
        let historical = reader.take(usize::from(format & 0x0f), "historical bytes")?.to_vec();
        let answer = Self { convention, groups, historical };
        if answer.has_check() {
            let found = reader.next("check byte")?;
            let expected = answer.check(bytes.get(1..bytes.len() - reader.rest.len() - 1));
            if found != expected {
                return Err(AtrError::BadCheck { found, expected });
            }
        }
        match (reader.rest.len(), bytes.len().saturating_sub(LONGEST)) {
            (0, 0) => Ok(answer),
            (extra, 0) | (0, extra) | (extra, _) => Err(AtrError::TooLong(extra)),
        }
    }

    /// Returns the answer's bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let initial = match self.convention {
            Convention::Direct => 0x3b,
            Convention::Inverse => 0x3f,
        };
        // Never more than 15.
        let mut announcement = u8::try_from(self.historical.len()).unwrap_or_default();
        let mut out = vec![initial];
        for (number, group) in self.groups.iter().enumerate() {
            let announced = group.protocol.map_or(announcement, Protocol::number);
            announcement = 0;
            out.push(announced | group.presence(number + 1 < self.groups.len()));
            out.extend(group.bytes());
        }
        out.extend_from_slice(&self.historical);
        if self.has_check() {
            out.push(self.check(out.get(1..)));
        }
        out
    }

    /// Returns TS.
    #[must_use]
    pub fn convention(&self) -> Convention {
        self.convention
    }

    /// Returns the interface bytes: those of no protocol first.
    #[must_use]
    pub fn interface_bytes(&self) -> &[InterfaceBytes] {
        &self.groups
    }

    /// Returns the protocols that the card offers, the one that it begins with first.
    #[must_use]
    pub fn protocols(&self) -> Vec<Protocol> {
        let mut offered = Vec::new();
        for protocol in self.groups.iter().filter_map(|group| group.protocol) {
            if protocol != Protocol::GLOBAL && !offered.contains(&protocol) {
                offered.push(protocol);
            }
        }
        // Without TD1 a card speaks T=0.
        if offered.is_empty() { vec![Protocol::T0] } else { offered }
    }

    /// Returns the historical bytes, 0 to 15.
    #[must_use]
    pub fn historical_bytes(&self) -> &[u8] {
        &self.historical
    }

    /// Returns what the historical bytes say.
    #[must_use]
    pub fn historical(&self) -> Historical<'_> {
        Historical::read(&self.historical)
    }

    /// Returns what the card says that it can do, if it says so.
    #[must_use]
    pub fn capabilities(&self) -> Option<CardCapabilities> {
        self.historical().capabilities()
    }

    /// Tells whether PC/SC made this answer up for a card without contacts.
    ///
    /// A contact card could have the same one; which it is, the reader's name tells better.
    #[must_use]
    pub fn is_contactless(&self) -> bool {
        self.groups == Self::contactless(&[]).groups && self.convention == Convention::Direct
    }

    /// Returns which storage card it is, where PC/SC made the answer up for one.
    #[must_use]
    pub fn storage_card(&self) -> Option<StorageCard> {
        StorageCard::from_historical(&self.historical).filter(|_| self.is_contactless())
    }

    /// Tells whether there is a TCK: not where T=0 alone is offered.
    fn has_check(&self) -> bool {
        self.groups.iter().any(|group| !matches!(group.protocol, None | Some(Protocol::T0)))
    }

    fn check(&self, bytes: Option<&[u8]>) -> u8 {
        bytes.unwrap_or_default().iter().fold(0, |check, byte| check ^ byte)
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn next(&mut self, part: &'static str) -> Result<u8, AtrError> {
        let (byte, rest) = self.rest.split_first().ok_or(AtrError::Truncated(part))?;
        self.rest = rest;
        Ok(*byte)
    }

    fn take(&mut self, count: usize, part: &'static str) -> Result<&'a [u8], AtrError> {
        let (bytes, rest) = self.rest.split_at_checked(count).ok_or(AtrError::Truncated(part))?;
        self.rest = rest;
        Ok(bytes)
    }

    /// Reads all interface bytes behind T0.
    fn groups(&mut self, format: u8) -> Result<Vec<InterfaceBytes>, AtrError> {
        let mut groups = Vec::new();
        let (mut presence, mut protocol) = (format, None);
        loop {
            let mut byte = |bit: u8| match presence & bit {
                0 => Ok(None),
                _ => self.next("interface bytes").map(Some),
            };
            let (ta, tb, tc, td) = (byte(0x10)?, byte(0x20)?, byte(0x40)?, byte(0x80)?);
            groups.push(InterfaceBytes { protocol, ta, tb, tc });
            let Some(td) = td else { return Ok(groups) };
            (presence, protocol) = (td, Some(Protocol::new(td)));
        }
    }
}
