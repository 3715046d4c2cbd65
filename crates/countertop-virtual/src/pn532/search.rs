//! InListPassiveTarget and InAutoPoll: searches for targets, at once and over time.

use core::time::Duration;

use countertop_wire::pn532::{InitiatorResponse, Modulation, Response, target_type};

use super::chip::{Chip, Outcome};
use super::known::Description;
use super::radio::{CASCADE_TAG, REQA, SAK_ISO_DEP, SEL};
use super::registers::Framing;

/// Is a search that found nothing yet.
#[derive(Debug, Clone)]
pub(super) struct Search {
    kind: SearchKind,
    /// How long it goes on; for ever without.
    pub(super) limit: Option<Duration>,
}

#[derive(Debug, Clone)]
enum SearchKind {
    List { max_targets: u8, modulation: Modulation, data: Vec<u8> },
    AutoPoll { types: Vec<u8> },
    EchoBack,
}

const FOR_EVER: u8 = 0xff;
/// Unit of the polling period (UM0701-02, 7.3.13).
const PERIOD_UNIT: Duration = Duration::from_millis(150);
/// POLLING for a FeliCa card of any system, which tells its system code.
pub(super) const ANY_SYSTEM: &[u8] = &[0x00, 0xff, 0xff, 0x01, 0x00];
/// A search that is repeated a few times finds a target that the first request only woke.
const MOST_ATTEMPTS: u8 = 3;

impl Chip {
    pub(super) fn list(
        &mut self,
        max_targets: u8,
        modulation: Modulation,
        initiator_data: &[u8],
    ) -> Outcome {
        self.switch_field(true);
        self.known.clear();
        let data = match modulation {
            Modulation::TypeA => without_cascade_tags(initiator_data),
            _ => initiator_data.to_vec(),
        };
        let kind = SearchKind::List { max_targets, modulation, data };
        let search = Search { kind, limit: None };
        let attempts = self.passive_retries.saturating_add(1).min(MOST_ATTEMPTS);
        for _ in 0..attempts {
            if let Some(response) = self.attempt(&search) {
                return Outcome::Response(response);
            }
        }
        if self.passive_retries == FOR_EVER {
            return Outcome::Searching(search);
        }
        Outcome::Response(search.nothing())
    }

    pub(super) fn auto_poll(&mut self, polls: u8, period: u8, types: Vec<u8>) -> Outcome {
        self.switch_field(true);
        let rounds = u32::from(polls) * u32::from(period);
        let count = u32::try_from(types.len()).unwrap_or(u32::MAX);
        let limit =
            (polls != FOR_EVER).then(|| PERIOD_UNIT.saturating_mul(rounds.saturating_mul(count)));
        let search = Search { kind: SearchKind::AutoPoll { types }, limit };
        match self.attempt(&search) {
            Some(response) => Outcome::Response(response),
            None => Outcome::Searching(search),
        }
    }

    /// Waits as a target that sends back what a peer sends it (UM0701-02, 7.2.1). No peer is ever there,
    /// and only the host's next command or ACK ends it.
    pub(super) fn echo_back(&mut self) -> Outcome {
        self.switch_field(false);
        self.known.clear();
        Outcome::Searching(Search { kind: SearchKind::EchoBack, limit: None })
    }

    /// Searches once and returns the response when there is a target.
    pub(super) fn attempt(&mut self, search: &Search) -> Option<Vec<u8>> {
        self.known.clear();
        self.registers.set_framing(Framing::TypeA);
        let response = match &search.kind {
            SearchKind::List { max_targets, modulation, data } => {
                self.list_once(*max_targets, *modulation, data)
            }
            SearchKind::AutoPoll { types } => self.poll_once(types),
            SearchKind::EchoBack => return None,
        };
        if response.is_none() {
            // What nobody answered is left in the buffer: the request, or what follows it.
            let answered = self.shared.field().was_request_answered();
            self.registers.set_fifo(if answered { SEL[0] } else { REQA });
        }
        response
    }

    fn list_once(&mut self, max: u8, modulation: Modulation, wanted: &[u8]) -> Option<Vec<u8>> {
        let (mut count, mut data) = (0, Vec::new());
        // Only cards of type A are told apart by anticollision.
        let most = if modulation == Modulation::TypeA { max } else { 1 };
        for _ in 0..most {
            self.known.deselect(&mut self.shared.field());
            let Some(description) = self.find(modulation, wanted) else { break };
            description.encode(&mut data);
            count += 1;
        }
        self.known.settle(&mut self.shared.field());
        (count > 0).then(|| encode(InitiatorResponse::PassiveTargets { count, data }))
    }

    fn find(&mut self, modulation: Modulation, data: &[u8]) -> Option<Description> {
        self.registers.set_framing(Framing::of(modulation));
        let rats = self.sends_rats();
        let mut field = self.shared.field();
        let known = match modulation {
            Modulation::TypeA => self.known.find(&mut field, data, rats, |_| true),
            Modulation::TypeB => {
                self.known.find_type_b(&mut field, data.first().copied().unwrap_or_default())
            }
            Modulation::Felica212 => self.known.find_felica(&mut field, data, 1),
            Modulation::Felica424 => self.known.find_felica(&mut field, data, 2),
            Modulation::Jewel => self.known.find_jewel(&mut field),
            _ => None,
        };
        known.map(|target| target.description.clone())
    }

    /// The first type in the list with targets ends the search. Up to two are reported.
    fn poll_once(&mut self, types: &[u8]) -> Option<Vec<u8>> {
        for kind in types {
            // Only cards of type A are told apart by anticollision.
            let most = if modulation_of(*kind).is_some() { 1 } else { 2 };
            let found: Vec<(u8, Vec<u8>)> =
                (0..most).map_while(|_| self.poll_type(*kind)).map(|data| (*kind, data)).collect();
            if !found.is_empty() {
                self.known.settle(&mut self.shared.field());
                return Some(encode(InitiatorResponse::AutoPolled(found)));
            }
        }
        None
    }

    fn poll_type(&mut self, kind: u8) -> Option<Vec<u8>> {
        if let Some((modulation, parameters)) = modulation_of(kind) {
            let mut data = Vec::new();
            self.find(modulation, parameters)?.encode(&mut data);
            return Some(data);
        }
        self.registers.set_framing(Framing::TypeA);
        let wanted: fn(u8) -> bool = match kind {
            target_type::GENERIC_106 => |_| true,
            target_type::MIFARE => |sak| sak & SAK_ISO_DEP == 0,
            target_type::ISO_14443_4A => |sak| sak & SAK_ISO_DEP != 0,
            _ => return None,
        };
        let rats = self.sends_rats();
        let mut field = self.shared.field();
        self.known.deselect(&mut field);
        for _ in 0..MOST_ATTEMPTS {
            if let Some(target) = self.known.find(&mut field, &[], rats, wanted) {
                let mut data = Vec::new();
                target.description.encode(&mut data);
                return Some(data);
            }
        }
        None
    }
}

impl Search {
    /// Returns the response when the time is over.
    pub(super) fn nothing(&self) -> Vec<u8> {
        match self.kind {
            SearchKind::List { .. } => nothing_listed(),
            SearchKind::AutoPoll { .. } => encode(InitiatorResponse::AutoPolled(Vec::new())),
            SearchKind::EchoBack => Vec::new(),
        }
    }
}

/// Returns how a polled type other than type A is searched, and with which parameters.
fn modulation_of(kind: u8) -> Option<(Modulation, &'static [u8])> {
    Some(match kind {
        target_type::ISO_14443_4B | target_type::ISO_14443_4B_MANDATORY => {
            (Modulation::TypeB, &[0x00])
        }
        target_type::FELICA_212 | target_type::GENERIC_212 => (Modulation::Felica212, ANY_SYSTEM),
        target_type::FELICA_424 | target_type::GENERIC_424 => (Modulation::Felica424, ANY_SYSTEM),
        target_type::JEWEL => (Modulation::Jewel, &[]),
        _ => return None,
    })
}

fn nothing_listed() -> Vec<u8> {
    encode(InitiatorResponse::PassiveTargets { count: 0, data: Vec::new() })
}

fn encode(response: InitiatorResponse) -> Vec<u8> {
    Response::from(response).encode()
}

/// Hosts write long UIDs with their cascade tags: 8 bytes for 7, 12 for 10.
fn without_cascade_tags(uid: &[u8]) -> Vec<u8> {
    match uid {
        [CASCADE_TAG, a, b, c, CASCADE_TAG, rest @ ..] if rest.len() == 7 => {
            [&[*a, *b, *c], rest].concat()
        }
        [CASCADE_TAG, rest @ ..] if rest.len() == 7 => rest.to_vec(),
        uid => uid.to_vec(),
    }
}
