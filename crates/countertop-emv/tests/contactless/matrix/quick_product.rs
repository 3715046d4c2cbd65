//! Kernels 3 and 7 against an oracle, over the product of what a card and a reader can be.

use countertop_emv::PinSupport;
use countertop_emv::contactless::OutcomeStatus;
use std::collections::BTreeMap;

use countertop_virtual::card::{CardProfile, Fault, PaymentCard};

use crate::common::purchase;
use crate::reader::{CVM, FLOOR, Reader, SharedCard};

/// Cards that were personalised already, by what they differ in.
type Cards = BTreeMap<[bool; 6], PaymentCard>;

/// Is one combination, in the words of the books.
#[derive(Debug, Clone, Copy)]
struct Combination {
    unionpay: bool,
    amount: u64,
    online_pin: bool,
    signature: bool,
    host: bool,
    contacts: bool,
    phone: bool,
    card_limit: u64,
    genuine: bool,
    not_genuine_online: bool,
    not_genuine_switch: bool,
}

/// Is what comes out: status, and the CVM where the transaction goes on.
#[derive(Debug, PartialEq, Eq)]
enum End {
    Approved(u8),
    Online(u8),
    Declined,
    OtherInterface,
}

const NO_CVM: u8 = 0x00;
const SIGNATURE: u8 = 0x10;
const ONLINE_PIN: u8 = 0x20;
const DEVICE: u8 = 0x30;

impl Combination {
    fn all() -> Vec<Self> {
        let amounts = [1_234, FLOOR, FLOOR + 1, CVM, CVM + 1];
        let mut all = Vec::new();
        for amount in amounts {
            for bits in 0_u32..1 << 10 {
                let bit = |place: u32| bits >> place & 1 != 0;
                all.push(Self {
                    amount,
                    unionpay: bit(0),
                    online_pin: bit(1),
                    signature: bit(2),
                    host: bit(3),
                    contacts: bit(4),
                    phone: bit(5),
                    card_limit: if bit(6) { 1_000_000 } else { 0 },
                    genuine: bit(7),
                    not_genuine_online: bit(8),
                    not_genuine_switch: bit(9),
                });
            }
        }
        all
    }

    /// Says what the books want (Book B, 3.1.1; Book C-3, 5.4 to 5.9).
    fn oracle(self) -> End {
        let cvm_required = if self.unionpay { self.amount > CVM } else { self.amount >= CVM };
        let online_required = self.amount > FLOOR;
        // The card's side: it verifies as it can, and approves under its limit.
        let asked = match () {
            () if !cvm_required || self.phone => 0,
            () if self.online_pin => ONLINE_PIN,
            () if self.signature => SIGNATURE,
            () => return End::Declined,
        };
        let approves = !online_required && asked != ONLINE_PIN && self.amount <= self.card_limit;
        if !approves && !self.host {
            return End::Declined;
        }
        let mut online = !approves;
        if !online && !self.genuine {
            if self.not_genuine_online && self.host {
                online = true;
            } else if self.not_genuine_switch && self.contacts {
                return End::OtherInterface;
            } else {
                return End::Declined;
            }
        }
        let cvm = if self.phone { DEVICE } else { asked };
        let cvm = if asked == 0 && !self.phone { NO_CVM } else { cvm };
        if online { End::Online(cvm) } else { End::Approved(cvm) }
    }

    fn card(self) -> CardProfile {
        let card = if self.unionpay { CardProfile::unionpay_debit() } else { CardProfile::visa() };
        let card = card.with_offline_limits(0, self.card_limit).with_radio(|radio| {
            radio.consumer_device = self.phone;
            let online = if self.not_genuine_online { 0x20 } else { 0 };
            let switch = if self.not_genuine_switch { 0x10 } else { 0 };
            radio.qualifiers = [online | switch, 0];
        });
        if self.genuine { card } else { card.with_fault(Fault::WrongSignature) }
    }

    fn reader(self) -> Reader {
        let bits = [
            (self.contacts, 0x10),
            (!self.host, 0x08),
            (self.online_pin, 0x04),
            (self.signature, 0x02),
        ];
        let first = bits.iter().filter(|(set, _)| *set).map(|(_, bit)| bit).sum::<u8>() | 0x20;
        Reader::new().with(|limits| limits.ttq[0] = first)
    }

    fn made(self, cards: &mut Cards) -> SharedCard {
        let key = [
            self.unionpay,
            self.card_limit > 0,
            self.genuine,
            self.not_genuine_online,
            self.not_genuine_switch,
            self.phone,
        ];
        let card = cards.entry(key).or_insert_with(|| PaymentCard::new(self.card()));
        SharedCard::copy_of(card)
    }

    async fn end(self, cards: &mut Cards) -> End {
        let mut data = purchase(self.amount);
        data.pin = PinSupport::Online;
        let session = self.made(cards).session();
        let outcome = self.reader().tap(session, &data).await;
        let cvm = outcome.parameter_set()[3];
        match outcome.status {
            OutcomeStatus::Approved => End::Approved(cvm),
            OutcomeStatus::OnlineRequest => End::Online(cvm),
            OutcomeStatus::Declined => End::Declined,
            OutcomeStatus::TryAnotherInterface => End::OtherInterface,
            other => panic!("{self:?}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn the_product_agrees_with_the_books() {
    let all = Combination::all();
    // Every seventh, so that a run takes seconds; all of them with COUNTERTOP_EXHAUSTIVE set.
    let step = if std::env::var_os("COUNTERTOP_EXHAUSTIVE").is_some() { 1 } else { 7 };
    let (mut count, mut cards) = (0, Cards::new());
    for combination in all.into_iter().step_by(step) {
        assert_eq!(combination.end(&mut cards).await, combination.oracle(), "{combination:?}");
        count += 1;
    }
    assert!(count >= 5 * (1 << 10) / 7, "{count}");
    println!("{count} quick combinations");
}
