//! CODE128: which symbol characters make up a text.
//!
//! Source: ISO/IEC 15417; Epson, ESC/POS Command Reference, GS k, for the braces.

use super::{BarcodeError, BarcodeSystem};

/// Is one thing that a CODE128 encodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code128Element {
    /// An ASCII character, up to 7F.
    Character(u8),
    /// FNC1: GS1, and where a value of variable length ends.
    Fnc1,
    /// FNC2: the next symbol belongs to this one.
    Fnc2,
    /// FNC3: an order to the reader.
    Fnc3,
    /// FNC4: a character above 7F.
    Fnc4,
}

use Code128Element as Element;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Set {
    A,
    B,
    C,
}

const SETS: [Set; 3] = [Set::A, Set::B, Set::C];

/// In the order of preference among ways of the same length.
const PREFERRED: [Set; 3] = [Set::C, Set::B, Set::A];

const START: u8 = 103;
const SHIFT: u8 = 98;
const FNC1: u8 = 102;

/// More symbol characters than any text needs.
const NEVER: usize = usize::MAX / 2;

impl Set {
    /// Returns an element's value; `None` where the set has not got it.
    fn value(self, element: Element) -> Option<u8> {
        Some(match (self, element) {
            (_, Element::Fnc1) => FNC1,
            (Self::C, _) => return None,
            (_, Element::Fnc2) => 97,
            (_, Element::Fnc3) => 96,
            (Self::A, Element::Fnc4) => 101,
            (Self::B, Element::Fnc4) => 100,
            (Self::A, Element::Character(byte @ 0x00..=0x1F)) => byte + 64,
            (Self::A, Element::Character(byte @ 0x20..=0x5F)) => byte - 32,
            (Self::B, Element::Character(byte @ 0x20..=0x7F)) => byte - 32,
            _ => return None,
        })
    }

    /// Returns the element of a value below the controls of sets.
    fn element(self, value: u8) -> Option<Element> {
        Some(match (self, value) {
            (_, FNC1) => Element::Fnc1,
            (Self::C, _) => return None,
            (_, 97) => Element::Fnc2,
            (_, 96) => Element::Fnc3,
            (Self::A, 101) | (Self::B, 100) => Element::Fnc4,
            (Self::A, 64..=95) => Element::Character(value - 64),
            (Self::A | Self::B, 0..=95) => Element::Character(value + 32),
            _ => return None,
        })
    }

    fn index(self) -> usize {
        match self {
            Self::A => 0,
            Self::B => 1,
            Self::C => 2,
        }
    }

    /// Returns the value that leads to this set.
    fn switch(self) -> u8 {
        match self {
            Self::A => 101,
            Self::B => 100,
            Self::C => 99,
        }
    }

    fn letter(self) -> u8 {
        match self {
            Self::A => b'A',
            Self::B => b'B',
            Self::C => b'C',
        }
    }

    /// Returns the set of one character that SHIFT leads to.
    fn shifted(self) -> Option<Self> {
        match self {
            Self::A => Some(Self::B),
            Self::B => Some(Self::A),
            Self::C => None,
        }
    }
}

/// Is a CODE128 as its symbol characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Code128 {
    values: Vec<u8>,
}

impl Code128 {
    /// Encodes ASCII text in as few symbol characters as there can be.
    ///
    /// # Errors
    ///
    /// When there is nothing, or a character above 7F.
    pub fn from_text(text: &str) -> Result<Self, BarcodeError> {
        let system = BarcodeSystem::Code128;
        if let Some(at) = text.bytes().position(|byte| byte >= 0x80) {
            let byte = text.as_bytes().get(at).copied().unwrap_or_default();
            return Err(BarcodeError::Character { system, place: at + 1, byte });
        }
        let elements: Vec<_> = text.bytes().map(Element::Character).collect();
        Self::from_elements(&elements)
    }

    /// Encodes elements in as few symbol characters as there can be.
    ///
    /// From the end on, it is worked out for each place and code set how few characters the rest takes
    /// (dynamic programming); ISO/IEC 15417, annex E, has rules that come near.
    ///
    /// # Errors
    ///
    /// When there is nothing, or a character above 7F.
    pub fn from_elements(elements: &[Element]) -> Result<Self, BarcodeError> {
        let system = BarcodeSystem::Code128;
        if elements.is_empty() {
            return Err(BarcodeError::Length { system, length: 0, expected: "1 and more" });
        }
        let wrong = |element: &Element| matches!(element, Element::Character(0x80..));
        if let Some(at) = elements.iter().position(wrong) {
            let Some(Element::Character(byte)) = elements.get(at).copied() else {
                return Err(BarcodeError::Form { system, reason: "it has an unknown element" });
            };
            return Err(BarcodeError::Character { system, place: at + 1, byte });
        }
        Ok(Self { values: Plan::new(elements).values(elements) })
    }

    /// Reads the data of GS k: `{A`, `{B`, `{C` name sets, `{S` shifts, `{1` to `{4` are FNC1 to FNC4,
    /// `{{` is a brace, and in set C a byte is a pair of digits. `None` when it is no such data.
    #[must_use]
    pub fn from_data(data: &[u8]) -> Option<Self> {
        let set = |letter: u8| SETS.into_iter().find(|set| set.letter() == letter);
        let [b'{', letter, rest @ ..] = data else { return None };
        let mut current = set(*letter)?;
        let mut values = vec![START + u8::try_from(current.index()).ok()?];
        let mut rest = rest;
        let mut shifted = None;
        while let Some((byte, after)) = rest.split_first() {
            let of = shifted.take().unwrap_or(current);
            rest = after;
            let element = match (byte, after) {
                (b'{', [name, after @ ..]) => {
                    rest = after;
                    match name {
                        b'S' => {
                            shifted = Some(of.shifted()?);
                            values.push(SHIFT);
                            continue;
                        }
                        b'1' => Element::Fnc1,
                        b'2' => Element::Fnc2,
                        b'3' => Element::Fnc3,
                        b'4' => Element::Fnc4,
                        b'{' => Element::Character(b'{'),
                        letter => {
                            current = set(*letter)?;
                            values.push(current.switch());
                            continue;
                        }
                    }
                }
                (b'{', []) => return None,
                (pair @ 0..=99, _) if of == Set::C => {
                    values.push(*pair);
                    continue;
                }
                (byte, _) => Element::Character(*byte),
            };
            values.push(of.value(element)?);
        }
        (values.len() > 1).then_some(Self { values })
    }

    /// Returns the data of GS k.
    #[must_use]
    pub fn to_data(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let mut set = Set::A;
        let mut shifted = None;
        for value in &self.values {
            let of = shifted.take().unwrap_or(set);
            match *value {
                START.. => {
                    set = SETS.get(usize::from(value - START)).copied().unwrap_or(Set::B);
                    out.extend([b'{', set.letter()]);
                }
                SHIFT if of != Set::C => {
                    shifted = of.shifted();
                    out.extend(b"{S");
                }
                pair @ 0..=99 if of == Set::C => out.push(pair),
                value => match of.element(value) {
                    Some(Element::Character(b'{')) => out.extend(b"{{"),
                    Some(Element::Character(byte)) => out.push(byte),
                    Some(Element::Fnc1) => out.extend(b"{1"),
                    Some(Element::Fnc2) => out.extend(b"{2"),
                    Some(Element::Fnc3) => out.extend(b"{3"),
                    Some(Element::Fnc4) => out.extend(b"{4"),
                    None => {
                        set = SETS.into_iter().find(|set| set.switch() == value).unwrap_or(set);
                        out.extend([b'{', set.letter()]);
                    }
                },
            }
        }
        out
    }

    /// Returns the values of the symbol characters from the start on, without check and stop.
    #[must_use]
    pub fn values(&self) -> &[u8] {
        &self.values
    }

    /// Returns the check character's value.
    #[must_use]
    pub fn check(&self) -> u8 {
        let weighted = self.values.iter().zip([1].into_iter().chain(1..));
        let sum: u32 = weighted.map(|(value, weight): (_, u32)| u32::from(*value) * weight).sum();
        u8::try_from(sum % 103).unwrap_or_default()
    }
}

/// Is how few symbol characters the rest takes, by place and set.
struct Plan {
    rest: Vec<[usize; 3]>,
}

impl Plan {
    fn new(elements: &[Element]) -> Self {
        let mut plan = Self { rest: vec![[0; 3]; elements.len() + 1] };
        for at in (0..elements.len()).rev() {
            let direct = SETS.map(|set| plan.direct(elements, at, set).0);
            let cheapest = direct.into_iter().min().unwrap_or(NEVER);
            if let Some(place) = plan.rest.get_mut(at) {
                *place = direct.map(|cost| cost.min(cheapest + 1));
            }
        }
        plan
    }

    fn cost(&self, at: usize, set: Set) -> usize {
        self.rest.get(at).and_then(|costs| costs.get(set.index())).copied().unwrap_or(NEVER)
    }

    /// Returns how few characters the rest takes when the next one is of this set, with what is then
    /// sent and how many elements that takes.
    fn direct(&self, elements: &[Element], at: usize, set: Set) -> (usize, Vec<u8>, usize) {
        let element = elements.get(at).copied().unwrap_or(Element::Fnc1);
        if let (Set::C, Some(pair)) = (set, digits(elements, at)) {
            return (1 + self.cost(at + 2, set), vec![pair], 2);
        }
        if let Some(value) = set.value(element) {
            return (1 + self.cost(at + 1, set), vec![value], 1);
        }
        match set.shifted().and_then(|other| other.value(element)) {
            Some(value) => (2 + self.cost(at + 1, set), vec![SHIFT, value], 1),
            None => (NEVER, Vec::new(), 1),
        }
    }

    fn values(&self, elements: &[Element]) -> Vec<u8> {
        let cheapest = |at: usize| {
            let costs = PREFERRED.map(|set| (self.direct(elements, at, set).0, set));
            costs.into_iter().min_by_key(|(cost, _)| *cost).map_or(Set::B, |(_, set)| set)
        };
        let mut set = cheapest(0);
        let mut out = vec![START + u8::try_from(set.index()).unwrap_or_default()];
        let mut at = 0;
        while at < elements.len() {
            if self.direct(elements, at, set).0 > self.cost(at, set) {
                set = cheapest(at);
                out.push(set.switch());
            }
            let (_, values, count) = self.direct(elements, at, set);
            out.extend(values);
            at += count;
        }
        out
    }
}

/// Returns the value of two digits.
fn digits(elements: &[Element], at: usize) -> Option<u8> {
    let digit = |at: usize| match elements.get(at) {
        Some(Element::Character(byte @ b'0'..=b'9')) => Some(byte - b'0'),
        _ => None,
    };
    Some(digit(at)? * 10 + digit(at + 1)?)
}
