//! What becomes of a request, by script or by amount.

use core::time::Duration;
use std::collections::VecDeque;

use countertop_wire::iso8583::{Message, Mti};

/// Says what becomes of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Behaviour {
    /// Approve it, whatever the account says. Authentication code and fields are still checked.
    Approve,
    /// Answer it with a wrong authentication code.
    BadMac,
    /// Answer it with a check value that fits no key; only a sign-in has one.
    BadCheckValue,
    /// Refuse it with a response code.
    Decline([u8; 2]),
    /// Handle it as usual and answer later.
    Delay(Duration),
    /// Lose it: nothing is booked and nothing is answered.
    DropRequest,
    /// Handle it as usual, then lose the answer.
    DropResponse,
    /// Handle it as usual and answer bytes that cannot be read.
    Garble,
    /// Close the connection at once; nothing is booked.
    HangUp,
    /// Answer it with another trace number.
    WrongTrace,
}

/// Is the script: what becomes of the next requests.
#[derive(Debug, Default)]
pub(super) struct Script(VecDeque<(Option<Mti>, Behaviour)>);

impl Script {
    pub(super) fn push(&mut self, mti: Option<Mti>, behaviour: Behaviour) {
        self.0.push_back((mti, behaviour));
    }

    /// Takes the first entry that is for any request or for one of this type.
    pub(super) fn take(&mut self, mti: Mti) -> Option<Behaviour> {
        let fits = |wanted: &Option<Mti>| wanted.is_none_or(|wanted| wanted == mti);
        let index = self.0.iter().position(|(wanted, _)| fits(wanted))?;
        self.0.remove(index).map(|(_, behaviour)| behaviour)
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

/// Returns what the amount of a financial request decides.
pub(super) fn by_amount(request: &Message) -> Option<Behaviour> {
    let financial = request.mti() == Mti::FINANCIAL;
    let amount = request.text(4).filter(|_| financial)?;
    let (yuan, cents) = amount.split_at_checked(10)?;
    match (yuan.trim_start_matches('0'), cents) {
        ("44", cents) if cents != "00" => cents.as_bytes().try_into().ok().map(Behaviour::Decline),
        ("45", "01") => Some(Behaviour::DropRequest),
        ("45", "02") => Some(Behaviour::DropResponse),
        ("45", "03") => Some(Behaviour::BadMac),
        ("45", "04") => Some(Behaviour::Garble),
        ("45", "05") => Some(Behaviour::Delay(Duration::from_secs(10))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_wait_for_their_type() {
        let mut script = Script::default();
        script.push(Some(Mti::REVERSAL), Behaviour::DropRequest);
        script.push(None, Behaviour::Garble);
        assert_eq!(script.take(Mti::FINANCIAL), Some(Behaviour::Garble));
        assert_eq!(script.take(Mti::FINANCIAL), None);
        assert_eq!(script.take(Mti::REVERSAL), Some(Behaviour::DropRequest));
        assert_eq!(script.len(), 0);
    }

    #[test]
    fn amounts_decide() {
        let sale = |amount: &str| Message::new(Mti::FINANCIAL).with(4, amount).unwrap();
        assert_eq!(by_amount(&sale("000000004451")), Some(Behaviour::Decline(*b"51")));
        assert_eq!(by_amount(&sale("000000004502")), Some(Behaviour::DropResponse));
        for amount in ["000000004400", "000000014451", "000000004506", "000000001234"] {
            assert_eq!(by_amount(&sale(amount)), None);
        }
        let mut reversal = sale("000000004451");
        reversal.set_mti(Mti::REVERSAL);
        assert_eq!(by_amount(&reversal), None);
    }
}
