//! Cards whose answers are cut off or changed: an error or an outcome, never a hang or a panic.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "tests")]

mod common;

use std::sync::LazyLock;

use common::{Altered, MemorySession, parameters, purchase, soon};
use countertop_emv::EmvError;
use countertop_emv::contact::{ContactTransaction, Step};
use countertop_emv::contactless::tap;
use countertop_virtual::card::{CardProfile, Interface, PaymentCard, VirtualCard};

#[derive(Debug, Clone, Copy)]
enum Spoil {
    /// The data end after so many bytes; the status word is right.
    Cut(usize),
    /// The byte at this place is another one.
    Change(usize, u8),
    /// Nothing but this status word.
    Status([u8; 2]),
}

/// Spoils the answer to the command of this number.
fn spoilt(card: PaymentCard, at: usize, spoil: Spoil) -> impl VirtualCard + 'static {
    let mut command = 0;
    Altered::new(card, move |_, _, answer| {
        command += 1;
        if command != at {
            return;
        }
        match spoil {
            Spoil::Cut(length) if length + 2 <= answer.len() => {
                answer.drain(length..answer.len() - 2);
            }
            Spoil::Change(place, change) => {
                let place = place % answer.len();
                answer[place] ^= change;
            }
            Spoil::Status(status) => *answer = status.to_vec(),
            Spoil::Cut(_) => {}
        }
    })
}

fn spoils() -> Vec<Spoil> {
    let cuts = (0..24).step_by(3).map(Spoil::Cut);
    let changes =
        (0..24).step_by(2).flat_map(|place| [0x20, 0xFF].map(|c| Spoil::Change(place, c)));
    let statuses = [[0x62, 0x83], [0x63, 0xC0], [0x67, 0x00], [0x6A, 0x81], [0x6F, 0x00]];
    cuts.chain(changes).chain(statuses.map(Spoil::Status)).collect()
}

/// Returns a new card; personalising one takes a while, so that it is done once.
fn card() -> PaymentCard {
    static CARD: LazyLock<PaymentCard> =
        LazyLock::new(|| PaymentCard::new(CardProfile::unionpay_debit()));
    CARD.clone()
}

async fn contact(at: usize, spoil: Spoil) -> Result<(), EmvError> {
    let card = card();
    let (session, _) = MemorySession::open(spoilt(card, at, spoil));
    let mut step = ContactTransaction::start(session, parameters(), purchase(1234)).await?;
    loop {
        step = match step {
            Step::ChooseApplication(choice) => choice.choose(0).await?,
            Step::EnterOnlinePin(entry) => entry.captured().await?,
            Step::EnterOfflinePin(entry) => entry.bypassed().await?,
            Step::GoOnline(request) => {
                request.host_answered(true, *b"00", &[]).await?;
                return Ok(());
            }
            Step::Finished(_) => return Ok(()),
            step => panic!("{step:?}"),
        }
    }
}

async fn contactless(at: usize, spoil: Spoil) -> Result<(), EmvError> {
    let card = card().on(Interface::Contactless);
    let (session, _) = MemorySession::open(spoilt(card, at, spoil));
    tap(session, &parameters(), &purchase(1234)).await.map(|_| ())
}

#[tokio::test]
async fn by_contact() {
    for at in 1..=16 {
        for spoil in spoils() {
            let end = soon(contact(at, spoil)).await;
            assert!(!matches!(end, Err(EmvError::KernelLost)), "{at} {spoil:?}: {end:?}");
        }
    }
}

#[tokio::test]
async fn by_radio() {
    for at in 1..=5 {
        for spoil in spoils() {
            soon(contactless(at, spoil)).await.ok();
        }
    }
}
