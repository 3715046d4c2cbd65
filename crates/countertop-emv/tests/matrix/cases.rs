//! The cases: each function of the kernel on its own, and all of them mixed.

use countertop_virtual::card::{
    CardKeys, Curve, DataAuthentication, Fault, IssuerAuthentication, PinKey,
};
use countertop_wire::tlv::tags;

use crate::case::{
    Authority, Case, Date, Host, Kind, Pad, Person, Scheme, Scripts, Usage, Velocity,
};

pub(crate) const METHODS: [DataAuthentication; 5] = [
    DataAuthentication::None,
    DataAuthentication::Static,
    DataAuthentication::Dynamic,
    DataAuthentication::Combined,
    DataAuthentication::Extended,
];
const SCHEMES: [Scheme; 3] = [Scheme::UnionPay, Scheme::Visa, Scheme::Mastercard];

/// What can be wrong with offline data authentication.
pub(crate) const AUTHENTICATION_FAULTS: [Fault; 19] = [
    Fault::WrongCertificate,
    Fault::WrongIccCertificate,
    Fault::ExpiredCertificate,
    Fault::ExpiredIccCertificate,
    Fault::WrongHash,
    Fault::WrongSignature,
    Fault::NoDynamicNumberLength,
    Fault::RecordNotTemplate,
    Fault::Missing(tags::CA_PUBLIC_KEY_INDEX),
    Fault::Missing(tags::ISSUER_PUBLIC_KEY_CERTIFICATE),
    Fault::Missing(tags::ISSUER_PUBLIC_KEY_EXPONENT),
    Fault::Missing(tags::ISSUER_PUBLIC_KEY_REMAINDER),
    Fault::Missing(tags::SIGNED_STATIC_APPLICATION_DATA),
    Fault::Missing(tags::ICC_PUBLIC_KEY_CERTIFICATE),
    Fault::Missing(tags::ICC_PUBLIC_KEY_EXPONENT),
    Fault::Missing(tags::ICC_PUBLIC_KEY_REMAINDER),
    Fault::Missing(tags::DDOL),
    Fault::Missing(tags::SERVICE_CODE),
    Fault::Missing(tags::APPLICATION_EFFECTIVE_DATE),
];

/// Schemes, methods, what the terminal knows of their keys, and keys of other sizes.
pub(crate) fn authentication() -> Vec<Case> {
    let mut cases = Vec::new();
    for method in METHODS {
        for scheme in SCHEMES {
            for authority in
                [Authority::Known, Authority::Unknown, Authority::Expired, Authority::Revoked]
            {
                cases.push(Case { scheme, method, authority, ..Case::default() });
            }
        }
        for fault in AUTHENTICATION_FAULTS {
            for scheme in SCHEMES {
                cases.push(Case { scheme, method, faults: vec![fault], ..Case::default() });
            }
        }
    }
    for keys in [
        CardKeys::new(1024, 1024, 1024),
        CardKeys::new(1984, 1976, 1976),
        CardKeys::new(1984, 1024, 1024).with_exponent(65_537),
        CardKeys::new(1536, 1280, 1024).with_pin_key(PinKey::Own(1024)),
    ] {
        cases.push(Case { keys, ..Case::default() });
        let method = DataAuthentication::Combined;
        let mut combined = keys;
        combined.icc = keys.icc.min(1408);
        cases.push(Case { method, keys: combined, ..Case::default() });
    }
    cases
}

/// Extended data authentication: each way to fail with what may come of it (EMV Book 4, clause 6.3.2.2).
pub(crate) fn extended() -> Vec<Case> {
    let method = DataAuthentication::Extended;
    let good = Case { method, rules: vec![[0x1F, 0x00]], ..Case::default() };
    let mut cases = Vec::new();
    let mut failures = vec![(Authority::Known, vec![])];
    for authority in [
        Authority::Unknown,
        Authority::Expired,
        Authority::Revoked,
        Authority::NoCurves,
        Authority::NotDeclared,
    ] {
        failures.push((authority, vec![]));
    }
    for fault in [
        Fault::WrongCertificate,
        Fault::WrongIccCertificate,
        Fault::WrongHash,
        Fault::WrongSignature,
        Fault::Missing(tags::CA_PUBLIC_KEY_INDEX),
        Fault::Missing(tags::ICC_PUBLIC_KEY_CERTIFICATE),
    ] {
        failures.push((Authority::Known, vec![fault]));
    }
    let hosts = [Host::Approves, Host::Declines, Host::Unreachable];
    // One acquirer has the host decide, the other one denies; the third is as the first.
    let both = [Scheme::Visa, Scheme::Mastercard];
    let all: Vec<_> =
        both.into_iter().flat_map(|scheme| hosts.map(|host| (scheme, host))).collect();
    for (authority, faults) in failures {
        for (scheme, host) in all.iter().copied().chain([(Scheme::UnionPay, Host::Approves)]) {
            // The card is asked for a TC, gives it or an ARQC; or it is asked for an ARQC.
            for (floor_limit, offline_limit) in [(5000, 10_000), (5000, 0), (0, 10_000)] {
                let faults = faults.clone();
                let case = Case { scheme, host, floor_limit, offline_limit, ..good.clone() };
                cases.push(Case { authority, faults, ..case });
            }
        }
    }
    let keys = CardKeys::default().with_curve(Curve::P521);
    cases.push(Case { keys, ..good.clone() });
    for fault in [Fault::WrongCertificate, Fault::WrongIccCertificate, Fault::WrongSignature] {
        let faults = vec![fault];
        cases.push(Case { keys, faults, ..good.clone() });
    }
    // The action codes deny before there is a cryptogram.
    for faults in [vec![], vec![Fault::WrongSignature], vec![Fault::WrongCertificate]] {
        let usage = Usage::NotAtTerminals;
        cases.push(Case { usage, faults, ..good.clone() });
    }
    for fault in [Fault::WrongSignature, Fault::WrongCertificate] {
        let issuer = IssuerAuthentication::SecondCryptogram;
        for host in hosts {
            cases.push(Case { issuer, host, faults: vec![fault], ..good.clone() });
        }
        for scripts in [Scripts::Good, Scripts::BadBefore, Scripts::BadAfter] {
            let case = Case { scripts, floor_limit: 5000, offline_limit: 10_000, ..good.clone() };
            cases.push(Case { faults: vec![fault], ..case });
        }
        for other in [Fault::Overreaching, Fault::ReservedCryptogram, Fault::ServiceNotAllowed] {
            cases.push(Case { faults: vec![fault, other], ..good.clone() });
        }
    }
    cases
}

/// Version, dates and usage.
pub(crate) fn restrictions() -> Vec<Case> {
    let mut cases = Vec::new();
    for scheme in SCHEMES {
        let case = Case { scheme, ..Case::default() };
        cases.push(Case { version_differs: true, ..case.clone() });
        for date in [Date::TooEarly, Date::TooLate] {
            cases.push(Case { date, ..case.clone() });
        }
        for usage in [Usage::NotAtTerminals, Usage::NotForGoods, Usage::NotForCashback] {
            for kind in [Kind::Purchase, Kind::Cash, Kind::Cashback] {
                cases.push(Case { usage, kind, ..case.clone() });
            }
        }
    }
    cases
}

/// Lists of rules: each method on its own, and those that fall through.
pub(crate) const LISTS: [&[[u8; 2]]; 22] = [
    &[],
    &[[0x00, 0x00]],
    &[[0x40, 0x00], [0x1F, 0x00]],
    &[[0x01, 0x00]],
    &[[0x02, 0x00]],
    &[[0x03, 0x00]],
    &[[0x04, 0x00]],
    &[[0x05, 0x00]],
    &[[0x1E, 0x00]],
    &[[0x1F, 0x00]],
    &[[0x06, 0x00]],
    &[[0x46, 0x00], [0x1F, 0x00]],
    &[[0x20, 0x00]],
    &[[0x60, 0x00], [0x1E, 0x00]],
    &[[0x20, 0x03], [0x1F, 0x03]],
    &[[0x41, 0x03], [0x44, 0x03], [0x42, 0x03], [0x5E, 0x03], [0x1F, 0x03]],
    &[[0x44, 0x00], [0x42, 0x00], [0x1E, 0x00]],
    &[[0x42, 0x00], [0x44, 0x00]],
    &[[0x45, 0x00], [0x41, 0x00], [0x1F, 0x00]],
    &[[0x42, 0x01], [0x1E, 0x04], [0x1F, 0x02]],
    &[[0x1F, 0x06], [0x42, 0x07], [0x5E, 0x08], [0x04, 0x09]],
    &[[0x1F, 0x80], [0x1E, 0x01]],
];

pub(crate) const PERSONS: [Person; 5] =
    [Person::RightPin, Person::WrongPin, Person::SecondTry, Person::NoPin, Person::PadFails];
pub(crate) const PADS: [Pad; 4] = [Pad::None, Pad::Online, Pad::Both, Pad::Reader];

/// Rules, PIN pads and people.
pub(crate) fn verification() -> Vec<Case> {
    let mut cases = Vec::new();
    // No keys: nothing but this function is looked at.
    let quick = Case { method: DataAuthentication::None, ..Case::default() };
    for list in LISTS {
        for pad in PADS {
            for person in PERSONS {
                let rules = list.to_vec();
                let enciphered = list.iter().any(|[code, _]| matches!(code & 0x3F, 0x04 | 0x05));
                let method = if enciphered && pad == Pad::Both {
                    DataAuthentication::Dynamic
                } else {
                    DataAuthentication::None
                };
                let amounts = [2000, 1000];
                cases.push(Case { rules, pad, person, method, amounts, ..quick.clone() });
            }
        }
    }
    for (kind, amount) in [(Kind::Cash, 1234), (Kind::Cashback, 1234), (Kind::Purchase, 2000)] {
        for list in [LISTS[19], LISTS[20], &[[0x1F, 0x05]], &[[0x42, 0x02], [0x1E, 0x04]]] {
            let (rules, amounts) = (list.to_vec(), [2000, 1234]);
            cases.push(Case { rules, kind, amount, amounts, ..quick.clone() });
        }
    }
    for pad in [Pad::Both, Pad::Reader] {
        for list in [LISTS[3], LISTS[6], LISTS[15]] {
            let rules = list.to_vec();
            cases.push(Case { rules, pad, pin_blocked: true, ..quick.clone() });
        }
    }
    cases.push(Case { faults: vec![Fault::Missing(tags::CVM_LIST)], ..quick });
    cases
}

/// Limits, chance, counters, and what the terminal knows of the card.
pub(crate) fn risk() -> Vec<Case> {
    let mut cases = Vec::new();
    let below = Case {
        floor_limit: 5000,
        offline_limit: 10_000,
        rules: vec![[0x1F, 0x00]],
        scheme: Scheme::Visa,
        ..Case::default()
    };
    for (amount, recent_amount) in
        [(0, 0), (4999, 0), (5000, 0), (5001, 0), (4000, 999), (4000, 1000)]
    {
        for scheme in SCHEMES {
            cases.push(Case { amount, recent_amount, scheme, ..below.clone() });
        }
    }
    // The target is 20 of 99 below 1000, and 40 of 99 half-way up to the floor limit.
    for (amount, number) in [(500, 20), (500, 21), (3000, 40), (3000, 41), (4999, 60), (5000, 1)] {
        cases.push(Case { amount, random: Some(number), ..below.clone() });
    }
    cases.push(Case { random: Some(1), floor_limit: 0, ..below.clone() });
    for (transactions, last_online) in [(0, 0), (1, 1), (4, 2), (5, 2), (7, 2), (8, 2), (1, 5)] {
        for hidden in [false, true] {
            let velocity = Some(Velocity { lower: 3, upper: 6, transactions, last_online, hidden });
            cases.push(Case { velocity, ..below.clone() });
        }
    }
    for scheme in SCHEMES {
        cases.push(Case { on_exception_file: true, scheme, ..below.clone() });
        cases.push(Case { forced: true, scheme, ..below.clone() });
    }
    cases
}

/// What card, host and issuer come to.
pub(crate) fn completion() -> Vec<Case> {
    let mut cases = Vec::new();
    for scheme in SCHEMES {
        for issuer in
            [IssuerAuthentication::ExternalAuthenticate, IssuerAuthentication::SecondCryptogram]
        {
            for method in [
                DataAuthentication::Dynamic,
                DataAuthentication::Combined,
                DataAuthentication::Extended,
            ] {
                for host in [
                    Host::Approves,
                    Host::ApprovesBare,
                    Host::Impostor,
                    Host::Declines,
                    Host::Unreachable,
                ] {
                    cases.push(Case { scheme, issuer, method, host, ..Case::default() });
                }
            }
        }
        for scripts in [Scripts::Good, Scripts::BadBefore, Scripts::BadAfter] {
            cases.push(Case { scheme, scripts, ..Case::default() });
        }
        for fault in [Fault::Overreaching, Fault::ReservedCryptogram, Fault::ServiceNotAllowed] {
            for usage in [Usage::Everything, Usage::NotAtTerminals] {
                for floor_limit in [0, 5000] {
                    let faults = vec![fault];
                    cases.push(Case { scheme, faults, usage, floor_limit, ..Case::default() });
                }
            }
        }
        // Nothing stands against it: terminal and card approve without the host.
        let rules = vec![[0x1F, 0x00]];
        for offline_limit in [0, 1233, 1234] {
            for method in [DataAuthentication::Static, DataAuthentication::Combined] {
                let rules = rules.clone();
                let floor_limit = 5000;
                let case =
                    Case { scheme, rules, floor_limit, offline_limit, method, ..Case::default() };
                cases.push(Case { host: Host::Unreachable, ..case.clone() });
                cases.push(case);
            }
        }
    }
    cases
}

/// Draws cases with everything in them at once, from a seed.
pub(crate) fn mixed(seed: u64, count: usize) -> Vec<Case> {
    let mut random = Random(seed);
    (0..count).map(|_| random.case()).collect()
}

/// Is a source of numbers (splitmix64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn case(&mut self) -> Case {
        use IssuerAuthentication::{ExternalAuthenticate, SecondCryptogram};
        let faults = if self.one_in(3) { vec![self.pick(&AUTHENTICATION_FAULTS)] } else { vec![] };
        Case {
            scheme: self.pick(&SCHEMES),
            method: self.pick(&METHODS),
            keys: CardKeys::default(),
            faults,
            authority: if self.one_in(5) {
                self.pick(&[Authority::Unknown, Authority::Expired, Authority::Revoked])
            } else {
                Authority::Known
            },
            date: self.pick(&[Date::Good, Date::Good, Date::Good, Date::TooEarly, Date::TooLate]),
            version_differs: self.one_in(5),
            usage: if self.one_in(6) {
                self.pick(&[Usage::NotAtTerminals, Usage::NotForGoods, Usage::NotForCashback])
            } else {
                Usage::Everything
            },
            kind: self.pick(&[Kind::Purchase, Kind::Purchase, Kind::Cash, Kind::Cashback]),
            rules: self.pick(&LISTS).to_vec(),
            amounts: [2000, 1000],
            pad: self.pick(&PADS),
            person: self.pick(&PERSONS),
            pin_blocked: self.one_in(8),
            amount: self.pick(&[1, 999, 1000, 1234, 2000, 4999, 5000, 100_000]),
            floor_limit: self.pick(&[0, 5000, 1_000_000]),
            random: if self.one_in(2) { Some(self.pick(&[1, 20, 50, 99])) } else { None },
            velocity: if self.one_in(3) {
                Some(Velocity {
                    lower: 3,
                    upper: 6,
                    transactions: self.pick(&[0, 3, 6, 9]),
                    last_online: self.pick(&[0, 1, 4]),
                    hidden: self.one_in(4),
                })
            } else {
                None
            },
            on_exception_file: self.one_in(10),
            recent_amount: self.pick(&[0, 0, 4000]),
            forced: self.one_in(6),
            offline_limit: self.pick(&[0, 2000, 1_000_000]),
            issuer: self.pick(&[ExternalAuthenticate, SecondCryptogram]),
            host: self.pick(&[
                Host::Approves,
                Host::Approves,
                Host::ApprovesBare,
                Host::Impostor,
                Host::Declines,
                Host::Unreachable,
            ]),
            scripts: self.pick(&[
                Scripts::None,
                Scripts::None,
                Scripts::Good,
                Scripts::BadBefore,
                Scripts::BadAfter,
            ]),
        }
    }
}
