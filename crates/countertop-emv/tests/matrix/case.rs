//! What a case of the matrix is made of.

use countertop_emv::contact::Decision;
use countertop_virtual::card::{CardKeys, DataAuthentication, Fault, IssuerAuthentication};

/// Is one transaction: the card, the terminal, the people and the host.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) scheme: Scheme,
    pub(crate) method: DataAuthentication,
    pub(crate) keys: CardKeys,
    pub(crate) faults: Vec<Fault>,
    pub(crate) authority: Authority,
    pub(crate) date: Date,
    pub(crate) version_differs: bool,
    pub(crate) usage: Usage,
    pub(crate) kind: Kind,
    /// The card's rules: code, condition.
    pub(crate) rules: Vec<[u8; 2]>,
    pub(crate) amounts: [u32; 2],
    pub(crate) pad: Pad,
    pub(crate) person: Person,
    pub(crate) pin_blocked: bool,
    pub(crate) amount: u64,
    pub(crate) floor_limit: u32,
    pub(crate) random: Option<u8>,
    pub(crate) velocity: Option<Velocity>,
    pub(crate) on_exception_file: bool,
    pub(crate) recent_amount: u64,
    pub(crate) forced: bool,
    pub(crate) offline_limit: u64,
    pub(crate) issuer: IssuerAuthentication,
    pub(crate) host: Host,
    pub(crate) scripts: Scripts,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    UnionPay,
    Visa,
    Mastercard,
}

/// What the terminal knows of the certification authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Authority {
    Known,
    Unknown,
    Expired,
    /// It has revoked the issuer's certificate.
    Revoked,
    /// The terminal has keys for RSA alone, although it could use others.
    NoCurves,
    /// The terminal has keys on curves, but does not say in `9F33` that it can use them.
    NotDeclared,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Date {
    Good,
    TooEarly,
    TooLate,
}

/// What the card may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Usage {
    Everything,
    NotAtTerminals,
    NotForGoods,
    NotForCashback,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Purchase,
    Cash,
    Cashback,
}

/// Which PINs the terminal takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pad {
    None,
    Online,
    Both,
    /// Online at the PIN pad, in clear at a reader with a key pad.
    Reader,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Person {
    RightPin,
    WrongPin,
    /// Wrong once, then right.
    SecondTry,
    NoPin,
    /// The pad is out of order.
    PadFails,
}

/// The card's counters and limits for the terminal's velocity check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Velocity {
    pub(crate) lower: u8,
    pub(crate) upper: u8,
    pub(crate) transactions: u16,
    pub(crate) last_online: u16,
    pub(crate) hidden: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Host {
    Approves,
    /// Approves without proving who it is.
    ApprovesBare,
    /// Approves with a wrong proof.
    Impostor,
    Declines,
    Unreachable,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scripts {
    None,
    /// `71` and `72` with commands that the card takes.
    Good,
    /// `71` with a command that the card refuses.
    BadBefore,
    /// `72` with a command that the card refuses.
    BadAfter,
}

/// Is what must come of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expected {
    pub(crate) tvr: [u8; 5],
    pub(crate) tsi: [u8; 2],
    pub(crate) cvm: [u8; 3],
    pub(crate) decision: Decision,
    pub(crate) online: bool,
    /// Bits 8 and 7 of P1 of the first GENERATE AC, and bit 5: signature asked for.
    pub(crate) first: u8,
}

impl Default for Case {
    /// Returns a purchase of 12.34 that goes online and is approved.
    fn default() -> Self {
        Self {
            scheme: Scheme::UnionPay,
            method: DataAuthentication::Dynamic,
            keys: CardKeys::default(),
            faults: Vec::new(),
            authority: Authority::Known,
            date: Date::Good,
            version_differs: false,
            usage: Usage::Everything,
            kind: Kind::Purchase,
            rules: vec![[0x42, 0x03], [0x5E, 0x03], [0x1F, 0x03]],
            amounts: [0, 0],
            pad: Pad::Both,
            person: Person::RightPin,
            pin_blocked: false,
            amount: 1234,
            floor_limit: 0,
            random: None,
            velocity: None,
            on_exception_file: false,
            recent_amount: 0,
            forced: false,
            offline_limit: 0,
            issuer: IssuerAuthentication::ExternalAuthenticate,
            host: Host::Approves,
            scripts: Scripts::None,
        }
    }
}
